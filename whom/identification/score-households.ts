import { type Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import { labelOf } from '@fupin/rulebook/engine/labels.ts'
import { duckdb } from '@fupin/rulebook/engine/sql/dialect.ts'
import { compileSelect, type Output } from '@fupin/rulebook/engine/sql/select.ts'
import type { Tables } from '@fupin/rulebook/engine/sql/statement.ts'
import type { CountyRules } from './county-rules.ts'

/** Names of the vetoes of a run in the order of the scorecard: columns `v0`, `v1` ... of `scored`. */
export interface Scored {
  vetoes: string[]
  /** Texts of the statements, for the run record. */
  sql: string[]
  /** Which fact each bit of a word of `masks` stands for. */
  bits: GapBit[]
}

export interface GapBit {
  /** Place of the group of counties whose rules these are: column `_group` of `masks`. */
  group: number
  path: string
  word: number
  bit: number
}

export interface ScoreOptions {
  /**
   * `undecided`: name the missing facts of each household that some answer is open for, a row each in `gap`. `masks`: the same as bits, in
   * the table `masks(_group, _key, <answer>__m<word> ...)`; `gap` stays empty. `none`: do not; `gaps` is unknown.
   */
  missing?: 'none' | 'masks' | 'undecided'
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
  const bits: GapBit[] = []
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
    const asked = await askMasks(duck, book, group, outputs, i)
    sql.push(asked.text)
    if (missing === 'undecided') await unpack(duck, asked)
    bits.push(...asked.bits)
    const paths = asked.bits.map((b) => b.path)
    await labels(duck, book, group, paths, i === 0)
  }
  await duck.run('drop table if exists undecided')
  if (missing === 'none') await duck.run('alter table scored add column gaps integer')
  else await countGaps(duck, missing)
  return { vetoes, sql, bits }
}

/** Adds to `scored` how many facts are missing for any answer. */
async function countGaps(duck: Duck, missing: 'masks' | 'undecided'): Promise<void> {
  let counted = 'select _key, count(distinct path) as n from gap group by 1'
  if (missing === 'masks') {
    const words = new Map<string, string[]>()
    for (const { name } of await duck.describe('select * from masks')) {
      const word = /__m(\d+)$/.exec(name)?.[1]
      if (word !== undefined) words.set(word, [...(words.get(word) ?? []), quoteName(name)])
    }
    const bits = [...words.values()].map((columns) => `bit_count(${columns.map((c) => `coalesce(${c}, 0)`).join(' | ')})`)
    counted = `select _key, ${bits.join(' + ') || '0'} as n from masks`
  } else await duck.run('drop table if exists masks')
  await duck.run(
    `create or replace table scored as select s.*, coalesce(g.n, 0)::integer as gaps from scored s left join (${counted}) g using (_key)`,
  )
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

interface Asked {
  text: string
  bits: GapBit[]
  /** Words of each answer's mask. */
  words: ReadonlyMap<string, number[]>
}

/** Puts the masks of the households that some answer is open for into `masks`. */
async function askMasks(duck: Duck, book: Book, group: CountyRules, outputs: Output[], place: number): Promise<Asked> {
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
  const own = `select ${place}::utinyint as _group, * from (${compiled.sql})`
  await duck.run(`create or replace table masks as ${place === 0 ? own : `from masks union all by name ${own}`}`)
  const bits = [...compiled.bits].map(([path, { word, bit }]) => ({ group: place, path, word, bit }))
  return { text: compiled.sql, bits, words: compiled.masks }
}

/** Unpacks `masks` into `gap`: a row for each missing fact. */
async function unpack(duck: Duck, { bits, words: masks }: Asked): Promise<void> {
  const rows = [...masks].flatMap(([name, words]) =>
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
  if (rows.length) await duck.run(`insert into gap ${rows.join(' union all ')}`)
  await duck.run('delete from masks')
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
