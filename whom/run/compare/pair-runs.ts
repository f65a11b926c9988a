import type { Duck } from '@fupin/platform/database/duckdb.ts'
import { quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Direction } from '@fupin/whom/identification/identification.rules.ts'
import { type OpenedRun, runList } from '@fupin/whom/run/open-part.ts'
import { movedBits } from './bit-places.ts'
import { insideSql, ordinalSql } from './standings.ts'
import { columnsOf } from './tally.ts'

/** A finished run, with or without its book. */
export type SomeRun = Omit<OpenedRun, 'book'>

/** One side's columns of `pair` from a run's list. `places`: where the run's veto bits go; `columns`: more of the list to carry along. */
export function sideSql(
  run: SomeRun,
  counties: readonly string[],
  side: 'a' | 'b',
  direction: Direction,
  places: number[],
  columns = '',
): string {
  const named = `_key, county_code, persons, ${ordinalSql('verdict')} as v, score, known, least, most, ${movedBits('vetoes', places)} as vetoes, ${movedBits('open_vetoes', places)} as open, low, high${columns}`
  const list = counties.length === 1 ? runList(run, counties[0]) : runList(run)
  const rows = `select ${named} from ${counties.length === 1 ? list : partsOf(run, counties)}${covers(run, counties) ? '' : ` where county_code in (${counties.map(quoteText).join(', ')})`}`
  // An undecided household inside the line by its points lacks something else: a veto that is open, or whether it is in scope.
  return `select _key as key_${side}, county_code, persons as persons_${side}, v as verdict_${side}, score as score_${side}, known as known_${side}, least as least_${side}, most as most_${side},
    vetoes as vetoes_${side}, open as open_${side}, v = 5 as outside_${side}, vetoes <> 0 as proven_${side},
    (open <> 0 or (v = 4 and coalesce(${insideSql(direction, { least: 'least', most: 'most', low: 'low', high: 'high' })}, false))) as doubt_${side}, low as low_${side}, high as high_${side}${columns}
    from (${rows})`
}

function chunksWith(run: SomeRun, counties: readonly string[]) {
  return run.record.chunks.filter((c) => c.counties.some((code) => counties.includes(code)))
}

/** Whether the parts that hold these counties hold no other. */
const covers = (run: SomeRun, counties: readonly string[]): boolean =>
  chunksWith(run, counties).every((c) => c.counties.every((code) => counties.includes(code)))

function partsOf(run: SomeRun, counties: readonly string[]): string {
  return runList({ folder: run.folder, record: { ...run.record, chunks: chunksWith(run, counties) } })
}

/** How the households of some counties are told to be the same in both runs. */
export interface Matching {
  /** Their parts are the same file in both snapshots, so keys are the same; else the number of the household within its county decides. */
  sameKeys: boolean
  direction: Direction
  places: { a: number[]; b: number[] }
}

/** Makes `pair` for some counties of both runs. A household that only one run has stands there with the other side empty. */
export async function pairRuns(duck: Duck, a: SomeRun, b: SomeRun, counties: readonly string[], matching: Matching): Promise<void> {
  const id = matching.sameKeys ? '' : ', household_id'
  const [first, second] = [
    sideSql(a, counties, 'a', matching.direction, matching.places.a, id),
    sideSql(b, counties, 'b', matching.direction, matching.places.b, id),
  ]
  const on = matching.sameKeys ? 'a.key_a = b.key_b' : 'a.county_code = b.county_code and a.household_id = b.household_id'
  const absent = columnsOf('a')
    .concat(', ', columnsOf('b'))
    .replace('verdict_a', 'coalesce(verdict_a, 0)::tinyint as verdict_a')
    .replace('verdict_b', 'coalesce(verdict_b, 0)::tinyint as verdict_b')
  await duck.run(`create or replace table pair as select coalesce(b.county_code, a.county_code)::integer as county, false as stray, ${absent}
    from (${first}) a full join (${second}) b on ${on}`)
}
