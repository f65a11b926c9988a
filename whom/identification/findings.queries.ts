import type { Duck, DuckParameter } from '@fupin/platform/database/duckdb.ts'
import { mask } from './household-file.ts'
import type { FindingPage, FindingQuery } from './identification.contract.ts'

interface FindingRow {
  n: number
  file: string
  sheet: string | null
  row: number | null
  column: string | null
  value: string | null
  code: string
  severity: 'error' | 'doubt'
  zh: string
  en: string
  household_id: string | null
}

/** Makes `finding_line`: the findings in a settled order, numbered, so that pages go on by number. */
export async function orderFindings(duck: Duck): Promise<void> {
  await duck.run(`create or replace table finding_line as
    select row_number() over (order by case severity when 'error' then 0 else 1 end, file, sheet, "row", "column", code) as n, * from finding order by n`)
}

/** One page of the findings, with the commonest kinds. ID numbers in values are masked. */
export async function findingPage(duck: Duck, query: FindingQuery): Promise<FindingPage> {
  const parts = ['true']
  const values: DuckParameter[] = []
  const add = (sql: string, ...more: DuckParameter[]): void => {
    parts.push(sql)
    values.push(...more)
  }
  if (query.severity) add('severity = ?', query.severity)
  if (query.code) add('code = ?', query.code)
  if (query.text) add("(contains(coalesce(household_id, ''), ?) or contains(zh, ?) or contains(en, ?))", query.text, query.text, query.text)
  const where = parts.join(' and ')
  const match = /^(-?)(\d+)$/.exec(query.after ?? '')
  const [back, at] = [match?.[1] === '-', Number(match?.[2] ?? 0)]
  const rows = await duck.rows<FindingRow>(
    `select * from finding_line where ${where} and n ${back ? '<' : '>'} ${at} order by n ${back ? 'desc' : 'asc'} limit ${query.limit + 1}`,
    values,
  )
  const more = rows.length > query.limit
  const page = rows.slice(0, query.limit)
  if (back) page.reverse()
  const counts = (await duck.one<{ total: number; errors: number; doubts: number }>(
    `select count(*) as total, count(*) filter (where severity = 'error') as errors, count(*) filter (where severity = 'doubt') as doubts from finding_line where ${where}`,
    values,
  ))!
  const kinds = await duck.rows<{ code: string; severity: 'error' | 'doubt'; count: number; zh: string; en: string }>(
    'select code, severity, count(*) as count, any_value(zh) as zh, any_value(en) as en from finding_line group by 1, 2 order by 3 desc, 1',
  )
  return {
    ...counts,
    kinds: kinds.map(({ zh, en, ...kind }) => ({ ...kind, text: { zh: mask(zh), en: mask(en) } })),
    rows: page.map((r) => ({
      file: r.file,
      sheet: r.sheet,
      row: r.row,
      column: r.column,
      value: r.value === null ? null : mask(r.value),
      code: r.code,
      severity: r.severity,
      text: { zh: mask(r.zh), en: mask(r.en) },
      household: r.household_id,
    })),
    next: (back || more) && page.length ? String(page.at(-1)!.n) : null,
    previous: (back ? more : at > 0) && page.length ? `-${page[0]!.n}` : null,
  }
}
