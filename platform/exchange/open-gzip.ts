import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { Duck } from '../database/duckdb.ts'
import { finding } from '../problems/finding.ts'
import { openCsv } from './open-csv.ts'
import { type Opening, removeFiles } from './table.ts'

/** What a packed CSV may grow to; more is taken for a zip bomb. */
const mostBytes = 8 * 2 ** 30

/** Opens `.csv.gz`: unpacked to a temporary file first, so that every check of a plain CSV holds for it too. */
export async function openGzip(duck: Duck, path: string): Promise<Opening> {
  const file = basename(path)
  const folder = await mkdtemp(join(tmpdir(), 'fupin-gz-'))
  const plain = join(folder, file.replace(/\.gz$/i, ''))
  try {
    await pipeline(createReadStream(path), createGunzip(), limit(mostBytes), createWriteStream(plain))
  } catch {
    await removeFiles([folder])
    return {
      reading: null,
      findings: [
        finding({
          file,
          code: 'damaged_gzip',
          zh: '压缩文件打不开，多半没传完或太大。请重新取一份。',
          en: 'The packed file cannot be unpacked: probably cut off, or too large. Fetch it again.',
        }),
      ],
    }
  }
  const { reading, findings } = await openCsv(duck, plain)
  const renamed = findings.map((f) => ({ ...f, file }))
  if (!reading) {
    await removeFiles([folder])
    return { reading, findings: renamed }
  }
  return {
    findings: renamed,
    reading: {
      ...reading,
      file,
      settle: async () => {
        const settled = await reading.settle()
        return { ...settled, findings: settled.findings.map((f) => ({ ...f, file })) }
      },
      close: async () => {
        await reading.close()
        await removeFiles([folder])
      },
    },
  }
}

function limit(bytes: number): Transform {
  let seen = 0
  return new Transform({
    transform(chunk: Buffer, _, done) {
      seen += chunk.length
      done(seen > bytes ? new Error('too large') : null, chunk)
    },
  })
}
