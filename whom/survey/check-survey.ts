import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, extname, join } from 'node:path'
import type { Duck } from '@fupin/platform/database/duckdb.ts'
import { csvRows } from '@fupin/platform/exchange/csv-rows.ts'
import { markWorkbook } from '@fupin/platform/exchange/mark-workbook.ts'
import { openReading } from '@fupin/platform/exchange/open-table.ts'
import { workbookSheets } from '@fupin/platform/exchange/open-workbook.ts'
import { distinctNames, removeFiles } from '@fupin/platform/exchange/table.ts'
import type { SheetMarks } from '@fupin/platform/exchange/workbook/mark-sheet.ts'
import { writeSheets } from '@fupin/platform/exchange/write-sheets.ts'
import type { Finding } from '@fupin/platform/problems/finding.ts'
import { findingRows } from '@fupin/platform/problems/finding-table.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import type { Dictionary } from '@fupin/rulebook/engine/dictionary.ts'
import { reasonColumn } from './column-plan.ts'
import { mappingOf, readSurvey, rootEntity, type SurveyRead } from './read-survey.ts'
import { findMapping, findSurveyFiles, type PartFile } from './survey-files.ts'
import { unitNamed } from './units.ts'

export interface SurveyChecked {
  read: SurveyRead
  /** Rows that have a mark. */
  rows: number
  /** Findings about whole files: they stand in no cell. */
  elsewhere: Finding[]
}

const sheetOf: Record<string, string> = { households: '农户', members: '家庭成员' }

/**
 * Reads a survey and writes its workbook again with what was found: red cells count for nothing until they are repaired, yellow ones count but somebody
 * should look; the reasons stand in the column 检查结果. All else is as it was. A survey of CSV or Parquet files comes back as one workbook.
 * @param options.language of the reasons
 * @throws Problem where the survey cannot be read, or stands in several workbooks.
 */
export async function checkSurvey(
  duck: Duck,
  options: { survey: string; dictionary: Dictionary; out: string; mapping?: string | undefined; language: 'zh' | 'en' },
): Promise<SurveyChecked> {
  const { survey, dictionary, out, language } = options
  const mapping = await mappingOf(duck, options.mapping ?? (await findMapping(survey)))
  const { parts } = await findSurveyFiles(survey, rootEntity(dictionary), dictionary, mapping)
  const books = new Set([...parts.values()].map((p) => p.path).filter((path) => extname(path).toLowerCase() === '.xlsx'))
  const files = new Set([...parts.values()].map((p) => p.path))
  if (books.size > 1 || (books.size === 1 && files.size > 1))
    throw new Problem('call.survey', {
      zh: '一次只检查一个工作簿，这份调查分在几个文件里。请把各表放进一个工作簿，或都用 CSV。',
      en: 'One workbook is checked at a time; this survey stands in several files. Put its tables into one workbook, or use CSV for all.',
    })
  const read = await readSurvey(duck, { survey, dictionary, mapping })
  const findings = await findingRows(duck)
  const folder = await mkdtemp(join(tmpdir(), 'fupin-check-'))
  try {
    const [book] = books
    const named = book ? null : await asWorkbook(duck, parts, join(folder, 'book.xlsx'))
    const path = book ?? join(folder, 'book.xlsx')
    const placed = named ? findings.map((f) => ({ ...f, sheet: named.get(f.file) ?? f.sheet })) : findings
    const marks = await marksOf(path, placed, dictionary, language)
    await markWorkbook(path, out, marks)
    const sheets = new Set(marks.keys())
    return {
      read,
      rows: [...marks.values()].reduce((n, m) => n + m.rows.size, 0),
      elsewhere: placed.filter((f) => f.row === null || f.sheet === null || !sheets.has(f.sheet)),
    }
  } finally {
    await removeFiles([folder])
  }
}

/** Files that are no workbook as sheets of one, row by row as they stand. Gives the sheet of each file. */
async function asWorkbook(duck: Duck, parts: ReadonlyMap<string, PartFile>, path: string): Promise<Map<string, string>> {
  const named = new Map<string, { path: string; sheet: string }>()
  for (const [part, file] of parts)
    if (!named.has(basename(file.path))) named.set(basename(file.path), { path: file.path, sheet: sheetOf[part] ?? part })
  const sheets = await Promise.all(
    [...named.values()].map(async ({ path: file, sheet }) => ({ name: sheet, columns: [], rows: await rowsOf(duck, file) })),
  )
  await writeSheets(path, sheets)
  return new Map([...named].map(([file, { sheet }]) => [file, sheet]))
}

async function rowsOf(duck: Duck, file: string): Promise<AsyncIterable<readonly string[]>> {
  if (extname(file).toLowerCase() === '.csv') return csvRows(file)
  const { reading, findings } = await openReading(duck, file)
  if (!reading) throw new Problem(findings[0]!.code, findings[0]!)
  async function* rows(): AsyncGenerator<string[]> {
    const names = reading!.columns.map((c) => c.name)
    yield names
    const cells = names.map((name) => `"${name.replaceAll('"', '""')}"::varchar`)
    for await (const batch of duck.stream<{ r: string[] }>(`select [${cells.join(', ')}] as r from ${reading!.from}`))
      for (const { r } of batch) yield r.map((text) => text ?? '')
    await reading!.close()
  }
  return rows()
}

/** What is said about each sheet, cell by cell. */
async function marksOf(
  path: string,
  findings: readonly Finding[],
  dictionary: Dictionary,
  language: 'zh' | 'en',
): Promise<Map<string, SheetMarks>> {
  const units = dictionary.units ?? {}
  const marks = new Map<string, SheetMarks>()
  for (const { name, columns, first } of await workbookSheets(path, (word) => unitNamed(word, units) !== null)) {
    const here = findings.filter((f) => f.sheet === name && f.row !== null)
    const before = columns.indexOf(reasonColumn)
    if (columns.length === 0 || (here.length === 0 && before < 0)) continue
    const places = new Map(distinctNames(columns).map((column, i) => [column, i]))
    const beyond = here.some((f) => f.code === 'beyond_header') ? 20 : 0
    const sheet: SheetMarks = {
      headerRow: first,
      column: before >= 0 ? before : columns.length + beyond,
      title: reasonColumn,
      rows: new Map(),
      again: before >= 0,
    }
    for (const f of here) {
      const row = sheet.rows.get(f.row!) ?? { cells: new Map(), text: '' }
      sheet.rows.set(f.row!, row)
      const column = f.column === null ? undefined : places.get(f.column)
      if (column !== undefined && row.cells.get(column) !== 'error') row.cells.set(column, f.severity)
      row.text += `${row.text ? '\n' : ''}${f.column === null ? '' : `${f.column}${language === 'zh' ? '：' : ': '}`}${f[language]}`
    }
    marks.set(name, sheet)
  }
  return marks
}
