/** Civil dates are integers yyyymmdd: no clock, no zone, and the same comparison in every back end. */

/** Days of a month, February in leap years included. */
export function daysInMonth(year: number, month: number): number {
  return month === 2 ? (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** yyyymmdd from `yyyy-mm-dd`; null where there is no such day. */
export function readDate(text: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!match) return null
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null
  return year * 10000 + month * 100 + day
}

/** `yyyy-mm-dd` from yyyymmdd. */
export function printDate(date: number): string {
  const text = String(date).padStart(8, '0')
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`
}

/** Days since 1970-01-01. */
export function dayNumber(date: number): number {
  // Date.UTC would read the years 1 to 99 as 1901 to 1999.
  return new Date(0).setUTCFullYear(Math.trunc(date / 10000), (Math.trunc(date / 100) % 100) - 1, date % 100) / 86_400_000
}

/** yyyymmdd of a day number. */
export function fromDayNumber(days: number): number {
  const d = new Date(days * 86_400_000)
  return d.getUTCFullYear() * 10000 + (d.getUTCMonth() + 1) * 100 + d.getUTCDate()
}

export const addDays = (date: number, days: number): number => fromDayNumber(dayNumber(date) + days)

/** The calendar of rules: 0001-01-01 to 9999-12-31 as day numbers, and its months counted from year 0. Dates beyond it are unknown. */
export const calendarDays = [-719_162, 2_932_896] as const
export const calendarMonths = [12, 119_999] as const

/** Full years between two days: a child born on 29 February is a year older on 1 March of other years. */
export const years = (later: number, earlier: number): number => Math.trunc((later - earlier) / 10000)

/** Adds months; a day that the month has not is its last day (`down`) or the first of the next (`up`). */
export function addMonths(date: number, months: number, rounding: 'down' | 'up'): number {
  const count = Math.trunc(date / 10000) * 12 + (Math.trunc(date / 100) % 100) - 1 + months
  const [year, month, day] = [Math.floor(count / 12), (((count % 12) + 12) % 12) + 1, date % 100]
  if (day <= daysInMonth(year, month)) return year * 10000 + month * 100 + day
  if (rounding === 'down') return year * 10000 + month * 100 + daysInMonth(year, month)
  return month === 12 ? (year + 1) * 10000 + 101 : year * 10000 + (month + 1) * 100 + 1
}

/** A day moved by days; undefined where that leaves the calendar. */
export function shiftDays(date: number, days: number): number | undefined {
  const moved = dayNumber(date) + days
  return moved < calendarDays[0] || moved > calendarDays[1] ? undefined : fromDayNumber(moved)
}

/** A day moved by months; undefined where that leaves the calendar. */
export function shiftMonths(date: number, months: number, rounding: 'down' | 'up'): number | undefined {
  const count = Math.trunc(date / 10000) * 12 + (Math.trunc(date / 100) % 100) - 1 + months
  return count < calendarMonths[0] || count > calendarMonths[1] ? undefined : addMonths(date, months, rounding)
}
