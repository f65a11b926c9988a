import type { Dictionary } from '../dictionary.ts'
import type { Node } from '../ir.ts'
import { reachable } from '../ir.ts'
import { Interpreter } from '../run.ts'
import { type Dialect, ident } from './dialect.ts'
import { type Bit, ExpressionWriter } from './expression.ts'
import { groupList, type Handed } from './list-group.ts'
import { packSums, sumOf } from './packed-sums.ts'
import { aggregatesAt, Places } from './places.ts'
import { whereOf, withColumns } from './scope.ts'

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

export interface Level {
  /** What stands behind FROM, alias `e<depth>` included. */
  from: string
  writer: ExpressionWriter
  /** Texts of the sums that are read from a packed one. */
  sums: Map<Node, string>
}

/** One statement in the making: the levels of entities, each with its grouped passes joined. */
export class Statement {
  readonly ctes: string[] = []
  readonly interpreter = new Interpreter()

  constructor(
    readonly dictionary: Dictionary,
    readonly dialect: Dialect,
    readonly tables: Tables,
    readonly bits: Map<string, Bit>,
    readonly masked: boolean,
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
      const group = groupList(
        this,
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
        mixed: group.mixed.map(({ id, ready }) => ({ id, ready: () => ready(writer, alias) })),
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

  /** A condition that keeps to the entities asked about. */
  amongKeys(key: string): string | false {
    return this.tables.among !== undefined && `${key} IN (SELECT _key FROM ${this.tables.among})`
  }

  /** Whether everything that a node reads stands at this depth or below. */
  private within(node: Node, depth: number): boolean {
    return reachable([node]).every((n) => !(n.op === 'field' || n.op === 'aggregate') || n.depth >= depth)
  }
}

/** A grouped pass joined to its parent: the join (null where no row need be read), the columns it brings, and what makes them known. */
interface Joined {
  text: string | null
  columns: string[]
  ready: () => void
  /** The same for what is read from the parent too; in the order of ids, for one may stand in for another. */
  mixed: { id: number; ready: () => void }[]
}

/** A relation with grouped passes beside it. */
function withJoins(alias: string, columns: string[], relation: string, joins: Joined[], where: string): string {
  const texts = joins.flatMap((j) => j.text ?? [])
  for (const { ready } of joins) ready()
  for (const { ready } of joins.flatMap((j) => j.mixed).sort((a, b) => a.id - b.id)) ready()
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
