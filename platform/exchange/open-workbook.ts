import { mkdtemp, open as openFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type Duck, quoteText } from '../database/duckdb.ts'
import { type Finding, finding } from '../problems/finding.ts'
import { Problem } from '../problems/problem.ts'
import { emptyFile, repeatedColumns } from './open-csv.ts'
import { distinctNames, type Opening, removeFiles } from './table.ts'
import type { HeaderLayout, HeadRow } from './workbook/header-rows.ts'
import { SharedTexts } from './workbook/shared-texts.ts'
import { readSheetDirectory, type SheetEntry } from './workbook/sheet-directory.ts'
import { findHeader, spoolSheet } from './workbook/sheet-passes.ts'
import type { ScanContext } from './workbook/sheet-scan.ts'
import { headerRead, otherSheets, sheetsTogether, wrongSheet } from './workbook/workbook-findings.ts'
import { type Archive, openArchive } from './workbook/zip-reader.ts'

export interface WorkbookOptions {
  /** The sheet to read; without it the first one in which something stands. */
  sheet?: string | undefined
  /** These sheets as one table: those whose header equals that of the first. */
  sheets?: readonly string[] | undefined
  /** Without `sheet` and `sheets`: reads all sheets whose header equals that of the first one as one table. */
  together?: boolean | undefined
  /** Says whether a bare word is a unit, so that a row of units below the header is known. */
  isUnit?: ((word: string) => boolean) | undefined
}

/** A sheet and the header that was found in it. */
interface Found {
  sheet: SheetEntry
  layout: HeaderLayout
  head: HeadRow[]
}

/** Opens sheets of an .xlsx workbook; cells come as text, days as `yyyy-mm-dd`. Memory does not grow with the file. */
export async function openWorkbook(_duck: Duck, path: string, options: WorkbookOptions = {}): Promise<Opening> {
  const file = basename(path)
  const folder = await mkdtemp(join(tmpdir(), 'fupin-xlsx-'))
  try {
    const opening = await inWorkbook(path, folder, (archive, context, sheets) => read(archive, context, sheets, file, folder, options))
    if (!opening.reading) await removeFiles([folder])
    return opening
  } catch (error) {
    await removeFiles([folder])
    return { reading: null, findings: [await notAWorkbook(path, file, error)] }
  }
}

/** What stands in a workbook: its sheets in order, hidden ones too, with the names in their headers and the row where these begin; none where it cannot be opened. */
export async function workbookSheets(
  path: string,
  isUnit?: (word: string) => boolean,
): Promise<{ name: string; columns: string[]; first: number }[]> {
  const folder = await mkdtemp(join(tmpdir(), 'fupin-xlsx-'))
  try {
    return await inWorkbook(path, folder, async (archive, context, sheets) => {
      const found: { name: string; columns: string[]; first: number }[] = []
      for (const { name, part } of sheets) {
        const { layout } = await findHeader(archive, part, context, isUnit ?? (() => false))
        found.push({ name, columns: layout?.names ?? [], first: layout?.first ?? 1 })
      }
      return found
    })
  } catch {
    return []
  } finally {
    await removeFiles([folder])
  }
}

async function inWorkbook<T>(
  path: string,
  folder: string,
  job: (archive: Archive, context: ScanContext, sheets: SheetEntry[]) => Promise<T>,
): Promise<T> {
  const archive = await openArchive(path)
  const texts = new SharedTexts(join(folder, 'texts'))
  try {
    const directory = await readSheetDirectory(archive)
    if (directory.texts) await texts.read(archive.stream(directory.texts))
    return await job(archive, { ...directory, texts }, directory.sheets)
  } finally {
    texts.close()
    archive.close()
  }
}

async function read(
  archive: Archive,
  context: ScanContext,
  sheets: SheetEntry[],
  file: string,
  folder: string,
  options: WorkbookOptions,
): Promise<Opening> {
  const wanted = options.sheets ?? (options.sheet === undefined ? undefined : [options.sheet])
  const missing = wanted?.find((name) => !sheets.some((s) => s.name === name))
  if (missing !== undefined || sheets.length === 0) {
    const names = sheets.map((s) => s.name)
    return { reading: null, findings: [wrongSheet(file, missing ?? '', names)] }
  }
  const candidates = wanted ? sheets.filter((s) => wanted.includes(s.name)) : sheets
  const found = await chooseSheets(archive, context, candidates, options)
  const first = found[0]
  if (!first) return { reading: null, findings: [emptyFile(file, candidates[0]!.name)] }
  const names = distinctNames(first.layout.names)
  const findings: Finding[] = []
  const copies: string[] = []
  let longest = 0
  for (const [number, { sheet, layout }] of found.entries()) {
    const at = { file, sheet: sheet.name }
    findings.push(...repeatedColumns(file, sheet.name, layout.names, layout.first))
    if (layout.last > layout.first || layout.titles.length > 1) findings.push(headerRead(at, layout, names))
    copies.push(join(folder, `sheet-${number}.csv`))
    const spooled = await spoolSheet(archive, { ...sheet, number }, context, layout, names, { file, copy: copies.at(-1)! })
    findings.push(...spooled.findings)
    longest = Math.max(longest, spooled.longest)
  }
  const read = found.map((f) => f.sheet.name)
  if (read.length > 1) findings.push(sheetsTogether(file, read))
  const left = wanted && !options.sheets ? [] : candidates.filter((s) => !read.includes(s.name)).map((s) => s.name)
  if (left.length) findings.push(otherSheets(file, read, left))
  return {
    findings,
    reading: {
      file,
      sheet: read.length === 1 ? read[0]! : null,
      ...(read.length > 1 ? { sheets: read } : {}),
      columns: names.map((name) => ({ name, type: 'VARCHAR' })),
      headerRow: first.layout.first,
      units: tableUnits(first),
      from: spoolSql(copies, names, longest),
      rowColumn: '_row',
      settle: async () => ({ findings: [], rowOf: (ordinal) => `((${ordinal}) + 2)` }),
      close: () => removeFiles([folder]),
    },
  }
}

/** The first sheet in which something stands; where several are wanted, those with the same header too. */
async function chooseSheets(archive: Archive, context: ScanContext, candidates: SheetEntry[], options: WorkbookOptions): Promise<Found[]> {
  const found: Found[] = []
  const several = options.sheets !== undefined || options.together === true
  for (const sheet of candidates) {
    if (found.length && !several) break
    const { layout, head } = await findHeader(archive, sheet.part, context, options.isUnit ?? (() => false))
    if (!layout) continue
    if (found.length === 0 || same(found[0]!.layout.names, layout.names)) found.push({ sheet, layout, head })
  }
  return found
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((name, i) => name === b[i])

/** 单位：亩、元 in a note above the header holds for the whole table. */
function tableUnits({ layout, head }: Found): string[] {
  return head
    .filter((r) => layout.titles.includes(r.row))
    .flatMap((r) => r.cells)
    .flatMap((text) => /(?:单位|unit)s?\s*[:：]\s*([^（(）)]+)/i.exec(text)?.[1]?.split(/[,，、;；\s]+/) ?? [])
    .filter((unit) => unit !== '')
}

function spoolSql(copies: readonly string[], names: readonly string[], longest: number): string {
  const types = ["'_row': 'BIGINT'", ...names.map((name) => `${quoteText(name)}: 'VARCHAR'`)].join(', ')
  const line = Math.max(2 ** 20, longest + 16)
  return `read_csv([${copies.map(quoteText).join(', ')}], auto_detect=false, header=false, delim=',', quote='"', escape='"', max_line_size=${line}, buffer_size=${4 * line}, columns={${types}})`
}

async function notAWorkbook(path: string, file: string, error: unknown): Promise<Finding> {
  if (error instanceof Problem) return finding({ file, code: error.code, zh: error.zh, en: error.en })
  const handle = await openFile(path)
  const head = (await handle.read(Buffer.alloc(4), 0, 4, 0)).buffer.toString('hex')
  await handle.close()
  if (head === 'd0cf11e0') {
    const zh = '工作簿有密码，或是旧的 .xls 格式，打不开。请去掉密码，另存为 .xlsx。'
    const en = 'The workbook has a password or is an old .xls. Remove the password and save as .xlsx.'
    return finding({ file, code: 'locked_workbook', zh, en })
  }
  const cut = head === '504b0304'
  return finding({
    file,
    code: 'damaged_workbook',
    zh: cut ? '工作簿不完整，或不是工作簿，打不开。请重新取一份。' : '这不是 .xlsx 工作簿。请另存为 .xlsx 或 CSV UTF-8。',
    en: cut ? 'The workbook is incomplete or none at all. Fetch it again.' : 'This is no .xlsx workbook. Save as .xlsx or CSV UTF-8.',
  })
}
