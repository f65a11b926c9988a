import { type Duck, quoteName } from '@fupin/platform/database/duckdb.ts'
import { type Reading, rowStep } from '@fupin/platform/exchange/table.ts'
import type { WideRepeat } from './linked-files.ts'

/**
 * The numbered columns of a households' file as rows: row n of household r has the number r + n * rowStep. Repetitions in which nothing stands are no rows.
 * @param household column with the household's number; null: households are numbered by their row
 */
export async function openRepeat(duck: Duck, base: Reading, repeat: WideRepeat, household: string | null, table: string): Promise<Reading> {
  const fields = [...repeat.fields]
  const wanted = new Set(fields.flatMap(([, numbered]) => [...numbered.values()]))
  const columns = base.columns.filter((c) => wanted.has(c.name) || c.name === household).map((c) => quoteName(c.name))
  const numbered = base.rowColumn ? `${quoteName(base.rowColumn)} as _row` : '0::bigint as _row'
  const wide = quoteName(`_wide_${table}`)
  await duck.run(`create or replace temp table ${wide} as select ${[numbered, ...columns].join(', ')} from ${base.from}`)
  const settled = await base.settle()
  if (!base.rowColumn) await duck.run(`update ${wide} set _row = ${settled.rowOf('rowid')}`)
  const id = household === null ? '(rowid + 1)::varchar' : `${quoteName(household)}::varchar`
  const one = (n: number) => {
    const cells = fields.map(([field, numbered]) => {
      const column = numbered.get(n)
      return { field, cell: column === undefined ? 'null::varchar' : `${quoteName(column)}::varchar` }
    })
    const some = cells.filter((c) => !c.cell.startsWith('null')).map((c) => `not cell_is_gap(coalesce(${c.cell}, ''))`)
    return `select _row + ${n}::bigint * ${rowStep} as _row, ${id} as household_id, ${cells.map((c) => `${c.cell} as ${quoteName(c.field)}`).join(', ')}
      from ${wide} where ${some.join(' or ') || 'false'}`
  }
  const all = Array.from({ length: repeat.most }, (_, i) => one(i + 1)).join(' union all ')
  return {
    file: base.file,
    sheet: base.sheet,
    ...(base.sheets ? { sheets: base.sheets } : {}),
    columns: [{ name: 'household_id', type: 'VARCHAR' }, ...fields.map(([field]) => ({ name: field, type: 'VARCHAR' }))],
    from: `(select * from (${all}) order by _row % ${rowStep}, _row)`,
    rowColumn: '_row',
    settle: async () => ({ findings: [], rowOf: settled.rowOf }),
    close: async () => {
      await duck.run(`drop table if exists ${wide}`)
      await base.close()
    },
  }
}
