import { type Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import { openTable } from '@fupin/platform/exchange/open-table.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'

/**
 * Where a finding stands against an earlier run: `new`; `open` since then; `corrected`; `not_checked`, because the household, the rule or a fact
 * it needs (a department not compared this time) is no longer there to be asked.
 */
export type ErrorState = 'new' | 'open' | 'corrected' | 'not_checked'

/** What an error list must have to be compared with. */
const needed = ['household_id', 'member_no', 'nth', 'code', 'field', 'state', 'found_on', 'due_on', 'severity', 'zh', 'en']

/**
 * Makes `error_before` from an earlier error list (`errors.csv`, `.xlsx` or `.parquet`), every column text, without what was corrected by then;
 * an empty one where no file is given. @throws Problem where the file cannot be read or is no error list.
 */
export async function readEarlierErrors(duck: Duck, path: string | undefined): Promise<void> {
  const carried = ['county_code', 'township_code', 'village_code', 'version', 'finds', 'title_zh', 'title_en', 'value', ...needed]
  if (path === undefined) {
    await duck.run(`create or replace temp table error_before (${carried.map((c) => `${c} varchar`).join(', ')})`)
    return
  }
  const { table, findings } = await openTable(duck, path, { name: '_earlier' })
  const broken = findings.find((f) => f.severity === 'error')
  if (broken || !table) throw new Problem(broken?.code ?? 'no_file', broken ?? { zh: `读不了“${path}”。`, en: `Cannot read "${path}".` })
  const columns = new Set(table.columns.map((c) => c.name))
  const lacking = needed.filter((c) => !columns.has(c))
  if (lacking.length)
    throw new Problem('no_error_list', {
      zh: `“${table.file}”不是问题清单，缺 ${lacking.join('、')}。请给出上一次的 errors.csv。`,
      en: `"${table.file}" is no error list; it lacks ${lacking.join(', ')}. Give the errors.csv of the earlier run.`,
    })
  const cells = carried.map((c) => (columns.has(c) ? `nullif(ltrim(${c}::varchar, ''''), '') as ${c}` : `null::varchar as ${c}`))
  await duck.run(
    `create or replace temp table error_before as select ${cells.join(', ')} from ${quoteName(table.name)} where state in ('new', 'open', 'not_checked')`,
  )
}

/** Days of one list: when its findings were made, and by when they are to be put right (civil, `yyyy-mm-dd`). */
export interface ListDays {
  foundOn: string
  dueOn: string
}

/**
 * Makes `error_line` from `error_now` (this run's findings) and `error_before`: every finding once, with its state. A finding keeps its identity
 * by household, member, rule and field (`nth` tells apart what the reader found several times in one place), and with it the day it was first
 * found and its deadline. `asked` are the rules asked in this run; answers to them stand in `rule_answer`.
 */
export async function settleStates(duck: Duck, days: ListDays, asked: string[]): Promise<void> {
  const same = `b.household_id = n.household_id and b.code = n.code and b.field is not distinct from n.field
    and b.member_no is not distinct from n.member_no::varchar and b.nth is not distinct from n.nth::varchar`
  const list = asked.length ? `b.code in (${asked.map(quoteText).join(', ')})` : 'false'
  await duck.run(`create or replace temp table error_line as
    select n.* replace (n.nth::integer as nth), case when b.household_id is null then 'new' else 'open' end as state,
      coalesce(b.found_on, ${quoteText(days.foundOn)}) as found_on, coalesce(b.due_on, ${quoteText(days.dueOn)}) as due_on, null::varchar as corrected_on
    from error_now n left join error_before b on ${same}`)
  // What is not found any more is corrected only where it was asked again and the answer is plain.
  const answered = `exists (select 1 from rule_answer a where a.household_id = b.household_id and a.rule = b.code
    and a.member_no::varchar is not distinct from b.member_no and a.broken is not null)`
  const corrected = `case when h.household_id is not null and (case when b.code like 'check.%' then ${list} and ${answered} else true end) then 'corrected' else 'not_checked' end`
  await duck.run(`insert into error_line by name
    select b.county_code, b.township_code, b.village_code, b.household_id, b.member_no::bigint as member_no, b.nth::integer as nth, b.code, b.version, b.severity, b.finds,
      b.title_zh, b.title_en, b.field, b.value, b.zh, b.en, b.found_on, b.due_on,
      ${corrected} as state, case when (${corrected}) = 'corrected' then ${quoteText(days.foundOn)} end as corrected_on
    from error_before b left join household h using (household_id) anti join error_now n on ${same}`)
}
