import { calendarDays, calendarMonths } from '../civil-date.ts'
import type { Dictionary } from '../dictionary.ts'
import { ordinalOf } from '../dictionary.ts'
import type { Node } from '../ir.ts'
import type { Type, Value } from '../types.ts'
import { largest } from '../types.ts'
import { type Dialect, ident, quote } from './dialect.ts'

/** A bit in one of the words of a missing mask; a word holds 62 facts. */
export interface Bit {
  word: number
  bit: number
}
export const bitsPerWord = 62

/** Where a node that another stage has already computed can be read. */
export type Ready = Map<Node, { value: string; masks: Map<number, string> }>

/** Writes nodes as SQL: the value (NULL = unknown) and, word by word, the mask of the facts that are missing (0 where known). */
export class ExpressionWriter {
  constructor(
    private readonly dictionary: Dictionary,
    private readonly dialect: Dialect,
    readonly bits: Map<string, Bit>,
    private readonly ready: Ready,
  ) {}

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
        return `(CASE ${this.branches(node, (n) => this.value(n), 'NULL').join(' ')} END)`
      case 'lookup':
        return this.lookup(node)
      case 'in':
        return `(${this.value(node.a)} IN (${node.values.map((v) => this.literal(node.a.type, v)).join(', ')}))`
      case 'known':
        return `(${this.value(node.a)} IS NOT NULL)`
      case 'orElse':
        return `COALESCE(${this.value(node.a)}, ${this.value(node.b)})`
      case 'call':
        return this.call(node)
      case 'aggregate':
        throw new Error(`aggregate ${node.path} has no stage`)
    }
  }

  /** Mask expressions by word; words in which the node has no fact are absent. */
  masks(node: Node): Map<number, string> {
    const known = this.ready.get(node)
    if (known) return known.masks
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
        const words = new Set([node.c, node.a, node.b].flatMap((n) => [...this.masks(n).keys()]))
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

  /** A chain of ifs as one CASE: first test that is true wins, first that is unknown makes all unknown. */
  private branches(node: Node & { op: 'if' }, then: (n: Node) => string, unknown: 'NULL' | ((c: Node) => string)): string[] {
    const c = this.value(node.c)
    const here = [`WHEN ${c} THEN ${then(node.a)}`, `WHEN ${c} IS NULL THEN ${unknown === 'NULL' ? 'NULL' : unknown(node.c)}`]
    const rest = node.b.op === 'if' && !this.ready.has(node.b) ? this.branches(node.b, then, unknown) : [`ELSE ${then(node.b)}`]
    return [...here, ...rest]
  }

  /** ORs the masks of several nodes. */
  union(nodes: Node[]): Map<number, string> {
    const parts = new Map<number, string[]>()
    for (const node of nodes) for (const [word, mask] of this.masks(node)) parts.set(word, [...(parts.get(word) ?? []), mask])
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
    const wide = `(CAST(${a} AS ${this.dialect.wide}) ${op} ${b})`
    return `(CASE WHEN ABS(${wide}) <= ${largest} THEN CAST(${wide} AS BIGINT) END)`
  }

  private lookup(node: Node & { op: 'lookup' }): string {
    const a = this.value(node.a)
    return `(CASE ${node.table.map(([key, value]) => `WHEN ${a} = ${this.literal(node.a.type, key)} THEN ${this.literal(node.type, value)}`).join(' ')} END)`
  }

  private call(node: Node & { op: 'call' }): string {
    const [a, b] = node.args.map((n) => this.value(n)) as [string, string]
    const { divide } = this.dialect
    const both = (text: string): string => `(CASE WHEN ${a} IS NOT NULL AND ${b} IS NOT NULL THEN ${text} END)`
    switch (node.fn) {
      case 'years':
        return divide(`(CAST(${a} AS BIGINT) - ${b})`, '10000')
      case 'per':
        return `(CASE WHEN ${b} <> 0 THEN CAST(SIGN(${a}) * SIGN(${b}) AS BIGINT) * ${divide(`(2 * ABS(CAST(${a} AS BIGINT)) + ABS(${b}))`, `(2 * ABS(CAST(${b} AS BIGINT)))`)} END)`
      case 'floorDiv': {
        const rest = `(((CAST(${a} AS BIGINT) % ${b}) + ${b}) % ${b})`
        return `(CASE WHEN ${b} <> 0 THEN ${divide(`(CAST(${a} AS BIGINT) - ${rest})`, b)} END)`
      }
      case 'abs':
        return `ABS(CAST(${a} AS BIGINT))`
      case 'least':
      case 'greatest':
        return both(`${node.fn.toUpperCase()}(${a}, ${b})`)
      case 'addDays':
        return both(this.addDays(a, b))
      case 'addMonths':
        return both(this.addMonths(a, b, node.rounding!))
      case 'daysBetween':
        return both(this.dialect.days(toDate(a, divide), toDate(b, divide)))
      case 'startsWith':
        return `starts_with(${a}, ${b})`
    }
  }

  /** Days are counted first: what leaves the calendar is unknown, and no database may fail on it, not even while it folds constants. */
  private addDays(date: string, days: string): string {
    const from = toDate(date, this.dialect.divide)
    const number = `(${this.dialect.days(from, 'make_date(1970, 1, 1)')} + ${days})`
    const [first, last] = calendarDays
    return `(CASE WHEN ${number} BETWEEN ${first} AND ${last} THEN ${toInteger(this.dialect.shift(from, `GREATEST(-4000000, LEAST(4000000, ${days}))`))} END)`
  }

  private addMonths(date: string, months: string, rounding: 'down' | 'up'): string {
    const { divide } = this.dialect
    const count = `(${divide(date, '10000')} * 12 + ${divide(date, '100')} % 100 - 1 + ${months})`
    const [year, month, day] = [divide(count, '12'), `(${count} % 12 + 1)`, `(${date} % 100)`]
    const first = `make_date(CAST(${year} AS INTEGER), CAST(${month} AS INTEGER), 1)`
    const next = `make_date(CAST(${divide(`(${count} + 1)`, '12')} AS INTEGER), CAST((${count} + 1) % 12 + 1 AS INTEGER), 1)`
    const length = this.dialect.days(next, first)
    const otherwise = rounding === 'down' ? `(${year} * 10000 + ${month} * 100 + ${length})` : toInteger(next)
    const [low, high] = calendarMonths
    return `(CASE WHEN ${count} NOT BETWEEN ${low} AND ${high} THEN NULL WHEN ${day} <= ${length} THEN ${year} * 10000 + ${month} * 100 + ${day} ELSE ${otherwise} END)`
  }
}

const map = <A, B>(from: Map<number, A>, change: (a: A) => B): Map<number, B> => new Map([...from].map(([k, v]) => [k, change(v)]))
export const power = (bit: number): string => (2n ** BigInt(bit)).toString()
const toDate = (d: string, divide: (a: string, b: string) => string): string =>
  `make_date(CAST(${divide(d, '10000')} AS INTEGER), CAST(${divide(d, '100')} % 100 AS INTEGER), CAST(${d} % 100 AS INTEGER))`
const toInteger = (d: string): string =>
  `CAST(EXTRACT(YEAR FROM ${d}) * 10000 + EXTRACT(MONTH FROM ${d}) * 100 + EXTRACT(DAY FROM ${d}) AS INTEGER)`
