import { stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { type Duck, quoteName } from '../database/duckdb.ts'
import { type Finding, finding } from '../problems/finding.ts'
import { openCsv } from './open-csv.ts'
import { openGzip } from './open-gzip.ts'
import { damagedParquet, openParquet } from './open-parquet.ts'
import { openWorkbook } from './open-workbook.ts'
import type { Opening, RowOf, TableColumn } from './table.ts'

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
