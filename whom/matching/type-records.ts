import { type Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { OpenedTable } from '@fupin/platform/exchange/open-table.ts'
import { type Finding, finding } from '@fupin/platform/problems/finding.ts'
import type { Dictionary, Field } from '@fupin/rulebook/engine/dictionary.ts'
import { type FieldSource, headerForm } from '@fupin/whom/survey/column-plan.ts'
import { idFactsSql } from '@fupin/whom/survey/id-number-sql.ts'
import { idSentences } from '@fupin/whom/survey/id-sentences.ts'
import { addCheck } from '@fupin/whom/survey/survey-findings.ts'
import { typeRows } from '@fupin/whom/survey/type-rows.ts'
import type { DepartmentForm } from './department-form.ts'

const keyField = (name: string, zh: string, en: string): Field => ({ name, type: 'text', label: { zh, en }, class: 'personal' })
/** Columns by which a record is compared, beside the facts it carries. */
const compared = { id_number: keyField('_id_number', '证件号码', 'ID number'), name: keyField('_name', '姓名', 'name') }

/** Finds the form's columns in the file: by the column's name, an alias, or the label of the field. Others are ignored: a department may send more. */
export function planRecords(
  form: DepartmentForm,
  table: OpenedTable,
  dictionary: Dictionary,
): { sources: FieldSource[]; findings: Finding[] } {
  const entity = dictionary.entities[form.entity]!
  const sources: FieldSource[] = []
  const findings: Finding[] = []
  const used = new Set<string>()
  for (const column of form.columns) {
    const field =
      column.role === 'id_number' || column.role === 'name' ? compared[column.role] : entity.fields[column.field ?? column.column]
    if (!field) continue
    const names = [column.column, ...column.aliases, ...(column.field ? [field.label.zh] : [])].map(headerForm)
    const there = table.columns.find((c) => !used.has(c.name) && names.includes(headerForm(c.name)))
    if (there) {
      used.add(there.name)
      sources.push({ field, column: there.name, type: there.type, constant: null, words: {} })
    } else if (column.role !== 'id_number') findings.push(missingColumn(table, column.column, field))
  }
  return { sources, findings }
}

const missingColumn = (table: OpenedTable, column: string, field: Field): Finding =>
  finding({
    file: table.file,
    sheet: table.sheet,
    row: 1,
    column,
    code: 'missing_column',
    severity: 'doubt',
    zh: `文件没有“${field.label.zh}”这一列，这一项按未知处理。`,
    en: `The file has no column for “${field.label.en}”; it counts as unknown.`,
  })

/** The records with typed facts in `_record_<file>` (`_row`, `id18`, `_name`, fields); rows whose number does not stand are findings. Gives the good rows. */
export async function typeRecords(
  duck: Duck,
  form: DepartmentForm,
  table: OpenedTable,
  sources: FieldSource[],
  dictionary: Dictionary,
): Promise<number> {
  // Named by the file: several files are compared side by side.
  const [typed, records] = [`_typed_${form.file}`, `_record_${form.file}`]
  const reading = {
    file: table.file,
    sheet: table.sheet,
    columns: table.columns,
    from: `(select * exclude (_row) from ${quoteName(table.name)})`,
    settle: async () => ({ findings: [], rowOf: table.rowOf }),
    close: async () => {},
  }
  await typeRows(duck, {
    reading,
    sources,
    entity: dictionary.entities[form.entity]!,
    dictionary,
    table: typed,
    beside: Object.values(compared),
  })
  await duck.run(
    `create or replace table ${quoteName(records)} as ${idFactsSql(quoteName(typed), '_id_number')}; drop table ${quoteName(typed)}`,
  )
  const at = { file: table.file, sheet: table.sheet, columns: new Map(sources.map((s) => [s.field.name, s.column])) }
  for (const [state, { zh, en }] of Object.entries(idSentences)) {
    if (state === 'ok_15') continue
    const sentence = (text: string) => (state === 'check' ? `replace(${quoteText(text)}, '%', id_wanted)` : quoteText(text))
    await addCheck(duck, {
      at,
      field: '_id_number',
      code: `id_${state}`,
      value: '_id_number',
      zh: sentence(zh),
      en: sentence(en),
      from: `select * from ${quoteName(records)} where id_state = '${state}'`,
    })
  }
  await addCheck(duck, {
    at,
    field: '_id_number',
    code: 'no_id_number',
    zh: `'这一行没有证件号码，无法比对。'`,
    en: `'This row has no ID number and cannot be compared.'`,
    from: `select * from ${quoteName(records)} where _id_number is null`,
  })
  return (await duck.one<{ n: number }>(`select count(id18) as n from ${quoteName(records)}`))!.n
}
