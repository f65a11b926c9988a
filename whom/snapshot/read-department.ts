import { type Duck, quoteName } from '@fupin/platform/database/duckdb.ts'
import { createFindingTable } from '@fupin/platform/problems/finding-table.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { DepartmentForm } from '@fupin/whom/matching/department-form.ts'
import { receiveFile } from '@fupin/whom/matching/receive-file.ts'
import { createCellMacros } from '@fupin/whom/survey/cell-sql.ts'
import { createIdMacros } from '@fupin/whom/survey/id-number-sql.ts'
import { type Part, writePart } from './content-files.ts'
import { id17, nameKey } from './read-county.ts'
import type { DepartmentPart } from './snapshot-manifest.ts'

/**
 * Takes in one department's file and writes its records, typed, in the order of the file: `_row`, `id18`, `id17`, `name`, `name_key`
 * and the entity's fields. A file that is absent or refused has a receipt and no records.
 */
export async function readDepartment(
  duck: Duck,
  book: Book,
  form: DepartmentForm,
  dir: string | null,
  folder: string,
  from: string,
): Promise<DepartmentPart> {
  await duck.run('drop table if exists finding')
  await createFindingTable(duck)
  await createCellMacros(duck)
  await createIdMacros(duck)
  const parts: Record<string, Part> = {}
  const fields = Object.keys(book.dictionary.entities[form.entity]!.fields).map((f) => `, ${quoteName(f)}`)
  const receipt = await receiveFile(duck, form, dir, book.dictionary, async () => {
    parts.record = await writePart(
      duck,
      folder,
      'departments',
      form.file,
      `select _row, id18, ${id17('id18')} as id17, _name as name, ${nameKey('_name')} as name_key${fields.join('')} from ${quoteName(`_record_${form.file}`)} where id18 is not null order by _row`,
    )
    return {}
  })
  parts.finding = await writePart(
    duck,
    folder,
    'departments',
    `${form.file}-finding`,
    'from finding order by file, sheet, "row", "column", code, value',
  )
  return { list: form.list, receipt, parts, from }
}
