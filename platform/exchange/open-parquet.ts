import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Duck, quoteText } from '../database/duckdb.ts'
import { type Finding, finding } from '../problems/finding.ts'
import { type Opening, rowCounting } from './table.ts'

/** Opens a Parquet file with the types it has. One that is cut off or is no Parquet is a finding. */
export async function openParquet(duck: Duck, path: string): Promise<Opening> {
  const file = basename(path)
  const damage = await damageOf(path)
  if (damage) return { reading: null, findings: [damaged(file, damage)] }
  try {
    const from = `read_parquet(${quoteText(path)})`
    const columns = (await duck.describe(`select * from ${from}`)).map(({ name, type }) => ({ name, type }))
    return {
      findings: [],
      reading: { file, sheet: null, columns, from, settle: async () => ({ findings: [], rowOf: rowCounting([]) }), close: async () => {} },
    }
  } catch {
    return { reading: null, findings: [damaged(file, 'footer')] }
  }
}

/** What a reader may turn a failure in the middle of a Parquet file into. */
export const damagedParquet = (file: string): Finding => damaged(file, 'footer')

async function damageOf(path: string): Promise<'no-parquet' | 'cut' | null> {
  const { size } = await stat(path)
  if (size < 12) return 'no-parquet'
  const file = await open(path)
  try {
    const head = (await file.read(Buffer.alloc(4), 0, 4, 0)).buffer.toString('latin1')
    const tail = (await file.read(Buffer.alloc(4), 0, 4, size - 4)).buffer.toString('latin1')
    return head !== 'PAR1' ? 'no-parquet' : tail !== 'PAR1' ? 'cut' : null
  } finally {
    await file.close()
  }
}

function damaged(file: string, why: 'no-parquet' | 'cut' | 'footer'): Finding {
  const [zh, en] = {
    'no-parquet': ['这不是 Parquet 文件。', 'This is no Parquet file.'],
    cut: ['Parquet 文件没有结尾，多半没传完。', 'The Parquet file has no end, probably cut off.'],
    footer: ['Parquet 文件内部已损坏。', 'The Parquet file is damaged inside.'],
  }[why] as [string, string]
  return finding({
    file,
    code: why === 'no-parquet' ? 'not_parquet' : 'damaged_parquet',
    zh: `${zh}文件没有读，请重新取一份。`,
    en: `${en} Nothing was read; fetch it again.`,
  })
}
