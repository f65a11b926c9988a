import { amountValue, decimalsOf } from './amount.ts'
import { type Computed, calculate, countsOf, FigureProblem } from './calculate.ts'
import { type Fraction, readFraction } from './fraction.ts'
import { allowed, judge, worst } from './judge.ts'
import type { Ledger } from './ledger.ts'
import type { Amount, CheckPart, Count, FigureCheck, Outcome, PublishedCell } from './published.ts'
import { inUnit, type Measure, readUnit, sameDimension } from './units.ts'

export interface PartResult {
  part: CheckPart
  /** In the unit of the part; null for a statement. */
  value: Fraction | null
  truth: boolean | null
  measure: Measure
  printed: Amount | null
  /** The cell that holds the printed number, where it stands in a table. */
  printedCell: PublishedCell | null
  outcome: Outcome
  /** False where another value comes out than the book says. */
  asSaid: boolean
}

export interface CheckResult {
  check: FigureCheck
  parts: PartResult[]
  outcome: Outcome
  /** False where the stored verdict cannot stand for what comes out. */
  holds: boolean
  counts: Count[]
}

/**
 * Computes a published figure again and names what comes out.
 * @throws FigureProblem where an expression cannot be computed, or mixes the two counts of the poor without saying so.
 */
export function runCheck(check: FigureCheck, ledger: Ledger): CheckResult {
  const within = ledger.within(check)
  const counts = new Set<Count>()
  const parts = check.parts.map((part) => runPart(part, within, counts))
  if (counts.size > 1 && !check.comparesSeries)
    throw new FigureProblem(
      {
        zh: '建档立卡数与统计抽样数混在一个式子里；若就是要比较两者，写 compares_series: true。',
        en: 'The filing count and the sample count are mixed; where comparing them is the point, write compares_series: true.',
      },
      0,
      1,
    )
  const outcome = worst(parts.filter((p) => p.part.role === 'main').map((p) => p.outcome))
  const said = check.outcome ?? outcome
  const holds = allowed[check.verdict].includes(outcome) && said === outcome && parts.every((p) => p.asSaid)
  return { check, parts, outcome, holds, counts: [...counts] }
}

function runPart(part: CheckPart, ledger: Ledger, counts: Set<Count>): PartResult {
  const low = calculate(part.is, ledger)
  const high = calculate(part.is, ledger, true)
  const printed = printedOf(part, ledger)
  for (const count of countsOf([...low.cells, ...(printed?.cell ? [printed.cell] : [])])) counts.add(count)
  const measure = readUnit(ledger.units, part.unit) ?? wrong(`没有单位“${part.unit}”。`, `There is no unit "${part.unit}".`)
  const results = [low, high].map((computed) => outcomeOf(part, computed, measure, printed?.amount ?? null, ledger))
  const [first, second] = results as [Partly, Partly]
  if (first.outcome !== second.outcome || first.asSaid !== second.asSaid)
    wrong('根的精度不够定下结论。', 'The root is not fine enough to settle the verdict.')
  return { part, measure, printed: printed?.amount ?? null, printedCell: printed?.cell ?? null, ...first }
}

type Partly = Pick<PartResult, 'value' | 'truth' | 'outcome' | 'asSaid'>

function outcomeOf(part: CheckPart, { quantity }: Computed, measure: Measure, printed: Amount | null, ledger: Ledger): Partly {
  if (quantity.kind === 'truth') {
    if (!part.statement) wrong('is 要算出数；判断写在 holds。', '"is" must give a number; a statement belongs in "holds".')
    return { value: null, truth: quantity.value, outcome: quantity.value ? 'agrees' : 'differs', asSaid: true }
  }
  if (part.statement) wrong('holds 要是判断。', '"holds" must be a statement.')
  if (!sameDimension(quantity.dimension, measure.dimension)) wrong(`结果的单位不是“${part.unit}”。`, `The result is not in "${part.unit}".`)
  const value = inUnit(quantity.value, measure)
  const said = part.result === null ? null : readFraction(part.result)
  const asSaid = !said || ['agrees'].includes(judge(value, { sign: '=', low: part.result!, high: null, unit: '' }))
  return { value, truth: null, asSaid, outcome: printed ? against(quantity.value, measure, printed, ledger) : 'nothing_printed' }
}

function against(base: Fraction, measure: Measure, printed: Amount, ledger: Ledger): Outcome {
  const theirs = readUnit(ledger.units, printed.unit) ?? wrong(`没有单位“${printed.unit}”。`, `There is no unit "${printed.unit}".`)
  if (!sameDimension(measure.dimension, theirs.dimension)) wrong('印数的单位比不了。', 'The printed unit cannot be compared.')
  const outcome = judge(inUnit(base, theirs), printed)
  return outcome === 'agrees' && pointsForShare(measure, theirs) ? 'unit' : outcome
}

/** Shares and points are both pure numbers; one printed for the other is a wrong unit. */
const pointsForShare = (a: Measure, b: Measure): boolean =>
  Object.keys(a.dimension).length === 0 && a.label.zh !== '' && b.label.zh !== '' && a.label.zh !== b.label.zh

function printedOf(part: CheckPart, ledger: Ledger): { amount: Amount; cell: PublishedCell | null } | null {
  if (!part.printed) return null
  if ('amount' in part.printed) return { amount: part.printed.amount, cell: null }
  const computed = calculate(part.printed.cell, ledger)
  const cell = computed.cells[0]
  if (computed.cells.length !== 1 || !cell?.amount || !amountValue(ledger.units, cell.amount))
    return wrong('printed 要指一个印出来的数。', '"printed" must name one printed figure.')
  return { amount: { ...cell.amount, ...(part.printed.sign ? { sign: part.printed.sign } : {}) }, cell }
}

function wrong(zh: string, en: string): never {
  throw new FigureProblem({ zh, en }, 0, 1)
}

/** Decimals in which a computed value is shown: those of what is printed, else of what the book says comes out. */
export const shownDecimals = (result: PartResult): number =>
  Math.max(result.part.result === null ? 0 : decimalsOf(result.part.result), result.printed ? decimalsOf(result.printed.low) : 0)
