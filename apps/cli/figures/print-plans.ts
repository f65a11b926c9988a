import { amountValue } from '@fupin/rulebook/engine/figures/amount.ts'
import { calculate } from '@fupin/rulebook/engine/figures/calculate.ts'
import { type Fraction, minus, round } from '@fupin/rulebook/engine/figures/fraction.ts'
import type { Ledger } from '@fupin/rulebook/engine/figures/ledger.ts'
import type { Published, PublishedCell } from '@fupin/rulebook/engine/figures/published.ts'
import { inUnit, readUnit } from '@fupin/rulebook/engine/figures/units.ts'
import { printCell } from '@fupin/rulebook/engine/figures/words.ts'

/** What every version of a plan wants in a year, what came, and how far apart: one row a measure, place and year. */
export interface PlanRow {
  measure: string
  place: string
  year: number
  plans: { plan: string; cell: PublishedCell }[]
  facts: PublishedCell[]
  /** Fact minus plan, for each pair, in the unit of the plan. */
  gaps: { plan: string; fact: string; gap: string }[]
}

/** Plans and facts side by side by year (E-005), from the targets and series that share a measure. */
export function planRows(published: Published, ledger: Ledger): PlanRow[] {
  const cells = published.tables.flatMap((t) => t.rows.flatMap((r) => r.cells)).filter((c) => c.measure && c.year !== null)
  const keys = [...new Set(cells.filter((c) => c.kind === 'target').map((c) => `${c.measure}|${c.place}|${c.year}`))].sort()
  return keys.flatMap((key): PlanRow[] => {
    const [measure, place, year] = key.split('|') as [string, string, string]
    const here = cells.filter((c) => c.measure === measure && c.place === place && c.year === Number(year))
    const plans = here.filter((c) => c.plan).map((cell) => ({ plan: cell.plan!, cell }))
    const facts = here.filter((c) => c.kind === 'series')
    const gaps = plans.flatMap(({ plan, cell }) =>
      facts.flatMap((fact) => {
        const [a, b] = [numberOf(fact, ledger), numberOf(cell, ledger)]
        const unit = readUnit(ledger.units, cell.amount?.unit ?? '')
        return a && b && unit ? [{ plan, fact: fact.name, gap: round(inUnit(minus(a, b), unit), 0) }] : []
      }),
    )
    return [{ measure, place, year: Number(year), plans, facts, gaps }]
  })
}

function numberOf(cell: PublishedCell, ledger: Ledger): Fraction | null {
  if (cell.amount) return amountValue(ledger.units, cell.amount)?.value ?? null
  const computed = cell.calc && calculate(cell.calc.expr, ledger).quantity
  return computed?.kind === 'number' ? computed.value : null
}

const measures: Record<string, { zh: string; en: string }> = {
  exit_persons: { zh: '脱贫人口', en: 'persons lifted' },
  exit_villages: { zh: '出列贫困村', en: 'villages out' },
  exit_counties: { zh: '摘帽县', en: 'counties out' },
}

/** One row as a line: measure, year, each plan, each fact, gaps. */
export function planLine(row: PlanRow, ledger: Ledger, names: (doc: string) => string, language: 'zh' | 'en'): string {
  const said = row.plans.map(({ plan, cell }) => `${names(plan)} ${printCell(cell, ledger)[language]}`)
  const came = row.facts.map((cell) => `${cell.title[language]} ${printCell(cell, ledger)[language]}`)
  const gaps = row.gaps.map((g) => (g.gap.startsWith('-') || g.gap === '0' ? g.gap : `+${g.gap}`))
  const apart = row.facts.some((f) => f.count && row.plans.some((p) => p.cell.count && p.cell.count !== f.count))
  const note = apart
    ? language === 'zh'
      ? '（计划按建档立卡数，实际按统计数）'
      : ' (plan by the filing count, fact by the statistics)'
    : ''
  const word = language === 'zh' ? { gap: '差', none: '没有实际数' } : { gap: 'gap', none: 'no fact' }
  return `${measures[row.measure]?.[language] ?? row.measure}  ${row.year}  ${said.join(' | ')}  ${came.length ? came.join(' | ') : word.none}${gaps.length ? `  ${word.gap} ${gaps.join(', ')}${note}` : ''}`
}
