import type { Finding } from '../../problems/finding.ts'
import { rowStep } from '../table.ts'
import { type HeaderLayout, type HeadRow, headerLayout, type MergedRange, mergedRange, plainHeader } from './header-rows.ts'
import { RowSpool } from './row-spool.ts'
import { type Refusal, type ScanContext, SheetScan } from './sheet-scan.ts'
import { beyondHeader, manyEmptyRows, refusedCell, refusedMore } from './workbook-findings.ts'
import type { Archive } from './zip-reader.ts'

/** Rows looked at to find the header. */
const headRows = 40
/** So many cells that are not taken are told one by one; the others are counted. */
const toldCells = 100_000
/** Empty rows below this are nobody's concern. */
const fewEmptyRows = 1_000

/** The first pass over a sheet: its header; null where nothing stands in it. Merged cells stand behind the rows and are fetched only where they matter. */
export async function findHeader(
  archive: Archive,
  part: string,
  context: ScanContext,
  isUnit: (word: string) => boolean,
): Promise<{ layout: HeaderLayout | null; head: HeadRow[] }> {
  const head: HeadRow[] = []
  let cells: string[] = []
  const put = (column: number, text: string) => {
    while (cells.length <= column) cells.push('')
    cells[column] = text
  }
  const scan = new SheetScan(context, {
    begin() {
      cells = []
      return true
    },
    text: (_, column, bytes, from, to) => put(column, Buffer.from(bytes.subarray(from, to)).toString('utf8').trim()),
    refused: (_, column, __, value) => put(column, value),
    end(row) {
      if (cells.some((c) => c !== '')) head.push({ row, cells })
      return head.length < headRows
    },
  })
  for await (const chunk of archive.stream(part)) {
    scan.push(chunk)
    if (scan.stopped) break
  }
  scan.end()
  const merged = plainHeader(head) ? [] : await mergedCells(archive, part)
  return { layout: headerLayout(head, merged, isUnit), head }
}

/** Merged ranges of a sheet: they are listed behind its rows. */
async function mergedCells(archive: Archive, part: string): Promise<MergedRange[]> {
  const scan = new SheetScan(
    { texts: null, dateStyles: [], from1904: false },
    { begin: () => false, text() {}, refused() {}, end: () => true },
  )
  for await (const chunk of archive.stream(part)) scan.push(chunk)
  return scan.merged.flatMap((reference) => mergedRange(reference) ?? [])
}

/** The second pass: the rows below the header into a CSV of our own at `copy`, row numbers first. */
export async function spoolSheet(
  archive: Archive,
  sheet: { name: string; part: string; number: number },
  context: ScanContext,
  layout: HeaderLayout,
  names: readonly string[],
  at: { file: string; copy: string },
): Promise<{ findings: Finding[]; longest: number }> {
  const place = { file: at.file, sheet: sheet.name }
  const findings: Finding[] = []
  const more = new Map<string, { column: string; why: Refusal; count: number; last: number }>()
  let beyond = 0
  const spool = new RowSpool(at.copy, names.length, sheet.number * rowStep, (row, value) => {
    if (beyond !== row && findings.length < toldCells) findings.push(beyondHeader({ ...place, row, value }))
    beyond = row
  })
  const scan = new SheetScan(context, {
    begin(row) {
      if (row <= layout.last) return false
      spool.begin(row)
      return true
    },
    text: (row, column, bytes, from, to) => spool.text(row, column, bytes, from, to),
    refused(row, column, why, value) {
      spool.refused()
      const name = names[column]
      if (name === undefined) return
      if (findings.length < toldCells) return void findings.push(refusedCell({ ...place, row, column: name, value }, why))
      const seen = more.get(`${why}${column}`)
      if (seen) [seen.count, seen.last] = [seen.count + 1, row]
      else more.set(`${why}${column}`, { column: name, why, count: 1, last: row })
    },
    end() {
      spool.end()
      return true
    },
  })
  try {
    for await (const chunk of archive.stream(sheet.part)) scan.push(chunk)
    scan.end()
  } finally {
    spool.close()
  }
  for (const m of more.values()) findings.push(refusedMore(place, m))
  if (spool.emptyRows >= fewEmptyRows) findings.push(manyEmptyRows(place, spool.emptyRows, spool.rows))
  return { findings, longest: spool.longest }
}
