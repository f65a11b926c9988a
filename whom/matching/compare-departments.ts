import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import { addFindings, createFindingTable } from '@fupin/platform/problems/finding-table.ts'
import type { Dictionary } from '@fupin/rulebook/engine/dictionary.ts'
import { createCellMacros } from '@fupin/whom/survey/cell-sql.ts'
import { createIdMacros } from '@fupin/whom/survey/id-number-sql.ts'
import { emptyTable } from '@fupin/whom/survey/read-survey.ts'
import type { DepartmentForm, Receipt } from './department-form.ts'
import { matchRecords, preparePeople } from './match-records.ts'
import { receiveFile } from './receive-file.ts'
import { strayFiles } from './stray-files.ts'

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
  await emptyTable(duck, options.dictionary.entities[form.entity]!)
  const receipt = await receiveFile(duck, form, options.dir, options.dictionary, (table, manifest) =>
    matchRecords(duck, form, table, manifest.asOf, options.dictionary, options.membersWithoutNumber === 'unknown'),
  )
  if (receipt.state === 'refused') await duck.run(`delete from hit where list = ${quoteText(form.list)}`)
  return { ...receipt, withoutNumber }
}
