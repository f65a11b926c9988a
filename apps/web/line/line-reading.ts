import type { CountyLine, ScoreRow } from '@fupin/whom/identification/identification.contract.ts'

/** Who would be inside if the line stood at a score: the row whose totals run up to it. */
export function upTo(line: CountyLine, score: number): { households: number; persons: number } {
  const rows = line.distribution
  const row =
    line.direction === 'higher_is_better_off'
      ? rows.findLast((one) => one.score <= score)
      : [...rows].sort((a, b) => a.score - b.score).find((one) => one.score >= score)
  return { households: row?.cumulativeHouseholds ?? 0, persons: row?.cumulativePersons ?? 0 }
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
