/** The rules of drawing a line, as pure functions; the policy in them (direction, tie) comes from the scorecard. */

export type Direction = 'higher_is_better_off' | 'higher_is_poorer'

export interface ScoreCount {
  score: number
  households: number
  persons: number
}

export interface ScoreStep extends ScoreCount {
  cumulativeHouseholds: number
  cumulativePersons: number
}

/** 一分一档: one row a score, from the poorest on, with how many stand up to it. */
export function scoreTable(counts: ScoreCount[], direction: Direction): ScoreStep[] {
  const poorestFirst = [...counts].sort((a, b) => (direction === 'higher_is_better_off' ? a.score - b.score : b.score - a.score))
  let [households, persons] = [0, 0]
  return poorestFirst.map((count) => {
    households += count.households
    persons += count.persons
    return { ...count, cumulativeHouseholds: households, cumulativePersons: persons }
  })
}

/**
 * The county's line: of the scores that occur, the one whose cumulative persons are closest to the quota; a tie goes to the lower
 * or higher score, as the scorecard says. Null where nobody is counted.
 */
export function drawLine(table: ScoreStep[], quota: number, tie: 'lower' | 'higher'): number | null {
  let best: ScoreStep | null = null
  for (const step of table) {
    const off = Math.abs(step.cumulativePersons - quota)
    const bestOff = best ? Math.abs(best.cumulativePersons - quota) : Infinity
    const wins =
      off < bestOff || (off === bestOff && best !== null && (tie === 'lower' ? step.score < best.score : step.score > best.score))
    if (wins) best = step
  }
  return best?.score ?? null
}

/** Whether a score lies inside a line, where insiders are the candidates. */
export const isInside = (score: number, line: number, direction: Direction): boolean =>
  direction === 'higher_is_better_off' ? score <= line : score >= line

/** How many stand inside a line. */
export function insideOf(table: ScoreStep[], line: number, direction: Direction): { households: number; persons: number } {
  const last = table.filter((step) => isInside(step.score, line, direction)).at(-1)
  return { households: last?.cumulativeHouseholds ?? 0, persons: last?.cumulativePersons ?? 0 }
}

/** The line, and its neighbours one point down and up, each with its deviation from the quota. */
export function neighbours(
  table: ScoreStep[],
  line: number,
  quota: number | null,
  direction: Direction,
  reach = 1,
): { score: number; households: number; persons: number; deviation: number }[] {
  return Array.from({ length: 2 * reach + 1 }, (_, i) => line - reach + i).map((score) => {
    const inside = insideOf(table, score, direction)
    return { score, ...inside, deviation: quota === null ? 0 : inside.persons - quota }
  })
}

/** Whether a household flips when the line moves by so many points, or its own score is off by as much. */
export const inBand = (score: number, line: number, points: number, direction: Direction): boolean =>
  direction === 'higher_is_better_off' ? score > line - points && score <= line + points : score >= line - points && score < line + points

export interface Drawn {
  /** All draws that were made, in the order known, least, most; each with doubtful households out and in. */
  draws: { points: 'known' | 'least' | 'most'; doubtful: 'out' | 'in'; line: number | null }[]
  /** The line, if all draws agree. */
  line: number | null
  interval: { low: number; high: number } | null
}

/** Draws the line every way that missing answers and undecided vetoes allow; it stands only where all agree. */
export function drawEveryWay(
  tables: Record<'known' | 'least' | 'most', { certain: ScoreCount[]; doubtful: ScoreCount[] }>,
  quota: number,
  direction: Direction,
  tie: 'lower' | 'higher',
): Drawn {
  const draws = (['known', 'least', 'most'] as const).flatMap((points) =>
    (['out', 'in'] as const).map((doubtful) => {
      const { certain, doubtful: extra } = tables[points]
      const counts = doubtful === 'in' ? merge(certain, extra) : certain
      return { points, doubtful, line: drawLine(scoreTable(counts, direction), quota, tie) }
    }),
  )
  const lines = draws.map((d) => d.line).filter((l) => l !== null)
  if (lines.length === 0) return { draws, line: null, interval: null }
  const [low, high] = [Math.min(...lines), Math.max(...lines)]
  return low === high && lines.length === draws.length
    ? { draws, line: low, interval: null }
    : { draws, line: null, interval: { low, high } }
}

function merge(a: ScoreCount[], b: ScoreCount[]): ScoreCount[] {
  const all = new Map(a.map((c) => [c.score, { ...c }]))
  for (const c of b) {
    const found = all.get(c.score)
    if (found) {
      found.households += c.households
      found.persons += c.persons
    } else all.set(c.score, { ...c })
  }
  return [...all.values()]
}

/** What a household's standing rests on: undefined = not known. */
export interface Standing {
  least: number
  most: number
  inScope: boolean | undefined
  vetoes: (boolean | undefined)[]
}

/** The verdict that follows; `low` to `high` is the interval of the line, one number where it stands. The same rule as the run's SQL. */
export function verdictOf(
  standing: Standing,
  low: number | null,
  high: number | null,
  direction: Direction,
): 'listed' | 'not_listed' | 'vetoed' | 'undecided' | 'out_of_scope' {
  const { least, most, inScope, vetoes } = standing
  if (inScope === false) return 'out_of_scope'
  if (vetoes.includes(true)) return 'vetoed'
  if (low === null || high === null) return 'undecided'
  const better = direction === 'higher_is_better_off'
  if (better ? least > high : most < low) return 'not_listed'
  const doubtful = inScope === undefined || vetoes.includes(undefined)
  return (better ? most <= low : least >= high) && !doubtful ? 'listed' : 'undecided'
}
