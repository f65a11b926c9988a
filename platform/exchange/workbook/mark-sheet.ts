import { StringDecoder } from 'node:string_decoder'
import { damagedInside } from './damage.ts'
import type { Mark, MarkStyles } from './mark-styles.ts'
import { columnLetters, escapeXml } from './sheet-writer.ts'

/** What is said about one row: marks of cells by column (from 0), and the reasons in words. */
export interface RowMarks {
  cells: Map<number, Mark>
  text: string
}

export interface SheetMarks {
  /** Row in which the header begins; the column of reasons is named there. */
  headerRow: number
  /** Column of the reasons, from 0, and its name. */
  column: number
  title: string
  rows: Map<number, RowMarks>
  /** Whether the column of reasons is there from an earlier check, so that old reasons go. */
  again: boolean
}

const longestRow = 16 * 2 ** 20

/** The XML of a sheet with marks and reasons; what is not marked goes through as it is. Memory holds a row, not the sheet. */
export async function* markedSheet(stream: AsyncIterable<Buffer>, marks: SheetMarks, styles: MarkStyles): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let row = 0
  let begun = false
  for await (const chunk of stream) {
    rest += decoder.write(chunk)
    let done = ''
    for (;;) {
      const start = rest.search(begun ? /<(?:\w+:)?row[\s/>]|<\/(?:\w+:)?sheetData/ : /<(?:\w+:)?sheetData[\s/>]/)
      if (start < 0) break
      if (!begun) {
        const end = rest.indexOf('>', start)
        if (end < 0) break
        done += withColumn(rest.slice(0, start), marks.column) + rest.slice(start, end + 1)
        rest = rest.slice(end + 1)
        begun = true
        continue
      }
      if (rest[start + 1] === '/') break
      const tag = rest.indexOf('>', start)
      if (tag < 0) break
      const close = rest[tag - 1] === '/' ? tag + 1 : endOfRow(rest, tag)
      if (close < 0) break
      const xml = rest.slice(start, close)
      const given = /\sr="(\d+)"/.exec(rest.slice(start, tag))
      row = given ? Number(given[1]) : row + 1
      const found = marks.rows.get(row)
      const touched = found || row === marks.headerRow || ((marks.again || styles.marked) && row > marks.headerRow)
      done += rest.slice(0, start) + (touched ? markedRow(xml, row, found, marks, styles) : xml)
      rest = rest.slice(close)
    }
    // Text that can hold no beginning of a row may go on.
    if (begun && !/<(?:\w+:)?row[\s/>]/.test(rest) && rest.length > 64) {
      const safe = rest.lastIndexOf('<')
      if (safe > 0) [done, rest] = [done + rest.slice(0, safe), rest.slice(safe)]
    }
    if (rest.length > longestRow) throw damagedInside()
    if (done) yield done
  }
  yield rest + decoder.end()
}

function endOfRow(text: string, from: number): number {
  const end = /<\/(?:\w+:)?row\s*>/g
  end.lastIndex = from
  const match = end.exec(text)
  return match ? match.index + match[0].length : -1
}

/** A width for the column of reasons where no other width is set for it. */
function withColumn(head: string, column: number): string {
  const number = column + 1
  const own = `<col min="${number}" max="${number}" width="60" customWidth="1"/>`
  const widths = [...head.matchAll(/<(?:\w+:)?col\s[^>]*?min="(\d+)"[^>]*?max="(\d+)"/g)]
  if (widths.some((w) => Number(w[2]) >= number)) return head
  if (widths.length > 0 && !/<\w+:cols/.test(head)) return head.replace('</cols>', `${own}</cols>`)
  return head
}

function markedRow(xml: string, row: number, found: RowMarks | undefined, marks: SheetMarks, styles: MarkStyles): string {
  const prefix = /^<(\w+:)?row/.exec(xml)?.[1] ?? ''
  const open = /^<[^>]*?(?=\/?>)/.exec(xml)![0].replace(/\sspans="[^"]*"/, '')
  const cells = new Map<number, string>()
  let column = -1
  for (const match of xml.matchAll(/<(?:\w+:)?c(?=[\s/>])[^>]*?(?:\/>|>[\s\S]*?<\/(?:\w+:)?c>)/g)) {
    const cell = match[0]
    const reference = /^<[^>]*?\sr="([A-Z]+)\d+"/.exec(cell)?.[1]
    column = reference ? [...reference].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0) - 1 : column + 1
    cells.set(
      column,
      restyled(cell, (s) => styles.unmarked(s)),
    )
  }
  for (const [at, mark] of found?.cells ?? []) {
    const cell = cells.get(at) ?? `<${prefix}c r="${columnLetters(at)}${row}"/>`
    cells.set(
      at,
      restyled(cell, (s) => styles.of(s, mark)),
    )
  }
  const text = row === marks.headerRow ? marks.title : (found?.text ?? '')
  if (text)
    cells.set(
      marks.column,
      `<${prefix}c r="${columnLetters(marks.column)}${row}" t="inlineStr"><${prefix}is><${prefix}t xml:space="preserve">${escapeXml(text.slice(0, 32_000))}</${prefix}t></${prefix}is></${prefix}c>`,
    )
  else if (marks.again) cells.delete(marks.column)
  const inOrder = [...cells].sort(([a], [b]) => a - b).map(([, cell]) => cell)
  return `${open}>${inOrder.join('')}</${prefix}row>`
}

function restyled(cell: string, style: (style: number) => number): string {
  const tag = /^<[^>]*?(?=\/?>)/.exec(cell)![0]
  const given = /\ss="(\d+)"/.exec(tag)
  const before = given ? Number(given[1]) : 0
  const after = style(before)
  if (after === before) return cell
  const changed = given ? tag.replace(given[0], ` s="${after}"`) : `${tag} s="${after}"`
  return changed + cell.slice(tag.length)
}
