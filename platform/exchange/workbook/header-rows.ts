/** The first rows of a sheet as texts; blank cells are ''. */
export interface HeadRow {
  row: number
  cells: string[]
}

/** Rows and columns from 0 (columns) and 1 (rows), ends included. */
export interface MergedRange {
  top: number
  left: number
  bottom: number
  right: number
}

export interface HeaderLayout {
  /** One name a column, parts from above to below joined by `/`, a unit behind in brackets; '' where nothing stands. */
  names: string[]
  /** First and last row of the header; the data begin below `last`. */
  first: number
  last: number
  /** Rows above that were taken for titles and notes. */
  titles: number[]
  /** Row of units and row of column numbers, if there are such. */
  units: number | null
  numbers: number | null
}

const deepest = 5
/** 单位：亩 or (亩): a unit that says that it is one. */
const saysUnit = /^[（([]?\s*(?:单位|unit)\s*[:：]\s*(.+?)\s*[)）\]]?$|^[（([]\s*(.{1,8}?)\s*[)）\]]$/i
const note = /^.{1,12}[:：]/s

/** `A1:C2` as numbers; null where it is none. */
export function mergedRange(reference: string): MergedRange | null {
  const match = /^([A-Z]+)(\d+):([A-Z]+)(\d+)$/.exec(reference)
  if (!match) return null
  const column = (letters: string) => [...letters].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0) - 1
  return { left: column(match[1]!), top: Number(match[2]), right: column(match[3]!), bottom: Number(match[4]) }
}

/** Is one plain row of names all there is, so that merged cells need not be looked up? */
export function plainHeader(rows: readonly HeadRow[]): boolean {
  const first = rows[0]
  return (
    first === undefined ||
    (filled(first) >= 2 && first.cells.slice(0, width(rows)).every((c) => c !== '') && first.cells.length >= width(rows))
  )
}

/**
 * Finds the header among the first rows: titles and notes above it, two or more rows of names with merged cells, a row of units (单位：亩),
 * a row of column numbers (栏次). Null where no row has anything.
 * @param isUnit says whether a bare word (亩, 元) is a unit
 */
export function headerLayout(
  rows: readonly HeadRow[],
  merged: readonly MergedRange[],
  isUnit: (word: string) => boolean,
): HeaderLayout | null {
  const start = firstOfHeader(rows, merged)
  const head = rows[start]
  if (!head) return null
  const titles = rows.slice(0, start).map((r) => r.row)
  const last = lastOfHeader(rows, start, merged)
  const block = rows.slice(start).filter((r) => r.row <= last)
  const columns = Math.max(...block.map((r) => r.cells.length))
  const paths = Array.from({ length: columns }, (_, c) => path(block, merged, c))
  let next = rows[start + block.length]
  let end = last
  let units: number | null = null
  let numbers: number | null = null
  const names = paths.map((parts) => parts.join('/'))
  for (let more = 0; more < 2 && next; more++) {
    const found = units === null ? unitsOf(next, isUnit) : null
    if (found) {
      units = next.row
      for (const [c, unit] of found) if (names[c]) names[c] += `（${unit}）`
    } else if (numbers === null && countsColumns(next)) numbers = next.row
    else break
    end = next.row
    next = rows[start + block.length + more + 1]
  }
  while (names.length > 1 && names.at(-1) === '') names.pop()
  return { names, first: head.row, last: end, titles, units, numbers }
}

const filled = (row: HeadRow): number => row.cells.filter((c) => c !== '').length
const width = (rows: readonly HeadRow[]): number => Math.max(0, ...rows.slice(0, 10).map((r) => r.cells.length))

/** Titles have one text; notes (填报单位：…) name and value with a colon, and fewer of them than there are columns. */
function firstOfHeader(rows: readonly HeadRow[], merged: readonly MergedRange[]): number {
  const widest = Math.max(0, ...rows.slice(0, 20).map(filled))
  if (widest < 2) return 0
  for (let i = 0; i < Math.min(rows.length, 20); i++) {
    const row = rows[i]!
    const texts = row.cells.filter((c) => c !== '')
    if (texts.length < 2) continue
    const spans = merged.some((m) => m.top <= row.row && row.row <= m.bottom && m.bottom > m.top)
    if (!spans && texts.some((t) => note.test(t)) && texts.length * 2 <= widest) continue
    return i
  }
  return 0
}

/** As far down as merged cells reach; without any, a second row counts where it fills just the gaps of the first. */
function lastOfHeader(rows: readonly HeadRow[], start: number, merged: readonly MergedRange[]): number {
  const first = rows[start]!.row
  let last = first
  for (let row = first; row <= last && row < first + deepest; row++) {
    for (const m of merged) {
      if (m.top > row || m.bottom < row || m.top < first) continue
      last = Math.max(last, m.bottom, m.right > m.left ? m.bottom + 1 : 0)
    }
  }
  last = Math.min(last, first + deepest - 1)
  const below = rows[start + 1]
  if (last === first && below?.row === first + 1 && fillsGaps(rows[start]!, below)) last = below.row
  return last
}

function fillsGaps(above: HeadRow, below: HeadRow): boolean {
  const columns = Math.max(above.cells.length, below.cells.length)
  let gaps = 0
  let alone = 0
  for (let c = 0; c < columns; c++) {
    const [a, b] = [above.cells[c] ?? '', below.cells[c] ?? '']
    if (/\d/.test(b)) return false
    if (a === '' && b === '') return false
    if (a === '') gaps++
    if (b === '') alone++
  }
  return gaps > 0 && alone > 0
}

/** The texts above one column, each once. Where nothing is merged, a text holds for the gaps to its right that the row below fills. */
function path(block: readonly HeadRow[], merged: readonly MergedRange[], column: number): string[] {
  const parts: string[] = []
  block.forEach((row, i) => {
    const range = merged.find((m) => m.top <= row.row && row.row <= m.bottom && m.left <= column && column <= m.right)
    const top = range && block.find((r) => r.row === range.top)
    let text = (range ? top?.cells[range.left] : row.cells[column]) ?? ''
    if (text === '' && !range && merged.length === 0 && i < block.length - 1 && (block[i + 1]!.cells[column] ?? '') !== '')
      for (let c = column; c >= 0 && text === ''; c--) text = row.cells[c] ?? ''
    const name = text.replace(/\s*[\r\n]+\s*/g, '').trim()
    if (name !== '' && parts.at(-1) !== name) parts.push(name)
  })
  return parts
}

/** A row that holds nothing but units: column and unit; null where it is none. */
function unitsOf(row: HeadRow, isUnit: (word: string) => boolean): [number, string][] | null {
  const found: [number, string][] = []
  for (const [c, text] of row.cells.entries()) {
    if (text === '' || /^[-—/]$/.test(text)) continue
    const said = saysUnit.exec(text)
    const word = (said?.[1] ?? said?.[2] ?? text).trim()
    if (!said && !isUnit(word)) return null
    if (/^\d+$/.test(word)) return null
    found.push([c, word])
  }
  return found.length ? found : null
}

/** 栏次: 1, 2, 3 ... under the names, or 甲 乙 1 2 3. */
function countsColumns(row: HeadRow): boolean {
  const texts = row.cells.filter((c) => c !== '').map((c) => c.replace(/^[（(]|[)）]$/g, ''))
  const numbers = texts.filter((t) => !/^(栏次|甲|乙|丙|丁|戊)$/.test(t))
  const counts = numbers.every((t, i) => t === String(i + 1))
  return counts && numbers.length >= (numbers.length < texts.length ? 2 : 4) && texts.length >= 4
}
