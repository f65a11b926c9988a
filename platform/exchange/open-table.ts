import { stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { type Duck, quoteName } from '../database/duckdb.ts'
import { type Finding, finding } from '../problems/finding.ts'
import { openCsv } from './open-csv.ts'
import { openGzip } from './open-gzip.ts'
import { damagedParquet, openParquet } from './open-parquet.ts'
import { openWorkbook, type WorkbookOptions } from './open-workbook.ts'
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
 * Opens `.csv`, `.csv.gz`, `.parquet` or `.xlsx` for one pass. For a workbook the options say which sheets (default: the first).
 * Never throws for what the file holds: what is wrong with it stands in the findings.
 */
export async function openReading(duck: Duck, path: string, options: WorkbookOptions = {}): Promise<Opening> {
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
      return openWorkbook(duck, path, options)
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
    const numbered = reading.rowColumn
      ? `${quoteName(reading.rowColumn)} as _row, * exclude (${quoteName(reading.rowColumn)})`
      : '0::bigint as _row, *'
    await duck.run(`create or replace table ${quoteName(name)} as select ${numbered} from ${reading.from}`)
    const settled = await reading.settle()
    const rowOf = reading.rowColumn ? await shifts(duck, name) : settled.rowOf
    const rows = reading.rowColumn ? 0 : await duck.run(`update ${quoteName(name)} set _row = ${rowOf('rowid')}`)
    const { file, sheet, columns } = reading
    return {
      table: { file, sheet, name, columns, rows: await count(duck, name, rows), rowOf },
      findings: [...findings, ...settled.findings],
    }
  } catch (error) {
    if (extname(path).toLowerCase() !== '.parquet') throw error
    return { table: null, findings: [damagedParquet(reading.file)] }
  } finally {
    await reading.close()
  }
}

/** How rows that carry their number are counted: an ordinal, and how far rows were left out up to it. */
async function shifts(duck: Duck, name: string): Promise<RowOf> {
  const steps = await duck.rows<{ start: number; step: number }>(`
    select r as start, shift - lag(shift, 1, 2) over (order by r) as step
    from (select rowid as r, _row - rowid as shift from ${quoteName(name)}) qualify shift <> lag(shift, 1, 2) over (order by r) order by r`)
  if (steps.length === 0) return (ordinal) => `((${ordinal}) + 2)`
  const list = steps.map(({ start, step }) => `{start: ${start}, step: ${step}}`).join(', ')
  return (ordinal) =>
    `((${ordinal}) + 2 + coalesce(list_sum(list_transform(list_filter([${list}], lambda s: s.start <= (${ordinal})), lambda s: s.step)), 0))::bigint`
}

async function count(duck: Duck, name: string, changed: number): Promise<number> {
  return changed || (await duck.one<{ n: number }>(`select count(*) as n from ${quoteName(name)}`))!.n
}
