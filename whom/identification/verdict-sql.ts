import type { Direction } from './identification.rules.ts'

/** SQL of `verdictOf`, over `t` (`outside`, `proven`, `doubtful`), `least`, `most` and the county's line `low` to `high`. */
export function verdictSql(direction: Direction): string {
  const better = direction === 'higher_is_better_off'
  const inside = better ? 'most <= low' : 'least >= high'
  const outside = better ? 'least > high' : 'most < low'
  return `case when t.outside then 'out_of_scope' when t.proven then 'vetoed' when l.low is null then 'undecided'
        when ${outside} then 'not_listed' when ${inside} and not t.doubtful then 'listed' else 'undecided' end`
}

/** SQL of `inBand` for a household that only the line decides on. */
export function bandSql(direction: Direction, points: number): string {
  const band =
    direction === 'higher_is_better_off'
      ? `score > line - ${points} and score <= line + ${points}`
      : `score >= line - ${points} and score < line + ${points}`
  return `coalesce(not t.outside and not t.proven and not t.doubtful and ${band}, false)`
}
