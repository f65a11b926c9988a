import { type Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import { type Reading, rowStep } from '@fupin/platform/exchange/table.ts'
import type { WideRepeat } from './linked-files.ts'

/** How the numbers of rows of one reading are said: several sheets or repeated columns put more into a number than a row. */
export interface RowPlaces {
  file: string
  sheets: string[] | null
  repeat: WideRepeat | null
}

export const placesOf = (reading: Reading, repeat: WideRepeat | null): RowPlaces => ({
  file: reading.file,
  sheets: reading.sheets ?? null,
  repeat,
})

const list = (texts: readonly string[]): string => `[${texts.map(quoteText).join(', ')}]::varchar[]`

/** SQL for the number `row` as a sentence says it: 12, or 那琴村!12, or 12[2]. */
export function rowSaid({ sheets, repeat }: RowPlaces, row: string): string {
  if (sheets) return `concat((${list(sheets)})[${row} // ${rowStep} + 1], '!', ${row} % ${rowStep})`
  return repeat ? `concat(${row} % ${rowStep}, '[', ${row} // ${rowStep}, ']')` : `(${row})::varchar`
}

/** Findings of this reading get the row, sheet and column that the file shows. To be called when all checks are done. */
export async function placeFindings(duck: Duck, { file, sheets, repeat }: RowPlaces): Promise<void> {
  const at = `file = ${quoteText(file)}`
  if (repeat) {
    const names = [...repeat.fields].flatMap(([field, numbered]) =>
      [...numbered].map(([n, column]) => `(${quoteText(field)}, ${n}, ${quoteText(column)})`),
    )
    await duck.run(`update finding set "column" = n.name from (values ${names.join(', ')}) n(field, number, name)
      where ${at} and finding.row >= ${rowStep} and n.field = finding."column" and n.number = finding.row // ${rowStep}`)
    await duck.run(`update finding set row = row % ${rowStep} where ${at} and row >= ${rowStep}`)
  }
  if (sheets)
    await duck.run(
      `update finding set sheet = (${list(sheets)})[row // ${rowStep} + 1], row = row % ${rowStep} where ${at} and sheet is null and row is not null`,
    )
}
