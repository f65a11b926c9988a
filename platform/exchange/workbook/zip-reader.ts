import { promisify } from 'node:util'
import { crc32, createInflateRaw } from 'node:zlib'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { Problem } from '../../problems/problem.ts'
import { damagedInside, growsTooLarge } from './damage.ts'

/**
 * What a workbook may hold at most. `ratio` holds from `ratioFrom` unpacked bytes on: below, a sheet of ten million empty rows
 * packs a thousand to one and is still read in a second, piece by piece.
 */
export const zipLimits = { entries: 5_000, unpackedBytes: 4 * 2 ** 30, ratio: 150, ratioFrom: 256 * 2 ** 20, partBytes: 64 * 2 ** 20 }

export interface Archive {
  names: string[]
  /** The unpacked bytes of one entry in large pieces; more or fewer than declared, or others than its checksum says, is a Problem. */
  stream(name: string): AsyncGenerator<Buffer>
  /** One entry of moderate size as text; null where it is not there. */
  text(name: string): Promise<string | null>
  close(): void
}

const openZip = promisify<string, yauzl.Options, ZipFile>(yauzl.open)

/** Opens a zip archive after a look at its directory only: count, names, sizes, ratio, overlaps, encryption. */
export async function openArchive(path: string): Promise<Archive> {
  const zip = await openZip(path, { lazyEntries: true, autoClose: false, validateEntrySizes: false })
  try {
    if (zip.entryCount > zipLimits.entries) throw growsTooLarge()
    const entries = await readDirectory(zip)
    checkPlaces([...entries.values()], zip.fileSize)
    const stream = (name: string) => unpacked(zip, entries.get(name)!)
    return {
      names: [...entries.keys()],
      stream,
      async text(name) {
        const entry = entries.get(name)
        if (!entry) return null
        if (entry.uncompressedSize > zipLimits.partBytes) throw growsTooLarge()
        const chunks: Buffer[] = []
        for await (const chunk of stream(name)) chunks.push(chunk)
        return Buffer.concat(chunks).toString('utf8')
      },
      close: () => zip.close(),
    }
  } catch (error) {
    zip.close()
    throw error
  }
}

function readDirectory(zip: ZipFile): Promise<Map<string, Entry>> {
  return new Promise((resolve, reject) => {
    const entries = new Map<string, Entry>()
    let whole = 0
    let packed = 0
    zip.on('entry', (entry: Entry) => {
      whole += entry.uncompressedSize
      packed += entry.compressedSize
      if (entries.has(entry.fileName)) return reject(twice(entry.fileName))
      entries.set(entry.fileName, entry)
      if (entry.isEncrypted()) return reject(encrypted())
      if (entries.size > zipLimits.entries || whole > zipLimits.unpackedBytes) return reject(growsTooLarge())
      if (whole > zipLimits.ratioFrom && whole > packed * zipLimits.ratio) return reject(growsTooLarge())
      zip.readEntry()
    })
    zip.on('end', () => resolve(entries))
    zip.on('error', reject)
    zip.readEntry()
  })
}

/** Two entries that share bytes are the trick by which a small file unpacks without end. */
function checkPlaces(entries: Entry[], fileSize: number): void {
  let end = 0
  for (const entry of entries.sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)) {
    if (entry.relativeOffsetOfLocalHeader < end) throw overlapping()
    end = entry.relativeOffsetOfLocalHeader + 30 + entry.fileNameLength + entry.compressedSize
  }
  if (end > fileSize) throw damagedInside()
}

/** Unpacks while reading; zlib works on a thread of its own, ahead of who takes the pieces. */
async function* unpacked(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) throw damagedInside()
  const packed = entry.compressionMethod === 8
  const raw = await new Promise<NodeJS.ReadableStream>((resolve, reject) =>
    zip.openReadStream(entry, packed ? { decompress: false } : {}, (error, readable) => (error ? reject(error) : resolve(readable))),
  )
  const inflate = packed ? createInflateRaw({ chunkSize: 1 << 18, readableHighWaterMark: 1 << 20 } as object) : null
  raw.on('error', (error) => inflate?.destroy(error as Error))
  const out = inflate ? raw.pipe(inflate) : raw
  let size = 0
  let sum = 0
  try {
    for await (const chunk of out) {
      size += (chunk as Buffer).length
      if (size > entry.uncompressedSize) throw lies()
      sum = crc32(chunk as Buffer, sum)
      yield chunk as Buffer
    }
  } finally {
    inflate?.destroy()
    ;(raw as unknown as { destroy(): void }).destroy()
  }
  if (size !== entry.uncompressedSize || sum !== entry.crc32) throw size === entry.uncompressedSize ? damagedInside() : lies()
}

const lies = (): Problem =>
  new Problem('workbook_bomb', {
    zh: '这个文件的目录写的大小与内容不符，没有读完就停了。请用原软件另存一份再交。',
    en: 'The directory of this file declares other sizes than it holds; reading stopped. Save it again from the original program.',
  })

const overlapping = (): Problem =>
  new Problem('workbook_bomb', {
    zh: '这个文件里几个部分共用同一段内容，解开会大得不正常，没有打开。请用原软件另存一份再交。',
    en: 'Parts of this file share the same bytes and would unpack without end; it was not opened. Save it again from the original program.',
  })

const encrypted = (): Problem =>
  new Problem('locked_workbook', {
    zh: '工作簿里有加密的部分，打不开。请去掉密码，另存为 .xlsx。',
    en: 'Parts of the workbook are encrypted. Remove the password and save as .xlsx.',
  })

const twice = (name: string): Problem =>
  new Problem('damaged_workbook', {
    zh: `工作簿里“${name}”有两份，不知道该读哪一份。请用原软件另存一份再交。`,
    en: `The workbook holds “${name}” twice; which one counts is not known. Save it again from the original program.`,
  })
