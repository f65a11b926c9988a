import type { Node } from '../ir.ts'
import { operands } from '../ir.ts'
import { isPlainCount } from './expression.ts'

export type Aggregate = Node & { op: 'aggregate' }

/** The aggregates over lists of the entity at this depth whose rows must be read; whether a list is known at all is asked without it. */
export function aggregatesAt(nodes: Node[], depth: number): Aggregate[] {
  const seen = new Set<Node>()
  const walk = (node: Node): void => {
    if (seen.has(node) || (node.op === 'known' && isPlainCount(node.a))) return
    seen.add(node)
    operands(node).forEach(walk)
  }
  nodes.forEach(walk)
  return [...seen].filter((n): n is Aggregate => n.op === 'aggregate' && n.depth === depth)
}

/** Says from where nodes can be computed at one depth: from one list alone, or only beside the entity's own fields. */
export class Places {
  private readonly known = new Map<Node, ReadonlySet<string>>()

  constructor(private readonly depth: number) {}

  /** The list whose rows alone decide a node; null where it reads more, or nothing. */
  list(node: Node): string | null {
    const all = this.reads(node)
    const [first] = all
    return all.size === 1 && first !== own ? first! : null
  }

  private reads(node: Node): ReadonlySet<string> {
    let found = this.known.get(node)
    if (!found) {
      if (node.op === 'field') found = new Set([own])
      else if (node.op === 'aggregate')
        found = new Set([node.depth === this.depth ? node.list : own, ...(node.otherwise ? this.reads(node.otherwise) : [])])
      else found = new Set(operands(node).flatMap((n) => [...this.reads(n)]))
      this.known.set(node, found)
    }
    return found
  }

  /** Sums and comparisons about one aggregate: cheaper beside the fields than as columns of their own. */
  private plain(node: Node): boolean {
    if (!['add', 'sub', 'mul', 'compare'].includes(node.op)) return false
    const simple = (n: Node): boolean => n.op === 'const' || n.op === 'param' || n.op === 'aggregate' || this.plain(n)
    return new Set(aggregatesAt([node], this.depth)).size === 1 && operands(node).every(simple)
  }

  /** The largest parts of the nodes that one list decides, by list; and the aggregates whose stand-in for an empty list does not come from it. */
  split(nodes: Node[]): { whole: Map<string, Node[]>; mixed: Aggregate[] } {
    const whole = new Map<string, Node[]>()
    const mixed: Aggregate[] = []
    const seen = new Set<Node>()
    const walk = (node: Node): void => {
      if (seen.has(node)) return
      seen.add(node)
      const list = this.list(node)
      if (list && !this.plain(node)) whole.set(list, [...(whole.get(list) ?? []), node])
      else if (node.op === 'aggregate' && node.depth === this.depth) {
        mixed.push(node)
        if (node.otherwise) walk(node.otherwise)
      } else if (node.op !== 'aggregate') operands(node).forEach(walk)
    }
    nodes.forEach(walk)
    return { whole, mixed }
  }
}

/** Stands for the entity's own fields, and those above it; no list is called so. */
const own = '.'
