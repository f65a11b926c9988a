import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, extname } from 'node:path'
import { type Duck, quoteName, quoteText } from '../database/duckdb.ts'
import { Problem } from '../problems/problem.ts'
import { sheetPieces } from './workbook/sheet-writer.ts'
import { workbookParts } from './workbook/workbook-parts.ts'
import { ZipWriter } from './workbook/zip-writer.ts'

export interface WriteOptions {
  /** Said in the file itself, for instance that its people are invented: first row (XLSX), last column (CSV), metadata (Parquet). */
  note?: string
  /** CSV: begin with the mark by which Excel knows UTF-8 (default true). False for files that programs read. */
  bom?: boolean
  /** Sheet name (XLSX); default: the file's name. */
  sheet?: string
}

/**
 * Writes what `sql` yields to `.parquet`, `.csv` (UTF-8 with BOM, so that Excel reads it rightly) or `.xlsx`, in the order of `sql`.
 * The file appears whole or not at all. Text never becomes a live formula: in CSV `'` is set before = + - @ tab and return, in XLSX it is a text cell.
 */
export async function writeTable(duck: Duck, sql: string, path: string, options: WriteOptions = {}): Promise<void> {
  const write = { '.parquet': writeParquet, '.csv': writeCsv, '.xlsx': writeWorkbook }[extname(path).toLowerCase()]
  if (!write) {
    throw new Problem('unknown_format', {
      zh: `不能写“${extname(path)}”文件，请用 .parquet、.csv 或 .xlsx。`,
      en: `Cannot write “${extname(path)}”; use .parquet, .csv or .xlsx.`,
    })
  }
  await mkdir(dirname(path), { recursive: true })
  const unfinished = `${path}.unfinished`
  try {
    await write(duck, sql, unfinished, options, basename(path, extname(path)))
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}

async function writeParquet(duck: Duck, sql: string, path: string, { note }: WriteOptions): Promise<void> {
  const metadata = note ? `, kv_metadata {note: ${quoteText(note)}}` : ''
  await duck.run(`copy (${sql}) to ${quoteText(path)} (format parquet, compression zstd${metadata})`)
}

async function writeCsv(duck: Duck, sql: string, path: string, { note, bom = true }: WriteOptions): Promise<void> {
  const columns = await duck.describe(sql)
  const cells = columns.map(({ name, type }, i) => {
    const value = type === 'VARCHAR' ? guarded(quoteName(name)) : quoteName(name)
    // The BOM rides on the first column's name.
    return `${value} as ${quoteName(i === 0 && bom ? `\ufeff${name}` : name)}`
  })
  if (note) cells.push(`${quoteText(note)} as "说明 / note"`)
  await duck.run(
    `copy (select ${cells.join(', ')} from (${sql})) to ${quoteText(path)} (format csv, header, delimiter ',', quote '"', escape '"')`,
  )
}

const guarded = (column: string): string =>
  `case when left(${column}, 1) in ('=', '+', '-', '@', chr(9), chr(13)) then concat('''', ${column}) else ${column} end`

async function writeWorkbook(duck: Duck, sql: string, path: string, { note, sheet }: WriteOptions, name: string): Promise<void> {
  const columns = await duck.describe(sql)
  const out = createWriteStream(path)
  const copy = `${path}.rows`
  const failed = once(out, 'error').then(([error]) => Promise.reject(error))
  const work = async () => {
    const zip = new ZipWriter(out)
    for (const [part, text] of Object.entries(workbookParts((sheet ?? name).replace(/[\\/?*[\]:]/g, ' ').slice(0, 31))))
      await zip.entry(part, [text])
    await zip.entry('xl/worksheets/sheet1.xml', sheetPieces(duck, sql, columns, note ?? null, copy))
    await zip.end()
    out.end()
    await once(out, 'close')
  }
  failed.catch(() => {})
  try {
    await Promise.race([work(), failed])
  } finally {
    await rm(copy, { force: true })
  }
}
