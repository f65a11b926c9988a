import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Duck, quoteText } from '@fupin/platform/database/duckdb.ts'

const columns = 'found_on, level, code, name, households, errors, doubts, errors_per_100, findings_per_100'

/**
 * Makes `error_trend`: rates of this run for the whole, counties and townships, after those that stand in the `trend.csv` beside the earlier
 * list. A run of the same day replaces its own.
 */
export async function trendOf(duck: Duck, foundOn: string, before: string | undefined): Promise<void> {
  await duck.run(`create or replace temp table error_trend as
    select ${quoteText(foundOn)} as ${columns} from error_area where level <> 'village'`)
  const earlier = before && join(dirname(before), 'trend.csv')
  if (!earlier || !(await stat(earlier).catch(() => null))) return
  const typed = columns
    .split(', ')
    .map((c) => (['found_on', 'level', 'code', 'name'].includes(c) ? `${c}::varchar as ${c}` : `${c}::double as ${c}`))
  await duck.run(`insert into error_trend by name select ${typed.map((t) => t.replace(/^code::varchar/, `coalesce(code, '')::varchar`)).join(', ')}
    from read_csv(${quoteText(earlier)}, header = true, all_varchar = true) where found_on <> ${quoteText(foundOn)}`)
}
