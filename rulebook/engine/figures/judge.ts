import { decimalsOf } from './amount.ts'
import { compare, type Fraction, fraction, lastDigit, minus, over, readFraction, size, times } from './fraction.ts'
import type { Amount, FigureVerdict, Outcome } from './published.ts'

/**
 * Compares a computed number with a printed one, both in the printed unit. Agreement means within half a unit of the last printed digit;
 * `last_digit`: the rounded value is one unit off; `roughly`: a number printed with "about" that holds for the digits before its zeros.
 */
export function judge(computed: Fraction, printed: Amount): Outcome {
  const number = readFraction(printed.low)
  if (!number) return 'differs'
  const order = compare(computed, number)
  switch (printed.sign) {
    case '>=':
      return order >= 0 ? 'agrees' : 'differs'
    case '<=':
      return order <= 0 ? 'agrees' : 'differs'
    case '>':
    case 'over':
      return order > 0 ? 'agrees' : 'differs'
    case '<':
    case 'nearly':
      return order < 0 ? 'agrees' : 'differs'
    default: {
      const unit = lastDigit(decimalsOf(printed.low))
      const steps = over(size(minus(computed, number)), unit)
      if (compare(steps, half) <= 0) return 'agrees'
      if (printed.sign === 'about' && compare(steps, times(half, { n: leading(printed.low), d: 1n })) <= 0) return 'roughly'
      return compare(steps, three(half)) <= 0 ? 'last_digit' : 'differs'
    }
  }
}

const half = fraction(1n, 2n)
const three = (a: Fraction): Fraction => times(a, { n: 3n, d: 1n })

/** What the last digit that is not zero counts: 600 is printed in hundreds. */
const leading = (text: string): bigint => 10n ** BigInt(/^-?\d*?(0*)$/.exec(text)?.[1]?.length ?? 0)

/** Worst first: what a figure with several parts comes to. */
const order: Outcome[] = ['differs', 'unit', 'roughly', 'last_digit', 'agrees', 'nothing_printed', 'not_computed']

/** One outcome for all parts that are judged; `not_computed` where there is none. */
export const worst = (all: Outcome[]): Outcome => order.find((o) => all.includes(o)) ?? 'not_computed'

/** Which outcomes a verdict of the catalogue can stand for. Where there are several, the check names the one. */
export const allowed: Record<FigureVerdict, Outcome[]> = {
  OK: ['agrees', 'nothing_printed'],
  'OK?': ['agrees', 'nothing_printed', 'differs'],
  ROUND: ['last_digit', 'roughly'],
  UNIT: ['unit'],
  FAIL: ['differs'],
  CONTRA: ['differs'],
  AMBIG: ['differs', 'nothing_printed'],
  NOTE: ['agrees', 'last_digit', 'differs', 'nothing_printed', 'not_computed'],
  DERIVED: ['nothing_printed'],
  UNCHECKED: ['not_computed'],
}
