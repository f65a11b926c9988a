import type { Dictionary } from '../dictionary.ts'
import { ordinalOf } from '../dictionary.ts'
import { type Node, operands } from '../ir.ts'
import type { Type, Value } from '../types.ts'
import { largest } from '../types.ts'
import { callSql } from './calls.ts'
import { codeTable, steps } from './closed-forms.ts'
import { type Dialect, ident, quote } from './dialect.ts'
import { Strictness } from './strict.ts'

/** A bit in one of the words of a missing mask; a word holds 62 facts. */
export interface Bit {
  word: number
  bit: number
}
export const bitsPerWord = 62

/**
 * A node that another level of the statement has already computed: its column, and the columns of its mask where they are not those of its leaves.
 * `truth` holds exactly where the node is true, `doubt` exactly where it is unknown once it is not true, `open`
 * exactly where it is unknown: shorter than the value, for CASE.
 */
export interface Column {
  value: string
  masks?: Map<number, string>
  truth?: string
  doubt?: string
  open?: string
}
export type Ready = Map<Node, Column>

/** Writes nodes as SQL: the value (NULL = unknown) and, word by word, the mask of the facts that are missing (0 where known). */
export class ExpressionWriter {
  readonly strict: Strictness

  /** `opaque` nodes stand for themselves: what they were made of cannot be read at this level. */
  constructor(
    private readonly dictionary: Dictionary,
    private readonly dialect: Dialect,
    readonly bits: Map<string, Bit>,
    readonly ready: Ready,
    opaque: (node: Node) => boolean = () => false,
  ) {
    this.strict = new Strictness(dictionary, opaque)
  }

  value(node: Node): string {
    const known = this.ready.get(node)
    if (known) return known.value
    switch (node.op) {
      case 'const':
      case 'param':
        return this.literal(node.type, node.value)
      case 'field':
        return `e${node.depth}.${ident(node.field)}`
      case 'and':
      case 'or':
        return `(${node.args.map((a) => this.value(a)).join(node.op === 'and' ? ' AND ' : ' OR ')})`
      case 'not':
        return `(NOT ${this.value(node.a)})`
      case 'compare':
        return `(${this.value(node.a)} ${node.by === '==' ? '=' : node.by === '!=' ? '<>' : node.by} ${this.value(node.b)})`
      case 'add':
      case 'sub':
      case 'mul':
        return this.arithmetic(node)
      case 'if':
        return this.table(node) ?? this.steps(node) ?? `(CASE ${this.branches(node, (n) => this.value(n), 'NULL').join(' ')} END)`
      case 'lookup':
        return this.table(node) ?? this.mapped(node, (_, sql) => sql, 'NULL')!
      case 'in':
        return this.within(node)
      case 'known':
        // How many rows a list has is known wherever the list is, and only there is this asked.
        return isPlainCount(node.a) ? 'TRUE' : `(${this.value(node.a)} IS NOT NULL)`
      case 'orElse':
        return `COALESCE(${this.value(node.a)}, ${this.value(node.b)})`
      case 'call':
        return callSql(
          node,
          node.args.map((n) => this.value(n)),
          this.dialect,
        )
      case 'aggregate':
        throw new Error(`aggregate ${node.path} has no stage`)
    }
  }

  /** An enum's codes as places in one number; null where the node is no such table. */
  private table(node: Node): string | null {
    const table = codeTable(node, this.dictionary)
    if (!table) return null
    const { of, least, width, packed } = table
    const shifted = this.dialect.shiftRight(String(packed), `${this.value(of)}`, width)
    return `((${shifted} & ${2 ** width - 1})${least === 0 ? '' : least < 0 ? ` - ${-least}` : ` + ${least}`})`
  }

  /** Bands of one number as a sum of comparisons; null where the node is no such chain, or its tests are not unknown for the same facts. */
  private steps(node: Node & { op: 'if' }): string | null {
    if (!this.strict.leaves(node)) return null
    const found = steps(node, (test, refused) => this.beyond(test, refused as Comparison[]))
    if (!found || found.tests.some((t) => !this.alike(t, found.tests[0]!))) return null
    const parts = found.tests.map((t, i) => `CAST(${this.value(t)} AS INTEGER) * ${this.literal(node.type, found.gains[i]!)}`)
    return `(${[...parts, this.literal(node.type, found.last)].join(' + ')})`
  }

  /**
   * A node whose values are all written down (look-ups, bands, tiers), with other texts in their place: one CASE, for nothing is cheaper.
   * Null where the node computes its values. `unknown` stands where the node is unknown.
   */
  mapped(node: Node, text: (value: Value, sql: string) => string, unknown: string): string | null {
    if (!writtenDown(node, this.ready)) return null
    if (node.op === 'lookup') return this.lookup(node, text, unknown)
    if (node.op === 'if')
      return `(CASE ${this.branches(
        node,
        (n) => this.mapped(n, text, unknown)!,
        () => unknown,
      ).join(' ')} END)`
    return text((node as Node & { op: 'const' }).value, this.value(node))
  }

  /** Mask expressions by word; words in which the node has no fact are absent. */
  masks(node: Node): Map<number, string> {
    const known = this.ready.get(node)
    if (known?.masks) return known.masks
    const leaves = this.strict.leaves(node)
    if (leaves && !leaves.has(node)) return this.union([...leaves])
    switch (node.op) {
      case 'field': {
        const { word, bit } = this.bits.get(node.path)!
        return new Map([[word, `(CASE WHEN ${this.value(node)} IS NULL THEN ${power(bit)} ELSE 0 END)`]])
      }
      case 'and':
      case 'or':
      case 'orElse': {
        // Operands that are known have mask 0; a decided result hides the rest.
        const parts = node.op === 'orElse' ? [node.a, node.b] : node.args
        const value = this.value(node)
        return map(this.union(parts), (mask) => `(CASE WHEN ${value} IS NULL THEN ${mask} ELSE 0 END)`)
      }
      case 'compare':
      case 'add':
      case 'sub':
      case 'mul':
        return this.union([node.a, node.b])
      case 'call':
        return this.union(node.args)
      case 'not':
      case 'in':
      case 'lookup':
        return this.masks(node.a)
      case 'if': {
        const words = new Set(ifParts(node).flatMap((n) => [...this.masks(n).keys()]))
        return new Map(
          [...words].map((w) => [
            w,
            `(CASE ${this.branches(
              node,
              (n) => this.masks(n).get(w) ?? '0',
              (c) => this.masks(c).get(w) ?? '0',
            ).join(' ')} END)`,
          ]),
        )
      }
      default:
        return new Map()
    }
  }

  /**
   * A chain of ifs as one CASE: first test that is true wins, first that is unknown makes all unknown.
   * Tests that are unknown for the same facts are asked for that once, behind the last of them.
   */
  private branches(node: Node & { op: 'if' }, then: (n: Node) => string, unknown: 'NULL' | ((c: Node) => string)): string[] {
    const arms: string[] = []
    let asked: Node | null = null
    let given: Comparison[] = []
    const ask = (): void => {
      const doubt = asked && this.doubt(asked)
      if (asked && doubt !== 'FALSE') arms.push(`WHEN ${doubt} THEN ${unknown === 'NULL' ? 'NULL' : unknown(asked)}`)
      given = []
    }
    let rest: Node = node
    while (rest.op === 'if' && (rest === node || !this.ready.has(rest))) {
      if (asked && !this.alike(asked, rest.c)) ask()
      const open = this.beyond(rest.c, given)
      arms.push(`WHEN ${open.length === 1 ? this.truth(open[0]!) : this.truth(rest.c)} THEN ${then(rest.a)}`)
      if (open.length === 1 && open[0]!.op === 'compare') given.push(open[0] as Comparison)
      asked = rest.c
      rest = rest.b
    }
    ask()
    return [...arms, `ELSE ${then(rest)}`]
  }

  /** What is left to ask of a test where some comparisons are known to be false: bands begin where the one before them ended. */
  private beyond(test: Node, refused: Comparison[]): Node[] {
    const parts = test.op === 'and' && !this.ready.has(test) ? test.args : [test]
    const settled = (n: Node): boolean => n.op === 'compare' && refused.some((r) => r.a === n.a && r.b === n.b && opposite[r.by] === n.by)
    return parts.filter((n) => !settled(n))
  }

  /** Whether two tests are unknown for the same facts. */
  private alike(a: Node, b: Node): boolean {
    const [x, y] = [this.strict.leaves(a), this.strict.leaves(b)]
    return x !== null && y !== null && x.size === y.size && [...x].every((leaf) => y.has(leaf))
  }

  /** Text for WHEN: holds exactly where the node is true. */
  truth(node: Node): string {
    return this.ready.get(node)?.truth ?? this.value(node)
  }

  /** Text for the WHEN behind `truth`: holds exactly where the node is unknown, once it is not true. */
  doubt(node: Node): string {
    return this.ready.get(node)?.doubt ?? this.unknown(node)
  }

  /** Text that holds exactly where the node is unknown. */
  unknown(node: Node): string {
    const known = this.ready.get(node)
    if (known?.open) return known.open
    const gaps = this.gaps(node)
    if (known || gaps.includes(node)) return `${this.value(node)} IS NULL`
    const tests = gaps.map((gap) => this.unknown(gap)).filter((test) => test !== 'FALSE')
    if (tests.length === 0) return 'FALSE'
    return tests.length === 1 ? tests[0]! : `(${tests.join(' OR ')})`
  }

  /** Nodes of which one is unknown exactly where the node is: a few leaves, else what is compared, else the node itself. */
  gaps(node: Node): Node[] {
    const leaves = this.strict.leaves(node)
    if (!leaves || this.ready.has(node)) return [node]
    if (leaves.size <= 3) return [...leaves]
    switch (node.op) {
      case 'not':
      case 'in':
      case 'lookup':
        return this.gaps(node.a)
      case 'and':
      case 'or':
        return this.gaps(node.args[0]!)
      case 'if':
        return this.gaps(node.c)
      case 'compare':
        return [...new Set([node.a, node.b].flatMap((n) => ((this.strict.leaves(n)?.size ?? 4) <= 3 ? this.gaps(n) : [n])))]
      default:
        return [node]
    }
  }

  /** ORs the masks of several nodes; leaves that several of them share are asked once. */
  union(nodes: Node[]): Map<number, string> {
    const distinct = new Set<Node>()
    const spread = (node: Node): void => {
      const leaves = this.ready.get(node)?.masks ? null : this.strict.leaves(node)
      if (leaves) for (const leaf of leaves) distinct.add(leaf)
      else if (!this.ready.get(node)?.masks && passesGaps.has(node.op)) operands(node).forEach(spread)
      else distinct.add(node)
    }
    nodes.forEach(spread)
    const parts = new Map<number, string[]>()
    for (const node of distinct) for (const [word, mask] of this.masks(node)) parts.set(word, [...(parts.get(word) ?? []), mask])
    return map(parts, (masks) => (masks.length === 1 ? masks[0]! : `(${masks.join(' | ')})`))
  }

  literal(type: Type, value: Value): string {
    if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
    if (typeof value === 'number') return value < 0 ? `(${value})` : String(value)
    return type.kind === 'enum' ? String(ordinalOf(this.dictionary, type.name, value)) : quote(value)
  }

  private arithmetic(node: Node & { op: 'add' | 'sub' | 'mul' }): string {
    const [a, b, op] = [this.value(node.a), this.value(node.b), { add: '+', sub: '-', mul: '*' }[node.op]]
    if (!node.guard) return `(CAST(${a} AS BIGINT) ${op} ${b})`
    // Sums of two 53-bit integers fit; products do not.
    const wide = `(CAST(${a} AS ${node.op === 'mul' ? this.dialect.wide : 'BIGINT'}) ${op} ${b})`
    return `(CASE WHEN ABS(${wide}) <= ${largest} THEN CAST(${wide} AS BIGINT) END)`
  }

  private lookup(node: Node & { op: 'lookup' }, text: (value: Value, sql: string) => string, unknown: string): string {
    const of = (value: Value): string => text(value, this.literal(node.type, value))
    const complete = this.strict.complete(node)
    if (node.a.type.kind === 'bool' && complete) {
      const [yes, no] = [true, false].map((key) => of(node.table.find(([k]) => k === key)![1])) as [string, string]
      const doubt = this.doubt(node.a)
      return `(CASE WHEN ${this.truth(node.a)} THEN ${yes}${doubt === 'FALSE' ? '' : ` WHEN ${doubt} THEN ${unknown}`} ELSE ${no} END)`
    }
    const a = this.value(node.a)
    const arm = ([key, value]: readonly [Value, Value]): string => `WHEN ${a} = ${this.literal(node.a.type, key)} THEN ${of(value)}`
    if (!complete) return `(CASE ${node.table.map(arm).join(' ')} ELSE ${unknown} END)`
    // What most answers give needs no test of its own.
    const often = (value: Value): number => node.table.filter(([, v]) => v === value).length
    const usual = node.table.map(([, v]) => v).reduce((best, v) => (often(v) > often(best) ? v : best))
    const arms = node.table.filter(([, v]) => v !== usual).map(arm)
    const doubt = this.unknown(node.a)
    if (doubt !== 'FALSE') arms.push(`WHEN ${doubt} THEN ${unknown}`)
    return arms.length ? `(CASE ${arms.join(' ')} ELSE ${of(usual)} END)` : of(usual)
  }

  /** One of some values. Codes of an enum run from 1 to their number, so neighbours are a range, and a range at either end one comparison. */
  private within(node: Node & { op: 'in' }): string {
    const { type } = node.a
    const a = this.value(node.a)
    if (type.kind !== 'enum') return `(${a} IN (${node.values.map((v) => this.literal(type, v)).join(', ')}))`
    const codes = [...new Set(node.values.map((v) => ordinalOf(this.dictionary, type.name, String(v))))].sort((x, y) => x - y)
    const runs: [number, number][] = []
    for (const c of codes) {
      const last = runs.at(-1)
      if (last && last[1] === c - 1) last[1] = c
      else runs.push([c, c])
    }
    const most = this.dictionary.enums[type.name]!.values.length
    const tests = runs.map(([from, to]) => {
      if (from === to) return `${a} = ${from}`
      return from === 1 ? `${a} <= ${to}` : to === most ? `${a} >= ${from}` : `(${a} >= ${from} AND ${a} <= ${to})`
    })
    return `(${tests.join(' OR ')})`
  }
}

/** Whether all values that a node can have are written down, and no column holds it yet. */
export function writtenDown(node: Node, ready: Ready): boolean {
  if (ready.has(node)) return false
  return (
    node.op === 'const' ||
    node.op === 'param' ||
    node.op === 'lookup' ||
    (node.op === 'if' && writtenDown(node.a, ready) && writtenDown(node.b, ready))
  )
}

type Comparison = Node & { op: 'compare' }
const opposite = { '==': '!=', '!=': '==', '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const

/** Operations that miss whatever any of their operands misses. */
const passesGaps = new Set(['add', 'sub', 'mul', 'compare', 'call', 'not', 'in', 'lookup'])

/** A count of all rows of a list: known wherever the list is. */
export const isPlainCount = (node: Node): boolean => node.op === 'aggregate' && node.by === 'count' && !node.filter

/** Nodes whose gaps together are those of a sum. */
export const gapParts = (node: Node): Node[] => (['add', 'sub'].includes(node.op) ? operands(node).flatMap(gapParts) : [node])

/** The tests and results of a chain of ifs. */
const ifParts = (node: Node & { op: 'if' }): Node[] => [node.c, node.a, ...(node.b.op === 'if' ? ifParts(node.b) : [node.b])]

const map = <A, B>(from: Map<number, A>, change: (a: A) => B): Map<number, B> => new Map([...from].map(([k, v]) => [k, change(v)]))
export const power = (bit: number): string => (2n ** BigInt(bit)).toString()
