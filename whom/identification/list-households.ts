import { type Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { Text } from '@fupin/rulebook/engine/definition.ts'
import { reachable } from '@fupin/rulebook/engine/ir.ts'
import type { CountyRules } from './county-rules.ts'
import type { DrawnCounty } from './draw-lines.ts'
import type { Scored } from './score-households.ts'
import { bandSql, verdictSql } from './verdict-sql.ts'
import { verdictTitles } from './verdicts.ts'

/**
 * Gives every household its verdict and its reason in both languages. Makes the table `listed`, one row a household in the order of
 * county, village, household; and `county_line` from the drawn lines. The verdict is a proposal: people decide.
 */
export async function listHouseholds(
  duck: Duck,
  book: Book,
  groups: CountyRules[],
  scored: Scored,
  drawn: DrawnCounty[],
  bandPoints: number,
): Promise<void> {
  const { scorecard } = groups[0]!
  const body = scorecard.score!.body
  await countyLines(duck, drawn)
  await vetoWords(duck, book, groups[0]!)
  await hitWords(duck)
  const has = await columnsOf(duck, 'household')
  const own = (name: string): string => (has.has(name) ? `h.${quoteName(name)}` : 'null::varchar')
  const vetoes = scored.vetoes.map((_, i) => `v${i}`)
  await duck.run(`create or replace table judged as
    select s._key, ${verdictSql(body.direction)} as verdict, ${bandSql(body.direction, bandPoints)} as in_band
    from scored s join standing t using (_key) left join county_line l on l.county_code = s.county_code`)
  const missing = `select g._key, string_agg(distinct g.path, ';' order by g.path) as paths, list_sort(list(distinct f.zh)) as zh, list_sort(list(distinct f.en)) as en
    from gap g join fact_label f using (path) join judged j on j._key = g._key and j.verdict = 'undecided' group by 1`
  const standing = vetoes.length
    ? `select s._key, string_agg(w.id, ';' order by w.n) as ids, string_agg(concat(w.zh, coalesce('（' || hz.zh || '）', '')), '；' order by w.n) as zh, string_agg(concat(w.en, coalesce(' (' || hz.en || ')', '')), '; ' order by w.n) as en
       from (${vetoes.map((v, i) => `select _key, ${i} as n from scored where ${v}`).join(' union all ')}) s join veto_word w using (n) left join hit_word hz on hz._key = s._key and hz.n = s.n group by 1`
    : 'select 0::bigint as _key, null as ids, null as zh, null as en where false'
  const open = vetoes.length
    ? `select _key, string_agg(w.zh, '、' order by n) as zh, string_agg(w.en, ', ' order by n) as en from (${vetoes.map((v, i) => `select _key, ${i} as n from scored where ${v} is null`).join(' union all ')}) join veto_word w using (n) join judged j using (_key) where j.verdict = 'undecided' group by 1`
    : 'select 0::bigint as _key, null as zh, null as en where false'
  // A lead is a record that a veto which holds or is still open looks at.
  const looked = vetoes.map((v, i) => `select _key, ${i} as n from scored where ${v} is not false`).join(' union all ')
  await duck.run(`create or replace table lead as select distinct h.rowid as hit from (${looked || 'select 0::bigint as _key, 0 as n where false'}) o
    join veto_list w using (n) join hit h on h.household = o._key and h.list = w.list`)
  const leads = 'select h.household as _key, count(*) as n from lead join hit h on h.rowid = lead.hit group by 1'
  await duck.run(`create or replace table listed as
    with missing as (${missing}), standing_veto as (${standing}), open_veto as (${open}), leads as (${leads})
    select s._key, s.county_code, ${own('township_code')} as township_code, ${own('village_code')} as village_code, ${own('hamlet')} as hamlet, h.household_id,
      ${own('head_name')} as head_name, coalesce(s.persons, ${has.has('persons') ? 'h.persons' : 'null'})::bigint as persons, j.verdict,
      s.score, s.known, s.least, s.most, l.line, l.low, l.high, j.in_band, s.gaps, m.paths as missing, v.ids as vetoes, coalesce(le.n, 0)::integer as leads,
      ${classSql(body.classes, { verdict: 'j.verdict', least: 's.least', most: 's.most' })} as class_id,
      ${reasonSql('zh')} as reason_zh, ${reasonSql('en')} as reason_en
    from scored s join household h using (_key) join judged j using (_key)
      left join county_line l on l.county_code = s.county_code left join missing m using (_key) left join standing_veto v using (_key)
      left join open_veto o using (_key) left join leads le using (_key)
    order by s.county_code, village_code, h.household_id`)
}

export async function countyLines(duck: Duck, drawn: DrawnCounty[]): Promise<void> {
  await duck.run('create or replace table county_line (county_code varchar, quota bigint, line integer, low integer, high integer)')
  const rows = drawn.map(
    (d) =>
      `(${quoteText(d.county)}, ${d.quota ?? 'null'}, ${d.line ?? 'null'}, ${d.line ?? d.interval?.low ?? 'null'}, ${d.line ?? d.interval?.high ?? 'null'})`,
  )
  if (rows.length) await duck.run(`insert into county_line values ${rows.join(', ')}`)
}

/** Words of each veto, and which departments' lists it reads. */
async function vetoWords(duck: Duck, book: Book, { scorecard }: CountyRules): Promise<void> {
  await duck.run(
    'create or replace table veto_word (n integer, id varchar, zh varchar, en varchar); create or replace table veto_list (n integer, list varchar)',
  )
  for (const [n, veto] of scorecard.score!.vetoes.entries()) {
    const { zh, en } = veto.definition.title
    await duck.run(`insert into veto_word values (${n}, ${quoteText(veto.id)}, ${quoteText(zh)}, ${quoteText(en)})`)
    for (const list of departmentLists(book, veto)) await duck.run(`insert into veto_list values (${n}, ${quoteText(list)})`)
  }
}

/** The departments' lists that a rule reads. */
export function departmentLists(book: Book, rule: CountyRules['scorecard']): string[] {
  const entity = book.dictionary.entities[rule.definition.level]!
  const lists = reachable([rule.node]).flatMap((n) => (n.op === 'aggregate' && n.depth === 0 ? [n.list] : []))
  return [...new Set(lists)].filter((l) => entity.lists[l]!.department)
}

/** For each household and veto: the records that were matched, with department and day. */
async function hitWords(duck: Duck): Promise<void> {
  await duck.run(`create or replace table hit_word as
    select h.household as _key, v.n, array_to_string(list_sort(list(distinct concat(w.zh, ' ', day))), '、') as zh, array_to_string(list_sort(list(distinct concat(w.en, ', ', day))), '; ') as en
    from (select *, strftime(strptime(as_of::varchar, '%Y%m%d'), '%Y-%m-%d') as day from hit where state = 'matched') h
      join veto_list v on v.list = h.list join department_word w on w.list = h.list
    group by all`)
}

/** SQL of the class of a listed household, where its bounds fall into one class. */
export function classSql(
  classes: { id: string; upTo: number | null }[],
  { verdict, least, most }: { verdict: string; least: string; most: string },
): string {
  if (classes.length === 0) return 'null::varchar'
  const of = (score: string): string =>
    `case ${classes.map((c) => (c.upTo === null ? `else ${quoteText(c.id)}` : `when ${score} <= ${c.upTo} then ${quoteText(c.id)}`)).join(' ')} end`
  return `case when ${verdict} = 'listed' and ${of(least)} = ${of(most)} then ${of(most)} end`
}

/** The reason as one sentence, from what decided the verdict. */
function reasonSql(language: 'zh' | 'en'): string {
  const zh = language === 'zh'
  const range = `case when s.least = s.most then s.least::varchar else concat(s.least, '–', s.most) end`
  const line = `case when l.low = l.high then l.low::varchar else concat(l.low, '–', l.high) end`
  const gaps = zh
    ? `case when m.zh is null then '' else concat('；缺：', array_to_string(m.zh[1:3], '、'), case when len(m.zh) > 3 then concat('等 ', len(m.zh), ' 项') else '' end) end`
    : `case when m.en is null then '' else concat('; missing: ', array_to_string(m.en[1:3], ', '), case when len(m.en) > 3 then concat(' and others, ', len(m.en), ' in all') else '' end) end`
  const title = (v: keyof typeof verdictTitles): string => quoteText(text(verdictTitles[v], language))
  /** The same words where they open the sentence. */
  const opening = (v: keyof typeof verdictTitles): string => {
    const words = text(verdictTitles[v], language)
    return quoteText(words.charAt(0).toUpperCase() + words.slice(1))
  }
  return zh
    ? `case j.verdict
      when 'out_of_scope' then concat(${title('out_of_scope')}, '。')
      when 'vetoed' then concat(${title('vetoed')}, '：', v.zh, '。')
      when 'not_listed' then concat('得分 ', ${range}, '，分数线 ', ${line}, '，', ${title('not_listed')}, '。')
      when 'listed' then concat('得分 ', ${range}, '，分数线 ', ${line}, '，', ${title('listed')}, '；没有一票否决情形。')
      else concat(${title('undecided')}, '：得分 ', ${range}, case when l.low is null then '，还没有分数线' else concat('，分数线 ', ${line}) end,
        case when o.zh is null then '' else concat('；未定的否决条件：', o.zh) end, ${gaps}, '。') end`
    : `case j.verdict
      when 'out_of_scope' then concat(${opening('out_of_scope')}, '.')
      when 'vetoed' then concat(${opening('vetoed')}, ': ', v.en, '.')
      when 'not_listed' then concat('Score ', ${range}, ', line ', ${line}, ': ', ${title('not_listed')}, '.')
      when 'listed' then concat('Score ', ${range}, ', line ', ${line}, ': ', ${title('listed')}, '; no veto holds.')
      else concat(${opening('undecided')}, ': score ', ${range}, case when l.low is null then ', no line yet' else concat(', line ', ${line}) end,
        case when o.en is null then '' else concat('; open vetoes: ', o.en) end, ${gaps}, '.') end`
}

const text = (t: Text, language: 'zh' | 'en'): string => t[language]

async function columnsOf(duck: Duck, table: string): Promise<Set<string>> {
  return new Set((await duck.describe(`select * from ${quoteName(table)}`)).map((c) => c.name))
}
