import { calendarDays, calendarMonths } from '../civil-date.ts'
import type { Node } from '../ir.ts'
import type { Dialect } from './dialect.ts'

/** A call over the texts of its operands; NULL where one of them is, or where there is no answer. */
export function callSql(node: Node & { op: 'call' }, args: string[], dialect: Dialect): string {
  const [a, b] = args as [string, string]
  const { divide } = dialect
  const both = (text: string): string => `(CASE WHEN ${a} IS NOT NULL AND ${b} IS NOT NULL THEN ${text} END)`
  switch (node.fn) {
    case 'years':
      return divide(`(${a} - ${b})`, '10000')
    case 'per':
      return `(CASE WHEN ${b} <> 0 THEN CAST(SIGN(${a}) * SIGN(${b}) AS BIGINT) * ${divide(`(2 * ABS(CAST(${a} AS BIGINT)) + ABS(${b}))`, `(2 * ABS(CAST(${b} AS BIGINT)))`)} END)`
    case 'floorDiv': {
      const rest = `(((CAST(${a} AS BIGINT) % ${b}) + ${b}) % ${b})`
      return `(CASE WHEN ${b} <> 0 THEN ${divide(`(CAST(${a} AS BIGINT) - ${rest})`, b)} END)`
    }
    case 'abs':
      return `ABS(CAST(${a} AS BIGINT))`
    case 'least':
    case 'greatest':
      return both(`${node.fn.toUpperCase()}(${a}, ${b})`)
    case 'addDays':
      return both(addDays(a, b, dialect))
    case 'addMonths':
      return both(addMonths(a, b, node.rounding!, dialect))
    case 'daysBetween':
      return both(dialect.days(toDate(a, divide), toDate(b, divide)))
    case 'startsWith':
      return `starts_with(${a}, ${b})`
  }
}

/** Days are counted first: what leaves the calendar is unknown, and no database may fail on it, not even while it folds constants. */
function addDays(date: string, days: string, dialect: Dialect): string {
  const from = toDate(date, dialect.divide)
  const number = `(${dialect.days(from, 'make_date(1970, 1, 1)')} + ${days})`
  const [first, last] = calendarDays
  return `(CASE WHEN ${number} BETWEEN ${first} AND ${last} THEN ${toInteger(dialect.shift(from, `GREATEST(-4000000, LEAST(4000000, ${days}))`))} END)`
}

function addMonths(date: string, months: string, rounding: 'down' | 'up', dialect: Dialect): string {
  const { divide } = dialect
  const count = `(${divide(date, '10000')} * 12 + ${divide(date, '100')} % 100 - 1 + ${months})`
  const [year, month, day] = [divide(count, '12'), `(${count} % 12 + 1)`, `(${date} % 100)`]
  const first = `make_date(CAST(${year} AS INTEGER), CAST(${month} AS INTEGER), 1)`
  const next = `make_date(CAST(${divide(`(${count} + 1)`, '12')} AS INTEGER), CAST((${count} + 1) % 12 + 1 AS INTEGER), 1)`
  const length = dialect.days(next, first)
  const otherwise = rounding === 'down' ? `(${year} * 10000 + ${month} * 100 + ${length})` : toInteger(next)
  const [low, high] = calendarMonths
  return `(CASE WHEN ${count} NOT BETWEEN ${low} AND ${high} THEN NULL WHEN ${day} <= ${length} THEN ${year} * 10000 + ${month} * 100 + ${day} ELSE ${otherwise} END)`
}

const toDate = (d: string, divide: (a: string, b: string) => string): string =>
  `make_date(CAST(${divide(d, '10000')} AS INTEGER), CAST(${divide(d, '100')} % 100 AS INTEGER), CAST(${d} % 100 AS INTEGER))`
const toInteger = (d: string): string =>
  `CAST(EXTRACT(YEAR FROM ${d}) * 10000 + EXTRACT(MONTH FROM ${d}) * 100 + EXTRACT(DAY FROM ${d}) AS INTEGER)`
