import type { Book } from '../book.ts'
import { calculate, countsOf, FigureProblem } from '../figures/calculate.ts'
import { readFraction } from '../figures/fraction.ts'
import { Ledger, nameOf } from '../figures/ledger.ts'
import { type Contradiction, type FigureCheck, isPublished, type Published, type PublishedTable } from '../figures/published.ts'
import { runCheck } from '../figures/run-checks.ts'
import { readUnit, sameDimension, type Unit } from '../figures/units.ts'
import type { Findings, Place } from '../finding.ts'
import { readFigureCheck } from './read-figure-checks.ts'
import { readPublishedTable } from './read-published-tables.ts'
import { Reader } from './reader.ts'
import { readTree, type Tree } from './yaml-tree.ts'

/**
 * Reads the published tables, the checks of their arithmetic and the contradictions of a book, and computes all of it once: what cannot be
 * computed, mixes two counts, or comes out otherwise than the book says is a finding with its place.
 */
export function loadPublished(files: { path: string; text: string }[], book: Book, findings: Findings): Published {
  const reader = new Reader(findings)
  const published: Published = { units: [], tables: [], checks: [], contradictions: [] }
  const trees = files
    .filter((file) => isPublished(file.path))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .flatMap((file) => [...all(readTree(file.path, file.text, findings))].map((tree) => ({ path: file.path, tree })))
  const under = (start: string): Tree[] => trees.filter((t) => t.path.startsWith(`figures/${start}`)).map((t) => t.tree)
  published.units = under('units').flatMap((tree) => readUnitLine(reader, tree))
  const beside = { units: published.units, figures: book.figures }
  for (const tree of under('tables/')) published.tables.push(...listed(readPublishedTable(reader, tree, beside)))
  for (const tree of under('checks/')) published.checks.push(...listed(readFigureCheck(reader, tree, beside)))
  for (const tree of under('contradictions')) published.contradictions.push(...listed(readContradiction(reader, tree)))
  published.tables.sort((a, b) => (a.id < b.id ? -1 : 1))
  published.checks.sort((a, b) => numberOf(a.id) - numberOf(b.id))
  checkPublished(published, book, findings)
  return published
}

function readUnitLine(reader: Reader, tree: Tree): Unit[] {
  const map = reader.map(tree, 'unit')
  if (!map) return []
  reader.only(map, ['zh', 'en', 'of', 'times'])
  const times = readFraction(reader.string(map, 'times') ?? '1')
  if (!times) reader.wrong(map.at, 'figures.unit', 'times 要是数或分数。', '"times" must be a number or a fraction.')
  return times ? [{ zh: reader.needString(map, 'zh'), en: reader.needString(map, 'en'), of: reader.string(map, 'of') ?? null, times }] : []
}

function readContradiction(reader: Reader, tree: Tree): Contradiction | null {
  const map = reader.map(tree, 'contradiction')
  if (!map) return null
  reader.only(map, ['contradiction', 'topic', 'positions', 'handling', 'entries'])
  return {
    id: reader.needString(map, 'contradiction'),
    topic: reader.text(reader.get(map, 'topic'), map.at),
    positions: reader.items(reader.need(map, 'positions') ?? undefined).flatMap((item) => {
      const one = reader.map(item, 'position')
      if (!one) return []
      reader.only(one, ['docs', 'zh', 'en'])
      return [
        { docs: reader.strings(reader.get(one, 'docs')), says: { zh: reader.needString(one, 'zh'), en: reader.needString(one, 'en') } },
      ]
    }),
    handling: reader.text(reader.get(map, 'handling'), map.at),
    entries: reader.strings(reader.get(map, 'entries')),
    at: map.at,
  }
}

function checkPublished(published: Published, book: Book, findings: Findings): void {
  const known = (at: Place, doc: string): void => {
    if (doc !== 'none' && !book.sources[doc])
      findings.add(at, 'cite.unknown', `引用的文件“${doc}”不在 sources.yaml。`, `Document "${doc}" is not in sources.yaml.`)
  }
  const ledger = new Ledger(published, book.figures)
  const seen = new Map<string, string>()
  const once = (key: string, at: Place): void => {
    if (seen.has(key)) findings.add(at, 'figures.twice', `“${key}”写了两次。`, `"${key}" stands twice.`)
    seen.set(key, key)
  }
  for (const table of published.tables) {
    once(table.id, table.at)
    for (const cell of cellsOf(table)) {
      once(nameOf(cell), cell.at)
      known(cell.at, cell.cite.doc)
      if (cell.calc) at(findings, cell.calc.expr.at, () => checkCell(cell.calc!, ledger))
    }
  }
  for (const check of published.checks) {
    once(check.id, check.at)
    for (const doc of check.docs) known(check.at, doc)
    at(findings, check.at, () => checkVerdict(check, ledger, findings))
  }
  for (const one of published.contradictions) {
    once(one.id, one.at)
    for (const doc of one.positions.flatMap((p) => p.docs)) known(one.at, doc)
  }
}

function checkCell(calc: NonNullable<ReturnType<typeof cellsOf>[number]['calc']>, ledger: Ledger): void {
  const { quantity, cells } = calculate(calc.expr, ledger)
  const measure = readUnit(ledger.units, calc.unit)
  if (quantity.kind !== 'number' || !measure || !sameDimension(quantity.dimension, measure.dimension))
    throw new FigureProblem({ zh: `结果的单位不是“${calc.unit}”。`, en: `The result is not in "${calc.unit}".` }, 0, 1)
  if (countsOf(cells).length > 1 && !calc.comparesSeries)
    throw new FigureProblem(
      { zh: '建档立卡数与统计抽样数混在一个式子里。', en: 'The filing count and the sample count are mixed in one expression.' },
      0,
      1,
    )
}

function checkVerdict(check: FigureCheck, ledger: Ledger, findings: Findings): void {
  const result = runCheck(check, ledger)
  for (const { part, asSaid } of result.parts)
    if (!asSaid)
      findings.add(
        part.is.at,
        'figures.result',
        `“${check.id}”算出来的不是 ${part.result}。`,
        `"${check.id}" does not come to ${part.result}.`,
      )
  if (!result.holds && result.parts.every((p) => p.asSaid))
    findings.add(
      check.at,
      'figures.verdict',
      `“${check.id}”写的结论是 ${check.verdict}${check.outcome ? `（${check.outcome}）` : ''}，算出来是 ${result.outcome}。`,
      `"${check.id}" says ${check.verdict}${check.outcome ? ` (${check.outcome})` : ''}; what comes out is ${result.outcome}.`,
    )
}

function at(findings: Findings, place: Place, work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof FigureProblem)) throw error
    const { text, start, end } = error
    findings.add({ ...place, column: place.column + start, length: Math.max(1, end - start) }, 'figures.expression', text.zh, text.en)
  }
}

/** Every cell of a table, in its order. */
export const cellsOf = (table: PublishedTable): PublishedTable['rows'][number]['cells'] => table.rows.flatMap((row) => row.cells)

const all = (tree: Tree | null): Tree[] => (tree === null ? [] : tree.kind === 'seq' ? tree.items : [tree])
const listed = <T>(one: T | null): T[] => (one ? [one] : [])
const numberOf = (id: string): number => Number(/\d+$/.exec(id)?.[0] ?? 0)
