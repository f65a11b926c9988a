import type { Dictionary } from '../dictionary.ts'
import type { Node } from '../ir.ts'
import { pathsOf, reachable } from '../ir.ts'
import { missingOf } from '../missing.ts'
import { type Facts, Interpreter } from '../run.ts'
import { type Dialect, ident } from './dialect.ts'
import { type Bit, bitsPerWord, ExpressionWriter, gapParts, power } from './expression.ts'
import { GroupedPass } from './grouped.ts'
import { type PackedSum, packSums, sumOf, type Term } from './packed-sums.ts'
import { type Aggregate, aggregatesAt, Places } from './places.ts'
import { withColumns } from './scope.ts'

/** One column of the result: a node's value and, where asked, the words of its missing mask. */
export interface Output {
  name: string
  node: Node
  missing: boolean
  /** False = only the mask is wanted: the form of the second statement, for entities whose values are known to be unknown. */
  value?: false
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
  /** A relation with `_key`: only these entities are asked about, and only rows of theirs are read. */
  among?: string
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
  // Where only the mask is wanted, a sum is as good as its addends.
  const wanted = new Map(outputs.map((o) => [o, o.value === false ? gapParts(o.node) : [o.node]]))
  const masked = outputs.filter((o) => o.missing).flatMap((o) => wanted.get(o)!)
  const bits = bitsOf(outputs, masked)
  const carry = tables.carry ?? []
  const select = new Select(dictionary, dialect, tables, bits, masked.length > 0)
  const { from, writer, sums } = select.level(root, 0, [...wanted.values()].flat(), masked, ['_key', ...carry])
  const masks = new Map<string, number[]>()
  const list = outputs.flatMap((o) => {
    const words = o.missing ? [...(o.value === false ? writer.union(wanted.get(o)!) : writer.masks(o.node))].sort(([a], [b]) => a - b) : []
    masks.set(
      o.name,
      words.map(([w]) => w),
    )
    const value = o.value === false ? [] : [`${sums.get(o.node) ?? writer.value(o.node)} AS ${ident(o.name)}`]
    return [...value, ...words.map(([w, mask]) => `CAST(${mask} AS BIGINT) AS ${ident(`${o.name}__m${w}`)}`)]
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
    // What only a packed sum reads is summed in its group and needs no column of its own.
    const readBeside = new Set(reachable(beside))
    const sumParts = packed.map(() => [] as string[])
    const join = (list: string): Joined => {
      const own = whole.get(list) ?? []
      const terms = packed.map((sum) => sum.terms.filter((t) => own.includes(t.node)))
      const inSums = new Set(terms.flat().map((t) => t.node))
      const asked = own.filter((n) => this.masked || !inSums.has(n) || readBeside.has(n))
      const sums = terms.map((t, i) => ({ name: `_s${i}_${list}`, type: packed[i]!.type, terms: t })).filter((t) => t.terms.length > 0)
      const group = this.group(
        entity,
        depth,
        list,
        asked,
        mixed.filter((n) => n.list === list),
        sums,
      )
      for (const i of packed.keys()) if (terms[i]!.length) sumParts[i]!.push(`${alias}._s${i}_${list}`)
      return {
        text: group.name && `LEFT JOIN ${group.name} ON ${group.name}._parent = ${alias}._key`,
        columns: group.handed.map((h) => `${joined(alias, list, group.name, h)} AS ${h.name}`),
        ready: () => group.ready(writer, alias),
      }
    }

    // Lists that the packed sums read are joined first: the sums take most columns away, and each join copies all that it carries.
    const lists = [...new Set([...whole.keys(), ...mixed.map((n) => n.list)])]
    const termNodes = packed.flatMap((sum) => sum.terms.map((t) => t.node))
    const forSums = new Set(aggregatesAt(termNodes, depth).map((n) => n.list))
    const [first, second] = [lists.filter((l) => forSums.has(l)), lists.filter((l) => !forSums.has(l))]
    const columns = new Set([...keys, ...(second.length ? ['_key'] : []), ...fieldsAt(nodes, depth), ...second.map((l) => `${l}_known`)])
    const own = [...columns].map((c) => `${alias}.${c.startsWith('_') ? c : ident(c)}`)
    const where = depth === 0 ? whereOf([this.tables.where, this.amongKeys(`${alias}._key`)]) : ''
    let from = withJoins(alias, own, `${this.tables.table(entity)} ${alias}`, first.map(join), where)
    const inline = new Set(termNodes.filter((n) => !opaque.has(n)))
    const allowed = (n: Node): boolean => !inline.has(n) && this.within(n, depth)
    const sums = new Map<Node, string>()
    if (packed.length) from = withColumns(writer, alias, from, [...inline], [], allowed)
    for (const [i, sum] of packed.entries()) {
      const terms = sum.terms.filter((t) => !opaque.has(t.node))
      const parts = [String(sum.start), ...(terms.length ? [sumOf(terms, sum.type, writer)] : []), ...sumParts[i]!]
      from = `(SELECT ${alias}.*, CAST(${parts.join(' + ')} AS ${sum.type}) AS _s${i}\n    FROM ${from}) ${alias}`
      for (const [node, read] of sum.reads) sums.set(node, read(`${alias}._s${i}`))
    }
    if (second.length) from = withJoins(alias, [`${alias}.*`], from, second.map(join), '')
    from = withColumns(writer, alias, from, beside, masked, allowed)
    return { from, writer, sums }
  }

  private amongKeys(key: string): string | false {
    return this.tables.among !== undefined && `${key} IN (SELECT _key FROM ${this.tables.among})`
  }

  /** Whether everything that a node reads stands at this depth or below. */
  private within(node: Node, depth: number): boolean {
    return reachable([node]).every((n) => !(n.op === 'field' || n.op === 'aggregate') || n.depth >= depth)
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
    const pass = new GroupedPass(rows.writer, over, alias, this.dialect)
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
      ready.push(() => {
        // Where no row is chosen, what is missing is what the stand-in misses.
        const spare = node.otherwise ? over.masks(node.otherwise) : new Map<number, string>()
        const doubt = pass.doubt(node)
        const nobody = node.otherwise && `${pass.raw(node)} IS NULL${doubt ? ` AND NOT (${doubt})` : ''}`
        const words = [...new Set([...masks.keys(), ...spare.keys()])].map((w): [number, string] => {
          const parts = [masks.get(w), spare.has(w) && `(CASE WHEN ${nobody} THEN ${spare.get(w)} ELSE 0 END)`].filter(Boolean)
          return [w, `(CASE WHEN ${value} IS NULL THEN ${parts.join(' | ')} ELSE 0 END)`]
        })
        over.ready.set(node, { ...column, value, masks: new Map(words) })
      })
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
      const filtered = whereOf([idle && `(${idle})`, depth === 0 && this.amongKeys('e1._parent')])
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

/** A grouped pass joined to its parent: the join (null where no row need be read), the columns it brings, and what makes them known. */
interface Joined {
  text: string | null
  columns: string[]
  ready: () => void
}

const whereOf = (tests: (string | false | null | undefined)[]): string => {
  const all = tests.filter(Boolean)
  return all.length ? `\n    WHERE ${all.join(' AND ')}` : ''
}

/** A relation with grouped passes beside it. */
function withJoins(alias: string, columns: string[], relation: string, joins: Joined[], where: string): string {
  const texts = joins.flatMap((j) => j.text ?? [])
  for (const { ready } of joins) ready()
  const all = [...columns, ...joins.flatMap((j) => j.columns)]
  return `(SELECT ${all.join(',\n      ')}\n    FROM ${[relation, ...texts].join('\n      ')}${where}) ${alias}`
}

/** How a parent reads what a group handed over: an empty list and an unknown one have their own answers. */
function joined(alias: string, list: string, group: string | null, { text, empty, unknown }: Handed): string {
  const known = `${alias}.${ident(`${list}_known`)}`
  const otherwise = unknown === 'NULL' ? '' : ` ELSE ${unknown}`
  if (!group) return `(CASE WHEN ${known} THEN ${empty}${otherwise} END)`
  return `(CASE WHEN ${known} AND ${group}._parent IS NOT NULL THEN ${text} WHEN ${known} THEN ${empty}${otherwise} END)`
}

/** Fields of the entity at a depth that the nodes read. */
function fieldsAt(nodes: Node[], depth: number): string[] {
  return [...new Set(reachable(nodes).flatMap((n) => (n.op === 'field' && n.depth === depth ? [n.field] : [])))]
}
