import type { CountyLine, LineNeighbour, ScoreRow } from '@fupin/whom/identification/identification.contract.ts'

/** Who would be inside if the line stood at a score: the row whose totals run up to it. */
export function upTo(line: CountyLine, score: number): { households: number; persons: number } {
  const rows = line.distribution
  const row =
    line.direction === 'higher_is_better_off'
      ? rows.findLast((one) => one.score <= score)
      : [...rows].sort((a, b) => a.score - b.score).find((one) => one.score >= score)
  return { households: row?.cumulativeHouseholds ?? 0, persons: row?.cumulativePersons ?? 0 }
}

/** One score beyond an interval on each side is enough to see where it leads. */
const beyond = 1

/** The line's neighbours as the run gives them; while it is an interval, every score of it and one beyond each end. */
export function around(line: CountyLine): LineNeighbour[] {
  if (line.neighbours.length > 0 || !line.interval) return line.neighbours
  const { low, high } = line.interval
  return Array.from({ length: high - low + 1 + 2 * beyond }, (_, step) => {
    const score = low - beyond + step
    const pair = upTo(line, score)
    return { score, ...pair, deviation: pair.persons - (line.quota ?? 0) }
  })
}

/** Whether a score lies on the poorer side of a line. */
export const isInside = (line: CountyLine, score: number, at: number) =>
  line.direction === 'higher_is_better_off' ? score <= at : score >= at

/** The score most persons have; undefined for an empty county. */
export const peak = (rows: ScoreRow[]) =>
  rows.reduce<ScoreRow | undefined>((most, row) => (!most || row.persons > most.persons ? row : most), undefined)?.score

/** Lowest and highest score, in order of points. */
export const ends = (rows: ScoreRow[]) => {
  const scores = rows.map((row) => row.score)
  return { low: Math.min(...scores), high: Math.max(...scores) }
}

/** On which side a score stands; between the ends of an undrawn line it is open. */
export function sideOf(line: CountyLine, score: number): 'inside' | 'outside' | 'open' {
  const ends = line.line !== null ? [line.line] : line.interval ? [line.interval.low, line.interval.high] : []
  const sides = new Set(ends.map((end) => isInside(line, score, end)))
  if (sides.size !== 1) return 'open'
  return sides.has(true) ? 'inside' : 'outside'
}
