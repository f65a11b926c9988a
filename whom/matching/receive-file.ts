import { join } from 'node:path'
import { type Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import { type OpenedTable, openTable } from '@fupin/platform/exchange/open-table.ts'
import { type Finding, finding } from '@fupin/platform/problems/finding.ts'
import { addFindings } from '@fupin/platform/problems/finding-table.ts'
import type { Dictionary } from '@fupin/rulebook/engine/dictionary.ts'
import type { DepartmentForm, Receipt } from './department-form.ts'
import { type Manifest, type Refusal, readManifest } from './manifest.ts'
import { planRecords, typeRecords } from './type-records.ts'

/**
 * Takes in one department's file: manifest, checksum, number of rows, columns, ID numbers. Then calls `use` while the file lies in
 * `raw_department_<file>` as it came and in `_record_<file>` with typed facts (`_row`, `id18`, `_name`, fields); both go afterwards.
 * Gives the receipt: `absent` without a manifest, `refused` with its sentence (also a finding), else what `use` made of it.
 */
export async function receiveFile(
  duck: Duck,
  form: DepartmentForm,
  dir: string | null,
  dictionary: Dictionary,
  use: (table: OpenedTable, manifest: Manifest) => Promise<Partial<Receipt>>,
): Promise<Receipt> {
  const receipt = emptyReceipt(form)
  const read = dir === null ? { absent: true as const } : await readManifest(join(dir, `${form.file}.manifest.json`), form.department)
  if ('absent' in read) return receipt
  if ('refused' in read) return refused(duck, receipt, read.refused)
  const { manifest } = read
  const { table, findings } = await openTable(duck, manifest.path, { name: `department_${form.file}` })
  const about = { ...receipt, asOf: manifest.asOf, sha256: manifest.sha256 }
  try {
    const refusal = await whyNot(duck, table, findings, manifest)
    if (refusal) return await refused(duck, about, refusal)
    const plan = planRecords(form, table!, dictionary)
    await addFindings(duck, plan.findings)
    if (!plan.sources.some((s) => s.field.name === '_id_number')) return await refused(duck, about, noIdColumn(table!))
    const goodRows = await typeRecords(duck, form, table!, plan.sources, dictionary)
    const made = await use(table!, manifest)
    return { ...about, ...made, state: 'compared', file: table!.file, rows: manifest.rows, goodRows }
  } finally {
    if (table) await duck.run(`drop table if exists ${quoteName(table.name)}; drop table if exists ${quoteName(`_record_${form.file}`)}`)
  }
}

const emptyReceipt = (form: DepartmentForm): Receipt => ({
  department: form.department,
  list: form.list,
  entity: form.entity,
  title: form.title,
  legalBasis: form.legalBasis,
  state: 'absent',
  file: null,
  sha256: null,
  asOf: null,
  rows: 0,
  goodRows: 0,
  matched: 0,
  review: 0,
  households: 0,
  withoutNumber: 0,
  problem: null,
})

/** The file's own findings are kept; whole-file errors and a wrong number of rows refuse it. */
async function whyNot(duck: Duck, table: OpenedTable | null, findings: Finding[], manifest: Manifest): Promise<Refusal | null> {
  const whole = table ? null : findings.find((f) => f.severity === 'error')
  if (whole) return { code: whole.code, file: whole.file, value: whole.value, zh: whole.zh, en: whole.en }
  await addFindings(duck, findings)
  const unread = new Set(findings.filter((f) => ['ragged_row', 'broken_quotes'].includes(f.code)).map((f) => f.row)).size
  const found = table!.rows + unread
  if (found === manifest.rows) return null
  return {
    code: 'wrong_row_count',
    file: table!.file,
    value: String(found),
    zh: `文件没有收下：清单写 ${manifest.rows} 行，文件有 ${found} 行。请部门核对后重交。`,
    en: `File not taken: the manifest says ${manifest.rows} rows, the file has ${found}. Ask the department to check and send it again.`,
  }
}

const noIdColumn = (table: OpenedTable): Refusal => ({
  code: 'no_id_column',
  file: table.file,
  value: null,
  zh: '文件没有收下：没有证件号码这一列。请部门核对后重交。',
  en: 'File not taken: it has no column of ID numbers. Ask the department to check and send it again.',
})

async function refused(duck: Duck, receipt: Receipt, { code, file, value, zh, en }: Refusal): Promise<Receipt> {
  await addFindings(duck, [finding({ file, code, value, zh, en })])
  return { ...receipt, state: 'refused', file, problem: { zh, en } }
}

/** SQL text of a record as its department wrote it: JSON of the file's own columns, over alias `r` of the raw table. */
export const recordJson = (table: OpenedTable): string =>
  `json_object(${table.columns.map((c) => `${quoteText(c.name)}, r.${quoteName(c.name)}`).join(', ')})::varchar`
