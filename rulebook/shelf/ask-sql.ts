import type { Dictionary } from '../engine/dictionary.ts'
import type { Node } from '../engine/ir.ts'
import type { Facts } from '../engine/run.ts'
import type { Bit } from '../engine/sql/expression.ts'
import { type Compiled, compileSelect } from '../engine/sql/select.ts'
import type { Value } from '../engine/types.ts'
import { createFactTables } from './fact-tables.ts'
import type { SqlEngine } from './sql-engine.ts'

/** A value (undefined = unknown) and the names of the facts that are missing, sorted. */
export interface Answer {
  value: Value | undefined
  missing: string[]
}

/**
 * Asks a database for the value and missing set of every node for every entity given: rows of answers, one a node.
 * `stages` are nodes worth computing once, as the main job does with the items of a scorecard.
 */
export async function askSql(
  engine: SqlEngine,
  dictionary: Dictionary,
  root: string,
  nodes: Node[],
  facts: Facts[],
  stages: Node[] = [],
): Promise<Answer[][]> {
  const table = await createFactTables(engine, dictionary, root, facts, nodes)
  const outputs = nodes.map((node, i) => ({ name: `r${i}`, node, missing: true }))
  const compiled = compileSelect(dictionary, root, outputs, stages, engine.dialect, { table })
  const rows = await engine.rows(`SELECT * FROM (${compiled.sql}) q ORDER BY _key`)
  const names = bitNames(compiled.bits)
  return rows.map((row) =>
    nodes.map((node, i) => ({ value: decode(dictionary, node, row[`r${i}`]), missing: missingNames(compiled, names, `r${i}`, row) })),
  )
}

/** A database value in the interpreter's form: enums by key. */
export function decode(dictionary: Dictionary, node: Node, value: unknown): Value | undefined {
  if (value === null || value === undefined) return undefined
  if (node.type.kind === 'enum') return dictionary.enums[node.type.name]!.values[Number(value) - 1]?.key
  return typeof value === 'bigint' ? Number(value) : (value as Value)
}

/** The names behind the bits of each word. */
export function bitNames(bits: Map<string, Bit>): Map<number, Map<number, string>> {
  const names = new Map<number, Map<number, string>>()
  for (const [path, { word, bit }] of bits) {
    if (!names.has(word)) names.set(word, new Map())
    names.get(word)!.set(bit, path)
  }
  return names
}

/** The names that the mask columns of one output stand for, sorted. */
export function missingNames(
  compiled: Compiled,
  names: Map<number, Map<number, string>>,
  output: string,
  row: Record<string, unknown>,
): string[] {
  const found: string[] = []
  for (const word of compiled.masks.get(output) ?? []) {
    let mask = BigInt(row[`${output}__m${word}`] as number | bigint)
    for (let bit = 0; mask > 0n; bit++, mask >>= 1n) if (mask & 1n) found.push(names.get(word)!.get(bit)!)
  }
  return found.sort()
}
