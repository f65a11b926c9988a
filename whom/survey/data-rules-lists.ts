import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import { writeTable } from '@fupin/platform/exchange/write-table.ts'
import { readDivisions } from '@fupin/platform/regions/divisions.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import { addDays, printDate } from '@fupin/rulebook/engine/civil-date.ts'
import type { Confidence } from '@fupin/rulebook/engine/definition.ts'
import { resolveParameter } from '@fupin/rulebook/engine/resolve.ts'
import { applyDataRules, type DataRulesApplied } from './data-rules.ts'
import { readEarlierErrors, settleStates } from './data-rules-state.ts'
import { trendOf } from './data-rules-trend.ts'
import { rootEntity } from './read-survey.ts'

export interface ErrorListOptions {
  /** The day whose rules are asked, yyyymmdd. */
  at: number
  /** The day the findings are made, yyyymmdd: deadlines run from it. */
  foundOn: number
  /** Error list of an earlier run. */
  before?: string | undefined
  files?: Record<string, string>
}

export interface ErrorList {
  applied: DataRulesApplied
  households: number
  /** Lines by state. */
  states: Record<string, number>
  deadline: { days: number; dueOn: string; confidence: Confidence } | null
}

/**
 * From a survey that was read (and departments, where they were compared) makes `error_line`, every finding of the reader and of the data rules
 * with state and deadline, and `error_area`, counts and rates for the whole, counties, townships and villages, beside those of the earlier list.
 * The term is the book's parameter `check_deadline_days`; a book without it sets none.
 */
export async function makeErrorList(duck: Duck, book: Book, options: ErrorListOptions): Promise<ErrorList> {
  await readEarlierErrors(duck, options.before)
  const applied = await applyDataRules(duck, book, {
    at: options.at,
    watch: `select household_id from error_before where code like 'check.%'`,
    ...(options.files ? { files: options.files } : {}),
  })
  await errorsNow(duck, book)
  const deadline = deadlineOf(book, options)
  const foundOn = printDate(options.foundOn)
  await settleStates(
    duck,
    { foundOn, dueOn: deadline?.dueOn ?? '' },
    applied.rules.map((r) => r.rule),
  )
  await areas(duck, foundOn)
  await trendOf(duck, foundOn, options.before)
  const counts = await duck.rows<{ state: string; n: number }>('select state, count(*) as n from error_line group by 1')
  const { n } = (await duck.one<{ n: number }>('select count(*) as n from household'))!
  return { applied, households: n, states: Object.fromEntries(counts.map((c) => [c.state, c.n])), deadline }
}

function deadlineOf(book: Book, { at, foundOn }: ErrorListOptions): ErrorList['deadline'] {
  const found = resolveParameter(book, 'check_deadline_days', book.root, { at })
  if ('why' in found || typeof found.value.value !== 'number') return null
  const days = found.value.value
  return { days, dueOn: printDate(addDays(foundOn, days)), confidence: found.value.confidence }
}

/** `error_now`: findings of the reader about households, and of the data rules, in one layout. */
async function errorsNow(duck: Duck, book: Book): Promise<void> {
  const titles = [...new Map(book.definitions.filter((d) => d.kind === 'check').map((d) => [d.id, d.title])).entries()]
  await duck.run(`create or replace temp table _title (rule varchar, zh varchar, en varchar);
    ${titles.length ? `insert into _title values ${titles.map(([id, t]) => `(${[id, t.zh, t.en].map(quoteText).join(', ')})`).join(', ')}` : 'select 1'}`)
  const place = 'county_code, township_code, village_code'
  // A number tells apart what the reader found at several rows of one household in one column.
  await duck.run(`create or replace temp table error_now as
    select ${place}, household_id, member_no, null::integer as nth, r.rule as code, version, severity, finds, t.zh as title_zh, t.en as title_en, field, value, r.zh, r.en
    from rule_finding r left join _title t using (rule)
    union all
    select h.county_code, h.township_code, h.village_code, f.household_id, null, row_number() over (partition by f.household_id, f.code, f."column" order by f."row", f.value, f.zh),
      f.code, null, f.severity, 'reading', null, null, f."column", f.value, f.zh, f.en
    from finding f left join household h using (household_id)
    where f.household_id is not null and f.code not in (select rule from _title)`)
}

/** `error_area`: one row for the whole and for each county, township and village. */
async function areas(duck: Duck, foundOn: string): Promise<void> {
  const levels = { all: `''`, county: 'county_code', township: 'township_code', village: 'village_code' }
  const rows = Object.entries(levels).map(
    ([level, code]) => `select '${level}' as level, ${code} as code, count(*) as households from household group by all`,
  )
  const standing = `state in ('new', 'open')`
  const lines = Object.entries(levels).map(
    ([level, code]) => `select '${level}' as level, ${code} as code,
      count(distinct household_id) filter (${standing}) as households_with_findings,
      count(*) filter (${standing} and severity = 'error') as errors, count(*) filter (${standing} and severity = 'doubt') as doubts,
      count(*) filter (state = 'new') as new, count(*) filter (state = 'open') as open, count(*) filter (state = 'open' and due_on < ${quoteText(foundOn)}) as overdue,
      count(*) filter (state = 'corrected') as corrected, count(*) filter (state = 'not_checked') as not_checked,
      count(*) filter (state <> 'new') as before
    from error_line group by all`,
  )
  const counts = ['households_with_findings', 'errors', 'doubts', 'new', 'open', 'overdue', 'corrected', 'not_checked', 'before']
  const rate = (n: string): string => `round(100.0 * coalesce(${n}, 0) / households, 1)::decimal(9, 1)`
  await duck.run(`create or replace temp table error_area as
    select level, code, ''::varchar as name, households, ${counts.map((c) => `coalesce(${c}, 0) as ${c}`).join(', ')},
      ${rate('errors')} as errors_per_100, ${rate('errors + doubts')} as findings_per_100, ${rate('before')} as before_per_100
    from (${rows.join(' union all ')}) left join (${lines.join(' union all ')}) using (level, code)`)
  const codes = await duck.rows<{ code: string }>(`select distinct code from error_area where code <> ''`)
  const divisions = readDivisions()
  const names = codes.flatMap(({ code }) => {
    const name = divisions.find(code)?.name
    return name ? [`(${quoteText(code)}, ${quoteText(name)})`] : []
  })
  if (names.length)
    await duck.run(`update error_area set name = v.name from (values ${names.join(', ')}) v(code, name) where error_area.code = v.code`)
}

export type ListFormat = 'csv' | 'xlsx' | 'parquet'

/**
 * Writes `errors` (every line, by village and household), `areas`, `rules` and `trend` into `out`; with `perVillage` one workbook a village under
 * `villages/` with what still stands there. Gives the names of the files.
 */
export async function writeErrorList(
  duck: Duck,
  book: Book,
  out: string,
  options: { formats: ListFormat[]; perVillage: boolean; note: string | null },
): Promise<string[]> {
  await mkdir(out, { recursive: true })
  const who = ['hamlet', 'head_name', 'surveyor'].filter((f) => rootEntity(book.dictionary).fields[f])
  const columns = `l.state, l.county_code, l.township_code, l.village_code, l.household_id, ${who.map((f) => `h.${quoteName(f)}, `).join('')}l.member_no, l.nth, l.code, l.title_zh, l.title_en,
    l.severity, l.finds, l.field, l.value, l.zh, l.en, l.version, l.found_on, l.due_on, l.corrected_on`
  const order = 'l.village_code nulls last, l.household_id, l.member_no nulls first, l.code, l.field, l.nth, l.zh'
  const lines = (where: string): string =>
    `select ${columns} from error_line l left join household h using (household_id) where ${where} order by ${order}`
  const rank = `case level when 'all' then 0 when 'county' then 1 when 'township' then 2 else 3 end`
  const tables = {
    errors: lines('true'),
    areas: `select * from error_area order by ${rank}, code`,
    rules: `select code, any_value(title_zh) as title_zh, any_value(title_en) as title_en, severity, any_value(finds) as finds, max(version) as version,
      count(*) filter (state in ('new', 'open')) as standing, count(*) filter (state = 'new') as new, count(*) filter (state = 'open') as open,
      count(*) filter (state = 'corrected') as corrected, count(*) filter (state = 'not_checked') as not_checked from error_line group by code, severity order by standing desc, code`,
    trend: `select * from error_trend order by found_on, ${rank}, code`,
  }
  const more = options.note ? { note: options.note } : {}
  const written: string[] = []
  for (const [name, sql] of Object.entries(tables))
    for (const format of options.formats) {
      await writeTable(duck, sql, join(out, `${name}.${format}`), more)
      written.push(`${name}.${format}`)
    }
  if (!options.perVillage) return written
  const villages = await duck.rows<{ code: string }>(
    `select distinct village_code as code from error_line where state in ('new', 'open') and village_code is not null order by 1`,
  )
  for (const { code } of villages) {
    const name = join('villages', `${code}.xlsx`)
    await writeTable(duck, lines(`l.village_code = ${quoteText(code)} and l.state in ('new', 'open')`), join(out, name), {
      ...more,
      sheet: code,
    })
    written.push(name)
  }
  return written
}
