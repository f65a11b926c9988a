import type { Node } from '../ir.ts'
import { operands } from '../ir.ts'
import { type ExpressionWriter, isPlainCount } from './expression.ts'

/** A WHERE of all conditions that there are. */
export const whereOf = (tests: (string | false | null | undefined)[]): string => {
  const all = tests.filter(Boolean)
  return all.length ? `\n    WHERE ${all.join(' AND ')}` : ''
}

/** How often the text of a node holds the text of each operand; masks repeat values. */
function repeats(node: Node, writer: ExpressionWriter, masked: boolean): [Node, number][] {
  // Once for its truth; the test for unknown asks for the nodes that make it so.
  const asked = (test: Node): [Node, number][] => [
    [test, 1],
    ...(writer.ready.get(test)?.doubt ? [] : writer.gaps(test).map((gap): [Node, number] => [gap, 1])),
  ]
  switch (node.op) {
    case 'add':
    case 'sub':
    case 'mul':
      return operands(node).map((n) => [n, node.guard ? 2 : 1])
    case 'if':
      return [...(masked ? [[node.c, 3] as [Node, number]] : asked(node.c)), [node.a, 1], [node.b, 1]]
    case 'lookup':
      return node.a.type.kind === 'bool' ? asked(node.a) : [[node.a, 2]]
    case 'call':
      return node.args.map((n) => [n, ['years', 'abs', 'startsWith'].includes(node.fn) ? 1 : node.fn === 'addMonths' ? 8 : 3])
    case 'known':
      return isPlainCount(node.a) ? [] : [[node.a, 1]]
    case 'aggregate':
      return []
    default:
      return operands(node).map((n) => [n, 1])
  }
}

/**
 * Puts every node that would be written twice into a column of its own, level by level: neither database shares work inside CASE, AND and OR.
 * @param relation what stands behind FROM, alias included. Its columns are passed on.
 * @param roots what will be written over the result; those of `masked` with their masks.
 * @param allowed nodes that can be computed over this relation.
 * @returns the relation that has the columns; `writer.ready` knows them.
 */
export function withColumns(
  writer: ExpressionWriter,
  alias: string,
  relation: string,
  roots: Node[],
  masked: Node[],
  allowed: (node: Node) => boolean,
): string {
  const levels = levelsOf(writer, roots, masked, allowed)
  let from = relation
  let pending: Node[] = []
  for (const level of levels) {
    const columns: string[] = []
    const later: (() => void)[] = []
    for (const { node } of level) {
      columns.push(`${writer.value(node)} AS _n${node.id}`)
      later.push(() => writer.ready.set(node, { value: `${alias}._n${node.id}` }))
    }
    columns.push(...maskColumns(writer, alias, pending, later))
    for (const add of later) add()
    from = `(SELECT ${[`${alias}.*`, ...columns].join(',\n      ')}\n    FROM ${from}) ${alias}`
    pending = level.filter((n) => n.mask).map((n) => n.node)
  }
  const later: (() => void)[] = []
  const columns = maskColumns(writer, alias, pending, later)
  for (const add of later) add()
  return columns.length ? `(SELECT ${[`${alias}.*`, ...columns].join(',\n      ')}\n    FROM ${from}) ${alias}` : from
}

/** Columns for the masks of nodes whose values already have theirs. */
function maskColumns(writer: ExpressionWriter, alias: string, nodes: Node[], later: (() => void)[]): string[] {
  return nodes.flatMap((node) => {
    const masks = [...writer.masks(node)]
    const names = new Map(masks.map(([w]) => [w, `${alias}._n${node.id}_${w}`]))
    later.push(() => writer.ready.set(node, { value: `${alias}._n${node.id}`, masks: names }))
    return masks.map(([w, mask]) => `${mask} AS _n${node.id}_${w}`)
  })
}

interface Placed {
  node: Node
  /** Whether the mask is read more than once and is more than that of the leaves. */
  mask: boolean
}

/** The nodes that get a column, each level above those that it reads. */
function levelsOf(writer: ExpressionWriter, roots: Node[], masked: Node[], allowed: (node: Node) => boolean): Placed[][] {
  const uses = new Map<Node, number>()
  const readers = new Map<Node, number>()
  const withMask = new Set<Node>()
  const count = (map: Map<Node, number>, node: Node, by: number): void => void map.set(node, (map.get(node) ?? 0) + by)
  const visit = (node: Node, mask: boolean): void => {
    if (withMask.has(node) || (!mask && uses.has(node))) return
    const again = uses.has(node)
    if (!again) uses.set(node, 0)
    if (mask) withMask.add(node)
    if (writer.ready.has(node)) return
    // A decided && or || hides the gaps of its operands, so its mask asks for its value.
    const hides = mask && !writer.strict.leaves(node) && ['and', 'or', 'orElse'].includes(node.op)
    if (hides) count(uses, node, 1)
    for (const [operand, times] of repeats(node, writer, mask)) {
      visit(operand, mask && node.op !== 'known')
      if (!again) count(uses, operand, times)
      if (mask) count(readers, operand, 1)
    }
  }
  for (const root of masked) visit(root, true)
  for (const root of roots) visit(root, false)
  for (const root of new Set([...masked, ...roots])) count(uses, root, 1)
  for (const root of masked) count(readers, root, 1)

  const level = new Map<Node, number>()
  const placed: Placed[][] = []
  const place = (node: Node): number => {
    const known = level.get(node)
    if (known !== undefined) return known
    const under = writer.ready.has(node) ? 0 : Math.max(0, ...repeats(node, writer, false).map(([n]) => place(n)))
    const own = uses.get(node)! >= 2 && !isLeaf(node) && !writer.ready.has(node) && allowed(node)
    level.set(node, own ? under + 1 : under)
    if (own) {
      while (placed.length <= under) placed.push([])
      placed[under]!.push({ node, mask: withMask.has(node) && !writer.strict.leaves(node) && (readers.get(node) ?? 0) >= 2 })
    }
    return level.get(node)!
  }
  for (const root of [...masked, ...roots]) place(root)
  return placed
}

const isLeaf = (node: Node): boolean =>
  ['const', 'param', 'field', 'aggregate'].includes(node.op) || (node.op === 'known' && isPlainCount(node.a))
