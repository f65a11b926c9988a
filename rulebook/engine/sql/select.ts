import type { Dictionary } from '../dictionary.ts'
import type { Node } from '../ir.ts'
import { pathsOf } from '../ir.ts'
import { type Dialect, ident } from './dialect.ts'
import { type Bit, bitsPerWord, gapParts } from './expression.ts'
import { Statement, type Tables } from './statement.ts'

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
  const statement = new Statement(dictionary, dialect, tables, bits, masked.length > 0)
  const { from, writer, sums } = statement.level(root, 0, [...wanted.values()].flat(), masked, ['_key', ...carry])
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
  const sql = `${statement.ctes.length ? `WITH ${statement.ctes.join(',\n')}\n` : ''}SELECT ${columns.join(',\n  ')}\nFROM ${from}`
  return { sql, bits, masks }
}

/** A place in a mask for every fact that the outputs read, those of outputs with masks first. */
function bitsOf(outputs: Output[], masked: Node[]): Map<string, Bit> {
  const bits = new Map<string, Bit>()
  for (const path of [...pathsOf(masked), ...pathsOf(outputs.map((o) => o.node))])
    if (!bits.has(path)) bits.set(path, { word: Math.floor(bits.size / bitsPerWord), bit: bits.size % bitsPerWord })
  return bits
}
