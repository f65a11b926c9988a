import type { Dictionary } from '../dictionary.ts'
import type { Node } from '../ir.ts'
import { pathsOf, reachable } from '../ir.ts'
import { missingOf } from '../missing.ts'
import { type Facts, Interpreter } from '../run.ts'
import { type Dialect, ident } from './dialect.ts'
import { type Bit, bitsPerWord, ExpressionWriter, power } from './expression.ts'
import { GroupedPass } from './grouped.ts'
import { type PackedSum, packSums, sumOf, type Term } from './packed-sums.ts'
import { type Aggregate, aggregatesAt, Places } from './places.ts'
import { withColumns } from './scope.ts'

/** One column of the result: a node's value and, where asked, the words of its missing mask. */
export interface Output {
  name: string
  node: Node
  missing: boolean
}

export interface Compiled {
  sql: string
  /** Which fact each bit of a mask column stands for; mask columns are `<output>__m<word>`. */
  bits: Map<string, Bit>
  /** Mask columns that an output has. */
  masks: Map<string, number[]>
}

export interface Tables {
  /** The relation that holds an entity, ready to stand behind FROM. Rows have `_key`; children have `_parent`. */
  table(entity: string): string
  /** Further columns of the root to carry through, by name. */
  carry?: string[]
  /** A condition on the root, written with alias e0. */
  where?: string
}

/**
 * Compiles outputs about one entity to one set-based statement: one grouped pass over each list, whatever the number of rules.
 * Without any mask wanted (`missing: false` for all) the statement holds none of their work: it is the form for values.
 * What outputs share is computed once, whoever shares it; `stages` names nodes that callers know to be shared and asks for nothing more.
 * Dates must be integers yyyymmdd, enums ordinals from 1, money fen, and each list needs its flag `<list>_known` on the parent.
 */
export function compileSelect(
  dictionary: Dictionary,
  root: string,
  outputs: Output[],
  _stages: Node[],
  dialect: Dialect,
  tables: Tables,
): Compiled {
  const masked = outputs.filter((o) => o.missing).map((o) => o.node)
  const bits = bitsOf(outputs, masked)
  const carry = tables.carry ?? []
  const select = new Select(dictionary, dialect, tables, bits, masked.length > 0)
  const { from, writer, sums } = select.level(
    root,
    0,
    outputs.map((o) => o.node),
    masked,
    ['_key', ...carry],
  )
  const masks = new Map<string, number[]>()
  const list = outputs.flatMap((o) => {
    const words = o.missing ? [...writer.masks(o.node)].sort(([a], [b]) => a - b) : []
    masks.set(
      o.name,
      words.map(([w]) => w),
    )
    const value = sums.get(o.node) ?? writer.value(o.node)
    return [`${value} AS ${ident(o.name)}`, ...words.map(([w, mask]) => `CAST(${mask} AS BIGINT) AS ${ident(`${o.name}__m${w}`)}`)]
  })
  const columns = ['e0._key AS _key', ...carry.map((c) => `e0.${ident(c)} AS ${ident(c)}`), ...list]
  const sql = `${select.ctes.length ? `WITH ${select.ctes.join(',\n')}\n` : ''}SELECT ${columns.join(',\n  ')}\nFROM ${from}`
  return { sql, bits, masks }
}

/** A place in a mask for every fact that the outputs read, those of outputs with masks first. */
function bitsOf(outputs: Output[], masked: Node[]): Map<string, Bit> {
  const bits = new Map<string, Bit>()
  for (const path of [...pathsOf(masked), ...pathsOf(outputs.map((o) => o.node))])
    if (!bits.has(path)) bits.set(path, { word: Math.floor(bits.size / bitsPerWord), bit: bits.size % bitsPerWord })
  return bits
}

/** What a grouped pass hands to the parent: a column of its group, and what stands for it where the list is empty or unknown. */
interface Handed {
  name: string
  text: string
  empty: string
  unknown: string
}

interface Level {
  /** What stands behind FROM, alias `e<depth>` included. */
  from: string
  writer: ExpressionWriter
  /** Texts of the sums that are read from a packed one. */
  sums: Map<Node, string>
}

/** One statement in the making: the levels of entities, each with its grouped passes joined. */
class Select {
  readonly ctes: string[] = []
  private readonly interpreter = new Interpreter()

  constructor(
    private readonly dictionary: Dictionary,
    private readonly dialect: Dialect,
    private readonly tables: Tables,
    private readonly bits: Map<string, Bit>,
    private readonly masked: boolean,
  ) {}

  /** An entity at a depth, ready for writing the nodes: its fields, what its lists say, and a column for all that would be written twice. */
  level(entity: string, depth: number, nodes: Node[], masked: Node[], keys: string[]): Level {
    const alias = `e${depth}`
    const places = new Places(depth)
    const packed = depth === 0 ? packSums(nodes) : []
    const summed = new Set(packed.flatMap((sum) => [...sum.reads.keys()]))
    const beside = nodes.filter((n) => !summed.has(n))
    const { whole, mixed } = places.split([...beside, ...packed.flatMap((sum) => sum.terms.map((t) => t.node))])
    const opaque = new Set<Node>([...[...whole.values()].flat(), ...mixed])
    const writer = new ExpressionWriter(this.dictionary, this.dialect, this.bits, new Map(), (n) => opaque.has(n))
    const columns = [...keys.map((k) => (k.startsWith('_') ? `${alias}.${k}` : `${alias}.${ident(k)}`))]
    for (const field of fieldsAt(nodes, depth)) if (!keys.includes(field)) columns.push(`${alias}.${ident(field)}`)
    // What only a packed sum reads is summed in its group and needs no column of its own.
    const readBeside = new Set(reachable(beside))
    const joins: string[] = []
    const later: (() => void)[] = []

    const sumParts = packed.map(() => [] as string[])
    for (const list of new Set([...whole.keys(), ...mixed.map((n) => n.list)])) {
      const own = whole.get(list) ?? []
      const terms = packed.map((sum) => sum.terms.filter((t) => own.includes(t.node)))
      const inSums = new Set(terms.flat().map((t) => t.node))
      const asked = own.filter((n) => this.masked || !inSums.has(n) || readBeside.has(n))
      const group = this.group(
        entity,
        depth,
        list,
        asked,
        mixed.filter((n) => n.list === list),
        terms.map((t, i) => ({ name: `_s${i}_${list}`, type: packed[i]!.type, terms: t })).filter((s) => s.terms.length > 0),
      )
      if (group.name) joins.push(`LEFT JOIN ${group.name} ON ${group.name}._parent = ${alias}._key`)
      for (const { name, text, empty, unknown } of group.handed)
        columns.push(`${this.joined(alias, list, group.name, text, empty, unknown)} AS ${name}`)
      later.push(() => group.ready(writer, alias))
      for (const i of packed.keys()) if (terms[i]!.length) sumParts[i]!.push(`${alias}._s${i}_${list}`)
    }
    const where = depth === 0 && this.tables.where ? `\n    WHERE ${this.tables.where}` : ''
    const bare = `${this.tables.table(entity)} ${alias}`
    let from = `(SELECT ${columns.join(',\n      ')}\n    FROM ${[bare, ...joins].join('\n      ')}${where}) ${alias}`
    for (const add of later) add()

    const rootTerms = packed.flatMap((sum) => sum.terms.filter((t) => !opaque.has(t.node)))
    const inline = new Set(rootTerms.map((t) => t.node))
    const written = [...beside, ...inline]
    from = withColumns(writer, alias, from, written, masked, (n) => !inline.has(n) && this.within(n, depth))
    const sums = new Map<Node, string>()
    for (const [i, sum] of packed.entries()) {
      const own = sum.terms.filter((t) => !opaque.has(t.node))
      const parts = [String(sum.start), ...(own.length ? [sumOf(own, sum.type, writer)] : []), ...sumParts[i]!]
      const total = `CAST(${parts.join(' + ')} AS ${sum.type})`
      from = `(SELECT ${alias}.*, ${total} AS _s${i}\n    FROM ${from}) ${alias}`
      for (const [node, read] of sum.reads) sums.set(node, read(`${alias}._s${i}`))
    }
    return { from, writer, sums }
  }

  /** Whether everything that a node reads stands at this depth or below. */
  private within(node: Node, depth: number): boolean {
    return reachable([node]).every((n) => !(n.op === 'field' || n.op === 'aggregate') || n.depth >= depth)
  }

  private joined(alias: string, list: string, group: string | null, text: string, empty: string, unknown: string): string {
    const known = `${alias}.${ident(`${list}_known`)}`
    const otherwise = unknown === 'NULL' ? '' : ` ELSE ${unknown}`
    if (!group) return `(CASE WHEN ${known} THEN ${empty}${otherwise} END)`
    return `(CASE WHEN ${known} AND ${group}._parent IS NOT NULL THEN ${text} WHEN ${known} THEN ${empty}${otherwise} END)`
  }

  /** The grouped pass over one list: its statement, and what it hands to the parent. */
  private group(
    entity: string,
    depth: number,
    list: string,
    whole: Node[],
    mixed: Aggregate[],
    sums: { name: string; type: PackedSum['type']; terms: Term[] }[],
  ): { name: string | null; handed: Handed[]; ready: (writer: ExpressionWriter, alias: string) => void } {
    const wanted = [...whole, ...sums.flatMap((s) => s.terms.map((t) => t.node))]
    const passes = aggregatesAt([...wanted, ...mixed], depth)
      .filter((n) => n.list === list)
      .sort((a, b) => a.id - b.id)
    const name = `g${depth}_${this.ctes.length}_${list}`
    const alias = `a${depth}`
    const child = this.dictionary.entities[entity]!.lists[list]!.entity
    const bodies = passes.flatMap((n) => [n.filter, n.body].filter((x) => x !== null))
    const rows = this.level(child, depth + 1, bodies, this.masked ? bodies : [], ['_parent'])
    const over = new ExpressionWriter(this.dictionary, this.dialect, this.bits, new Map())
    const pass = new GroupedPass(rows.writer, over, alias)
    const first: string[] = []
    const ready: (() => void)[] = []
    for (const node of passes) {
      if (mixed.includes(node)) continue
      const column = pass.add(node)
      over.ready.set(node, column)
      if (!this.masked) continue
      // Masks ask for the value again and again: it becomes a column first.
      const masks = pass.rowMasks(node)
      first.push(`${column.value} AS v${node.id}`)
      const value = `${alias}.v${node.id}`
      const texts = new Map([...masks].map(([w, mask]) => [w, `(CASE WHEN ${value} IS NULL THEN ${mask} ELSE 0 END)`]))
      ready.push(() => over.ready.set(node, { ...column, value, masks: texts }))
    }
    const empty: Facts[] = [...Array.from({ length: depth }, () => ({})), { [list]: [] }]
    const unknown: Facts[] = [...Array.from({ length: depth }, () => ({})), {}]
    const handed: Handed[] = []
    const outer: string[] = []
    const later: ((writer: ExpressionWriter, parent: string) => void)[] = []
    const hand = (column: string, text: string, none: string, open: string): string => {
      handed.push({ name: column, text: `${name}.${column}`, empty: none, unknown: open })
      outer.push(`${text} AS ${column}`)
      return column
    }
    for (const node of mixed) this.handMixed(node, pass, hand, later)

    const grouped = (): string => {
      const idle = GroupedPass.idle(passes, rows.writer)
      const shallowest = Math.min(depth + 1, ...reachable(bodies).map((n) => (n.op === 'field' ? n.depth : depth + 1)))
      const above: string[] = []
      let parent = entity
      for (let d = depth; d >= shallowest; d--) {
        above.push(`JOIN ${this.tables.table(parent)} e${d} ON e${d}._key = e${d + 1}._parent`)
        parent =
          Object.values(this.dictionary.entities).find((e) => Object.values(e.lists).some((l) => l.entity === parent))?.name ?? parent
      }
      const select = [`e${depth + 1}._parent AS _parent`, ...pass.columns()].join(',\n      ')
      const filtered = idle ? `\n    WHERE ${idle}` : ''
      return `(SELECT ${select}\n    FROM ${[rows.from, ...above].join('\n      ')}${filtered}\n    GROUP BY 1) ${alias}`
    }
    let relation = grouped()
    if (first.length) relation = `(SELECT ${[`${alias}.*`, ...first].join(',\n      ')}\n    FROM ${relation}) ${alias}`
    for (const add of ready) add()
    relation = withColumns(over, alias, relation, wanted, this.masked ? whole : [], () => true)

    for (const node of whole) {
      const constant = (frames: Facts[]): string => {
        const value = this.interpreter.evaluate(node, frames)
        return value === undefined ? 'NULL' : over.literal(node.type, value)
      }
      const column = hand(`_n${node.id}`, over.value(node), constant(empty), constant(unknown))
      const masks = new Map<number, string>()
      if (this.masked) {
        const [none, open] = [empty, unknown].map((frames) => this.maskOf(node, frames)) as [Map<number, bigint>, Map<number, bigint>]
        const texts = over.masks(node)
        for (const w of new Set([...texts.keys(), ...none.keys(), ...open.keys()]))
          masks.set(w, hand(`_n${node.id}_${w}`, texts.get(w) ?? '0', String(none.get(w) ?? 0), String(open.get(w) ?? 0)))
      }
      later.push((writer, parent) =>
        writer.ready.set(node, {
          value: `${parent}.${column}`,
          ...(this.masked ? { masks: new Map([...masks].map(([w, c]) => [w, `${parent}.${c}`])) } : {}),
        }),
      )
    }
    for (const { name: column, type, terms } of sums) {
      const constant = (frames: Facts[]): string => {
        const values = terms.map(({ node, gap }) => {
          const value = this.interpreter.evaluate(node, frames)
          return value === undefined ? gap : BigInt(value as number)
        })
        return String(values.reduce((a, b) => a + b))
      }
      hand(column, sumOf(terms, type, over), constant(empty), constant(unknown))
    }
    if (passes.length === 0)
      return {
        name: null,
        handed,
        ready: (writer: ExpressionWriter, parent: string) => {
          for (const add of later) add(writer, parent)
        },
      }
    this.ctes.push(`${name} AS (SELECT ${[`${alias}._parent AS _parent`, ...outer].join(',\n    ')}\n  FROM ${relation})`)
    return {
      name,
      handed,
      ready: (writer: ExpressionWriter, parent: string) => {
        for (const add of later) add(writer, parent)
      },
    }
  }

  /** The least or most of a list whose stand-in for nothing is read from the parent: the parent puts it together. */
  private handMixed(
    node: Aggregate,
    pass: GroupedPass,
    hand: (column: string, text: string, none: string, open: string) => string,
    later: ((writer: ExpressionWriter, parent: string) => void)[],
  ): void {
    const doubt = pass.doubt(node)
    const raw = hand(`_r${node.id}`, pass.raw(node), 'NULL', 'NULL')
    const closed = hand(`_c${node.id}`, doubt ? `(NOT (${doubt}))` : 'TRUE', 'TRUE', 'FALSE')
    const own = this.bits.get(node.path)!
    const masks = new Map<number, string>()
    if (this.masked) {
      const rows = pass.rowMasks(node)
      for (const w of new Set([own.word, ...rows.keys()]))
        masks.set(w, hand(`_r${node.id}_${w}`, rows.get(w) ?? '0', '0', own.word === w ? power(own.bit) : '0'))
    }
    later.push((writer, parent) => {
      const otherwise = node.otherwise!
      const value = `(CASE WHEN ${parent}.${closed} THEN COALESCE(${parent}.${raw}, ${writer.value(otherwise)}) END)`
      if (!this.masked) {
        writer.ready.set(node, { value })
        return
      }
      const spare = writer.masks(otherwise)
      const all = new Map<number, string>()
      for (const w of new Set([...masks.keys(), ...spare.keys()])) {
        const rows = masks.has(w) ? `${parent}.${masks.get(w)}` : '0'
        const instead = spare.has(w)
          ? ` | (CASE WHEN ${parent}.${closed} AND ${parent}.${raw} IS NULL THEN ${spare.get(w)} ELSE 0 END)`
          : ''
        all.set(w, `(CASE WHEN ${value} IS NOT NULL THEN 0 ELSE (${rows}${instead}) END)`)
      }
      writer.ready.set(node, { value, masks: all })
    })
  }

  /** The mask of a node for facts that are the same for all: no rows, or a list that is not known. */
  private maskOf(node: Node, frames: Facts[]): Map<number, bigint> {
    const words = new Map<number, bigint>()
    for (const path of missingOf(node, frames, this.interpreter)) {
      const { word, bit } = this.bits.get(path)!
      words.set(word, (words.get(word) ?? 0n) | (1n << BigInt(bit)))
    }
    return words
  }
}

/** Fields of the entity at a depth that the nodes read. */
function fieldsAt(nodes: Node[], depth: number): string[] {
  return [...new Set(reachable(nodes).flatMap((n) => (n.op === 'field' && n.depth === depth ? [n.field] : [])))]
}
