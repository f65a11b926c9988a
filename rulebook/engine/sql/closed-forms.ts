import type { Dictionary } from '../dictionary.ts'
import type { Node } from '../ir.ts'
import type { Value } from '../types.ts'

/** A whole number for each code of an enum, read by shifting one constant: no test at all. */
export interface CodeTable {
  of: Node
  least: number
  /** Bits of one entry. */
  width: number
  /** Entry of code c at bit `c * width`. */
  packed: bigint
}

/** Most bits of a packed table; the sign is left out. */
const tableBits = 62

/** The node as a table over the codes of one enum; null where it is none, has gaps or is too large. */
export function codeTable(node: Node, dictionary: Dictionary): CodeTable | null {
  const of = node.op === 'lookup' ? node.a : node.op === 'if' ? testedCode(node.c) : null
  if (of?.type.kind !== 'enum') return null
  const keys = dictionary.enums[of.type.name]?.values.map((v) => v.key) ?? []
  const values = keys.map((key) => valueAt(node, of, key))
  if (values.length === 0 || values.some((v) => !Number.isSafeInteger(v))) return null
  const numbers = values as number[]
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)]
  const width = Math.max(1, (most - least).toString(2).length)
  if (width * (numbers.length + 1) > tableBits) return null
  const packed = numbers.reduce((all, v, i) => all | (BigInt(v - least) << BigInt((i + 1) * width)), 0n)
  return { of, least, width, packed }
}

const testedCode = (test: Node): Node | null =>
  (test.op === 'compare' && (test.by === '==' || test.by === '!=') && test.b.op === 'const') || test.op === 'in' ? test.a : null

/** What the node gives for one code; undefined where that depends on anything else. */
function valueAt(node: Node, of: Node, key: Value): Value | undefined {
  switch (node.op) {
    case 'const':
    case 'param':
      return node.value
    case 'lookup':
      return node.a === of ? node.table.find(([k]) => k === key)?.[1] : undefined
    case 'if': {
      if (testedCode(node.c) !== of) return undefined
      const test = node.c as Node & ({ op: 'compare' } | { op: 'in' })
      const holds = test.op === 'in' ? test.values.includes(key) : ((test.b as Node & { op: 'const' }).value === key) === (test.by === '==')
      return valueAt(holds ? node.a : node.b, of, key)
    }
    default:
      return undefined
  }
}

/** Bands of one number, each ending where the next begins: a sum of comparisons instead of a chain of tests. */
export interface Steps {
  tests: Node[]
  /** What the node gains where each test holds. */
  gains: number[]
  /** What it is where no test holds. */
  last: number
}

/** The node as steps; null where it is none. All its tests are about one number and limits that never fall. */
export function steps(node: Node & { op: 'if' }, left: (test: Node, refused: Node[]) => Node[]): Steps | null {
  const tests: (Node & { op: 'compare' })[] = []
  const values: number[] = []
  let rest: Node = node
  while (rest.op === 'if') {
    const open = left(rest.c, tests)
    const test = open[0]
    if (open.length !== 1 || test?.op !== 'compare' || (test.by !== '<' && test.by !== '<=') || rest.a.op !== 'const') return null
    if (typeof rest.a.value !== 'number') return null
    const before = tests.at(-1)
    if (before && (before.a !== test.a || !rises(before, test))) return null
    tests.push(test)
    values.push(rest.a.value)
    rest = rest.b
  }
  if (rest.op !== 'const' || typeof rest.value !== 'number' || tests.length < 2) return null
  const all = [...values, rest.value]
  // Partial sums stay within INTEGER.
  if (all.reduce((s, v) => s + 2 * Math.abs(v), 0) > 2 ** 30) return null
  return { tests, gains: values.map((v, i) => v - all[i + 1]!), last: rest.value }
}

/** Whether a later limit is at least the earlier one: plain numbers, or the same number of times something that is never negative. */
function rises(before: Node & { op: 'compare' }, after: Node & { op: 'compare' }): boolean {
  const [a, b] = [limit(before.b), limit(after.b)]
  if (!a || !b || a.per !== b.per) return false
  return a.value < b.value || (a.value === b.value && !(before.by === '<=' && after.by === '<'))
}

function limit(node: Node): { value: number; per: Node | null } | null {
  const fixed = (n: Node): number | null => ((n.op === 'const' || n.op === 'param') && typeof n.value === 'number' ? n.value : null)
  const value = fixed(node)
  if (value !== null) return { value, per: null }
  if (node.op !== 'mul' || node.guard) return null
  const [a, b] = [fixed(node.a), fixed(node.b)]
  const [factor, per] = a !== null ? [a, node.b] : [b, node.a]
  return factor !== null && per.range && per.range[0] >= 0 ? { value: factor, per } : null
}
