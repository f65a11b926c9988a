import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import { type OpenedTable, openTable } from '@fupin/platform/exchange/open-table.ts'
import { type Finding, finding } from '@fupin/platform/problems/finding.ts'
import { addFindings, createFindingTable } from '@fupin/platform/problems/finding-table.ts'
import type { Dictionary } from '@fupin/rulebook/engine/dictionary.ts'
import { createCellMacros } from '@fupin/whom/survey/cell-sql.ts'
import { createIdMacros } from '@fupin/whom/survey/id-number-sql.ts'
import { emptyTable } from '@fupin/whom/survey/read-survey.ts'
import type { DepartmentForm, Receipt } from './department-form.ts'
import { type Manifest, type Refusal, readManifest } from './manifest.ts'
import { matchRecords, preparePeople } from './match-records.ts'
import { strayFiles } from './stray-files.ts'
import { planRecords, typeRecords } from './type-records.ts'

export interface CompareOptions {
  /** Folder with `<file>.manifest.json` and the data files; null: no department delivered anything. */
  dir: string | null
  forms: readonly DepartmentForm[]
  dictionary: Dictionary
  /**
   * A member without a usable number cannot be compared. `ignored` (default): the member has no records as far as anybody knows, and the receipt counts it.
   * `unknown`: the household gets a record of unknown facts in each list, so that "has none" is never concluded from a missing number.
   */
  membersWithoutNumber?: 'ignored' | 'unknown'
}

/**
 * Compares the members of a survey (`readSurvey`) with departments' files by exact 18-digit number. Fills the record tables, the `<list>_known` flags
 * and the table `hit`; gives a receipt for every form. A file that is absent or refused leaves its list unknown for all households.
 */
export async function compareDepartments(duck: Duck, options: CompareOptions): Promise<Receipt[]> {
  await createFindingTable(duck)
  await createCellMacros(duck)
  await createIdMacros(duck)
  await duck.run(`create or replace table hit (list varchar, household bigint, member_no integer, department varchar, entity varchar, source_file varchar,
    source_row bigint, as_of integer, state varchar, reason_zh varchar, reason_en varchar, record varchar)`)
  if (options.forms.length === 0) return []
  if (options.dir !== null) await addFindings(duck, await strayFiles(options.dir, options.forms))
  const withoutNumber = await preparePeople(duck)
  const order = await largestFirst(options.dir, options.forms)
  const done = await sideBySide(duck, order, (own, form) => compareOne(own, form, options, withoutNumber))
  const receipts = options.forms.map((form) => done[order.indexOf(form)]!)
  const known = options.forms.map((form, i) => `${quoteName(`${form.list}_known`)} = ${receipts[i]!.state === 'compared'}`)
  await duck.run(`update household set ${known.join(', ')}; drop table if exists _people`)
  return receipts
}

/** The forms by the size of their files, so that the longest work begins first and the lanes end together. */
async function largestFirst(dir: string | null, forms: readonly DepartmentForm[]): Promise<DepartmentForm[]> {
  if (dir === null) return [...forms]
  const names = await readdir(dir).catch(() => [] as string[])
  const sized = forms.map(async (form) => {
    const own = names.filter((name) => name.startsWith(`${form.file}.`))
    const sizes = await Promise.all(own.map(async (name) => (await stat(join(dir, name))).size))
    return { form, size: sizes.reduce((sum, size) => sum + size, 0) }
  })
  return (await Promise.all(sized)).sort((a, b) => b.size - a.size).map(({ form }) => form)
}

/** How many files are compared at once. */
const lanes = 2

/** Works through the forms on connections of their own; the receipts keep the order of the forms. */
async function sideBySide<T>(
  duck: Duck,
  forms: readonly DepartmentForm[],
  work: (own: Duck, form: DepartmentForm) => Promise<T>,
): Promise<T[]> {
  const done: T[] = new Array(forms.length)
  let next = 0
  const lane = async (): Promise<void> => {
    const own = await duck.connect()
    try {
      for (let i = next++; i < forms.length; i = next++) done[i] = await work(own, forms[i]!)
    } finally {
      own.close()
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return done
}

async function compareOne(duck: Duck, form: DepartmentForm, options: CompareOptions, withoutNumber: number): Promise<Receipt> {
  const entity = options.dictionary.entities[form.entity]!
  const receipt: Receipt = {
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
    withoutNumber,
    problem: null,
  }
  await emptyTable(duck, entity)
  const read =
    options.dir === null ? { absent: true as const } : await readManifest(join(options.dir, `${form.file}.manifest.json`), form.department)
  if ('absent' in read) return receipt
  if ('refused' in read) return refused(duck, receipt, read.refused)
  const { manifest } = read
  const { table, findings } = await openTable(duck, manifest.path, { name: `department_${form.file}` })
  const about = { ...receipt, asOf: manifest.asOf, sha256: manifest.sha256 }
  const refusal = await whyNot(duck, table, findings, manifest)
  if (refusal) return refused(duck, about, refusal)
  return taken(duck, form, options, about, table!, manifest)
}

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

async function taken(
  duck: Duck,
  form: DepartmentForm,
  options: CompareOptions,
  receipt: Receipt,
  table: OpenedTable,
  manifest: Manifest,
): Promise<Receipt> {
  try {
    const plan = planRecords(form, table, options.dictionary)
    await addFindings(duck, plan.findings)
    if (!plan.sources.some((s) => s.field.name === '_id_number')) {
      const [zh, en] = [
        '文件没有收下：没有证件号码这一列。请部门核对后重交。',
        'File not taken: it has no column of ID numbers. Ask the department to check and send it again.',
      ]
      return await refused(duck, receipt, { code: 'no_id_column', file: table.file, value: null, zh, en })
    }
    const goodRows = await typeRecords(duck, form, table, plan.sources, options.dictionary)
    const counts = await matchRecords(duck, form, table, manifest.asOf, options.dictionary, options.membersWithoutNumber === 'unknown')
    return { ...receipt, ...counts, state: 'compared', file: table.file, rows: manifest.rows, goodRows }
  } finally {
    await duck.run(`drop table if exists ${quoteName(table.name)}; drop table if exists ${quoteName(`_record_${form.file}`)}`)
  }
}

async function refused(duck: Duck, receipt: Receipt, { code, file, value, zh, en }: Refusal): Promise<Receipt> {
  await addFindings(duck, [finding({ file, code, value, zh, en })])
  await duck.run(`delete from hit where list = ${quoteText(receipt.list)}`)
  return { ...receipt, state: 'refused', file, problem: { zh, en } }
}
