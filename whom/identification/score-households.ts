import { type Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import { labelOf } from '@fupin/rulebook/engine/labels.ts'
import { duckdb } from '@fupin/rulebook/engine/sql/dialect.ts'
import { compileSelect, type Output, type Tables } from '@fupin/rulebook/engine/sql/select.ts'
import type { CountyRules } from './county-rules.ts'

/** Names of the vetoes of a run in the order of the scorecard: columns `v0`, `v1` ... of `scored`. */
export interface Scored {
  vetoes: string[]
  /** Texts of the statements, for the run record. */
  sql: string[]
}

export interface ScoreOptions {
  /** `undecided`: name the missing facts of each household that some answer is open for. `none`: do not; `gap` and `gaps` stay empty. */
  missing?: 'none' | 'undecided'
}

/**
 * Scores every household and applies every veto, one statement for each group of counties with equal rules; a second one names what is missing,
 * and reads only the households that the first left open. Makes
 * - `scored(_key, county_code, score, known, least, most, persons, in_scope, v0.., gaps)`: NULL = unknown; `gaps` counts missing facts,
 * - `gap(_key, path, about)`: which facts are missing, for `score`, `scope` or `veto`; only of households that are not decided without them,
 * - `fact_label(path, zh, en)`.
 */
export async function scoreHouseholds(
  duck: Duck,
  book: Book,
  groups: CountyRules[],
  { missing = 'undecided' }: ScoreOptions = {},
): Promise<Scored> {
  const sql: string[] = []
  const vetoes = groups[0]!.scorecard.score!.vetoes.map((v) => v.id)
  await duck.run('create or replace table gap (_key bigint, path varchar, about varchar)')
  for (const [i, group] of groups.entries()) {
    const { outputs, absent } = outputsOf(group)
    const values = compileSelect(
      book.dictionary,
      group.scorecard.definition.level,
      outputs.map((o) => ({ ...o, missing: false })),
      [],
      duckdb,
      tablesOf(group),
    )
    sql.push(values.sql)
    const scored = `select _key, county_code, ${outputs.map((o) => quoteName(o.name)).join(', ')}${absent.map((a) => `, ${a}`).join('')} from (${values.sql})`
    await duck.run(i === 0 ? `create or replace table scored as ${scored}` : `insert into scored by name ${scored}`)
    if (missing === 'none') {
      if (i === 0) await duck.run('create or replace table fact_label (path varchar, zh varchar, en varchar)')
      continue
    }
    const { text, paths } = await nameGaps(duck, book, group, outputs)
    sql.push(text)
    await labels(duck, book, group, paths, i === 0)
  }
  await duck.run('drop table if exists undecided; drop table if exists masks')
  await duck.run(`create or replace table scored as select s.*, coalesce(g.n, 0)::integer as gaps
    from scored s left join (select _key, count(distinct path) as n from gap group by 1) g using (_key)`)
  return { vetoes, sql }
}

/** What is asked of every household. */
function outputsOf({ scorecard }: CountyRules): { outputs: Output[]; absent: string[] } {
  const score = scorecard.score!
  const line = Object.values(score.lines)[0]!
  const outputs: Output[] = [
    { name: 'score', node: line.total, missing: true },
    { name: 'known', node: line.known, missing: false },
    { name: 'least', node: line.least, missing: false },
    { name: 'most', node: line.most, missing: false },
    ...(score.persons ? [{ name: 'persons', node: score.persons, missing: false }] : []),
    ...(score.scope ? [{ name: 'in_scope', node: score.scope, missing: true }] : []),
    ...score.vetoes.map((v, i) => ({ name: `v${i}`, node: v.node, missing: true })),
  ]
  return { outputs, absent: [...(score.persons ? [] : ['null::bigint as persons']), ...(score.scope ? [] : ['true as in_scope'])] }
}

const tablesOf = ({ counties }: CountyRules): Tables => ({
  table: (entity) => quoteName(entity),
  carry: ['county_code'],
  where: `e0.county_code IN (${counties.map(quoteText).join(', ')})`,
})

/** Masks of the households that some answer is open for, unpacked into `gap`: a row for each missing fact. */
async function nameGaps(duck: Duck, book: Book, group: CountyRules, outputs: Output[]): Promise<{ text: string; paths: string[] }> {
  const asked = outputs.filter((o) => o.missing)
  const open = asked.map((o) => `${quoteName(o.name)} is null`).join(' or ')
  await duck.run(
    `create or replace table undecided as select _key from scored where (${open}) and county_code in (${group.counties.map(quoteText).join(', ')})`,
  )
  const compiled = compileSelect(
    book.dictionary,
    group.scorecard.definition.level,
    asked.map((o) => ({ ...o, value: false as const })),
    [],
    duckdb,
    { ...tablesOf(group), carry: [], among: 'undecided' },
  )
  const bits = [...compiled.bits].map(([path, { word, bit }]) => ({ path, word, bit }))
  const rows = [...compiled.masks].flatMap(([name, words]) =>
    words.flatMap((word) => {
      const own = bits.filter((b) => b.word === word)
      // A mask is unpacked once a household: a row for each bit that is set in its word.
      const [mask, about] = [`s.${quoteName(`${name}__m${word}`)}`, name === 'in_scope' ? 'scope' : name]
      const named = `(select unnest([${own.map((b) => b.bit).join(', ')}]) as bit, unnest([${own.map((b) => quoteText(b.path)).join(', ')}]) as path)`
      return [
        `select s._key, b.path, ${quoteText(about)} as about from masks s join ${named} b on (${mask} >> b.bit) & 1 = 1 where ${mask} <> 0`,
      ]
    }),
  )
  if (rows.length) {
    await duck.run(`create or replace table masks as ${compiled.sql}`)
    await duck.run(`insert into gap ${rows.join(' union all ')}`)
  }
  return { text: compiled.sql, paths: bits.map((b) => b.path) }
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
