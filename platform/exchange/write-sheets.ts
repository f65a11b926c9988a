import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { columnLetters, escapeXml } from './workbook/sheet-writer.ts'
import { workbookParts } from './workbook/workbook-parts.ts'
import { ZipWriter } from './workbook/zip-writer.ts'

/** What a column takes: its width in characters, how its cells are formatted, what may be entered, and a note that shows when a cell is entered. */
export interface PlannedColumn {
  width: number
  format: 'general' | 'text' | 'day'
  entry?: CellEntry
  note?: { title: string; text: string }
}

/** What a spreadsheet lets a person enter. Words of a list stand in the file, or in a range of another sheet (`选项!$A$2:$A$40`). */
export type CellEntry =
  | { kind: 'list'; words: readonly string[] }
  | { kind: 'range'; range: string }
  | { kind: 'number'; whole: boolean; least: number; most: number }
  | { kind: 'days'; first: string; last: string }

export interface PlannedSheet {
  name: string
  hidden?: boolean
  columns: PlannedColumn[]
  /** Rows of texts; the first is the header and stays in sight. */
  rows: AsyncIterable<readonly string[]> | Iterable<readonly string[]>
}

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
/** Drop-down lists and checks reach so far down: more rows than one person enters, few enough for every program. */
const lastRow = 3_000
/** What a spreadsheet takes in a note and its title, in characters. */
const [longestNote, longestTitle] = [250, 30]
const styles = { general: 0, text: 1, day: 2 }
const bold = 3

/** Writes a workbook of several sheets with drop-down lists, notes and formats. It appears whole or not at all. */
export async function writeSheets(path: string, sheets: readonly PlannedSheet[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const unfinished = `${path}.unfinished`
  const out = createWriteStream(unfinished)
  const failed = once(out, 'error').then(([error]) => Promise.reject(error))
  failed.catch(() => {})
  const work = async () => {
    const zip = new ZipWriter(out)
    const parts = workbookParts(...sheets.map(({ name, hidden = false }) => ({ name, hidden })))
    for (const [part, text] of Object.entries(parts)) await zip.entry(part, [text])
    for (const [i, sheet] of sheets.entries()) await zip.entry(`xl/worksheets/sheet${i + 1}.xml`, pieces(sheet))
    await zip.end()
    out.end()
    await once(out, 'close')
  }
  try {
    await Promise.race([work(), failed])
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}

async function* pieces({ columns, rows }: PlannedSheet): AsyncGenerator<string> {
  const cols = columns.map(
    ({ width, format }, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" style="${styles[format]}" customWidth="1"/>`,
  )
  yield `${head}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>${cols.length ? `<cols>${cols.join('')}</cols>` : ''}<sheetData>`
  let row = 0
  let pending = ''
  for await (const texts of rows) {
    row++
    pending += `<row r="${row}">${texts.map((text, i) => cell(text, i, row, columns[i])).join('')}</row>`
    if (pending.length > 500_000) {
      yield pending
      pending = ''
    }
  }
  const checks = columns.flatMap((column, i) => validation(column, `${columnLetters(i)}2:${columnLetters(i)}${lastRow}`) ?? [])
  yield `${pending}</sheetData>${checks.length ? `<dataValidations count="${checks.length}">${checks.join('')}</dataValidations>` : ''}</worksheet>`
}

/** Texts stay texts: no cell becomes a formula or loses its zeros. */
function cell(text: string, column: number, row: number, planned: PlannedColumn | undefined): string {
  if (text === '') return ''
  const style = row === 1 ? bold : planned?.format === 'general' ? 0 : 1
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML forbids them, and a file may hold them.
  const clean = escapeXml(text.slice(0, 32_767).replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, ''))
  return `<c r="${columnLetters(column)}${row}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${clean}</t></is></c>`
}

function validation({ entry, note }: PlannedColumn, cells: string): string | null {
  if (!entry && !note) return null
  const said = note
    ? ` showInputMessage="1" promptTitle="${escapeXml(note.title.slice(0, longestTitle))}" prompt="${escapeXml(note.text.slice(0, longestNote))}"`
    : ''
  const open = `<dataValidation allowBlank="1" showErrorMessage="1" sqref="${cells}"${said}`
  switch (entry?.kind) {
    case undefined:
      return `${open}/>`
    case 'list':
      return `${open} type="list"><formula1>"${escapeXml(entry.words.join(','))}"</formula1></dataValidation>`
    case 'range':
      return `${open} type="list"><formula1>${escapeXml(entry.range)}</formula1></dataValidation>`
    case 'number':
      return `${open} type="${entry.whole ? 'whole' : 'decimal'}" errorStyle="warning" operator="between"><formula1>${entry.least}</formula1><formula2>${entry.most}</formula2></dataValidation>`
    case 'days':
      return `${open} type="date" errorStyle="warning" operator="between"><formula1>${serial(entry.first)}</formula1><formula2>${serial(entry.last)}</formula2></dataValidation>`
  }
}

/** The day number of a spreadsheet. */
const serial = (day: string): number => Math.round((Date.parse(`${day}T00:00:00Z`) - Date.UTC(1899, 11, 30)) / 86_400_000)
