import { type Duck, quoteName } from '@fupin/platform/database/duckdb.ts'
import { openTable } from '@fupin/platform/exchange/open-table.ts'
import { type Finding, finding } from '@fupin/platform/problems/finding.ts'
import { addFindings } from '@fupin/platform/problems/finding-table.ts'

/** A line that a person set where the draws do not agree: who, and why. */
export interface SetLine {
  line: number
  reason: string
  by: string
}

const columns = ['county_code', 'line', 'reason', 'set_by'] as const

/**
 * Reads `county_code,line,reason,set_by`. A line without a reason or without a name is not taken: a decision needs both.
 * Rows that do not count stand in `finding`.
 */
export async function readSetLines(duck: Duck, path: string, counties: ReadonlySet<string>): Promise<Map<string, SetLine>> {
  const { table: opened, findings } = await openTable(duck, path, { name: 'set_lines' })
  await addFindings(duck, findings)
  if (!opened) return new Map()
  const missing = columns.filter((c) => !opened.columns.some((o) => o.name === c))
  if (missing.length) {
    const names = missing.join('、')
    await addFindings(duck, [
      finding({
        file: opened.file,
        row: 1,
        code: 'set_line_columns',
        zh: `定线表缺列：${names}。`,
        en: `The table of set lines lacks the columns ${missing.join(', ')}.`,
      }),
    ])
    return new Map()
  }
  const rows = await duck.rows<Record<(typeof columns)[number], string | null> & { row: number }>(
    `select _row as "row", ${columns.map((c) => `trim(cast(${quoteName(c)} as varchar)) as ${quoteName(c)}`).join(', ')} from raw_set_lines order by _row`,
  )
  const bad: Finding[] = []
  const lines = new Map<string, SetLine>()
  for (const { row, county_code, line, reason, set_by } of rows) {
    const refuse = (column: string, value: string | null, code: string, zh: string, en: string): void =>
      void bad.push(finding({ file: opened.file, row, column, value, code, zh, en }))
    if (!county_code || !counties.has(county_code))
      refuse(
        'county_code',
        county_code,
        'set_line_county',
        '调查表里没有这个县的农户，这条线没有用上。请核对代码。',
        'The survey has no household of this county; the line is not used. Check the code.',
      )
    else if (!/^-?\d+$/.test(line ?? ''))
      refuse('line', line, 'set_line_number', '分数线要是整数，没有用上。', 'A line must be a whole number; it is not used.')
    else if (!reason || !set_by)
      refuse(
        reason ? 'set_by' : 'reason',
        null,
        'set_line_reason',
        '定线要写明理由和定线人，没有用上。请补上。',
        'A set line needs a reason and a name; it is not used. Add both.',
      )
    else lines.set(county_code, { line: Number(line), reason, by: set_by })
  }
  await addFindings(duck, bad)
  return lines
}
