import { isUtf8 } from 'node:buffer'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'

export type Encoding = 'utf-8' | 'gb18030' | 'utf-16le'

/** What the bytes of a text file are; or the first place where they are nothing we read. */
export type EncodingFound =
  | { encoding: Encoding; bom: number }
  | { encoding: null; at: number; line: number; why: 'broken-utf8' | 'unknown' | 'binary' }

const pieceSize = 4 * 1024 * 1024

/**
 * Reads the whole file once and decides strictly: UTF-8 (with or without BOM), UTF-16 with BOM, GB 18030.
 * A file that is UTF-8 but for a few broken bytes is called broken, never read as GB 18030 by accident.
 */
export async function detectEncoding(path: string): Promise<EncodingFound> {
  const head = await firstBytes(path, 4)
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', bom: 2 }
  const bom = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0
  let offset = 0
  let line = 1
  let broken: { at: number; line: number } | null = null
  const seen = { utf8: 0, other: 0 }
  for await (const piece of pieces(path)) {
    const zero = piece.indexOf(0)
    if (zero >= 0) return { encoding: null, at: offset + zero, line: line + newlines(piece, zero), why: 'binary' }
    if (!isUtf8(piece)) {
      const bad = firstBadByte(piece, seen)
      broken ??= { at: offset + bad, line: line + newlines(piece, bad) }
      if (bom) break
    }
    offset += piece.length
    line += newlines(piece, piece.length)
  }
  if (!broken) return { encoding: 'utf-8', bom }
  if (bom || seen.utf8 > 4 * seen.other) return { encoding: null, ...broken, why: 'broken-utf8' }
  const bad = await firstUndecodable(path)
  return bad === null ? { encoding: 'gb18030', bom: 0 } : { encoding: null, ...bad, why: 'unknown' }
}

/** Writes a copy in UTF-8, piece by piece; the file is known to decode. */
export async function convertToUtf8(path: string, encoding: Encoding, target: string): Promise<void> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  const out = createWriteStream(target)
  for await (const piece of pieces(path)) {
    if (!out.write(decoder.decode(piece, { stream: true }))) await once(out, 'drain')
  }
  out.end(decoder.decode())
  await once(out, 'close')
}

async function firstBytes(path: string, count: number): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** Pieces that end at a line end (or at the end of the file), so that no character is cut. */
export async function* pieces(path: string): AsyncGenerator<Buffer> {
  const file = await open(path)
  try {
    let rest: Buffer = Buffer.alloc(0)
    for (;;) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(pieceSize), 0, pieceSize)
      if (bytesRead === 0) break
      const all = rest.length ? Buffer.concat([rest, buffer.subarray(0, bytesRead)]) : buffer.subarray(0, bytesRead)
      const end = all.lastIndexOf(10) + 1
      if (end > 0) yield all.subarray(0, end)
      rest = all.subarray(end)
    }
    if (rest.length) yield rest
  } finally {
    await file.close()
  }
}

/** Where UTF-8 breaks first; counts on the way how many characters beyond ASCII are good UTF-8 and how many bytes are not. */
function firstBadByte(piece: Buffer, seen: { utf8: number; other: number }): number {
  let first = -1
  for (let i = 0; i < piece.length; ) {
    const lead = piece[i]!
    if (lead < 0x80) {
      i++
      continue
    }
    const length = lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1
    if (length > 1 && lead < 0xf5 && isUtf8(piece.subarray(i, i + length)) && i + length <= piece.length) {
      seen.utf8++
      i += length
    } else {
      if (first < 0) first = i
      seen.other++
      i++
    }
  }
  return Math.max(first, 0)
}

async function firstUndecodable(path: string): Promise<{ at: number; line: number } | null> {
  let offset = 0
  let line = 1
  for await (const piece of pieces(path)) {
    if (!decodes(piece)) {
      for (let from = 0; from < piece.length; ) {
        const end = piece.indexOf(10, from)
        const to = end < 0 ? piece.length : end + 1
        if (!decodes(piece.subarray(from, to))) return { at: offset + from + badOffset(piece.subarray(from, to)), line }
        line++
        from = to
      }
    }
    offset += piece.length
    line += newlines(piece, piece.length)
  }
  return null
}

/** The start of the first character of one line that is not GB 18030. */
function badOffset(line: Buffer): number {
  for (let i = 0; i < line.length; ) {
    const length = [1, 2, 4].find((n) => i + n <= line.length && decodes(line.subarray(i, i + n)))
    if (!length) return i
    i += length
  }
  return 0
}

function decodes(bytes: Buffer): boolean {
  try {
    new TextDecoder('gb18030', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

function newlines(piece: Buffer, end: number): number {
  let count = 0
  for (let at = piece.indexOf(10); at >= 0 && at < end; at = piece.indexOf(10, at + 1)) count++
  return count
}
