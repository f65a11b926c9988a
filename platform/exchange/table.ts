import { rm } from 'node:fs/promises'
import type { Finding } from '../problems/finding.ts'

export interface TableColumn {
  /** As the file writes it, trimmed; also the column's name in DuckDB (a repeated one has `_2` behind it). */
  name: string
  /** DuckDB type: `VARCHAR` for CSV and workbooks, the file's own for Parquet. */
  type: string
}

/** SQL for the row as Excel shows it, from SQL for the ordinal (0 is the first row that was read). */
export type RowOf = (ordinal: string) => string

/** Where several sheets are read together, a row's number is that of its sheet (from 0) times this, and the row as Excel shows it. */
export const rowStep = 2 ** 32

/** A file opened for one pass through DuckDB, without a copy of it in a table. */
export interface Reading {
  /** File name without folder. */
  file: string
  /** Sheet of a workbook; null where there are none or several are read together. */
  sheet: string | null
  /** Sheets that are read together, in the order of their numbers. */
  sheets?: string[]
  columns: TableColumn[]
  /** Units that a note above the table gives for all of it (单位：亩、元). */
  units?: string[]
  /** Row in which the header begins; default 1. */
  headerRow?: number
  /** SQL that yields the columns, rows in the order of the file. */
  from: string
  /** A further column of `from` with the row's number; where it is missing, rows are counted by `rowOf`. */
  rowColumn?: string
  /** To be called after the pass: rows that could not be read, and how the others are counted. */
  settle(): Promise<{ findings: Finding[]; rowOf: RowOf }>
  /** Removes temporary copies. */
  close(): Promise<void>
}

/** The outcome of opening one file: the reading, or null with the reason among the findings. */
export interface Opening {
  reading: Reading | null
  findings: Finding[]
}

/** Gives every column a name that DuckDB, which does not tell `a` from `A`, can keep apart. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>(['_row'])
  return names.map((name, i) => {
    const wish = name || `column_${i + 1}`
    let candidate = wish
    for (let n = 2; taken.has(candidate.toLowerCase()); n++) candidate = `${wish}_${n}`
    taken.add(candidate.toLowerCase())
    return candidate
  })
}

/** Counts rows as Excel does where some rows of the file (sorted) did not come into the table. */
export function rowCounting(missing: readonly number[]): RowOf {
  if (missing.length === 0) return (ordinal) => `((${ordinal}) + 2)`
  // Before the k-th missing row (k from 0) stand its row number - 2 - k good rows.
  const before = `[${missing.map((row, k) => row - 2 - k).join(',')}]::bigint[]`
  return (ordinal) => `((${ordinal}) + 2 + len(list_filter(${before}, lambda b: b <= (${ordinal}))))`
}

export async function removeFiles(paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map((path) => rm(path, { force: true, recursive: true })))
}
