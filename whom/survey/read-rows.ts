import type { Duck } from '@fupin/platform/database/duckdb.ts'
import { openReading } from '@fupin/platform/exchange/open-table.ts'
import { addFindings, createFindingTable } from '@fupin/platform/problems/finding-table.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import type { Dictionary, Entity } from '@fupin/rulebook/engine/dictionary.ts'
import { createCellMacros } from './cell-sql.ts'
import { planColumns } from './column-plan.ts'
import { emptyTable } from './read-survey.ts'
import { readMapping } from './survey-mapping.ts'
import { typeRows } from './type-rows.ts'

/**
 * Reads one file of households row by row, keeping every row: for asking rules about a file, not for registering it.
 * Makes the table of the entity with `_key` = the row's number from 1, empty tables for its lists (all unknown), and `finding`.
 * @throws Problem where the file cannot be read at all.
 */
export async function readRows(
  duck: Duck,
  options: { file: string; dictionary: Dictionary; entity: Entity; mapping?: string | undefined },
): Promise<{ rows: number }> {
  const { file, dictionary, entity } = options
  await createFindingTable(duck)
  await createCellMacros(duck)
  const mapping = options.mapping ? await readMapping(options.mapping) : null
  if (mapping) await addFindings(duck, mapping.findings)
  const part = mapping?.mapping?.households
  const { reading, findings } = await openReading(duck, file, part?.sheet ? { sheet: part.sheet } : {})
  if (!reading) {
    const first = findings[0]!
    throw new Problem(first.code, { zh: `${first.file}：${first.zh}`, en: `${first.file}: ${first.en}` })
  }
  try {
    const plan = planColumns(reading, entity, part, dictionary.units)
    await addFindings(duck, [...findings, ...plan.findings])
    const { rows } = await typeRows(duck, { reading, sources: plan.sources, entity, dictionary, table: entity.name })
    await duck.run(`update "${entity.name}" set _key = rowid + 1`)
    for (const list of Object.values(entity.lists))
      if (list.entity !== entity.name) await emptyTable(duck, dictionary.entities[list.entity]!)
    return { rows }
  } finally {
    await reading.close()
  }
}
