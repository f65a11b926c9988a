import { once } from 'node:events'
import type { WriteStream } from 'node:fs'
import { promisify } from 'node:util'
import { constants, crc32, deflateRaw } from 'node:zlib'

const deflate = promisify<Buffer, { level: number; finishFlush: number }, Buffer>(deflateRaw)

interface WrittenEntry {
  name: Buffer
  crc: number
  packed: number
  unpacked: number
  offset: number
}

/** Writes a zip archive front to back. Pieces of an entry are packed side by side on the thread pool, in order. */
export class ZipWriter {
  private readonly entries: WrittenEntry[] = []
  private offset = 0

  constructor(private readonly out: WriteStream) {}

  /** One entry from pieces of text or bytes; a piece of about a megabyte packs best. */
  async entry(name: string, pieces: AsyncIterable<string | Buffer> | Iterable<string | Buffer>): Promise<void> {
    const entry: WrittenEntry = { name: Buffer.from(name), crc: 0, packed: 0, unpacked: 0, offset: this.offset }
    // Sizes follow behind the data (bit 3), names are UTF-8 (bit 11).
    await this.write(header(0x04034b50, [20, 0x0808, 8, 0, 0x21], [0, 0, 0], [entry.name.length, 0]), entry.name)
    const inWork: Promise<Buffer>[] = []
    const pack = (bytes: Buffer) => deflate(bytes, { level: 1, finishFlush: constants.Z_SYNC_FLUSH })
    for await (const piece of pieces) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
      entry.crc = crc32(bytes, entry.crc)
      entry.unpacked += bytes.length
      inWork.push(pack(bytes))
      if (inWork.length >= 4) await this.packed(entry, inWork.shift()!)
    }
    for (const work of inWork) await this.packed(entry, work)
    await this.packed(entry, Promise.resolve(Buffer.from([3, 0])))
    await this.write(header(0x08074b50, [], [entry.crc, entry.packed, entry.unpacked], []))
    this.entries.push(entry)
  }

  async end(): Promise<void> {
    const start = this.offset
    for (const { name, crc, packed, unpacked, offset } of this.entries) {
      await this.write(
        header(0x02014b50, [20, 20, 0x0808, 8, 0, 0x21], [crc, packed, unpacked], [name.length, 0, 0, 0, 0], [0, offset]),
        name,
      )
    }
    const count = this.entries.length
    await this.write(header(0x06054b50, [0, 0, count, count], [this.offset - start, start], [0]))
  }

  private async packed(entry: WrittenEntry, work: Promise<Buffer>): Promise<void> {
    const bytes = await work
    entry.packed += bytes.length
    await this.write(bytes)
  }

  private async write(...parts: Buffer[]): Promise<void> {
    for (const part of parts) {
      this.offset += part.length
      if (!this.out.write(part)) await once(this.out, 'drain')
    }
  }
}

/** A zip header: signature, 16-bit numbers, 32-bit numbers, 16-bit numbers, 32-bit numbers. */
function header(signature: number, shorts: number[], longs: number[], more: number[], last: number[] = []): Buffer {
  const bytes = Buffer.alloc(4 + 2 * (shorts.length + more.length) + 4 * (longs.length + last.length))
  let at = bytes.writeUInt32LE(signature, 0)
  for (const n of shorts) at = bytes.writeUInt16LE(n, at)
  for (const n of longs) at = bytes.writeUInt32LE(n, at)
  for (const n of more) at = bytes.writeUInt16LE(n, at)
  for (const n of last) at = bytes.writeUInt32LE(n, at)
  return bytes
}
