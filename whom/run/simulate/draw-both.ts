import type { Duck } from '@fupin/platform/database/duckdb.ts'
import type { Scorecard } from '@fupin/rulebook/engine/book.ts'
import type { DrawnCounty } from '@fupin/whom/identification/draw-lines.ts'
import { type Drawn, drawEveryWay, type ScoreCount } from '@fupin/whom/identification/identification.rules.ts'
import type { SetLine } from '@fupin/whom/identification/read-set-lines.ts'

/** What one side's lines are drawn with. */
export interface Drawing {
  body: Scorecard
  quota(county: string): number | null
  set(county: string): SetLine | null
}

export type DrawnLine = Omit<DrawnCounty, 'table'>

type Points = 'known' | 'least' | 'most'
const points: readonly Points[] = ['known', 'least', 'most']

/** Draws the lines of some counties from one side of `standing`, in every way that gaps allow, as a run does. */
export async function drawSide(duck: Duck, side: 'a' | 'b', counties: readonly string[], drawing: Drawing): Promise<DrawnLine[]> {
  await duck.run(`create or replace temp table _points as
    select county, doubt_${side} as doubtful, known_${side} as known, least_${side} as least, most_${side} as most, count(*) as n, coalesce(sum(counted_${side}), 0)::bigint as persons
    from standing where not proven_${side} and not outside_${side} group by all`)
  const rows = await duck.rows<{ county: number; kind: Points; doubtful: boolean; score: number; households: number; persons: number }>(
    points
      .map(
        (kind) =>
          `select county, '${kind}' as kind, doubtful, ${kind} as score, sum(n)::bigint as households, sum(persons)::bigint as persons from _points group by all`,
      )
      .join(' union all '),
  )
  await duck.run('drop table _points')
  const counts = new Map<string, ScoreCount[]>()
  for (const { county, kind, doubtful, score, households, persons } of rows) {
    const key = `${county} ${kind} ${doubtful}`
    if (!counts.has(key)) counts.set(key, [])
    counts.get(key)!.push({ score, households, persons })
  }
  const tie = drawing.body.line?.tie ?? 'lower'
  return counties.map((county) => {
    const pick = (kind: Points, doubtful: boolean): ScoreCount[] => counts.get(`${Number(county)} ${kind} ${doubtful}`) ?? []
    const tables = Object.fromEntries(
      points.map((kind) => [kind, { certain: pick(kind, false), doubtful: pick(kind, true) }]),
    ) as Parameters<typeof drawEveryWay>[0]
    const quota = drawing.quota(county)
    const drawn: Drawn =
      quota === null ? { draws: [], line: null, interval: null } : drawEveryWay(tables, quota, drawing.body.direction, tie)
    const set = drawing.set(county)
    return { county, quota, ...drawn, ...(set ? { line: set.line } : {}), set }
  })
}
