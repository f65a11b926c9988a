import { type Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import { createFindingTable } from '@fupin/platform/problems/finding-table.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { Dictionary, Entity } from '@fupin/rulebook/engine/dictionary.ts'
import { duckdb } from '@fupin/rulebook/engine/sql/dialect.ts'
import { compileSelect } from '@fupin/rulebook/engine/sql/select.ts'
import { type DataRule, type DataRules, dataRulesAt, dataRulesByCounty } from './compile-data-rules.ts'
import { sentenceSql, written } from './data-rule-sentences.ts'

export interface DataRuleOptions {
  /** The day whose rules are asked, yyyymmdd. */
  at: number
  /** Area code whose rules are asked of every household. Default: each household by its own `county_code`. */
  place?: string | undefined
  /** Which file findings name, by entity (`household`, `member`). Default: none. */
  files?: Record<string, string>
  /** SQL that yields `household_id`: of these households every answer is kept in `rule_answer`, broken or not. */
  watch?: string | undefined
}

export interface DataRulesApplied {
  /** Rules that were asked, each with its version and how many findings it made. */
  rules: { rule: string; version: string; severity: 'error' | 'doubt'; findings: number }[]
  errors: number
  doubts: number
  seconds: number
}

/**
 * Asks the data rules (清洗规则) of a book of every household and member read, all rules of a level in one statement, and adds to `finding`
 * (made if absent) a row for each one broken: `code` the rule's id, `column` and `value` its first field, `row` and `sheet` empty.
 * Needs the tables that `readSurvey` makes: `household` (with `county_code`, `household_id`, the flags `<list>_known`), each child entity; rules
 * about departments' records speak where those were compared. Facts are not changed; what is unknown raises nothing; the same tables give the
 * same rows. Also makes, anew:
 * - `rule_finding(household_id, county_code, township_code, village_code, member_no, rule, version, severity, finds, field, value, zh, en)`,
 * - `rule_answer(household_id, member_no, rule, broken)`: with `watch` only; NULL = not decided.
 * @throws Problem `book.unusable` where a data rule does not compile at a place of the survey.
 */
export async function applyDataRules(duck: Duck, book: Book, options: DataRuleOptions): Promise<DataRulesApplied> {
  const begun = performance.now()
  await createFindingTable(duck)
  await duck.run(`create or replace temp table rule_finding (household_id varchar, county_code varchar, township_code varchar, village_code varchar,
      member_no bigint, rule varchar, version varchar, severity varchar, finds varchar, field varchar, value varchar, zh varchar, en varchar);
    create or replace temp table rule_answer (household_id varchar, member_no bigint, rule varchar, broken boolean)`)
  const groups = await groupsOf(duck, book, options)
  for (const group of groups)
    for (const level of new Set(group.rules.map((r) => r.level))) await askLevel(duck, book.dictionary, level, group, options)
  await duck.run(`insert into finding
    select ${fileOf(options.files)}, null, null, field, left(value, 200), rule, severity, zh, en, household_id from rule_finding`)
  const counts = await duck.rows<{ rule: string; version: string; n: number }>(
    'select rule, version, count(*) as n from rule_finding group by all',
  )
  const rules = new Map<string, DataRulesApplied['rules'][number]>()
  for (const { id, version, check } of groups.flatMap((g) => g.rules)) {
    const findings = counts.find((c) => c.rule === id && c.version === version)?.n ?? 0
    rules.set(`${id} ${version}`, { rule: id, version, severity: check.severity, findings })
  }
  const all = [...rules.values()]
  const sum = (severity: 'error' | 'doubt'): number => all.filter((r) => r.severity === severity).reduce((n, r) => n + r.findings, 0)
  return { rules: all, errors: sum('error'), doubts: sum('doubt'), seconds: (performance.now() - begun) / 1000 }
}

async function groupsOf(duck: Duck, book: Book, { at, place }: DataRuleOptions): Promise<DataRules[]> {
  if (!book.definitions.some((d) => d.kind === 'check')) return []
  if (place !== undefined) return [{ counties: [], root: book.root, ...dataRulesAt(book, place, at) }]
  const codes = await duck.rows<{ code: string }>(
    `select distinct coalesce(county_code, ${quoteText(book.root)}) as code from household order by 1`,
  )
  return dataRulesByCounty(
    book,
    codes.map((c) => c.code),
    at,
  )
}

const fileOf = (files: DataRuleOptions['files']): string =>
  `case when member_no is null then ${textOr(files?.household)} else ${textOr(files?.member ?? files?.household)} end`
const textOr = (text: string | undefined): string => (text === undefined ? 'null::varchar' : quoteText(text))

/** One statement over a level's table: every rule a column. What is broken becomes rows. */
async function askLevel(duck: Duck, dictionary: Dictionary, level: string, group: DataRules, { watch }: DataRuleOptions): Promise<void> {
  const entity = dictionary.entities[level]!
  const rules = group.rules.filter((r) => r.level === level)
  const root = Object.values(dictionary.entities).find((e) => e.key === 'household_id') ?? dictionary.entities.household!
  const top = entity.name === root.name
  if (!top && !Object.values(root.lists).some((l) => l.entity === level)) return
  const codes = group.counties.map(quoteText).join(', ')
  const own = `coalesce(${top ? 'e0.' : ''}county_code, ${quoteText(group.root)}) in (${codes})`
  const where = top ? own : `e0._parent in (select _key from household where ${own})`
  const { sql } = compileSelect(
    dictionary,
    level,
    rules.map((rule, i) => ({ name: `r${i}`, node: rule.compiled.node, missing: false })),
    [],
    duckdb,
    { table: quoteName, carry: top ? [] : ['_parent'], ...(codes ? { where } : {}) },
  )
  const watched = watch ? ` or ${top ? '_key' : '_parent'} in (select _key from household where household_id in (${watch}))` : ''
  await duck.run(
    `create or replace temp table _asked as select * from (${sql}) where ${rules.map((_, i) => `r${i}`).join(' or ')}${watched}`,
  )
  const from = `from _asked a join ${quoteName(level)} e using (_key) join household h on h._key = ${top ? 'a._key' : 'a._parent'}`
  const memberNo = top ? 'null' : 'e.member_no'
  await duck.run(
    `insert into rule_finding ${rules.map((rule, i) => brokenSql(rule, i, { entity, dictionary, top, memberNo, from, group })).join(' union all ')}`,
  )
  if (watch)
    await duck.run(
      `insert into rule_answer ${rules
        .map((rule, i) => `select h.household_id, ${memberNo}, ${quoteText(rule.id)}, a.r${i} ${from} where h.household_id in (${watch})`)
        .join(' union all ')}`,
    )
  await duck.run('drop table _asked')
}

interface Asked {
  entity: Entity
  dictionary: Dictionary
  top: boolean
  memberNo: string
  from: string
  group: DataRules
}

/** The rows of one broken rule, as `rule_finding` holds them. */
function brokenSql({ id, version, check }: DataRule, i: number, { entity, dictionary, top, memberNo, from, group }: Asked): string {
  const slots = { entity, dictionary, alias: 'e', parameters: group.parameters }
  const column = (name: string): string => `e.${quoteName(name)}`
  // Of several blanks the first is named; else the first field the rule is about.
  const blanks = check.finds === 'required' ? check.about.map((f) => `when ${column(f)} is null then ${quoteText(f)}`) : []
  const first = check.about[0]!
  const field = blanks.length ? `case ${blanks.join(' ')} else ${quoteText(first)} end` : quoteText(first)
  const told = written(entity.fields[first]!, column(first), dictionary, 'zh')
  const value = blanks.length ? `case when ${check.about.map((f) => `${column(f)} is null`).join(' or ')} then null else ${told} end` : told
  const sentence = (language: 'zh' | 'en'): string => {
    const said = sentenceSql(check.says[language], language, slots)
    return top ? said : `concat(${language === 'zh' ? `'成员 ', e.member_no, '：'` : `'Member ', e.member_no, ': '`}, ${said})`
  }
  const texts = [id, version, check.severity, check.finds].map(quoteText).join(', ')
  return `select h.household_id, h.county_code, h.township_code, h.village_code, ${memberNo}, ${texts}, ${field}, ${value},
    ${sentence('zh')}, ${sentence('en')} ${from} where a.r${i}`
}
