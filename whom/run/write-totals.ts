import { type Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { DrawnCounty } from '@fupin/whom/identification/draw-lines.ts'
import type { Direction } from '@fupin/whom/identification/identification.rules.ts'
import { lineTables } from '@fupin/whom/identification/write-results.ts'
import type { RunFolder } from './run-folder.ts'

/** Writes what stands beside the lists: totals by area, score table and lines of every county and of the region. */
export async function writeTotals(duck: Duck, folder: RunFolder, drawn: DrawnCounty[], direction: Direction): Promise<void> {
  await lineTables(duck, drawn, direction)
  const order = direction === 'higher_is_better_off' ? 'score' : 'score desc'
  const over = `over (order by ${order})`
  const tables: Record<string, string> = {
    areas: `select level, code, name, * exclude (level, code, name) from area_total order by case level when 'region' then 1 when 'city' then 2 when 'county' then 3 when 'township' then 4 else 5 end, code`,
    lines: 'from line_row order by county_code',
    // 一分一档 of the region: all counties together, for looking at, not for a line.
    score_table: `select county_code, score, households, persons, cumulative_households, cumulative_persons, inside from (
        select county_code, n, score, households, persons, cumulative_households, cumulative_persons, inside from score_step
        union all
        select null, row_number() ${over}, score, sum(households)::bigint, sum(persons)::bigint, sum(sum(households)) ${over}::bigint, sum(sum(persons)) ${over}::bigint, null from score_step group by score)
      order by county_code nulls first, n`,
  }
  for (const [name, sql] of Object.entries(tables))
    await folder.whole(`${name}.parquet`, (growing) => duck.run(`copy (${sql}) to ${quoteText(growing)} (format parquet)`))
}
