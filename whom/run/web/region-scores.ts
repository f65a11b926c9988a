import { join } from 'node:path'
import { type Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { OpenedRun } from '../open-part.ts'
import type { RegionScores } from './region.contract.ts'
import type { RegionAreas } from './region-areas.ts'

interface Row {
  score: number
  households: number
  persons: number
  cumulative_households: number
  cumulative_persons: number
  inside: number
  outside: number
  open: number
}

/** 一分一档 of the region from the score tables of its counties; each county's persons stand on the side of its own line. */
export async function regionScores(duck: Duck, run: OpenedRun, areas: RegionAreas): Promise<RegionScores> {
  const direction = directionOf(run)
  const rows = await duck.rows<Row>(`
    with by_score as (
      select score, sum(households)::bigint as households, sum(persons)::bigint as persons,
        coalesce(sum(persons) filter (where inside), 0)::bigint as inside, coalesce(sum(persons) filter (where not inside), 0)::bigint as outside,
        coalesce(sum(persons) filter (where inside is null), 0)::bigint as open
      from read_parquet(${quoteText(join(run.folder, 'score_table.parquet'))}) where county_code is not null group by 1)
    select *, sum(households) over w ::bigint as cumulative_households, sum(persons) over w ::bigint as cumulative_persons
    from by_score window w as (order by score ${direction === 'higher_is_better_off' ? '' : 'desc'}) order by score ${direction === 'higher_is_better_off' ? '' : 'desc'}`)
  const line = areas.region.line!
  return {
    direction,
    quota: line.quota,
    drawn: line.drawn,
    counties: line.counties,
    rows: rows.map(({ cumulative_households, cumulative_persons, ...row }) => ({
      ...row,
      cumulativeHouseholds: cumulative_households,
      cumulativePersons: cumulative_persons,
    })),
  }
}

/** Which end of the score is the poorer, by the scorecard that the run used. */
function directionOf({ book, record }: OpenedRun): RegionScores['direction'] {
  const found = book.definitions.find((d) => d.id === record.book.scorecard)?.versions.at(-1)?.body
  return found?.kind === 'scorecard' ? found.scorecard.direction : 'higher_is_better_off'
}
