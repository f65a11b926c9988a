import type { Book, Definition, Version } from '../book.ts'
import type { Node } from '../ir.ts'
import { type Ast, parse } from '../parse.ts'
import type { Value } from '../types.ts'

const literal = (value: Value): string => (typeof value === 'number' && value < 0 ? `(${value})` : JSON.stringify(value))

/**
 * A typed expression as plain CEL, with the entity at depth 0 as `x0`, its rows as `x1` and so on; dates are yyyymmdd, an answer
 * without points is an error. Null where plain CEL has no words for it: sums, dates moved, rounding, looking at gaps.
 */
export function asPlainCel(node: Node): string | null {
  const sub = asPlainCel
  const join = (nodes: Node[], make: (texts: string[]) => string): string | null => {
    const texts = nodes.map(sub)
    return texts.includes(null) ? null : make(texts as string[])
  }
  switch (node.op) {
    case 'const':
    case 'param':
      return literal(node.value)
    case 'field':
      return `x${node.depth}.${node.field}`
    case 'and':
    case 'or':
      return join(node.args, (all) => `(${all.join(node.op === 'and' ? ' && ' : ' || ')})`)
    case 'not':
      return join([node.a], ([a]) => `!(${a})`)
    case 'compare':
      return join([node.a, node.b], ([a, b]) => `(${a} ${node.by} ${b})`)
    case 'add':
    case 'sub':
    case 'mul':
      return join([node.a, node.b], ([a, b]) => `(${a} ${{ add: '+', sub: '-', mul: '*' }[node.op]} ${b})`)
    case 'if':
      return join([node.c, node.a, node.b], ([c, a, b]) => `(${c} ? ${a} : ${b})`)
    case 'in':
      return join([node.a], ([a]) => `(${a} in [${node.values.map(literal).join(', ')}])`)
    case 'lookup':
      return join(
        [node.a],
        ([a]) => `(${node.table.map(([key, value]) => `${a} == ${literal(key)} ? ${literal(value)} : `).join('')}1 / 0)`,
      )
    case 'call':
      return call(node)
    case 'aggregate':
      return aggregate(node)
    default:
      return null
  }
}

function call(node: Node & { op: 'call' }): string | null {
  const texts = node.args.map(asPlainCel)
  if (texts.includes(null)) return null
  const [a, b] = texts as [string, string]
  switch (node.fn) {
    case 'years':
      return `((${a} - ${b}) / 10000)`
    case 'least':
      return `(${a} < ${b} ? ${a} : ${b})`
    case 'greatest':
      return `(${a} > ${b} ? ${a} : ${b})`
    case 'startsWith':
      return `${a}.startsWith(${b})`
    default:
      return null
  }
}

function aggregate(node: Node & { op: 'aggregate' }): string | null {
  const list = `x${node.depth}.${node.list}`
  const row = `x${node.depth + 1}`
  const inner = node.body ?? node.filter
  const text = inner && asPlainCel(inner)
  if (inner && text === null) return null
  if (node.by === 'exists' || node.by === 'all') return `${list}.${node.by}(${row}, ${text})`
  return node.by === 'count' ? `size(${text ? `${list}.filter(${row}, ${text})` : list})` : null
}

/** An expression as it stands in a book. */
export interface WrittenExpression {
  text: string
  definition: Definition
  version: Version
}

/** Every expression of a book's rules as written: conditions, values, what items look at, names given by `let`. */
export function expressionsOf(book: Book): WrittenExpression[] {
  const found: WrittenExpression[] = []
  for (const definition of book.definitions)
    for (const version of definition.versions) {
      const walk = (value: unknown, key: string): void => {
        if (value === null || typeof value !== 'object' || key === 'title' || key === 'is') return
        if ('text' in value && 'at' in value && typeof value.text === 'string') found.push({ text: value.text, definition, version })
        else for (const [k, v] of Object.entries(value)) walk(v, k)
      }
      walk(version.lets, 'lets')
      walk(version.body, 'body')
    }
  return found
}

const plainCalls = new Set(['size', 'exists', 'all', 'filter'])

/** The names that an expression reads besides its entity, where it is plain CEL as it stands; null where it is not. */
export function plainNames(text: string): Set<string> | null {
  let ast: Ast
  try {
    ast = parse(text)
  } catch {
    return null
  }
  const names = new Set<string>()
  const walk = (a: Ast, bound: Set<string>): boolean => {
    switch (a.kind) {
      case 'name':
        if (!bound.has(a.name)) names.add(a.name)
        return true
      case 'select':
        return walk(a.of, bound)
      case 'call': {
        if (!plainCalls.has(a.fn)) return false
        const [row, ...others] = a.args
        if (!a.target) return a.args.every((x) => walk(x, bound))
        if (row?.kind !== 'name') return false
        return walk(a.target, bound) && others.every((x) => walk(x, new Set([...bound, row.name])))
      }
      case 'binary':
        return walk(a.a, bound) && walk(a.b, bound)
      case 'unary':
        return walk(a.a, bound)
      case 'if':
        return walk(a.c, bound) && walk(a.a, bound) && walk(a.b, bound)
      case 'list':
        return a.items.every((x) => walk(x, bound))
      case 'literal':
        return a.value !== null && typeof a.value !== 'object'
      default:
        return false
    }
  }
  return walk(ast, new Set()) ? names : null
}
