import type { Expr } from '../load/reader.ts'

/** A cell of a table of bands, as officials write it: `5`, `[2..5]`, `(2..5]`, `< 13`, `>= p.area_min`, `else`. */
export type Cell = { kind: 'else' } | { kind: 'range'; low: Bound | null; high: Bound | null }

export interface Bound {
  expr: Expr
  closed: boolean
}

/** Reads a cell; null where it is none. Every bound keeps its place for findings. */
export function readCell(is: Expr): Cell | null {
  const text = is.text.trim()
  const part = (from: number, to: number): Expr => {
    const raw = is.text.slice(from, to)
    const lead = raw.length - raw.trimStart().length
    return { text: raw.trim(), at: { ...is.at, column: is.at.column + from + lead, length: Math.max(1, raw.trim().length) } }
  }
  if (text === 'else') return { kind: 'else' }
  const span = /^\s*([[(])(.*)\.\.(.*)([\])])\s*$/.exec(is.text)
  if (span) {
    const start = is.text.indexOf(span[1]!) + 1
    const dots = is.text.indexOf('..')
    const end = is.text.lastIndexOf(span[4]!)
    return {
      kind: 'range',
      low: { expr: part(start, dots), closed: span[1] === '[' },
      high: { expr: part(dots + 2, end), closed: span[4] === ']' },
    }
  }
  const sign = /^\s*(<=|>=|<|>|==)/.exec(is.text)
  const start = sign ? sign[0].length : 0
  const expr = part(start, is.text.length)
  if (expr.text === '') return null
  switch (sign?.[1]) {
    case '<':
      return { kind: 'range', low: null, high: { expr, closed: false } }
    case '<=':
      return { kind: 'range', low: null, high: { expr, closed: true } }
    case '>':
      return { kind: 'range', low: { expr, closed: false }, high: null }
    case '>=':
      return { kind: 'range', low: { expr, closed: true }, high: null }
    default:
      return { kind: 'range', low: { expr, closed: true }, high: { expr, closed: true } }
  }
}

/** An interval of numbers; null = no end on that side. */
export interface Interval {
  low: { value: number; closed: boolean } | null
  high: { value: number; closed: boolean } | null
}

/**
 * Bands are read top to bottom, the first that holds counts. Says where no band holds, and which band is never reached.
 * Between two ends every number behaves alike, so it is enough to try the ends and one number on either side.
 * `whole` = only whole numbers occur.
 */
export function faults(bands: Interval[], within: readonly [number, number], whole: boolean): { gap: number | null; unreached: number[] } {
  const ends = [...new Set([...bands.flatMap((b) => [b.low?.value, b.high?.value]).filter((v) => v !== undefined), ...within])].sort(
    (a, b) => a - b,
  )
  const tries = ends.flatMap((v, i) => (whole ? [v - 1, v, v + 1] : [v, i + 1 < ends.length ? (v + ends[i + 1]!) / 2 : v]))
  const reached = new Set<number>()
  let gap: number | null = null
  for (const value of tries) {
    if (value < within[0] || value > within[1]) continue
    const first = bands.findIndex((b) => holds(b, value))
    if (first >= 0) reached.add(first)
    else gap ??= value
  }
  return { gap, unreached: bands.flatMap((_, i) => (reached.has(i) ? [] : [i])) }
}

function holds({ low, high }: Interval, value: number): boolean {
  return (
    (!low || value > low.value || (low.closed && value === low.value)) &&
    (!high || value < high.value || (high.closed && value === high.value))
  )
}
