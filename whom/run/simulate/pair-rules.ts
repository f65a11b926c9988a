import { type Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { Node } from '@fupin/rulebook/engine/ir.ts'
import { duckdb } from '@fupin/rulebook/engine/sql/dialect.ts'
import { compileSelect, type Output } from '@fupin/rulebook/engine/sql/select.ts'
import { movedBits } from '@fupin/whom/run/compare/bit-places.ts'
import { ordinalSql } from '@fupin/whom/run/compare/standings.ts'
import { keysPerCounty } from '@fupin/whom/snapshot/read-county.ts'
import { adopt, type ChangedRules, type PointsOf } from './changed-rules.ts'

/** A part of the run's list, and whether it holds these counties and no others, as the views of facts do then. */
export interface ListPart {
  list: string
  whole: boolean
}

/**
 * Makes `standing`, one row for each household of some counties: how it stands under the earlier rules by the run's list, and how under
 * the later ones, worked out by difference. One statement: it asks the changed rules of both books and nothing else.
 * Columns are those of `pair` but for verdicts and lines, which follow when the lines are drawn; `said` is the verdict of the run,
 * `stray` counts what the earlier rules, asked again, say otherwise than the run.
 */
export async function pairRules(duck: Duck, book: Book, changed: ChangedRules, part: ListPart, first: boolean): Promise<string> {
  const sql = statement(book, changed, part)
  const select = `select _key as key, (_key // ${keysPerCounty})::integer as county, _persons as persons, ${personsSql(changed, 'before')} as counted_a, ${personsSql(changed, 'after')} as counted_b, ${ordinalSql('_verdict')} as said,
      ${earlier(changed)}, ${later(changed)}, ${stray(changed)} as stray
    from (${sql}) c`
  await duck.run(first ? `create or replace table standing as ${select}` : `insert into standing by name ${select}`)
  return sql
}

/** Columns of the run's list that stand beside a household's facts, with `_` before their names. */
const listed = ['persons', 'verdict', 'score', 'known', 'least', 'most', 'vetoes', 'open_vetoes'] as const

function statement(book: Book, c: ChangedRules, { list, whole }: ListPart): string {
  const root = c.before.scorecard.definition.level
  const count = countOf(c)
  const { nodes } = c.before.compiler
  // Who is in the family need not be counted again for points by head: the run has counted.
  const counted = count && nodes.make({ op: 'field', type: count.type, range: count.range, depth: 0, field: '_counted', path: '_counted' })
  const known = new Map<Node, Node>(count && counted ? [[count, counted]] : [])
  const named = (prefix: string, asked: (Node | null)[]): Output[] =>
    asked.flatMap((node, i) => (node ? [{ name: `${prefix}${i}`, node: adopt(nodes, node, known), missing: false }] : []))
  const outputs = [
    ...named(
      'away',
      c.items.away.map((i) => i.node),
    ),
    ...named(
      'add',
      c.items.add.map((i) => i.node),
    ),
    ...named(
      'veto',
      c.vetoes.map((v) => (v.from === null ? v.node : null)),
    ),
    ...named(
      'old_veto',
      c.asked.map((v) => v.node),
    ),
    ...named('scope', [c.scope.before, c.scope.after === c.scope.before ? null : c.scope.after]),
    ...named('persons', personsAsked(c)),
  ]
  const own = count ? `, case when h.${quoteName(`${count.list}_known`)} then l._persons end as _counted` : ''
  const beside = `(select h.*, l.* exclude (_key)${own} from ${quoteName(root)} h join (select _key, ${listed.map((n) => `${n}${n.endsWith('vetoes') ? '::bigint' : ''} as _${n}`).join(', ')} from ${list}) l using (_key))`
  return compileSelect(book.dictionary, root, outputs, [], duckdb, {
    table: (entity) => (entity === root ? beside : quoteName(entity)),
    carry: [...listed.map((n) => `_${n}`), ...(count ? ['_counted'] : [])],
    ...(whole ? {} : { where: `e0.county_code IN (${c.counties.map(quoteText).join(', ')})` }),
  }).sql
}

/** Persons that are a plain count of a list, in both books: the run's own number, or unknown where the list is; they need not be counted again. */
function countOf({ persons: { before, after } }: ChangedRules): (Node & { op: 'aggregate' }) | null {
  if (before === null || before !== after || before.op !== 'aggregate') return null
  return before.by === 'count' && before.filter === null && before.body === null && before.depth === 0 ? before : null
}

const personsAsked = (c: ChangedRules): (Node | null)[] =>
  countOf(c) ? [] : [c.persons.before, c.persons.after === c.persons.before ? null : c.persons.after]

/** Persons as lines count them: null where the rule does not know. */
function personsSql(c: ChangedRules, side: 'before' | 'after'): string {
  if (c.persons[side] === null) return 'null::integer'
  const count = countOf(c)
  if (count) return 'c._counted::integer'
  return side === 'before' || c.persons.after === c.persons.before ? 'c.persons0::integer' : 'c.persons1::integer'
}

const scopeOf = (c: ChangedRules, side: 'a' | 'b'): string =>
  side === 'a'
    ? c.scope.before
      ? 'c.scope0'
      : 'true'
    : c.scope.after
      ? c.scope.after === c.scope.before
        ? 'c.scope0'
        : 'c.scope1'
      : 'true'

const standingSql = (scope: string, vetoes: string, open: string, side: 'a' | 'b'): string =>
  `(${scope} is not null and not ${scope}) as outside_${side}, ${vetoes} <> 0 as proven_${side}, ((${vetoes} = 0 and ${open} <> 0) or ${scope} is null) as doubt_${side}`

function earlier(c: ChangedRules): string {
  return `c._score as score_a, c._known as known_a, c._least as least_a, c._most as most_a, ${bitsOf('c._vetoes', c)} as vetoes_a, ${bitsOf('c._open_vetoes', c)} as open_a, ${standingSql(scopeOf(c, 'a'), 'c._vetoes', 'c._open_vetoes', 'a')}`
}

/** The earlier run's bits at the places of the later book's vetoes; ended ones come after these. */
function bitsOf(mask: string, c: ChangedRules): string {
  const ids = vetoIds(c)
  return movedBits(
    mask,
    c.before.scorecard.score!.vetoes.map((v) => ids.indexOf(v.id)),
  )
}

/** Vetoes of both books by bit: the later book's, then those that ended. */
export const vetoIds = (c: ChangedRules): string[] => {
  const now = c.vetoes.map((v) => v.id)
  return [...now, ...c.before.scorecard.score!.vetoes.map((v) => v.id).filter((id) => !now.includes(id))]
}

function later(c: ChangedRules): string {
  const { away, add } = c.items
  const sum = (base: string, fill: (i: PointsOf) => number): string =>
    [base, ...away.map((i, n) => `- coalesce(c.away${n}, ${fill(i)})`), ...add.map((i, n) => `+ coalesce(c.add${n}, ${fill(i)})`)].join(' ')
  const [known, least, most] = [sum('c._known', () => 0), sum('c._least', (i) => i.least), sum('c._most', (i) => i.most)]
  // What is left of the earlier points after the items taken away: where least and most are one, no gap is left in it.
  const rest = away.length
    ? `(c._most ${away.map((i, n) => `- coalesce(c.away${n}, ${i.most})`).join(' ')}) = (c._least ${away.map((i, n) => `- coalesce(c.away${n}, ${i.least})`).join(' ')})`
    : 'c._most = c._least'
  const whole = [rest, ...add.map((_, n) => `c.add${n} is not null`)].join(' and ')
  const score = away.length + add.length === 0 ? 'c._score' : `case when ${whole} then ${known} end`
  const places = c.before.scorecard.score!.vetoes.map((_, i) => {
    const to = c.vetoes.findIndex((v) => v.from === i)
    return to < 0 ? null : to
  })
  const fresh = (test: (name: string) => string): string[] =>
    c.vetoes.flatMap((v, n) => (v.from === null ? [`(case when ${test(`c.veto${n}`)} then ${2 ** n} else 0 end)::bigint`] : []))
  const bits = (mask: string, test: (name: string) => string): string => [movedBits(mask, places), ...fresh(test)].join(' | ')
  const [vetoes, open] = [bits('c._vetoes', (v) => v), bits('c._open_vetoes', (v) => `${v} is null`)]
  return `(${score})::integer as score_b, (${known})::integer as known_b, (${least})::integer as least_b, (${most})::integer as most_b, (${vetoes}) as vetoes_b, (${open}) as open_b,
      ${standingSql(scopeOf(c, 'b'), `(${vetoes})`, `(${open})`, 'b')}`
}

/** The earlier rules, asked again: vetoes that changed, and the score where an item is unknown, must be as the run has them. */
function stray(c: ChangedRules): string {
  const vetoes = c.asked.map(
    (v, n) =>
      `(c.old_veto${n} is true) <> (c._vetoes & ${2 ** v.at} <> 0) or (c.old_veto${n} is null) <> (c._open_vetoes & ${2 ** v.at} <> 0)`,
  )
  const items = c.items.away.map((_, n) => `(c.away${n} is null and c._score is not null)`)
  return [...vetoes, ...items].join(' or ') || 'false'
}
