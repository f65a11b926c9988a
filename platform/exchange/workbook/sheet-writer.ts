import { open } from 'node:fs/promises'
import { type Duck, quoteName, quoteText } from '../../database/duckdb.ts'
import { type CellKind, CellWriter } from './cell-writer.ts'

type Column = { name: string; type: string }

/** `A`, `Z`, `AA` of 0, 25, 26. */
export function columnLetters(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : columnLetters(Math.floor(index / 26) - 1) + columnLetters(index % 26)
}

export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/**
 * The sheet as pieces of about a megabyte: note row (if any), bold header, rows; the rows above the data stay in sight.
 * DuckDB writes the rows on all its threads into a file of its own at `copy`; from there they become XML byte by byte.
 */
export async function* sheetPieces(
  duck: Duck,
  sql: string,
  columns: readonly Column[],
  note: string | null,
  copy: string,
): AsyncGenerator<Buffer> {
  const kinds = columns.map(({ type }) => kindOf(type))
  const cells = columns.map(({ name }, i) => cellSql(quoteName(name), kinds[i]!))
  await duck.run(
    `copy (select ${cells.join(', ')} from (${sql})) to ${quoteText(copy)} (format csv, header false, delimiter ',', quote '"', escape '"')`,
  )
  yield Buffer.from(sheetHead(columns, note))
  const writer = new CellWriter(
    kinds,
    columns.map((_, i) => columnLetters(i)),
    (note === null ? 1 : 2) + 1,
  )
  const file = await open(copy)
  try {
    let rest = 0
    let input = Buffer.allocUnsafe(1 << 18)
    for (;;) {
      const { bytesRead } = await file.read(input, rest, input.length - rest)
      const end = rest + bytesRead
      const done = writer.take(input, end, bytesRead === 0)
      for (const piece of writer.full()) yield piece
      if (bytesRead === 0) break
      // A row longer than the piece: read on in a larger one.
      const larger: Buffer = done === 0 && end === input.length ? Buffer.allocUnsafe(input.length * 2) : input
      input.copy(larger, 0, done, end)
      input = larger as typeof input
      rest = end - done
    }
  } finally {
    await file.close()
  }
  for (const piece of writer.end()) yield piece
  yield Buffer.from('</sheetData></worksheet>')
}

function kindOf(type: string): CellKind {
  if (/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL.*|DOUBLE|FLOAT)$/.test(type)) return 'number'
  return type === 'BOOLEAN' ? 'bool' : type === 'DATE' ? 'day' : 'text'
}

/** Text stays text (ID numbers, codes, and what begins with = + - @); numbers, days and yes/no are values; unknown is an empty cell. */
function cellSql(value: string, kind: CellKind): string {
  if (kind === 'bool') return `${value}::int`
  return kind === 'day' ? `${value} - date '1899-12-30'` : value
}

function sheetHead(columns: readonly Column[], note: string | null): string {
  const headerRow = note === null ? 1 : 2
  const text = (row: number, i: number, value: string) =>
    `<c r="${columnLetters(i)}${row}" s="3" t="inlineStr"><is><t xml:space="preserve">${escapeXml(value)}</t></is></c>`
  const cols = columns.map(({ name, type }, i) => `<col min="${i + 1}" max="${i + 1}" width="${columnWidth(name, type)}" customWidth="1"/>`)
  return [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0">',
    `<pane ySplit="${headerRow}" topLeftCell="A${headerRow + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${cols.join('')}</cols><sheetData>`,
    note === null ? '' : `<row r="1">${text(1, 0, note)}</row>`,
    `<row r="${headerRow}">${columns.map(({ name }, i) => text(headerRow, i, name)).join('')}</row>`,
  ].join('')
}

function columnWidth(name: string, type: string): number {
  const header = [...name].reduce((sum, c) => sum + (c.charCodeAt(0) > 255 ? 2 : 1), 2)
  return Math.min(40, Math.max(header, type === 'VARCHAR' ? 20 : 12))
}
