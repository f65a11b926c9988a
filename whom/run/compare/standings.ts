import type { Text } from '@fupin/rulebook/engine/definition.ts'
import type { Verdict } from '@fupin/whom/identification/identification.contract.ts'
import type { Direction } from '@fupin/whom/identification/identification.rules.ts'
import { verdictTitles } from '@fupin/whom/identification/verdicts.ts'

/** Where a household stands in one of two runs; `absent`: the run does not have it. */
export type Standing = Verdict | 'absent'

/** In the order of their ordinals (from 0) in tables of a comparison. */
export const standings: readonly Standing[] = ['absent', 'listed', 'not_listed', 'vetoed', 'undecided', 'out_of_scope']

export const standingTitles: Record<Standing, Text> = { ...verdictTitles, absent: { zh: '没有这一户', en: 'no such household' } }

/** The ordinal of a standing. */
export const ordinal = (standing: Standing): number => standings.indexOf(standing)

/** SQL of the ordinal of a column that holds verdicts. */
export const ordinalSql = (verdict: string): string =>
  `(case ${verdict} ${standings.map((s, i) => `when '${s}' then ${i}`).join(' ')} end)::tinyint`

/** SQL of the word for a column that holds ordinals. */
export const wordSql = (ordinals: string): string => `([${standings.map((s) => `'${s}'`).join(', ')}])[${ordinals} + 1]`

/** Expressions for what a verdict is made from. */
export interface VerdictParts {
  outside: string
  proven: string
  doubt: string
  least: string
  most: string
  low: string
  high: string
}

/** SQL of the ordinal of the verdict that `verdictOf` gives. */
export function verdictOrdinalSql(direction: Direction, p: VerdictParts): string {
  const better = direction === 'higher_is_better_off'
  const out = better ? `${p.least} > ${p.high}` : `${p.most} < ${p.low}`
  return `(case when ${p.outside} then 5 when ${p.proven} then 3 when ${p.low} is null then 4 when ${out} then 2
    when ${insideSql(direction, p)} and not ${p.doubt} then 1 else 4 end)::tinyint`
}

/** SQL: certainly inside the line by its points. */
export const insideSql = (direction: Direction, p: Pick<VerdictParts, 'least' | 'most' | 'low' | 'high'>): string =>
  direction === 'higher_is_better_off' ? `${p.most} <= ${p.low}` : `${p.least} >= ${p.high}`
