import type { Type, Value } from './types.ts'

/**
 * The typed form of an expression, from which all back ends work. Nodes are hash-consed: equal expressions are one node.
 * `depth` counts entities from the root (0 household, 1 its members; or 0 village, 1 household, 2 member).
 * `path` names a fact in missing sets: `h.income`, `members.insured`, `households.members.insured`.
 */
export type Node = { id: number; type: Type; range: Range | null } & (
  | { op: 'const'; value: Value }
  | { op: 'param'; name: string; value: Value }
  | { op: 'field'; depth: number; field: string; path: string }
  | { op: 'and' | 'or'; args: Node[] }
  | { op: 'not'; a: Node }
  | { op: 'compare'; by: Compare; a: Node; b: Node }
  | { op: 'add' | 'sub' | 'mul'; a: Node; b: Node; guard: boolean }
  | { op: 'if'; c: Node; a: Node; b: Node }
  | { op: 'lookup'; a: Node; table: (readonly [Value, Value])[] }
  | { op: 'in'; a: Node; values: Value[] }
  | { op: 'known'; a: Node }
  | { op: 'orElse'; a: Node; b: Node }
  | { op: 'call'; fn: Fn; args: Node[]; rounding?: 'down' | 'up' }
  | {
      op: 'aggregate'
      by: Aggregate
      depth: number
      list: string
      path: string
      filter: Node | null
      body: Node | null
      otherwise: Node | null
    }
)

export type Compare = '==' | '!=' | '<' | '<=' | '>' | '>='
export type Fn = 'years' | 'per' | 'floorDiv' | 'abs' | 'least' | 'greatest' | 'addMonths' | 'addDays' | 'daysBetween' | 'startsWith'
export type Aggregate = 'exists' | 'all' | 'count' | 'sum' | 'min' | 'max'

/** Least and most a number can be; the checker proves from it that 2^53 - 1 is never passed, or puts a guard. */
export type Range = readonly [number, number]

type Omitted<T> = T extends unknown ? Omit<T, 'id'> : never
export type Draft = Omitted<Node>

/** Makes nodes, giving equal drafts the same node. */
export class Nodes {
  private readonly known = new Map<string, Node>()

  make(draft: Draft): Node {
    const key = keyOf(draft)
    const found = this.known.get(key)
    if (found) return found
    const node = { ...draft, id: this.known.size } as Node
    this.known.set(key, node)
    return node
  }
}

/** Nodes stand by their id, all else by its JSON. */
function keyOf(draft: Draft): string {
  return JSON.stringify(draft, (name, value) => {
    if (name !== '' && value !== null && typeof value === 'object' && 'op' in value) return (value as Node).id
    return value
  })
}

/** The direct operands of a node, list tests included. */
export function operands(node: Node): Node[] {
  switch (node.op) {
    case 'and':
    case 'or':
    case 'call':
      return node.args
    case 'not':
    case 'known':
    case 'in':
    case 'lookup':
      return [node.a]
    case 'compare':
    case 'add':
    case 'sub':
    case 'mul':
    case 'orElse':
      return [node.a, node.b]
    case 'if':
      return [node.c, node.a, node.b]
    case 'aggregate':
      return [node.filter, node.body, node.otherwise].filter((n) => n !== null)
    default:
      return []
  }
}

/** Every node below and including the given ones, each once. */
export function reachable(roots: Node[]): Node[] {
  const seen = new Set<Node>()
  const walk = (node: Node): void => {
    if (seen.has(node)) return
    seen.add(node)
    operands(node).forEach(walk)
  }
  roots.forEach(walk)
  return [...seen]
}

/** All names a missing set of this node can hold, sorted. */
export function pathsOf(roots: Node[]): string[] {
  const paths = new Set<string>()
  for (const node of reachable(roots)) if (node.op === 'field' || node.op === 'aggregate') paths.add(node.path)
  return [...paths].sort()
}
