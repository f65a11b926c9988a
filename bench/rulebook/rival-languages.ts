import { type Node, reachable } from '@fupin/rulebook/engine/ir.ts'
import type { Value } from '@fupin/rulebook/engine/types.ts'

/** Aggregates whose rows look at nothing outside them, which is all that these languages can say. */
const simple = (node: Node & { op: 'aggregate' }): boolean =>
  node.depth === 0 &&
  reachable([node.body, node.filter].filter((n) => n !== null)).every((n) => n.op !== 'aggregate' && (n.op !== 'field' || n.depth === 1))

const parts = (nodes: Node[], say: (n: Node) => unknown): unknown[] | null => {
  const all = nodes.map(say)
  return all.includes(null) ? null : all
}

/** A value as JSON logic; null where it has no words for it. */
export function asJsonLogic(node: Node): unknown {
  const args = (...nodes: Node[]): unknown[] | null => parts(nodes, asJsonLogic)
  const make = (op: string, all: unknown[] | null): unknown => all && { [op]: all }
  switch (node.op) {
    case 'const':
    case 'param':
      return node.value
    case 'field':
      return { var: node.field }
    case 'and':
    case 'or':
      return make(node.op, args(...node.args))
    case 'not':
      return make('!', args(node.a))
    case 'compare':
      return make(node.by === '==' ? '===' : node.by === '!=' ? '!==' : node.by, args(node.a, node.b))
    case 'add':
    case 'sub':
    case 'mul':
      return make({ add: '+', sub: '-', mul: '*' }[node.op], args(node.a, node.b))
    case 'if':
      return make('if', args(node.c, node.a, node.b))
    case 'in': {
      const a = args(node.a)
      return a && { in: [a[0], node.values] }
    }
    case 'lookup': {
      const a = args(node.a)
      return a && { if: [...node.table.flatMap(([key, value]) => [{ '===': [a[0], key] }, value]), null] }
    }
    case 'aggregate': {
      if (!simple(node)) return null
      const inner = node.body ?? node.filter
      const test = inner ? asJsonLogic(inner) : true
      if (test === null) return null
      if (node.by === 'exists' || node.by === 'all') return { [node.by === 'exists' ? 'some' : 'all']: [{ var: node.list }, test] }
      return node.by === 'count' ? { reduce: [{ filter: [{ var: node.list }, test] }, { '+': [{ var: 'accumulator' }, 1] }, 0] } : null
    }
    default:
      return null
  }
}

/** The words that FEEL and ZEN have in common, and where they differ. */
interface Words {
  field(node: Node & { op: 'field' }): string
  equal: string
  choose(c: string, a: string, b: string): string
  within(a: string, values: string[]): string
  rows(node: Node & { op: 'aggregate' }, test: string | null): string
}

function inWords(words: Words): (node: Node) => string | null {
  const literal = (value: Value): string => JSON.stringify(value)
  const say = (node: Node): string | null => {
    const join = (nodes: Node[], make: (texts: string[]) => string): string | null => {
      const texts = parts(nodes, say)
      return texts && make(texts as string[])
    }
    switch (node.op) {
      case 'const':
      case 'param':
        return literal(node.value)
      case 'field':
        return words.field(node)
      case 'and':
      case 'or':
        return join(node.args, (all) => `(${all.join(` ${node.op} `)})`)
      case 'not':
        return join([node.a], ([a]) => `not(${a})`)
      case 'compare':
        return join([node.a, node.b], ([a, b]) => `(${a} ${node.by === '==' ? words.equal : node.by} ${b})`)
      case 'add':
      case 'sub':
      case 'mul':
        return join([node.a, node.b], ([a, b]) => `(${a} ${{ add: '+', sub: '-', mul: '*' }[node.op]} ${b})`)
      case 'if':
        return join([node.c, node.a, node.b], ([c, a, b]) => words.choose(c!, a!, b!))
      case 'in':
        return join([node.a], ([a]) => words.within(a!, node.values.map(literal)))
      case 'lookup':
        return join([node.a], ([a]) =>
          node.table.reduceRight((rest, [key, value]) => words.choose(`${a} ${words.equal} ${literal(key)}`, literal(value), rest), 'null'),
        )
      case 'aggregate': {
        const inner = node.body ?? node.filter
        const test = inner && say(inner)
        if (!simple(node) || (inner && test === null) || !['exists', 'all', 'count'].includes(node.by)) return null
        return words.rows(node, test)
      }
      default:
        return null
    }
  }
  return say
}

/** A value as FEEL, the expressions of DMN. */
export const asFeel = inWords({
  field: (n) => `x${n.depth}.${n.field}`,
  equal: '=',
  choose: (c, a, b) => `(if ${c} then ${a} else ${b})`,
  within: (a, values) => `(${a} in (${values.join(', ')}))`,
  rows: (n, test) =>
    n.by === 'count'
      ? `count(${test ? `(for x1 in x0.${n.list} return if ${test} then 1 else null)[item != null]` : `x0.${n.list}`})`
      : `(${n.by === 'exists' ? 'some' : 'every'} x1 in x0.${n.list} satisfies ${test})`,
})

/** A value as an expression of ZEN. */
export const asZen = inWords({
  field: (n) => (n.depth === 0 ? n.field : `#.${n.field}`),
  equal: '==',
  choose: (c, a, b) => `(${c} ? ${a} : ${b})`,
  within: (a, values) => `(${a} in [${values.join(', ')}])`,
  rows: (n, test) =>
    n.by === 'count' ? `len(${test ? `filter(${n.list}, ${test})` : n.list})` : `${n.by === 'exists' ? 'some' : 'all'}(${n.list}, ${test})`,
})
