import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Book } from '../../../engine/book.ts'
import { printAmount } from '../../../engine/figures/amount.ts'
import { calculate } from '../../../engine/figures/calculate.ts'
import { round } from '../../../engine/figures/fraction.ts'
import { Ledger } from '../../../engine/figures/ledger.ts'
import type { Published, PublishedRow, PublishedTable } from '../../../engine/figures/published.ts'
import { runCheck } from '../../../engine/figures/run-checks.ts'
import { inUnit, readUnit } from '../../../engine/figures/units.ts'
import type { BookFinding } from '../../../engine/finding.ts'
import { openFigures } from '../../../shelf/open-figures.ts'

const page = join(resolve(process.env.FUPIN_SHARED ?? resolve(import.meta.dirname, '../../../../../shared')), 'catalogue/07-figures.md')
const here = existsSync(page)
if (!here) console.warn(`skipped: no ${page}; set FUPIN_SHARED to compare the published figures with the catalogue`)
const catalogue = here ? readFileSync(page, 'utf8') : ''

let book: Book
let published: Published
let findings: BookFinding[]
beforeAll(async () => {
  const opened = await openFigures(resolve(import.meta.dirname, '..'))
  book = opened.book
  published = opened.published
  findings = opened.findings
})

/** One table of the catalogue: its id, the numbers beside its title, and its rows. */
interface Printed {
  id: string
  said: string
  rows: string[][]
}

const cellsOf = (line: string): string[] => line.split('|').slice(1, -1).map((cell) => cell.trim())

/** Columns that name documents and entries of the catalogue hold no numbers of the sources. */
const silent = ['Source', 'Seed', 'Cited in', 'Depends on it', 'Entry', 'Who']

function tablesOf(text: string): Printed[] {
  return text.split(/^### /m).slice(1).map((part) => {
    const lines = part.split('\n## ')[0]!.split('\n').filter((line) => line.startsWith('|'))
    const [head, , ...rows] = lines.map(cellsOf)
    const wanted = (head ?? []).map((name) => !silent.includes(name))
    return { id: part.slice(0, 5), said: /\*\*Numbers:\*\* (.*)/.exec(part)?.[1] ?? '', rows: rows.map((row) => row.filter((_, i) => wanted[i])) }
  })
}

/** The numbers of a text, without the names of documents (000) and entries (M-070, F-005, AC-12). */
function numbersIn(text: string): string[] {
  const plain = text.replace(/(\d),(?=\d{3})/g, '$1').replace(/\b[A-Z]{1,2}-\d+\b/g, ' ').replace(/\b00[0-4]\b/g, ' ').replace(/m2\b/g, 'm²')
  return [...plain.matchAll(/\d+(?:\.\d+)?/g)].map((m) => String(Number(m[0])))
}

/** Every number that a row of the book carries: as printed, in base units, computed, and in its words. */
function carried(row: PublishedRow, ledger: Ledger): Set<string> {
  const texts = [row.title, row.note].flatMap((t) => (t ? [t.zh, t.en] : [])).concat(row.list ?? [])
  if (row.list) texts.push(String(row.list.length))
  if (row.year !== null) texts.push(String(row.year))
  for (const cell of row.cells) {
    texts.push(cell.title.zh, cell.title.en, cell.says?.zh ?? '', cell.says?.en ?? '', String(cell.year ?? ''), cell.base?.zh ?? '')
    if (cell.amount) texts.push(printAmount(ledger.units, cell.amount).zh)
    const figure = book.figures.find((f) => f.id === cell.figure)
    if (figure) texts.push(figure.value)
    if (!cell.calc) continue
    const { quantity } = calculate(cell.calc.expr, ledger)
    if (quantity.kind === 'number') texts.push(round(inUnit(quantity.value, readUnit(ledger.units, cell.calc.unit)!), cell.calc.decimals))
  }
  return new Set(texts.flatMap(numbersIn))
}

const carriedByTable = (table: PublishedTable, ledger: Ledger): Set<string> => new Set(table.rows.flatMap((row) => [...carried(row, ledger)]))

test('the published figures are whole: names, units, sources, verdicts', () => {
  expect(findings).toEqual([])
})

describe.skipIf(!here)('the tables of the catalogue', () => {
  const printed = tablesOf(catalogue.split('\n## B.')[0]!)

  test('stand in the book, all forty-four', () => {
    expect(printed.map((t) => t.id)).toHaveLength(44)
    expect(published.tables.map((t) => t.id)).toEqual(printed.map((t) => t.id))
  })

  test.for(printed)('$id carries every number of every row', ({ id, said, rows }) => {
    const table = published.tables.find((t) => t.id === id)!
    const ledger = new Ledger(published, book.figures)
    // Rows stand in the order of the catalogue; what the book adds comes after them.
    expect(table.rows.length).toBeGreaterThanOrEqual(rows.length)
    const lost = rows.flatMap((row, i) => {
      const has = carried(table.rows[i]!, ledger)
      const missing = numbersIn(row.join(' ; ')).filter((n) => !has.has(n))
      return missing.length ? [`${row.join(' | ')} lacks ${missing.join(', ')}`] : []
    })
    const has = carriedByTable(table, ledger)
    expect([...lost, ...numbersIn(said.replace(/\(.*rows.*\)/, '')).filter((n) => !has.has(n))]).toEqual([])
  })
})

/** Every number that some cell of the book holds or computes, in every unit it is told in; words do not count. */
function held(ledger: Ledger): Set<string> {
  const texts = published.tables.flatMap((table) =>
    table.rows.flatMap((row) => row.cells).flatMap((cell) => {
      const figure = book.figures.find((f) => f.id === cell.figure)?.value ?? ''
      const printed = cell.amount ? [cell.amount.low, cell.amount.high ?? ''] : []
      const computed = cell.calc && calculate(cell.calc.expr, ledger).quantity
      const unit = cell.calc && readUnit(ledger.units, cell.calc.unit)
      return [figure, ...printed, ...(computed?.kind === 'number' && unit ? [round(inUnit(computed.value, unit), cell.calc!.decimals)] : [])]
    }),
  )
  return new Set(texts.flatMap(numbersIn))
}

test.skipIf(!here)('no measured number stands only in words', () => {
  const has = held(new Ledger(published, book.figures))
  const lists = published.tables.filter((t) => t.kind === 'list').map((t) => t.id)
  const measured = (n: string): boolean => (n.includes('.') || Number(n) >= 100) && !/^(19|20)\d\d$/.test(n)
  const wanted = tablesOf(catalogue.split('\n## B.')[0]!).filter((t) => !lists.includes(t.id))
  const only = wanted.flatMap((t) => t.rows.flatMap((row) => numbersIn(row.join(' ; ')).filter((n) => measured(n) && !has.has(n)).map((n) => `${t.id} ${n}: ${row.join(' | ')}`)))
  // 4.52 million is told in 万 (452); 56.1 and the like of the catalogue's own arithmetic belong to the checks.
  expect(only.filter((line) => !line.startsWith('F-003 4.52:'))).toEqual([])
})

describe.skipIf(!here)('the checks of the catalogue', () => {
  const lines = catalogue.split('\n').filter((line) => /^\| AC-\d+ \|/.test(line)).map(cellsOf)

  test('stand in the book, with the same verdict', () => {
    const verdicts = published.checks.map((c) => [c.id, c.verdict])
    expect(lines).toHaveLength(105)
    expect(verdicts).toEqual(lines.map((cells) => [cells[0], cells[6]]))
  })

  test.for(lines)('%s comes to what it should', (cells) => {
    const check = published.checks.find((c) => c.id === cells[0])!
    const result = runCheck(check, new Ledger(published, book.figures))
    const said = [check.title.zh, check.title.en, check.note?.zh, check.note?.en, ...check.parts.map((p) => p.result)]
    const shown = result.parts.flatMap((p) => (p.value ? [0, 1, 2, 3].map((decimals) => round(p.value!, decimals).replace('-', '')) : []))
    const has = new Set([...said.filter((t) => t), ...shown, ...result.parts.flatMap((p) => (p.printed ? [p.printed.low] : []))].flatMap((t) => numbersIn(String(t))))
    const wanted = numbersIn(cells[4]!)
    expect(wanted.filter((n) => !has.has(n))).toEqual([])
  })
})

describe.skipIf(!here)('the contradictions of the catalogue', () => {
  const lines = catalogue.split('\n').filter((line) => /^\| K-\d+ \|/.test(line)).map(cellsOf)

  test('stand in the book with their entries', () => {
    expect(lines).toHaveLength(52)
    expect(published.contradictions.map((k) => k.id)).toEqual(lines.map((cells) => cells[0]))
    const spelt = (entries: string): string => entries.replace('P-040 to P-044', 'P-040, P-041, P-042, P-043, P-044')
    expect(published.contradictions.map((k) => [k.id, k.entries.join(', ')])).toEqual(lines.map((cells) => [cells[0], spelt(cells[4]!)]))
  })
})
