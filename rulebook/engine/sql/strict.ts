import type { Dictionary } from '../dictionary.ts'
import type { Node } from '../ir.ts'

/** Calls that give a value wherever all their operands are known. `per` and `floorDiv` do not (zero), nor do steps that leave the calendar. */
const totalCalls = new Set(['years', 'abs', 'least', 'greatest', 'daysBetween', 'startsWith'])

/**
 * Knows which nodes are unknown exactly where at least one of some leaves is unknown: comparisons, sums, look-ups and what is made of them.
 * For these, one test of the leaves says it all: no test for unknown at each step, no mask beyond the leaves' own.
 */
export class Strictness {
  private readonly known = new Map<Node, ReadonlySet<Node> | null>()

  /** `opaque` nodes are leaves: another statement level has computed them, and their own leaves cannot be seen from here. */
  constructor(
    private readonly dictionary: Dictionary,
    private readonly opaque: (node: Node) => boolean,
  ) {}

  /** The leaves whose gaps are the node's gaps; null where the node is not strict in this sense. */
  leaves(node: Node): ReadonlySet<Node> | null {
    let found = this.known.get(node)
    if (found === undefined) {
      found = this.opaque(node) ? new Set([node]) : this.find(node)
      this.known.set(node, found)
    }
    return found
  }

  private find(node: Node): ReadonlySet<Node> | null {
    switch (node.op) {
      case 'const':
      case 'param':
      case 'known':
        return new Set()
      case 'field':
      case 'aggregate':
        return new Set([node])
      case 'not':
      case 'in':
        return this.leaves(node.a)
      case 'compare':
        return this.union([node.a, node.b])
      case 'add':
      case 'sub':
      case 'mul':
        return node.guard ? null : this.union([node.a, node.b])
      case 'call':
        return totalCalls.has(node.fn) ? this.union(node.args) : null
      case 'lookup':
        return this.complete(node) ? this.leaves(node.a) : null
      case 'and':
      case 'or':
        return this.same(node.args)
      case 'if': {
        const test = this.leaves(node.c)
        const [a, b] = [this.leaves(node.a), this.leaves(node.b)]
        return test && a && b && within(a, test) && within(b, test) ? test : null
      }
      case 'orElse':
        return this.leaves(node.b)?.size === 0 ? new Set() : null
    }
  }

  /** Whether every answer there is has a value. */
  complete(node: Node & { op: 'lookup' }): boolean {
    const { type } = node.a
    const count = type.kind === 'bool' ? 2 : type.kind === 'enum' ? (this.dictionary.enums[type.name]?.values.length ?? Infinity) : Infinity
    return new Set(node.table.map(([key]) => key)).size === count
  }

  private union(nodes: Node[]): ReadonlySet<Node> | null {
    const all = new Set<Node>()
    for (const node of nodes) {
      const own = this.leaves(node)
      if (!own) return null
      for (const leaf of own) all.add(leaf)
    }
    return all
  }

  /** Operands of `&&` and `||` decide each other, so only equal leaves make them strict. */
  private same(nodes: Node[]): ReadonlySet<Node> | null {
    const sets = nodes.map((n) => this.leaves(n))
    const first = sets[0]
    return first && sets.every((s) => s && within(s, first) && within(first, s)) ? first : null
  }
}

const within = (a: ReadonlySet<Node>, b: ReadonlySet<Node>): boolean => [...a].every((leaf) => b.has(leaf))
