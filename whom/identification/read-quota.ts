import type { Duck } from '@fupin/platform/database/duckdb.ts'
import { quoteName } from '@fupin/platform/database/duckdb.ts'
import { openTable } from '@fupin/platform/exchange/open-table.ts'
import { type Finding, finding } from '@fupin/platform/problems/finding.ts'
import { addFindings, createFindingTable } from '@fupin/platform/problems/finding-table.ts'

/** Names a quota file may use for its two columns. */
const names = { county: ['county_code', '县代码', '县（市、区）代码', '代码'], persons: ['persons', '规模', '人数', '贫困人口规模'] }

/**
 * Reads `county_code,persons`: how many persons each county is to list. Rows that do not count stand in `finding`, with the reason:
 * a county without a household in the survey, a number that is none, a county twice.
 */
export async function readQuota(duck: Duck, path: string, counties: ReadonlySet<string>): Promise<Map<string, number>> {
  await createFindingTable(duck)
  const { table: opened, findings } = await openTable(duck, path, { name: 'quota' })
  await addFindings(duck, findings)
  if (!opened) return new Map()
  const column = (wanted: string[]): string | undefined =>
    opened.columns.find((c) => wanted.includes(c.name.trim().toLowerCase()) || wanted.includes(c.name.trim()))?.name
  const [code, persons] = [column(names.county), column(names.persons)]
  const bad: Finding[] = []
  const quotas = new Map<string, number>()
  if (!code || !persons) {
    bad.push(
      finding({
        file: opened.file,
        row: 1,
        code: 'quota_columns',
        zh: '规模表要有 county_code 和 persons 两列。',
        en: 'A quota file needs the columns county_code and persons.',
      }),
    )
  } else {
    const rows = await duck.rows<{ row: number; code: string | null; persons: string | null }>(
      `select _row as "row", trim(cast(${quoteName(code)} as varchar)) as code, trim(cast(${quoteName(persons)} as varchar)) as persons from ${quoteName('raw_quota')} order by _row`,
    )
    for (const row of rows) {
      const at = { file: opened.file, row: row.row }
      const number = /^\d+$/.test(row.persons ?? '') ? Number(row.persons) : null
      if (!row.code || !counties.has(row.code))
        bad.push(
          finding({
            ...at,
            column: code,
            value: row.code,
            code: 'quota_county',
            zh: `调查表里没有县“${row.code ?? ''}”的农户，这一行规模没有用上。请核对代码。`,
            en: `The survey has no household of county "${row.code ?? ''}"; this quota is not used. Check the code.`,
          }),
        )
      else if (number === null)
        bad.push(
          finding({
            ...at,
            column: persons,
            value: row.persons,
            code: 'quota_number',
            zh: `规模“${row.persons ?? ''}”不是人数，该县没有划线。请填整数。`,
            en: `The quota "${row.persons ?? ''}" is not a number of persons; no line is drawn for this county. Give a whole number.`,
          }),
        )
      else if (quotas.has(row.code))
        bad.push(
          finding({
            ...at,
            column: code,
            value: row.code,
            code: 'quota_twice',
            zh: `县“${row.code}”的规模写了两次，用第一次的。请删去一行。`,
            en: `County "${row.code}" has two quotas; the first is used. Remove one row.`,
          }),
        )
      else quotas.set(row.code, number)
    }
  }
  await addFindings(duck, bad)
  return quotas
}
