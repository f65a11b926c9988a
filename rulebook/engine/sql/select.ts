import type { Dictionary } from '../dictionary.ts'
import type { Node } from '../ir.ts'
import { operands, pathsOf, reachable } from '../ir.ts'
import { largest } from '../types.ts'
import { type Dialect, ident } from './dialect.ts'
import { type Bit, bitsPerWord, ExpressionWriter, power, type Ready } from './expression.ts'

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
 * `stages` are nodes that several outputs share and that are worth computing once (the items of a scorecard).
 * Dates must be integers yyyymmdd, enums ordinals from 1, money fen, and each list needs its flag `<list>_known` on the parent.
 */
export function compileSelect(
  dictionary: Dictionary,
  root: string,
  outputs: Output[],
  stages: Node[],
  dialect: Dialect,
  tables: Tables,
): Compiled {
  const bits = new Map<string, Bit>()
  const wanted = pathsOf(outputs.filter((o) => o.missing).map((o) => o.node))
  for (const [i, path] of wanted.entries()) bits.set(path, { word: Math.floor(i / bitsPerWord), bit: i % bitsPerWord })
  const masked = outputs.some((o) => o.missing)
  // Paths outside any mask still need a place, so that the writer never asks for a bit that is not there.
  for (const path of pathsOf(outputs.map((o) => o.node)))
    if (!bits.has(path)) bits.set(path, { word: Math.floor(bits.size / bitsPerWord), bit: bits.size % bitsPerWord })

  const ctes: string[] = []
  let groups = 0
  const ready: Ready = new Map()
  const writer = new ExpressionWriter(dictionary, dialect, bits, ready)
  const from = source(
    root,
    0,
    outputs.map((o) => o.node),
  )
  const columns = outputs.map((o) => o.node)

  let inner = from
  let key = 'e0._key'
  let carried = (tables.carry ?? []).map((c) => `e0.${ident(c)} AS ${ident(c)}`)
  if (stages.length > 0) {
    inner = stage(from)
    key = 's._key'
    carried = (tables.carry ?? []).map((c) => `s.${ident(c)} AS ${ident(c)}`)
  }
  const masks = new Map<string, number[]>()
  const list = outputs.flatMap((o, i) => {
    const words = o.missing ? [...writer.masks(columns[i]!)].sort(([a], [b]) => a - b) : []
    masks.set(
      o.name,
      words.map(([w]) => w),
    )
    return [
      `${writer.value(columns[i]!)} AS ${ident(o.name)}`,
      ...words.map(([w, mask]) => `CAST(${mask} AS BIGINT) AS ${ident(`${o.name}__m${w}`)}`),
    ]
  })
  const where = stages.length === 0 && tables.where ? `\nWHERE ${tables.where}` : ''
  const sql = `${ctes.length ? `WITH ${ctes.join(',\n')}\n` : ''}SELECT ${[`${key} AS _key`, ...carried, ...list].join(',\n  ')}\nFROM ${inner}${where}`
  return { sql, bits, masks }

  /** Computes shared nodes, and everything outside them that outputs read, in a stage of their own. */
  function stage(relation: string): string {
    const staged = new Set(stages)
    const outside = new Set<Node>()
    const walk = (node: Node): void => {
      if (staged.has(node) || outside.has(node)) return
      if (node.op === 'field' || node.op === 'aggregate') outside.add(node)
      else operands(node).forEach(walk)
    }
    for (const o of outputs) walk(o.node)
    const all = [...new Set([...stages, ...outside])]
    const made = all.map((node) => ({ node, value: writer.value(node), masks: masked ? writer.masks(node) : new Map<number, string>() }))
    const select = made.flatMap(({ node, value, masks: m }) => [
      `${value} AS n${node.id}`,
      ...[...m].map(([w, mask]) => `CAST(${mask} AS BIGINT) AS n${node.id}_${w}`),
    ])
    const carry = (tables.carry ?? []).map((c) => `e0.${ident(c)} AS ${ident(c)}`)
    ctes.push(
      `s AS (SELECT ${['e0._key AS _key', ...carry, ...select].join(',\n    ')}\n  FROM ${relation}${tables.where ? ` WHERE ${tables.where}` : ''})`,
    )
    for (const { node, masks: m } of made)
      ready.set(node, { value: `s.n${node.id}`, masks: new Map([...m.keys()].map((w) => [w, `s.n${node.id}_${w}`])) })
    return 's'
  }

  /** The FROM clause of an entity at a depth: its table and one grouped pass for each list that the nodes look at. */
  function source(entity: string, depth: number, nodes: Node[]): string {
    const found = aggregatesAt(nodes, depth)
    const lists = [...new Set(found.map((n) => n.list))]
    const joined = new Map(
      lists.map((list) => [
        list,
        group(
          entity,
          depth,
          list,
          found.filter((n) => n.list === list),
        ),
      ]),
    )
    // What stands in for an empty list may be counted over another one: operands first, and they have the lower ids.
    for (const node of [...found].sort((a, b) => a.id - b.id)) readyAggregate(node, joined.get(node.list)!)
    const joins = [...joined.values()].map((name) => `LEFT JOIN ${name} ON ${name}._parent = e${depth}._key`)
    return [`${tables.table(entity)} e${depth}`, ...joins].join('\n  ')
  }

  /** The grouped pass over one list. */
  function group(entity: string, depth: number, list: string, passes: Aggregate[]): string {
    const name = `g${depth}_${groups++}_${list}`
    const child = dictionary.entities[entity]!.lists[list]!.entity
    const bodies = passes.flatMap((n) => [n.filter, n.body].filter((x) => x !== null))
    const relation = source(child, depth + 1, bodies)
    const columnsOfPass = passes.flatMap((n) => aggregateColumns(n))
    const shallowest = Math.min(depth + 1, ...reachable(bodies).map((n) => (n.op === 'field' ? n.depth : depth + 1)))
    const outer: string[] = []
    let above = entity
    for (let d = depth; d >= shallowest; d--) {
      outer.push(`JOIN ${tables.table(above)} e${d} ON e${d}._key = e${d + 1}._parent`)
      above = Object.values(dictionary.entities).find((e) => Object.values(e.lists).some((l) => l.entity === above))?.name ?? above
    }
    ctes.push(
      `${name} AS (SELECT ${[`e${depth + 1}._parent AS _parent`, ...columnsOfPass].join(',\n    ')}\n  FROM ${[relation, ...outer].join('\n  ')}\n  GROUP BY 1)`,
    )
    return name
  }

  function aggregateColumns(node: Aggregate): string[] {
    const filter = node.filter ? writer.value(node.filter) : null
    const body = node.body ? writer.value(node.body) : null
    const chosen = filter ? ` FILTER (WHERE ${filter})` : ''
    const doubt = [filter && `${filter} IS NULL`, body && (filter ? `(${filter} AND ${body} IS NULL)` : `${body} IS NULL`)]
      .filter(Boolean)
      .join(' OR ')
    const unknown = doubt ? [`bool_or(COALESCE(${doubt}, FALSE)) AS u${node.id}`] : []
    const columns: Record<Aggregate['by'], () => string[]> = {
      exists: () => [`MAX(CASE WHEN ${body} THEN 2 WHEN NOT ${body} THEN 0 ELSE 1 END) AS a${node.id}`],
      all: () => [`MIN(CASE WHEN ${body} THEN 2 WHEN NOT ${body} THEN 0 ELSE 1 END) AS a${node.id}`],
      count: () => [`COUNT(*)${chosen} AS a${node.id}`, ...unknown],
      sum: () => [`SUM(${body})${chosen} AS a${node.id}`, ...unknown],
      min: () => [`MIN(${body})${chosen} AS a${node.id}`, ...unknown],
      max: () => [`MAX(${body})${chosen} AS a${node.id}`, ...unknown],
    }
    return [
      ...columns[node.by](),
      ...(masked ? [...rowMasks(node)].map(([w, mask]) => `BIT_OR(CAST(${mask} AS BIGINT)) AS m${node.id}_${w}`) : []),
    ]
  }

  function rowMasks(node: Aggregate): Map<number, string> {
    if (node.by === 'exists' || node.by === 'all') return writer.masks(node.body!)
    const all = new Map<number, string>(node.filter ? writer.masks(node.filter) : [])
    if (node.body)
      for (const [w, mask] of writer.masks(node.body)) {
        const chosen = node.filter ? `(CASE WHEN ${writer.value(node.filter)} THEN ${mask} ELSE 0 END)` : mask
        all.set(w, all.has(w) ? `(${all.get(w)} | ${chosen})` : chosen)
      }
    return all
  }

  /** How the parent reads a finished pass: three values again, and a list that is not known makes all unknown. */
  function readyAggregate(node: Aggregate, group: string): void {
    const known = `e${node.depth}.${ident(`${node.list}_known`)}`
    const a = `${group}.a${node.id}`
    const sure = node.filter || node.body ? `${known} AND NOT COALESCE(${group}.u${node.id}, FALSE)` : known
    const three = (empty: number): string =>
      `(CASE WHEN ${known} THEN CASE COALESCE(${a}, ${empty}) WHEN 2 THEN TRUE WHEN 0 THEN FALSE END END)`
    const otherwise = node.otherwise ? `COALESCE(${a}, ${writer.value(node.otherwise)})` : a
    const values: Record<Aggregate['by'], () => string> = {
      exists: () => three(0),
      all: () => three(2),
      count: () => `(CASE WHEN ${sure} THEN COALESCE(${a}, 0) END)`,
      sum: () => `(CASE WHEN ${sure} AND ABS(COALESCE(${a}, 0)) <= ${largest} THEN CAST(COALESCE(${a}, 0) AS BIGINT) END)`,
      min: () => `(CASE WHEN ${sure} THEN ${otherwise} END)`,
      max: () => `(CASE WHEN ${sure} THEN ${otherwise} END)`,
    }
    const value = values[node.by]()
    const masks = new Map<number, string>()
    if (masked) {
      const own = bits.get(node.path)!
      const words = new Set([own.word, ...rowMasks(node).keys(), ...(node.otherwise ? writer.masks(node.otherwise).keys() : [])])
      for (const w of words) {
        const rows = rowMasks(node).has(w) ? `COALESCE(${group}.m${node.id}_${w}, 0)` : '0'
        const spare = node.otherwise
          ? `(${rows} | (CASE WHEN ${a} IS NULL${sure === known ? '' : ` AND NOT COALESCE(${group}.u${node.id}, FALSE)`} THEN ${writer.masks(node.otherwise).get(w) ?? '0'} ELSE 0 END))`
          : rows
        masks.set(
          w,
          `(CASE WHEN ${value} IS NOT NULL THEN 0 WHEN ${known} THEN ${spare} ELSE ${own.word === w ? power(own.bit) : '0'} END)`,
        )
      }
    }
    ready.set(node, { value, masks })
  }
}

type Aggregate = Node & { op: 'aggregate' }

/** The aggregates over lists of the entity at this depth that the nodes read, not those inside list tests further in. */
function aggregatesAt(nodes: Node[], depth: number): Aggregate[] {
  return reachable(nodes).filter((n): n is Aggregate => n.op === 'aggregate' && n.depth === depth)
}
