import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { Field } from '@fupin/rulebook/engine/dictionary.ts'
import { type Node, reachable } from '@fupin/rulebook/engine/ir.ts'
import { duckdb } from '@fupin/rulebook/engine/sql/dialect.ts'
import { ExpressionWriter } from '@fupin/rulebook/engine/sql/expression.ts'
import { fieldsRead } from '@fupin/rulebook/shelf/fact-tables.ts'
import type { CountyRules } from '@fupin/whom/identification/county-rules.ts'

/** What the rules of a run look at in one department's list. */
export interface ListRead {
  list: string
  entity: string
  /** Fields of a record that any rule reads. */
  fields: Field[]
  /**
   * SQL over a record `e1`: could it make a difference to any rule? `exists` looks past records of which its test is false, `all` past
   * those of which it is true. `true` where a rule counts records or compares them with other facts.
   */
  relevant: string
}

type Aggregate = Node & { op: 'aggregate' }

/** The departments' lists that the vetoes, scope and items of a run read. */
export function listsRead(book: Book, groups: readonly CountyRules[]): ListRead[] {
  const level = groups[0]!.scorecard.definition.level
  const entity = book.dictionary.entities[level]!
  const nodes = groups.flatMap(({ scorecard }) => rootsOf(scorecard))
  const all = reachable(nodes).filter((n): n is Aggregate => n.op === 'aggregate' && n.depth === 0)
  const read = fieldsRead(book.dictionary, level, nodes)
  const writer = new ExpressionWriter(book.dictionary, duckdb, new Map(), new Map())
  return Object.values(entity.lists)
    .filter((list) => list.department && all.some((n) => n.list === list.name))
    .map((list) => {
      const record = book.dictionary.entities[list.entity]!
      const tests = all.filter((n) => n.list === list.name).map((n) => relevance(n, writer))
      return {
        list: list.name,
        entity: list.entity,
        fields: (read.get(list.entity)?.fields ?? []).map((name) => record.fields[name]!),
        relevant: tests.includes('true') ? 'true' : [...new Set(tests)].join(' or '),
      }
    })
}

/** Everything that decides a household's standing. */
export function rootsOf(scorecard: CountyRules['scorecard']): Node[] {
  const score = scorecard.score!
  const line = Object.values(score.lines)[0]!
  return [
    line.total,
    line.known,
    line.least,
    line.most,
    ...(score.scope ? [score.scope] : []),
    ...(score.persons ? [score.persons] : []),
    ...score.vetoes.map((v) => v.node),
  ]
}

function relevance(node: Aggregate, writer: ExpressionWriter): string {
  const test = node.by === 'exists' || node.by === 'all' ? node.body : node.filter
  const aside = test ? reachable([test]) : []
  // A test that looks at the household, or into lists of its own, is not decided by the record alone.
  if (!test || aside.some((n) => n.op === 'aggregate' || (n.op === 'field' && n.depth !== 1))) return 'true'
  return `(${writer.value(test)}) is distinct from ${node.by === 'all'}`
}
