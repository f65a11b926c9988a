import type { Book } from '@fupin/rulebook/engine/book.ts'
import { amountValue, grouped } from '@fupin/rulebook/engine/figures/amount.ts'
import { exactly, minus } from '@fupin/rulebook/engine/figures/fraction.ts'
import { type Ledger, nameOf } from '@fupin/rulebook/engine/figures/ledger.ts'
import type { Published, PublishedCell, PublishedRow, PublishedTable } from '@fupin/rulebook/engine/figures/published.ts'
import { inUnit } from '@fupin/rulebook/engine/figures/units.ts'
import { printCell } from '@fupin/rulebook/engine/figures/words.ts'

/** Which cells are asked for; nothing given asks for all. */
export interface CellFilter {
  table?: string
  area?: string
  year?: string
  series?: string
}

export interface FoundCell {
  table: PublishedTable
  row: PublishedRow
  cell: PublishedCell
}

/** The cells of the published tables that fit; `series` is the name of a series or of the measure that two counts share. */
export function findCells(published: Published, { table, area, year, series }: CellFilter): FoundCell[] {
  return published.tables
    .filter((t) => !table || t.id === table)
    .flatMap((t) => t.rows.flatMap((row) => row.cells.map((cell) => ({ table: t, row, cell }))))
    .filter(
      ({ cell }) =>
        (!area || cell.place === area) && (!year || cell.year === Number(year)) && (!series || [cell.name, cell.measure].includes(series)),
    )
}

const kinds = {
  series: { zh: '序列', en: 'series' },
  target: { zh: '目标', en: 'target' },
  norm: { zh: '标准', en: 'norm' },
  list: { zh: '名单', en: 'list' },
}
const counts = { filing: { zh: '建档立卡数', en: 'filing count' }, sample: { zh: '统计抽样数', en: 'sample count' } }

/** One cell a line: name, what it is, number, kind, count, place, document, confidence. */
export function cellLine({ row, cell }: FoundCell, book: Book, ledger: Ledger, language: 'zh' | 'en'): string {
  const title = cell.title[language] === row.title[language] ? row.title[language] : `${row.title[language]} · ${cell.title[language]}`
  const marks = [
    kinds[cell.kind][language],
    ...(cell.count ? [counts[cell.count][language]] : []),
    ...(cell.base ? [`${language === 'zh' ? '基数' : 'base'} ${cell.base[language]}`] : []),
    ...(cell.calc ? [language === 'zh' ? '算出' : 'computed'] : []),
    ...(cell.figure ? [cell.figure] : []),
  ]
  const source = `${book.sources[cell.cite.doc]?.title[language] ?? cell.cite.doc}${cell.cite.at ? ` ${cell.cite.at}` : ''}`
  return `${nameOf(cell)}  ${title}  ${printCell(cell, ledger)[language]}  [${marks.join(', ')}]  ${cell.place}  ${source} ${cell.confidence}`
}

/** One cell for programs. */
export const cellJson = ({ table, row, cell }: FoundCell, ledger: Ledger): object => ({
  table: table.id,
  row: row.title,
  name: cell.name,
  year: cell.year,
  kind: cell.kind,
  title: cell.title,
  place: cell.place,
  measure: cell.measure,
  count: cell.count,
  plan: cell.plan,
  base: cell.base,
  amount: cell.amount,
  computed: cell.calc?.expr.text ?? null,
  shown: printCell(cell, ledger),
  figure: cell.figure,
  cite: cell.cite,
  confidence: cell.confidence,
})

export interface CountGap {
  measure: string
  place: string
  year: number
  filing: PublishedCell
  sample: PublishedCell
  /** Filing minus sample, in the unit of the filing count. */
  difference: string
}

/** Where the filing count and the sample count both give a number for one place and year: the two beside each other, and how far apart (W-013). */
export function countGaps(found: FoundCell[], ledger: Ledger): CountGap[] {
  const cells = found.map((f) => f.cell).filter((c) => c.amount && c.measure && c.year !== null)
  return cells
    .filter((c) => c.count === 'filing')
    .flatMap((filing) => {
      const sample = cells.find(
        (c) => c.count === 'sample' && c.measure === filing.measure && c.place === filing.place && c.year === filing.year,
      )
      const [a, b] = [filing, sample].map((c) => (c ? amountValue(ledger.units, c.amount!) : null))
      if (!sample || !a || !b) return []
      const difference = exactly(inUnit(minus(a.value, b.value), a.measure)) ?? ''
      return [{ measure: filing.measure!, place: filing.place, year: filing.year!, filing, sample, difference }]
    })
}

export function gapLine(gap: CountGap, ledger: Ledger, language: 'zh' | 'en'): string {
  const [filing, sample] = [printCell(gap.filing, ledger)[language], printCell(gap.sample, ledger)[language]]
  const unit = gap.filing.amount!.unit
  return language === 'zh'
    ? `${gap.year}年 ${gap.place}：建档立卡数 ${filing}，统计抽样数 ${sample}，相差 ${grouped(gap.difference)} ${unit}。两个口径分开，不混算。`
    : `${gap.year} ${gap.place}: filing count ${filing}, sample count ${sample}, difference ${grouped(gap.difference)} (${unit}). The two are kept apart and never mixed.`
}
