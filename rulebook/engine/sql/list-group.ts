import type { Node } from '../ir.ts'
import { reachable } from '../ir.ts'
import { missingOf } from '../missing.ts'
import type { Facts } from '../run.ts'
import { ExpressionWriter, power } from './expression.ts'
import { GroupedPass } from './grouped.ts'
import { type PackedSum, sumOf, type Term } from './packed-sums.ts'
import { type Aggregate, aggregatesAt } from './places.ts'
import { whereOf, withColumns } from './scope.ts'
import type { Statement } from './statement.ts'

/** What a grouped pass hands to the parent: a column of its group, and what stands for it where the list is empty or unknown. */
export interface Handed {
  name: string
  text: string
  empty: string
  unknown: string
}

/** Makes what was handed over readable by the parent's writer. */
type Ready = (writer: ExpressionWriter, parent: string) => void

/** The grouped pass over one list: its name (null where no row need be read) and what it hands to the parent. */
export interface ListGroup {
  name: string | null
  handed: Handed[]
  ready: Ready
  /** What is read from the parent's own fields or other lists too, by id. */
  mixed: { id: number; ready: Ready }[]
}

/** The grouped pass over one list: its statement, and what it hands to the parent. */
export function groupList(
  statement: Statement,
  entity: string,
  depth: number,
  list: string,
  whole: Node[],
  mixed: Aggregate[],
  sums: { name: string; type: PackedSum['type']; terms: Term[] }[],
): ListGroup {
  const wanted = [...whole, ...sums.flatMap((s) => s.terms.map((t) => t.node))]
  const passes = aggregatesAt([...wanted, ...mixed], depth)
    .filter((n) => n.list === list)
    .sort((a, b) => a.id - b.id)
  const name = `g${depth}_${statement.ctes.length}_${list}`
  const alias = `a${depth}`
  const child = statement.dictionary.entities[entity]!.lists[list]!.entity
  const bodies = passes.flatMap((n) => [n.filter, n.body].filter((x) => x !== null))
  const rows = statement.level(child, depth + 1, bodies, statement.masked ? bodies : [], ['_parent'])
  const over = new ExpressionWriter(statement.dictionary, statement.dialect, statement.bits, new Map())
  const pass = new GroupedPass(rows.writer, over, alias, statement.dialect)
  const first: string[] = []
  const masksReady: (() => void)[] = []
  for (const node of passes) {
    if (mixed.includes(node)) continue
    const column = pass.add(node)
    over.ready.set(node, column)
    if (!statement.masked) continue
    // Masks ask for the value again and again: it becomes a column first.
    const masks = pass.rowMasks(node)
    first.push(`${column.value} AS v${node.id}`)
    const value = `${alias}.v${node.id}`
    masksReady.push(() => {
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
  const later: Ready[] = []
  const besides: ListGroup['mixed'] = []
  const hand = (column: string, text: string, none: string, open: string): string => {
    handed.push({ name: column, text: `${name}.${column}`, empty: none, unknown: open })
    outer.push(`${text} AS ${column}`)
    return column
  }
  for (const node of mixed) besides.push({ id: node.id, ready: handMixed(statement, node, pass, hand) })

  const grouped = (): string => {
    const idle = GroupedPass.idle(passes, rows.writer)
    const shallowest = Math.min(depth + 1, ...reachable(bodies).map((n) => (n.op === 'field' ? n.depth : depth + 1)))
    const above: string[] = []
    let parent = entity
    for (let d = depth; d >= shallowest; d--) {
      above.push(`JOIN ${statement.tables.table(parent)} e${d} ON e${d}._key = e${d + 1}._parent`)
      parent =
        Object.values(statement.dictionary.entities).find((e) => Object.values(e.lists).some((l) => l.entity === parent))?.name ?? parent
    }
    const select = [`e${depth + 1}._parent AS _parent`, ...pass.columns()].join(',\n      ')
    const filtered = whereOf([idle && `(${idle})`, depth === 0 && statement.amongKeys('e1._parent')])
    return `(SELECT ${select}\n    FROM ${[rows.from, ...above].join('\n      ')}${filtered}\n    GROUP BY 1) ${alias}`
  }
  let relation = grouped()
  if (first.length) relation = `(SELECT ${[`${alias}.*`, ...first].join(',\n      ')}\n    FROM ${relation}) ${alias}`
  for (const add of masksReady) add()
  relation = withColumns(over, alias, relation, wanted, statement.masked ? whole : [], () => true)

  for (const node of whole) {
    const constant = (frames: Facts[]): string => {
      const value = statement.interpreter.evaluate(node, frames)
      return value === undefined ? 'NULL' : over.literal(node.type, value)
    }
    const column = hand(`_n${node.id}`, over.value(node), constant(empty), constant(unknown))
    const masks = new Map<number, string>()
    if (statement.masked) {
      const [none, open] = [empty, unknown].map((frames) => maskOf(statement, node, frames)) as [Map<number, bigint>, Map<number, bigint>]
      const texts = over.masks(node)
      for (const w of new Set([...texts.keys(), ...none.keys(), ...open.keys()]))
        masks.set(w, hand(`_n${node.id}_${w}`, texts.get(w) ?? '0', String(none.get(w) ?? 0), String(open.get(w) ?? 0)))
    }
    later.push((writer, parent) =>
      writer.ready.set(node, {
        value: `${parent}.${column}`,
        ...(statement.masked ? { masks: new Map([...masks].map(([w, c]) => [w, `${parent}.${c}`])) } : {}),
      }),
    )
  }
  for (const { name: column, type, terms } of sums) {
    const constant = (frames: Facts[]): string => {
      const values = terms.map(({ node, gap }) => {
        const value = statement.interpreter.evaluate(node, frames)
        return value === undefined ? gap : BigInt(value as number)
      })
      return String(values.reduce((a, b) => a + b))
    }
    hand(column, sumOf(terms, type, over), constant(empty), constant(unknown))
  }
  const ready: Ready = (writer, parent) => {
    for (const add of later) add(writer, parent)
  }
  if (passes.length === 0) return { name: null, handed, ready, mixed: besides }
  statement.ctes.push(`${name} AS (SELECT ${[`${alias}._parent AS _parent`, ...outer].join(',\n    ')}\n  FROM ${relation})`)
  return { name, handed, ready, mixed: besides }
}

/** The least or most of a list whose stand-in for nothing is read from the parent: the parent puts it together. */
function handMixed(
  statement: Statement,
  node: Aggregate,
  pass: GroupedPass,
  hand: (column: string, text: string, none: string, open: string) => string,
): Ready {
  const doubt = pass.doubt(node)
  const raw = hand(`_r${node.id}`, pass.raw(node), 'NULL', 'NULL')
  const closed = hand(`_c${node.id}`, doubt ? `(NOT (${doubt}))` : 'TRUE', 'TRUE', 'FALSE')
  const own = statement.bits.get(node.path)!
  const masks = new Map<number, string>()
  if (statement.masked) {
    const rows = pass.rowMasks(node)
    for (const w of new Set([own.word, ...rows.keys()]))
      masks.set(w, hand(`_r${node.id}_${w}`, rows.get(w) ?? '0', '0', own.word === w ? power(own.bit) : '0'))
  }
  return (writer, parent) => {
    const otherwise = node.otherwise!
    const value = `(CASE WHEN ${parent}.${closed} THEN COALESCE(${parent}.${raw}, ${writer.value(otherwise)}) END)`
    if (!statement.masked) {
      writer.ready.set(node, { value })
      return
    }
    const spare = writer.masks(otherwise)
    const all = new Map<number, string>()
    for (const w of new Set([...masks.keys(), ...spare.keys()])) {
      const rows = masks.has(w) ? `${parent}.${masks.get(w)}` : '0'
      const instead = spare.has(w) ? ` | (CASE WHEN ${parent}.${closed} AND ${parent}.${raw} IS NULL THEN ${spare.get(w)} ELSE 0 END)` : ''
      all.set(w, `(CASE WHEN ${value} IS NOT NULL THEN 0 ELSE (${rows}${instead}) END)`)
    }
    writer.ready.set(node, { value, masks: all })
  }
}

/** The mask of a node for facts that are the same for all: no rows, or a list that is not known. */
function maskOf(statement: Statement, node: Node, frames: Facts[]): Map<number, bigint> {
  const words = new Map<number, bigint>()
  for (const path of missingOf(node, frames, statement.interpreter)) {
    const { word, bit } = statement.bits.get(path)!
    words.set(word, (words.get(word) ?? 0n) | (1n << BigInt(bit)))
  }
  return words
}
