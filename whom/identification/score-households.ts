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
  for (const [i, group] of groups.entries()) {
    const made = statement(book, group)
    sql.push(made.sql)
    await duck.run(i === 0 ? `create or replace table scored as ${made.sql}` : `insert into scored by name ${made.sql}`)
    await duck.run(i === 0 ? `create or replace table gap as ${made.gaps}` : `insert into gap ${made.gaps}`)
    await labels(duck, book, group, made.paths, i === 0)
  }
  await duck.run(
    `alter table scored add column gaps integer; update scored set gaps = coalesce((select count(distinct path) from gap where gap._key = scored._key), 0)`,
  )
  return { vetoes, sql }
}

function statement(book: Book, { counties, scorecard }: CountyRules): { sql: string; gaps: string; paths: string[] } {
  const score = scorecard.score!
  const line = Object.values(score.lines)[0]!
  const yes: Node | null = score.scope
  const outputs: Output[] = [
    { name: 'score', node: line.total, missing: true },
    { name: 'known', node: line.known, missing: false },
    { name: 'least', node: line.least, missing: false },
    { name: 'most', node: line.most, missing: false },
    ...(score.persons ? [{ name: 'rule_persons', node: score.persons, missing: false }] : []),
    ...(yes ? [{ name: 'in_scope', node: yes, missing: true }] : []),
    ...score.vetoes.map((v, i) => ({ name: `v${i}`, node: v.node, missing: true })),
  ]
  const stages = score.items.map((item) => Object.values(item.item!.lines)[0]!.node)
  const root = scorecard.definition.level
  const inside = counties.map(quoteText).join(', ')
  const compiled = compileSelect(book.dictionary, root, outputs, [...new Set(stages)], duckdb, {
    table: (entity) => quoteName(entity),
    carry: ['county_code'],
    where: `e0.county_code IN (${inside})`,
  })
  const persons = score.persons ? 'rule_persons' : 'NULL::BIGINT'
  const scope = yes ? 'in_scope' : 'TRUE AS in_scope'
  const vetoColumns = score.vetoes.map((_, i) => `v${i}`)
  const masks = [...compiled.masks].flatMap(([name, words]) => words.map((w) => ({ name, column: `${name}__m${w}`, word: w })))
  const sql = `select _key, county_code, score, known, least, most, ${persons} as persons, ${[scope, ...vetoColumns, ...masks.map((m) => quoteName(m.column))].join(', ')} from (${compiled.sql})`
  const bits = [...compiled.bits].map(([path, { word, bit }]) => ({ path, word, bit }))
  const about = (name: string): string => (name === 'score' ? 'score' : name === 'in_scope' ? 'scope' : name)
  // A mask is unpacked once a household: a row of `bit` for each bit that is set in its word.
  const gaps = masks
    .filter((m) => bits.some((b) => b.word === m.word))
    .map(
      (m) =>
        `select s._key, b.path, ${quoteText(about(m.name))} as about from scored s join (values ${bits
          .filter((b) => b.word === m.word)
          .map((b) => `(${b.bit}, ${quoteText(b.path)})`)
          .join(
            ', ',
          )}) b(bit, path) on (s.${quoteName(m.column)} >> b.bit) & 1 = 1 where s.${quoteName(m.column)} <> 0 and s.county_code in (${inside})`,
    )
    .join('\nunion all\n')
  return { sql, gaps: gaps || `select 0::bigint as _key, '' as path, '' as about where false`, paths: bits.map((b) => b.path) }
}

async function labels(duck: Duck, book: Book, { scorecard }: CountyRules, paths: string[], first: boolean): Promise<void> {
  if (first) await duck.run('create or replace table fact_label (path varchar primary key, zh varchar, en varchar)')
  if (paths.length === 0) return
  const rows = paths.map((path) => {
    const label = labelOf(path, scorecard.definition.level, book.dictionary)
    return `(${[path, label.zh, label.en].map(quoteText).join(', ')})`
  })
  await duck.run(`insert or ignore into fact_label values ${rows.join(', ')}`)
}
