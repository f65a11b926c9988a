import { type Duck, quoteName } from '@fupin/platform/database/duckdb.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { CountyRules } from '@fupin/whom/identification/county-rules.ts'
import type { DrawnCounty } from '@fupin/whom/identification/draw-lines.ts'
import { classSql, countyLines, departmentLists } from '@fupin/whom/identification/list-households.ts'
import type { Scored } from '@fupin/whom/identification/score-households.ts'
import { bandSql, verdictSql } from '@fupin/whom/identification/verdict-sql.ts'
import { digestSql } from './digest.ts'
import type { ListRead } from './relevant-records.ts'

/** Columns of a run's list that digests are made of, with SQL that gives an integer. */
const digested: Record<string, string> = {
  score: 'score',
  least: 'least',
  most: 'most',
  vetoes: 'vetoes',
  open_vetoes: 'open_vetoes',
  verdict: "instr('listed not_listed vetoed undecided out_of_scope', verdict)",
}

export interface ChunkCounts {
  households: number
  persons: number
  verdicts: Record<string, { households: number; persons: number }>
  vetoes: { true: number; unknown: number }[]
  digests: Record<string, string>
}

/**
 * The list of a chunk: makes the table `chunk_list` from `scored`, `standing` and the drawn lines, in order of `_key`. Vetoes that hold,
 * and those that are open, are bits in the order of the scorecard.
 */
export async function listChunk(
  duck: Duck,
  book: Book,
  groups: readonly CountyRules[],
  scored: Scored,
  drawn: DrawnCounty[],
  lists: readonly ListRead[],
  hits: (list: ListRead) => string,
  bandPoints: number,
): Promise<ChunkCounts> {
  const { scorecard } = groups[0]!
  const body = scorecard.score!.body
  await countyLines(duck, drawn)
  const bits = (test: (v: string) => string): string =>
    scored.vetoes.map((_, i) => `(case when ${test(`v${i}`)} then ${2 ** i} else 0 end)`).join(' | ') || '0'
  const has = new Set((await duck.describe('select * from household')).map((c) => c.name))
  const own = (name: string): string => (has.has(name) ? `h.${quoteName(name)}` : 'null::varchar')
  const persons = `coalesce(s.persons, ${has.has('persons') ? 'h.persons' : 'null'})::integer`
  await duck.run(`create or replace table chunk_list as
    select *, ${classSql(body.classes, { verdict: 'verdict', least: 'least', most: 'most' })} as class_id from (select s._key, s.county_code, ${own('township_code')} as township_code, ${own('village_code')} as village_code, ${own('hamlet')} as hamlet,
      h.household_id, ${own('head_name')} as head_name, ${persons} as persons, ${verdictSql(body.direction)} as verdict,
      s.score::integer as score, s.known::integer as known, s.least::integer as least, s.most::integer as most, l.line, l.low, l.high,
      ${bandSql(body.direction, bandPoints)} as in_band, ${bits((v) => v)} as vetoes, ${bits((v) => `${v} is null`)} as open_vetoes,
      coalesce(le.n, 0)::integer as leads, s.gaps
    from scored s join standing t using (_key) join household h using (_key) left join county_line l on l.county_code = s.county_code
      left join (${leadsSql(book, scorecard, lists, hits)}) le using (_key))
    order by _key`)
  return counts(duck, scored.vetoes.length)
}

/** Records that bear on a veto which holds or is still open, counted by household. */
function leadsSql(book: Book, scorecard: CountyRules['scorecard'], lists: readonly ListRead[], hits: (list: ListRead) => string): string {
  const vetoes = scorecard.score!.vetoes
  const looked = lists.flatMap((list) => {
    const by = vetoes.flatMap((veto, i) => (departmentLists(book, veto).includes(list.list) ? [`v${i} is distinct from false`] : []))
    return by.length ? [`select s._key from ${hits(list)} x join scored s on s._key = x.household where ${by.join(' or ')}`] : []
  })
  return looked.length
    ? `select _key, count(*) as n from (${looked.join(' union all ')}) group by 1`
    : 'select 0::bigint as _key, 0 as n where false'
}

async function counts(duck: Duck, vetoes: number): Promise<ChunkCounts> {
  const verdicts = await duck.rows<{ verdict: string; households: number; persons: number }>(
    'select verdict, count(*) as households, coalesce(sum(persons), 0)::bigint as persons from chunk_list group by 1 order by 1',
  )
  const places = Array.from({ length: vetoes }, (_, i) => 2 ** i)
  const row = (await duck.one<Record<string, number | string>>(`select count(*) as households, coalesce(sum(persons), 0)::bigint as persons,
    ${[
      ...places.flatMap((bit, i) => [
        `count(*) filter (where vetoes & ${bit} <> 0) as t${i}`,
        `count(*) filter (where open_vetoes & ${bit} <> 0) as u${i}`,
      ]),
      ...Object.entries(digested).map(([name, sql]) => `${digestSql('_key', sql)} as ${quoteName(`digest_${name}`)}`),
    ].join(', ')} from chunk_list`))!
  return {
    households: row.households as number,
    persons: row.persons as number,
    verdicts: Object.fromEntries(verdicts.map(({ verdict, ...n }) => [verdict, n])),
    vetoes: places.map((_, i) => ({ true: row[`t${i}`] as number, unknown: row[`u${i}`] as number })),
    digests: Object.fromEntries(Object.keys(digested).map((name) => [name, String(row[`digest_${name}`] ?? '0')])),
  }
}

/** SQL of the part of a run's list that is written. */
export const listPartSql = `select _key, county_code, township_code, village_code, hamlet, household_id, head_name, persons, verdict, score, known, least, most,
  line, low, high, in_band, gaps, vetoes, open_vetoes, leads, class_id from chunk_list`
