import type { Node } from '../ir.ts'
import { type ExpressionWriter, type Ready, writtenDown } from './expression.ts'

/** One addend: a node whose values are all written down. */
export interface Term {
  node: Node
  /** What the sum gains where the node is unknown. */
  gap: bigint
}

/** Some outputs that add the same items, gaps counted differently: they share one sum, a number with a lane of bits for each. */
export interface PackedSum {
  terms: Term[]
  start: bigint
  type: 'INTEGER' | 'BIGINT'
  /** How an output is read from the sum's text. */
  reads: Map<Node, (sum: string) => string>
}

/** At least as many addends as make packing worth its reading. */
const fewest = 4
const none: Ready = new Map()

/**
 * Finds the outputs that add the same items (a score, and what it is at least and at most) and packs each such family into one sum:
 * lane 0 adds what is known, one lane for each way to fill gaps adds what stands for them, the last counts the gaps.
 * Every lane is as wide as its range, which is exact because an item's values are all written down.
 */
export function packSums(nodes: Node[]): PackedSum[] {
  const families = new Map<string, { items: Node[]; sums: { node: Node; fills: (number | null)[] }[] }>()
  for (const node of new Set(nodes)) {
    const addends = flat(node).map(filled)
    if (addends.length < fewest || addends.some((a) => !a || !writtenDown(a.item, none))) continue
    const key = addends.map((a) => a!.item.id).join()
    if (new Set(addends.map((a) => a!.item)).size < addends.length) continue
    const family = families.get(key) ?? { items: addends.map((a) => a!.item), sums: [] }
    family.sums.push({ node, fills: addends.map((a) => a!.fill) })
    families.set(key, family)
  }
  return [...families.values()].flatMap(({ items, sums }) => pack(items, sums) ?? [])
}

function pack(items: Node[], sums: { node: Node; fills: (number | null)[] }[]): PackedSum | null {
  const gaps = items.map(() => 0n)
  const reads: PackedSum['reads'] = new Map()
  let [shift, start] = [0n, 0n]
  const lane = (least: number, most: number): ((sum: string) => string) => {
    const width = BigInt((most - least).toString(2).length)
    const [at, mask] = [shift, (1n << width) - 1n]
    start -= BigInt(least) << at
    shift += width
    const plus = least === 0 ? '' : least < 0 ? ` - ${-least}` : ` + ${least}`
    return (sum) => `(CAST((${at === 0n ? sum : `(${sum} >> ${at})`} & ${mask}) AS BIGINT)${plus})`
  }
  const ends = (values: number[]): [number, number] => [
    values.reduce((s, v) => s + Math.min(0, v), 0),
    values.reduce((s, v) => s + Math.max(0, v), 0),
  ]
  const known = lane(ends(items.map((i) => i.range![0]))[0], ends(items.map((i) => i.range![1]))[1])
  for (const { node, fills } of sums) {
    if (fills.some((f) => f === null)) continue
    const values = fills as number[]
    if (values.every((v) => v === 0)) {
      reads.set(node, known)
      continue
    }
    const at = shift
    const gap = lane(...ends(values))
    for (const [i, value] of values.entries()) gaps[i]! += BigInt(value) << at
    reads.set(node, (sum) => `(${known(sum)} + ${gap(sum)})`)
  }
  const strict = sums.filter(({ fills }) => fills.every((f) => f === null))
  const mixed = sums.some(({ fills }) => fills.some((f) => f === null) && !fills.every((f) => f === null))
  if (mixed) return null
  if (strict.length) {
    const at = shift
    lane(0, items.length)
    for (const i of gaps.keys()) gaps[i]! += 1n << at
    for (const { node } of strict) reads.set(node, (sum) => `(CASE WHEN (${sum} >> ${at}) = 0 THEN ${known(sum)} END)`)
  }
  // Partial sums stay within the width on either side of zero, so one bit is kept for the sign and one to spare.
  if (shift > 62n) return null
  return { terms: items.map((node, i) => ({ node, gap: gaps[i]! })), start, type: shift <= 30n ? 'INTEGER' : 'BIGINT', reads }
}

/** The text of some terms added up: a balanced tree, so that no back end meets a hundred nested brackets. */
export function sumOf(terms: Term[], type: PackedSum['type'], writer: ExpressionWriter): string {
  const cast = (text: string): string => (type === 'BIGINT' ? `CAST(${text} AS BIGINT)` : text)
  const add = (texts: string[]): string => {
    if (texts.length === 1) return texts[0]!
    const half = Math.ceil(texts.length / 2)
    return `(${add(texts.slice(0, half))} + ${add(texts.slice(half))})`
  }
  return add(
    terms.map(({ node, gap }) => cast(writer.mapped(node, (_, sql) => sql, String(gap)) ?? `COALESCE(${writer.value(node)}, ${gap})`)),
  )
}

function flat(node: Node): Node[] {
  return node.op === 'add' && !node.guard && node.type.kind === 'int' ? [...flat(node.a), ...flat(node.b)] : [node]
}

/** An addend and what fills its gap; null where it has no exact range. */
function filled(node: Node): { item: Node; fill: number | null } | null {
  const [item, fill] = node.op === 'orElse' && node.b.op === 'const' ? [node.a, node.b.value as number] : [node, null]
  return item.range && item.type.kind === 'int' ? { item, fill } : null
}
