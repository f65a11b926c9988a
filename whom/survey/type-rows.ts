import { type Duck, quoteName } from '@fupin/platform/database/duckdb.ts'
import type { Reading } from '@fupin/platform/exchange/table.ts'
import { addFindings } from '@fupin/platform/problems/finding-table.ts'
import type { Dictionary, Entity, Field } from '@fupin/rulebook/engine/dictionary.ts'
import { badCellSql } from './bad-cells.ts'
import { type CellSql, cellOf, cellSql, columnType } from './cell-sql.ts'
import { type FieldSource, keyFields } from './column-plan.ts'
import { WordTypes } from './word-types.ts'

const bitsPerMask = 60

export interface TypedRows {
  rows: number
  /** Fields (and keys) that the file gives. */
  given: Set<string>
}

/**
 * One pass over a file: the table `table` gets `_key` (empty), `_row` (as Excel shows it), the keys of `keyFields`, every field of the entity in the
 * engine's form (null = unknown), and `<list>_known` (false).
 * `beside` are columns of the table that the entity does not have. A cell that does not stand becomes unknown and a finding.
 */
export async function typeRows(
  duck: Duck,
  options: { reading: Reading; sources: FieldSource[]; entity: Entity; dictionary: Dictionary; table: string; beside?: Field[] },
): Promise<TypedRows> {
  const { reading, sources, entity, dictionary, table, beside = [] } = options
  const types = new WordTypes(duck, dictionary, table)
  try {
    const cells: CellSql[] = []
    for (const source of sources) cells.push(cellSql(source, await types.of(source)))
    await duck.run(`create or replace table ${quoteName(table)} as ${typedSql(reading, sources, cells, entity, beside)}`)
    const { rowOf, findings } = await reading.settle()
    if (!reading.rowColumn) await duck.run(`update ${quoteName(table)} set _row = ${rowOf('rowid')}`)
    await addFindings(duck, findings)
    await badCells(duck, table, reading, sources, cells, dictionary)
    const rows = await duck.one<{ n: number }>(`select count(*) as n from ${quoteName(table)}`)
    return { rows: rows!.n, given: new Set(sources.map((s) => s.field.name)) }
  } finally {
    await types.drop()
  }
}

/** Inner form, then value, flags, and the raw cells of flagged rows only: each step once per row. */
function typedSql({ from, rowColumn }: Reading, sources: FieldSource[], cells: CellSql[], entity: Entity, beside: Field[]): string {
  const row = rowColumn ? `${quoteName(rowColumn)}::bigint` : '0::bigint'
  const forms = sources.map((s, i) => `${cellOf(s)} as x${i}, ${cells[i]!.parsed(cellOf(s))} as p${i}`)
  const values = cells.map((cell, i) => `${cell.value(`p${i}`)} as v${i}`)
  const masks = maskColumns(sources.length).map((name, m) => {
    const bits = sources.slice(m * bitsPerMask, (m + 1) * bitsPerMask).map((_, k) => {
      const i = m * bitsPerMask + k
      return `(case when ${cells[i]!.flagged(`x${i}`, `p${i}`, `v${i}`)} then ${2n ** BigInt(k)} else 0 end)::bigint`
    })
    return `${bits.join(' | ')} as ${name}`
  })
  const place = new Map(sources.map((s, i) => [s.field.name, i]))
  const outputs = [...keyFields(entity), ...beside, ...Object.values(entity.fields)].map((field) => {
    const i = place.get(field.name)
    return `${i === undefined ? 'null' : `v${i}`}::${columnType(field)} as ${quoteName(field.name)}`
  })
  const anyMask = maskColumns(sources.length).map((m) => `${m} <> 0`)
  const raw = sources.length
    ? `case when ${anyMask.join(' or ')} then [${sources.map((_, i) => `x${i}`).join(', ')}] end`
    : 'null::varchar[]'
  const root = Object.keys(entity.lists).map((list) => `, false as ${quoteName(`${list}_known`)}`)
  const steps = [`select ${[`${row} as _row`, ...forms].join(', ')} from ${from}`]
  for (const step of [values, masks]) steps.push(`select ${['*', ...step].join(', ')} from (${steps.at(-1)})`)
  return `select null::bigint as _key, _row, ${outputs.join(', ')}${root.join('')}${maskColumns(sources.length)
    .map((m) => `, ${m}`)
    .join('')}, ${raw} as _raw from (${steps.at(-1)})`
}

const maskColumns = (count: number): string[] => Array.from({ length: Math.ceil(count / bitsPerMask) }, (_, m) => `_m${m}`)

/** Findings of single cells, only for the columns in which any cell is flagged. */
async function badCells(
  duck: Duck,
  table: string,
  reading: Reading,
  sources: FieldSource[],
  cells: CellSql[],
  dictionary: Dictionary,
): Promise<void> {
  const masks = maskColumns(sources.length)
  const drops = [...masks, '_raw'].map((column) => `alter table ${quoteName(table)} drop column ${column}`).join('; ')
  const seen = masks.length
    ? (await duck.one(`select ${masks.map((m) => `bit_or(${m})::varchar as ${m}`).join(', ')} from ${quoteName(table)}`))!
    : {}
  const flagged = sources
    .map((_, i) => i)
    .filter((i) => {
      const bits = seen[`_m${Math.floor(i / bitsPerMask)}`]
      return bits !== null && bits !== undefined && (BigInt(bits as string) >> BigInt(i % bitsPerMask)) & 1n
    })
  if (flagged.length) {
    await duck.run(
      `create or replace temp table _bad as select _row, household_id, _raw, ${masks.join(', ')} from ${quoteName(table)} where _raw is not null`,
    )
    for (const i of flagged) {
      const bit = `_m${Math.floor(i / bitsPerMask)} & ${2n ** BigInt(i % bitsPerMask)} <> 0`
      const rows = `select _row, household_id, _raw[${i + 1}] as x from _bad where ${bit}`
      await readAgain(duck, table, sources[i]!, cells[i]!, rows)
      await duck.run(badCellSql(reading, sources[i]!, cells[i]!, dictionary, rows))
    }
    await duck.run('drop table _bad')
  }
  await duck.run(drops)
}

/** Numbers that the long way understands come into the table. */
async function readAgain(duck: Duck, table: string, { field }: FieldSource, { late, value }: CellSql, rows: string): Promise<void> {
  if (!late) return
  const column = quoteName(field.name)
  await duck.run(`update ${quoteName(table)} t set ${column} = b.v
    from (select _row, ${value('p')} as v from (select _row, ${late.parsed('x')} as p from (${rows}))) b
    where t._row = b._row and t.${column} is null and b.v is not null`)
}
