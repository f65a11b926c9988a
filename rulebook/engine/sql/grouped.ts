import type { Node } from '../ir.ts'
import { largest } from '../types.ts'
import type { Dialect } from './dialect.ts'
import { type Column, type ExpressionWriter, power } from './expression.ts'
import type { Aggregate } from './places.ts'

/** Bits of a word of flags: all of an INTEGER but the sign. */
const flagsPerWord = 30

/**
 * The columns of one grouped pass over a list, and how finished groups are read: three values again.
 * A group has at least one row and its list is known; what an empty or unknown list gives is settled where the group is joined.
 */
export class GroupedPass {
  private readonly plain: string[] = []
  private readonly flags = new Map<string, number>()
  private readonly made = new Map<string, string>()

  /** `inner` writes over the rows, `over` over the groups; `alias` is how the groups will be called. */
  constructor(
    private readonly inner: ExpressionWriter,
    private readonly over: ExpressionWriter,
    private readonly alias: string,
    private readonly dialect: Dialect,
  ) {}

  /** Adds what an aggregate needs and says how it is read. */
  add(node: Aggregate): Column {
    return this.read(node, this.doubt(node))
  }

  /** Whether some row left the aggregate open; null where no row can. */
  doubt(node: Aggregate): string | null {
    if (node.filter && node.body) {
      const [filter, body] = [this.inner.value(node.filter), this.inner.value(node.body)]
      const open = [this.inner.unknown(node.filter), this.inner.unknown(node.body)]
      if (open.every((o) => o === 'FALSE')) return null
      return this.flag(`(${filter} IS NULL OR (${filter} AND ${body} IS NULL))`)
    }
    const test = node.body ?? node.filter
    return test && this.gap(test)
  }

  /** Whether a node is unknown on some row; null where it is always known. */
  private gap(node: Node): string | null {
    const unknown = this.inner.unknown(node)
    return unknown === 'FALSE' ? null : this.flag(unknown)
  }

  /** Whether a text holds on some row: a bit of a word that all such questions share, for one grouped column costs more than thirty bits. */
  private flag(text: string): string {
    let at = this.flags.get(text)
    if (at === undefined) {
      at = this.flags.size
      this.flags.set(text, at)
    }
    return `(${this.alias}.w${Math.floor(at / flagsPerWord)} & ${2 ** (at % flagsPerWord)}) <> 0`
  }

  /** The grouped columns, to be asked for when all aggregates are added. */
  columns(): string[] {
    const words: string[][] = Array.from({ length: Math.ceil(this.flags.size / flagsPerWord) }, () => [])
    for (const [text, at] of this.flags)
      words[Math.floor(at / flagsPerWord)]!.push(`(CASE WHEN ${text} THEN ${2 ** (at % flagsPerWord)} ELSE 0 END)`)
    return [...this.plain, ...words.map((bits, i) => `BIT_OR(${bits.join(' + ')}) AS w${i}`)]
  }

  /** How many rows there are. */
  private rows(): string {
    return this.column('n', 'COUNT(*)')
  }

  private column(kind: string, text: string): string {
    let name = this.made.get(text)
    if (!name) {
      name = `${kind}${this.made.size}`
      this.made.set(text, name)
      this.plain.push(`${text} AS ${name}`)
    }
    return `${this.alias}.${name}`
  }

  private read(node: Aggregate, doubt: string | null): Column {
    const filter = node.filter ? this.inner.value(node.filter) : null
    const body = node.body ? this.inner.value(node.body) : null
    const sure = doubt && `NOT (${doubt})`
    const wrap = (text: string): string => (sure ? `(CASE WHEN ${sure} THEN ${text} END)` : text)
    const open = doubt ?? 'FALSE'
    switch (node.by) {
      case 'exists': {
        const truth = this.flag(body!)
        return doubt ? { value: `(CASE WHEN ${truth} THEN TRUE WHEN ${sure} THEN FALSE END)`, truth, doubt } : { value: `(${truth})` }
      }
      case 'all': {
        const falsity = this.flag(`NOT ${body}`)
        const truth = `NOT (${falsity} OR ${doubt})`
        return doubt
          ? { value: `(CASE WHEN ${falsity} THEN FALSE WHEN ${sure} THEN TRUE END)`, truth, doubt: `NOT (${falsity})` }
          : { value: `(NOT ${falsity})` }
      }
      case 'count':
        return filter ? { value: wrap(this.column('a', this.dialect.countIf(filter))), open } : { value: this.rows(), open }
      case 'sum': {
        // A plain sum over CASE costs half of a sum with a filter, and nobody chosen is 0 at once.
        const sum = this.column('a', filter ? `SUM(CASE WHEN ${filter} THEN ${body} ELSE 0 END)` : `SUM(${body})`)
        const proven = node.range && node.range[0] > -largest && node.range[1] < largest
        const tests = [...(sure ? [sure] : []), ...(proven ? [] : [`ABS(${sum}) <= ${largest}`])]
        return { value: tests.length ? `(CASE WHEN ${tests.join(' AND ')} THEN CAST(${sum} AS BIGINT) END)` : `CAST(${sum} AS BIGINT)` }
      }
      case 'min':
      case 'max': {
        const a = this.raw(node)
        return { value: wrap(node.otherwise ? `COALESCE(${a}, ${this.over.value(node.otherwise)})` : a) }
      }
    }
  }

  /** The least or most of the chosen rows; NULL where none is chosen. */
  raw(node: Aggregate): string {
    const chosen = node.filter ? ` FILTER (WHERE ${this.inner.value(node.filter)})` : ''
    return this.column('a', `${node.by.toUpperCase()}(${this.inner.value(node.body!)})${chosen}`)
  }

  /** What the rows miss, word by word: what is missing where the aggregate is unknown. */
  rowMasks(node: Aggregate): Map<number, string> {
    if (this.doubt(node) === null) return new Map()
    const test = node.filter && node.body ? null : (node.body ?? node.filter)
    const leaves = test && this.inner.strict.leaves(test)
    if (leaves && [...leaves].every((leaf) => leaf.op === 'field')) {
      // Every row with a gap in one of the leaves is open, so it is enough to know which leaves have gaps.
      const words = new Map<number, string[]>()
      for (const leaf of leaves) {
        const { word, bit } = this.inner.bits.get((leaf as Node & { op: 'field' }).path)!
        const gap = `(CASE WHEN ${this.gap(leaf)} THEN ${power(bit)} ELSE 0 END)`
        words.set(word, [...(words.get(word) ?? []), gap])
      }
      return new Map([...words].map(([w, gaps]) => [w, gaps.length === 1 ? gaps[0]! : `(${gaps.join(' | ')})`]))
    }
    return new Map([...this.openMasks(node)].map(([w, mask]) => [w, this.column('m', `BIT_OR(CAST(${mask} AS BIGINT))`)]))
  }

  private openMasks(node: Aggregate): Map<number, string> {
    if (!node.filter || !node.body) return this.inner.masks((node.body ?? node.filter)!)
    const all = new Map<number, string>(this.inner.masks(node.filter))
    for (const [w, mask] of this.inner.masks(node.body)) {
      const chosen = `(CASE WHEN ${this.inner.value(node.filter)} THEN ${mask} ELSE 0 END)`
      all.set(w, all.has(w) ? `(${all.get(w)} | ${chosen})` : chosen)
    }
    return all
  }

  /** A row that can change none of the aggregates; null where every row counts. */
  static idle(passes: Aggregate[], inner: ExpressionWriter): string | null {
    const tests = passes.map((node) => {
      if (node.filter) return `COALESCE(${inner.value(node.filter)}, TRUE)`
      if (node.by === 'exists') return `COALESCE(${inner.value(node.body!)}, TRUE)`
      return node.by === 'all' ? `COALESCE(NOT ${inner.value(node.body!)}, TRUE)` : null
    })
    return tests.every((t) => t !== null) ? [...new Set(tests)].join(' OR ') : null
  }
}
