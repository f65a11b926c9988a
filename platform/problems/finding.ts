/** `error`: the value or row does not count until it is repaired. `doubt`: it counts, but someone should look. */
export type Severity = 'error' | 'doubt'

/** One thing wrong in a file, where it stands as Excel shows it, and what to do about it. */
export interface Finding {
  /** Name of the file without its folder. */
  file: string
  /** Sheet of a workbook. */
  sheet: string | null
  /** As Excel counts: the header is row 1, the first data row 2. Null: the whole file. */
  row: number | null
  /** The header as the file writes it. Null: the whole row. */
  column: string | null
  value: string | null
  code: string
  severity: Severity
  zh: string
  en: string
  householdId: string | null
}

/** Fills the places that are not given with null, so that callers name only what they know. */
export function finding(said: Pick<Finding, 'file' | 'code' | 'zh' | 'en'> & Partial<Finding>): Finding {
  return { sheet: null, row: null, column: null, value: null, severity: 'error', householdId: null, ...said }
}
