import { type Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { DepartmentForm } from '@fupin/whom/matching/department-form.ts'

/** The departments' files that a book knows, as the comparison reads them. */
export function departmentForms(book: Book): DepartmentForm[] {
  return book.definitions.flatMap((definition) => {
    const body = definition.versions.at(-1)?.body
    if (body?.kind !== 'form' || !body.form.department || !body.form.list || !body.form.file) return []
    const { department, entity, list, file, legalBasis, columns } = body.form
    return [
      {
        id: definition.id,
        department,
        entity,
        list,
        file,
        title: definition.title,
        legalBasis: legalBasis ?? { zh: '', en: '' },
        columns: columns.map(({ column, aliases, field, role }) => ({ column, aliases, role, ...(field ? { field } : {}) })),
      },
    ]
  })
}

/** Makes `department_word(list, zh, en)`: how each department's list is called. */
export async function departmentWords(duck: Duck, forms: DepartmentForm[]): Promise<void> {
  await duck.run('create or replace table department_word (list varchar, zh varchar, en varchar)')
  if (forms.length)
    await duck.run(
      `insert into department_word values ${forms.map((f) => `(${[f.list, f.title.zh, f.title.en].map(quoteText).join(', ')})`).join(', ')}`,
    )
}
