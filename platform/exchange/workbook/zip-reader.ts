import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { Problem } from '../../problems/problem.ts'

/** What a workbook may hold at most before it is opened: a small file that unpacks into gigabytes is refused. */
export const zipLimits = { entries: 5_000, unpackedBytes: 4 * 2 ** 30, ratio: 150, ratioFrom: 64 * 2 ** 20 }

export interface Archive {
  names: string[]
  /** The unpacked bytes of one entry; more than declared is an error. */
  stream(name: string): Promise<Readable>
  text(name: string): Promise<string | null>
  close(): void
}

const openZip = promisify<string, yauzl.Options, ZipFile>(yauzl.open)

/** Opens a zip archive after a look at its directory only. */
export async function openArchive(path: string): Promise<Archive> {
  const zip = await openZip(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true })
  try {
    const entries = await readDirectory(zip)
    const stream = (name: string) =>
      new Promise<Readable>((resolve, reject) => {
        zip.openReadStream(entries.get(name)!, (error, readable) => (error ? reject(error) : resolve(readable)))
      })
    return {
      names: [...entries.keys()],
      stream,
      async text(name) {
        if (!entries.has(name)) return null
        const chunks: Buffer[] = []
        for await (const chunk of await stream(name)) chunks.push(chunk as Buffer)
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
    let unpacked = 0
    let packed = 0
    const bomb = () =>
      reject(
        new Problem('workbook_bomb', {
          zh: '这个文件解开后大得不正常，没有打开。请用原软件另存一份再交。',
          en: 'This file would unpack to an abnormal size; it was not opened. Save it again from the original program.',
        }),
      )
    zip.on('entry', (entry: Entry) => {
      unpacked += entry.uncompressedSize
      packed += entry.compressedSize
      entries.set(entry.fileName, entry)
      if (entries.size > zipLimits.entries || unpacked > zipLimits.unpackedBytes) return bomb()
      if (unpacked > zipLimits.ratioFrom && unpacked > packed * zipLimits.ratio) return bomb()
      zip.readEntry()
    })
    zip.on('end', () => resolve(entries))
    zip.on('error', reject)
    zip.readEntry()
  })
}
