import type { Duck } from '@fupin/platform/database/duckdb.ts'
import type { Scorecard } from '@fupin/rulebook/engine/book.ts'
import { type Direction, type Drawn, drawEveryWay, type ScoreCount, type ScoreStep, scoreTable } from './identification.rules.ts'
import type { SetLine } from './read-set-lines.ts'
import type { Scored } from './score-households.ts'

/** A county's line as drawn, with what it was drawn from. */
export interface DrawnCounty extends Drawn {
  county: string
  quota: number | null
  /** Set by a person: it stands whatever the draws say, with its reason. */
  set: SetLine | null
  /** 一分一档 over known points: households in scope without a proven veto. */
  table: ScoreStep[]
}

/**
 * Counts the scores of every county and draws its line in every way that gaps allow. Makes `standing(_key, proven, doubtful, outside)`:
 * a proven veto, something undecided that would take the household out of the count, certainly out of scope.
 */
export async function drawLines(
  duck: Duck,
  scored: Scored,
  scorecard: Scorecard,
  quotas: Map<string, number>,
  setLines: ReadonlyMap<string, SetLine> = new Map(),
): Promise<DrawnCounty[]> {
  await standingTable(duck, scored)
  const rows = await duck.rows<{ county: string; kind: string; doubtful: boolean; score: number; households: number; persons: number }>(
    `select county_code as county, case when grouping(known) = 0 then 'known' when grouping(least) = 0 then 'least' else 'most' end as kind, doubtful,
      coalesce(known, least, most) as score, count(*) as households, coalesce(sum(persons), 0)::bigint as persons
    from (select county_code, known, least, most, persons, ${standingSql(scored)} from scored) where not proven and not outside
    group by grouping sets ((county_code, doubtful, known), (county_code, doubtful, least), (county_code, doubtful, most))`,
  )
  const counties = (await duck.rows<{ county: string }>('select distinct county_code as county from scored order by 1')).map(
    (r) => r.county,
  )
  const tie = scorecard.line?.tie ?? 'lower'
  return counties.map((county) => {
    const own = rows.filter((r) => r.county === county)
    const pick = (kind: string, doubtful: boolean): ScoreCount[] => own.filter((r) => r.kind === kind && r.doubtful === doubtful)
    const tables = Object.fromEntries(
      (['known', 'least', 'most'] as const).map((kind) => [kind, { certain: pick(kind, false), doubtful: pick(kind, true) }]),
    ) as Parameters<typeof drawEveryWay>[0]
    const quota = quotas.get(county) ?? null
    const drawn: Drawn =
      quota === null ? { draws: [], line: null, interval: null } : drawEveryWay(tables, quota, scorecard.direction as Direction, tie)
    const set = setLines.get(county) ?? null
    return {
      county,
      quota,
      ...drawn,
      ...(set ? { line: set.line } : {}),
      set,
      table: scoreTable(joined(tables.known.certain, tables.known.doubtful), scorecard.direction),
    }
  })
}

/** Makes `standing` from `scored`: what of each household's standing the points do not say. */
export const standingTable = (duck: Duck, scored: Scored): Promise<number> =>
  duck.run(`create or replace table standing as select _key, county_code, ${standingSql(scored)} from scored`)

function standingSql(scored: Scored): string {
  const any = scored.vetoes.map((_, i) => `v${i}`).join(' or ') || 'false'
  return `coalesce(${any}, false) as proven, (in_scope is not null and not in_scope) as outside, ((${any}) is null or in_scope is null) as doubtful`
}

function joined(a: ScoreCount[], b: ScoreCount[]): ScoreCount[] {
  const all = new Map<number, ScoreCount>()
  for (const { score, households, persons } of [...a, ...b]) {
    const found = all.get(score) ?? { score, households: 0, persons: 0 }
    all.set(score, { score, households: found.households + households, persons: found.persons + persons })
  }
  return [...all.values()]
}
