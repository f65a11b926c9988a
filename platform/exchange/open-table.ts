import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, extname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { type Duck, quoteName } from '../database/duckdb.ts'
import { type Finding, finding } from '../problems/finding.ts'
import { openCsv } from './open-csv.ts'
import { openGzip } from './open-gzip.ts'
import { damagedParquet, openParquet } from './open-parquet.ts'
import { openWorkbook } from './open-workbook.ts'
import { type Opening, type RowOf, removeFiles, type TableColumn } from './table.ts'

/** A file whose rows stand in the DuckDB table `name`, `_row` as Excel shows it. */
export interface OpenedTable {
  file: string
  sheet: string | null
  name: string
  columns: TableColumn[]
  /** Rows in the table; rows that could not be read are findings. */
  rows: number
  rowOf: RowOf
}

/**
 * Opens `.csv`, `.csv.gz`, `.parquet` or `.xlsx` for one pass. For a workbook `sheet` names the sheet (default: the first).
 * Never throws for what the file holds: what is wrong with it stands in the findings.
 */
export async function openReading(duck: Duck, path: string, options: { sheet?: string } = {}): Promise<Opening> {
  const file = basename(path)
  const there = await stat(path).catch(() => null)
  if (!there?.isFile()) {
    return {
      reading: null,
      findings: [finding({ file, code: 'no_file', zh: `没有找到文件“${file}”。`, en: `The file “${file}” is not there.` })],
    }
  }
  switch (extname(path).toLowerCase()) {
    case '.csv':
    case '.tsv':
    case '.txt':
      return openCsv(duck, path)
    case '.gz':
      return openGzip(duck, path)
    case '.gz':
      return openPacked(duck, path, file)
    case '.parquet':
      return openParquet(duck, path)
    case '.xlsx':
      return openWorkbook(duck, path, options.sheet)
    default:
      return {
        reading: null,
        findings: [
          finding({
            file,
            code: 'unknown_format',
            zh: `不读“${extname(path)}”文件。请另存为 CSV、XLSX 或 Parquet。`,
            en: `Files of type “${extname(path)}” are not read. Save as CSV, XLSX or Parquet.`,
          }),
        ],
      }
  }
}

/** A packed CSV is unpacked into a temporary copy, at most 4 GB. */
async function openPacked(duck: Duck, path: string, file: string): Promise<Opening> {
  const folder = await mkdtemp(join(tmpdir(), 'fupin-gz-'))
  const copy = join(folder, file.slice(0, -3))
  const close = () => removeFiles([folder])
  let room = 4 * 2 ** 30
  const withinRoom = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      room -= chunk.length
      if (room < 0) throw new Error('too large')
      yield chunk
    }
  }
  try {
    await pipeline(createReadStream(path), createGunzip(), withinRoom, createWriteStream(copy))
  } catch {
    await close()
    const zh = room < 0 ? '压缩文件解开后超过 4 GB，没有打开。' : '压缩文件不完整，多半没传完。请重新取一份。'
    const en =
      room < 0
        ? 'The packed file unpacks to more than 4 GB; it was not opened.'
        : 'The packed file is incomplete, probably cut off. Fetch it again.'
    return { reading: null, findings: [finding({ file, code: room < 0 ? 'packed_bomb' : 'damaged_gzip', zh, en })] }
  }
  const { reading, findings } = await openReading(duck, copy)
  const named = findings.map((f) => ({ ...f, file }))
  if (reading) {
    const inner = reading.close
    return { findings: named, reading: { ...reading, file, close: () => inner().then(close) } }
  }
  await close()
  return { reading: null, findings: named }
}

/** Reads one file whole into the table `raw_<name>` (replaced if it is there); null where the file could not be opened. */
export async function openTable(
  duck: Duck,
  path: string,
  options: { name: string; sheet?: string },
): Promise<{ table: OpenedTable | null; findings: Finding[] }> {
  const { reading, findings } = await openReading(duck, path, options)
  if (!reading) return { table: null, findings }
  const name = `raw_${options.name}`
  try {
    await duck.run(`create or replace table ${quoteName(name)} as select 0::bigint as _row, * from ${reading.from}`)
    const settled = await reading.settle()
    const rows = await duck.run(`update ${quoteName(name)} set _row = ${settled.rowOf('rowid')}`)
    const { file, sheet, columns } = reading
    return {
      table: { file, sheet, name, columns, rows: await count(duck, name, rows), rowOf: settled.rowOf },
      findings: [...findings, ...settled.findings],
    }
  } catch (error) {
    if (extname(path).toLowerCase() !== '.parquet') throw error
    return { table: null, findings: [damagedParquet(reading.file)] }
  } finally {
    await reading.close()
  }
}

async function count(duck: Duck, name: string, changed: number): Promise<number> {
  return changed || (await duck.one<{ n: number }>(`select count(*) as n from ${quoteName(name)}`))!.n
}
