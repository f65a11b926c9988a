import { type Duck, quoteName } from '../../database/duckdb.ts'

/** A finished row of sheet XML as SQL: DuckDB writes the cells on all its threads, Node only packs them. */
export function rowXmlSql(sql: string, columns: readonly { name: string; type: string }[], firstRow: number): string {
  const cells = columns.map(({ name, type }, i) => cellSql(quoteName(name), type, columnLetters(i)))
  return `select concat('<row r="', r, '">', ${cells.join(', ')}, '</row>') from (select rowid_ + ${firstRow} as r, * exclude (rowid_) from (select row_number() over () - 1 as rowid_, * from (${sql})))`
}

/** Text stays text (ID numbers, codes, and what begins with = + - @); numbers, days and yes/no are values; unknown is an empty cell. */
function cellSql(value: string, type: string, letters: string): string {
  const at = `'<c r="${letters}', r, '"`
  if (/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL.*|DOUBLE|FLOAT)$/.test(type)) {
    // Beyond 15 digits a spreadsheet would cut the number: it goes as text.
    return `case when ${value} is null then '' when abs(${value}) < 1000000000000000 then concat(${at}><v>', ${value}, '</v></c>') else concat(${at} s="1" t="inlineStr"><is><t>', ${value}, '</t></is></c>') end`
  }
  if (type === 'BOOLEAN') return `case when ${value} is null then '' else concat(${at} t="b"><v>', ${value}::int, '</v></c>') end`
  if (type === 'DATE')
    return `case when ${value} is null then '' else concat(${at} s="2"><v>', ${value} - date '1899-12-30', '</v></c>') end`
  return `case when ${value} is null then '' else concat(${at} s="1" t="inlineStr"><is><t xml:space="preserve">', ${escapedSql(`${value}::varchar`)}, '</t></is></c>') end`
}

/** Control characters that XML forbids go; `& < >` are written as entities; a cell holds 32,767 characters at most. Most texts need none of it. */
function escapedSql(value: string): string {
  const clean = `regexp_replace(left(${value}, 32767), '[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]', '', 'g')`
  const escaped = `replace(replace(replace(${clean}, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')`
  return `case when regexp_matches(${value}, '[&<>\\x00-\\x1f]') or strlen(${value}) > 32767 then ${escaped} else ${value} end`
}

/** `A`, `Z`, `AA` of 0, 25, 26. */
export function columnLetters(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : columnLetters(Math.floor(index / 26) - 1) + columnLetters(index % 26)
}

export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** The sheet as pieces of about a megabyte: note row (if any), bold header, rows; the rows above the data stay in sight. */
export async function* sheetPieces(
  duck: Duck,
  sql: string,
  columns: readonly { name: string; type: string }[],
  note: string | null,
): AsyncGenerator<string> {
  const headerRow = note === null ? 1 : 2
  const text = (row: number, i: number, value: string) =>
    `<c r="${columnLetters(i)}${row}" s="3" t="inlineStr"><is><t xml:space="preserve">${escapeXml(value)}</t></is></c>`
  const cols = columns.map(({ name, type }, i) => `<col min="${i + 1}" max="${i + 1}" width="${columnWidth(name, type)}" customWidth="1"/>`)
  yield [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0">',
    `<pane ySplit="${headerRow}" topLeftCell="A${headerRow + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${cols.join('')}</cols><sheetData>`,
    note === null ? '' : `<row r="1">${text(1, 0, note)}</row>`,
    `<row r="${headerRow}">${columns.map(({ name }, i) => text(headerRow, i, name)).join('')}</row>`,
  ].join('')
  let pending: string[] = []
  let length = 0
  for await (const batch of duck.texts(rowXmlSql(sql, columns, headerRow + 1))) {
    pending.push(...batch)
    length += batch.length * (batch[0]?.length ?? 0)
    if (length > 1_000_000) {
      yield pending.join('')
      pending = []
      length = 0
    }
  }
  yield `${pending.join('')}</sheetData></worksheet>`
}

function columnWidth(name: string, type: string): number {
  const header = [...name].reduce((sum, c) => sum + (c.charCodeAt(0) > 255 ? 2 : 1), 2)
  return Math.min(40, Math.max(header, type === 'VARCHAR' ? 20 : 12))
}
