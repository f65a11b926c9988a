import { type Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Severity } from '@fupin/platform/problems/finding.ts'

/** The file a check speaks of, and how it names its columns. */
export interface CheckedFile {
  file: string
  sheet: string | null
  /** Field name: column as the file writes it. */
  columns: Map<string, string>
  /** SQL for the number of a row as sentences say it. Default: as it is. */
  rowSaid?: (row: string) => string
}

export interface CheckFinding {
  at: CheckedFile
  /** Field or key whose column is named; null for the whole row. */
  field: string | null
  code: string
  severity?: Severity
  /** SQL for the value shown; default null. */
  value?: string
  /** SQL for the sentences, over the columns of `from`. */
  zh: string
  en: string
  /** SQL that yields `_row`, `household_id` and what the sentences use. */
  from: string
}

/** Adds one finding a row of `from`; gives how many. */
export function addCheck(duck: Duck, { at, field, code, severity = 'error', value = 'null', zh, en, from }: CheckFinding): Promise<number> {
  const column = field === null ? null : (at.columns.get(field) ?? field)
  const text = (t: string | null) => (t === null ? 'null' : quoteText(t))
  return duck.run(`insert into finding
    select ${text(at.file)}, ${text(at.sheet)}, _row, ${text(column)}, (${value})::varchar, ${quoteText(code)}, ${quoteText(severity)}, ${zh}, ${en}, household_id
    from (${from})`)
}

/** SQL text from pieces: strings stand for themselves, `{sql: ...}` for a column. */
export const say = (...parts: (string | { sql: string })[]): string =>
  `concat(${parts.map((p) => (typeof p === 'string' ? quoteText(p) : p.sql)).join(', ')})`

/** SQL: a list of row numbers as a sentence names them, at most five. */
export function rowsSaid(at: CheckedFile, rows: string, between: string): string {
  const said = at.rowSaid ?? ((row: string) => row)
  return `array_to_string(list_transform(${rows}[:5], lambda r: ${said('r')}), ${quoteText(between)})`
}
