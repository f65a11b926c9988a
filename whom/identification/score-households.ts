import { type Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { Node } from '@fupin/rulebook/engine/ir.ts'
import { labelOf } from '@fupin/rulebook/engine/labels.ts'
import { duckdb } from '@fupin/rulebook/engine/sql/dialect.ts'
import { compileSelect, type Output } from '@fupin/rulebook/engine/sql/select.ts'
import type { CountyRules } from './county-rules.ts'

/** Names of the vetoes of a run in the order of the scorecard: columns `v0`, `v1` ... of `scored`. */
export interface Scored {
  vetoes: string[]
  /** Texts of the statements, for the run record. */
  sql: string[]
}

/**
 * Scores every household and applies every veto, one statement for each group of counties with equal rules. Makes
 * - `scored(_key, county_code, score, known, least, most, persons, in_scope, v0.., gaps)`: NULL = unknown; `gaps` counts missing facts,
 * - `gap(_key, path, about)`: which facts are missing, for `score`, `scope` or `veto`; only of households that are not decided without them,
 * - `fact_label(path, zh, en)`.
 */
export async function scoreHouseholds(duck: Duck, book: Book, groups: CountyRules[]): Promise<Scored> {
  const sql: string[] = []
  const vetoes = groups[0]!.scorecard.score!.vetoes.map((v) => v.id)
  const aside = await duck.connect()
  try {
    for (const [i, group] of groups.entries()) {
      const { points, conditions } = parts(book, group)
      sql.push(points.sql, conditions.sql)
      await Promise.all([run(duck, points), run(aside, conditions)])
      const joined = `select p.*, c.* exclude (_key) from (select _key, ${points.columns} from points) p join (select _key, ${conditions.columns} from conditions) c using (_key)`
      await duck.run(i === 0 ? `create or replace table scored as ${joined}` : `insert into scored by name ${joined}`)
      const gaps = `${points.gaps} union all ${conditions.gaps}`
      await duck.run(i === 0 ? `create or replace table gap as ${gaps}` : `insert into gap ${gaps}`)
      await labels(duck, book, group, [...points.paths, ...conditions.paths], i === 0)
    }
    await duck.run(`drop table if exists points; drop table if exists conditions`)
  } finally {
    aside.close()
  }
  await duck.run(`create or replace table scored as select s.*, coalesce(g.n, 0)::integer as gaps
    from scored s left join (select _key, count(distinct path) as n from gap group by 1) g using (_key)`)
  return { vetoes, sql }
}

/** One statement of the run: its table, the columns that `scored` takes from it, and how its masks are unpacked. */
interface Part {
  table: string
  sql: string
  columns: string
  gaps: string
  paths: string[]
}

const run = (duck: Duck, part: Part): Promise<number> => duck.run(`create or replace table ${part.table} as ${part.sql}`)

/** The points, and the conditions (scope and vetoes): two statements, because the databases plan them better apart and run them side by side. */
function parts(book: Book, rules: CountyRules): { points: Part; conditions: Part } {
  const score = rules.scorecard.score!
  const line = Object.values(score.lines)[0]!
  const points: Output[] = [
    { name: 'score', node: line.total, missing: true },
    { name: 'known', node: line.known, missing: false },
    { name: 'least', node: line.least, missing: false },
    { name: 'most', node: line.most, missing: false },
  ]
  const conditions: Output[] = [
    ...(score.persons ? [{ name: 'persons', node: score.persons, missing: false }] : []),
    ...(score.scope ? [{ name: 'in_scope', node: score.scope, missing: true }] : []),
    ...score.vetoes.map((v, i) => ({ name: `v${i}`, node: v.node, missing: true })),
  ]
  const absent = [...(score.persons ? [] : ['null::bigint as persons']), ...(score.scope ? [] : ['true as in_scope'])]
  const items = [...new Set(score.items.map((item) => Object.values(item.item!.lines)[0]!.node))]
  return {
    points: part(book, rules, 'points', points, items, ['county_code']),
    conditions: part(book, rules, 'conditions', conditions, [], absent),
  }
}

function part(book: Book, { counties, scorecard }: CountyRules, table: string, outputs: Output[], stages: Node[], more: string[]): Part {
  const compiled = compileSelect(book.dictionary, scorecard.definition.level, outputs, stages, duckdb, {
    table: (entity) => quoteName(entity),
    carry: ['county_code'],
    where: `e0.county_code IN (${counties.map(quoteText).join(', ')})`,
  })
  const bits = [...compiled.bits].map(([path, { word, bit }]) => ({ path, word, bit }))
  const gaps = [...compiled.masks].flatMap(([name, words]) =>
    words.flatMap((word) => {
      const own = bits.filter((b) => b.word === word)
      if (own.length === 0) return []
      // A mask is unpacked once a household: a row for each bit that is set in its word.
      const [mask, about] = [`s.${quoteName(`${name}__m${word}`)}`, name === 'in_scope' ? 'scope' : name]
      const named = `(select unnest([${own.map((b) => b.bit).join(', ')}]) as bit, unnest([${own.map((b) => quoteText(b.path)).join(', ')}]) as path)`
      return [
        `select s._key, b.path, ${quoteText(about)} as about from ${table} s join ${named} b on (${mask} >> b.bit) & 1 = 1 where ${mask} <> 0`,
      ]
    }),
  )
  return {
    table,
    sql: compiled.sql,
    columns: [...more, ...outputs.map((o) => quoteName(o.name))].join(', '),
    gaps: gaps.join(' union all ') || `select 0::bigint as _key, '' as path, '' as about where false`,
    paths: bits.map((b) => b.path),
  }
}

async function labels(duck: Duck, book: Book, { scorecard }: CountyRules, paths: string[], first: boolean): Promise<void> {
  if (first) await duck.run('create or replace table fact_label (path varchar, zh varchar, en varchar)')
  const words = [...new Set(paths)].map((path) => ({ path, ...labelOf(path, scorecard.definition.level, book.dictionary) }))
  if (words.length === 0) return
  const list = (of: 'path' | 'zh' | 'en'): string => `unnest([${words.map((w) => quoteText(w[of])).join(', ')}]) as ${of}`
  await duck.run(
    `insert into fact_label select * from (select ${list('path')}, ${list('zh')}, ${list('en')}) where path not in (select path from fact_label)`,
  )
}
