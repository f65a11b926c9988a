import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { type Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import { ordinalSql } from '@fupin/whom/run/compare/standings.ts'
import { largestSize } from '@fupin/whom/run/compare/tally.ts'
import type { Traits } from '@fupin/whom/run/compare/traits.ts'
import type { OpenedRun } from '@fupin/whom/run/open-part.ts'
import { partOf } from './second-run.ts'

const groups = 'county, size, ethnic, poor'

/** How a household's size and village are kept in groups. */
const sizeSql = (persons: string): string => `coalesce(least(${persons}, ${largestSize}), 0)::tinyint`
const poorSql = 'case poor when true then 1 when false then 0 end::tinyint'

/**
 * Makes `run_group(county, size, ethnic, poor, verdict, households, persons)`: how the run's households stand, by group. It is counted once and kept beside
 * the run under a name that holds its snapshot and the digest of its verdicts, so that later simulations need look at the traits only of who moves.
 */
export async function runGroups(duck: Duck, run: OpenedRun, traits: Traits): Promise<void> {
  const file = join(
    run.folder,
    `groups-${run.record.snapshot.id.replace('sha256:', '').slice(0, 12)}-${BigInt(run.record.digests.verdict ?? '0').toString(36)}.parquet`,
  )
  const kept = await duck.run(`create or replace table run_group as from read_parquet(${quoteText(file)})`).then(
    () => true,
    () => false,
  )
  if (kept) return
  for (const [i, { no, counties }] of run.record.chunks.entries()) {
    const select = `select county, size, ethnic, ${poorSql} as poor, verdict, count(*) as households, coalesce(sum(persons), 0)::bigint as persons
      from (select _key, county_code::integer as county, ${sizeSql('persons')} as size, persons, ${ordinalSql('verdict')} as verdict from ${partOf(run, no)})
        left join (${traits.sql(run.snapshot, counties)}) using (_key) group by all`
    await duck.run(i === 0 ? `create or replace table run_group as ${select}` : `insert into run_group by name ${select}`)
  }
  // A run that may not be written to is counted again each time.
  await duck
    .run(`copy run_group to ${quoteText(`${file}.${process.pid}`)} (format parquet)`)
    .then(() => rename(`${file}.${process.pid}`, file))
    .catch(() => undefined)
}

/** Gives those who moved their ethnic group and village. */
export async function traitsOfMoved(duck: Duck, run: OpenedRun, traits: Traits): Promise<void> {
  const counties = await duck.rows<{ county: number }>('select distinct county from move order by 1')
  if (counties.length === 0) return
  const codes = counties.map((c) => String(c.county).padStart(6, '0'))
  await duck.run(`create or replace table trait_of_moved as from (${traits.sql(run.snapshot, codes, 'select key_b from move')})`)
  await duck.run(`create or replace table move as select m.* exclude (ethnic, poor), t.ethnic, t.poor from move m left join trait_of_moved t on t._key = m.key_b;
    drop table trait_of_moved`)
}

/**
 * Puts groups in place of the tally by county: who did not move stands in `run_group`, who did is taken out of its cell there and put where
 * it stands now. Gives the number of cells of counties in which this is not what was counted directly.
 */
export async function groupTally(duck: Duck): Promise<number> {
  const moved = (to: string, sign: string): string =>
    `select county, ${sizeSql('persons_b')} as size, ethnic, ${poorSql} as poor, verdict_a, ${to} as verdict_b, ${sign}count(*) as households, ${sign}coalesce(sum(persons_a), 0)::bigint as persons_a, ${sign}coalesce(sum(persons_b), 0)::bigint as persons_b from move group by all`
  await duck.run(`create or replace table grouped as select ${groups}, verdict_a, verdict_b, sum(households)::bigint as households, sum(persons_a)::bigint as persons_a, sum(persons_b)::bigint as persons_b from (
      select ${groups}, verdict as verdict_a, verdict as verdict_b, households, persons as persons_a, persons as persons_b from run_group
      union all by name ${moved('verdict_a', '-')} union all by name ${moved('verdict_b', '')}) group by all having sum(households) <> 0`)
  const sums = (of: string): string =>
    `select county, verdict_a, verdict_b, sum(households) as households, sum(persons_a) as persons_a, sum(persons_b) as persons_b from ${of} group by all`
  const { n } = (await duck.one<{ n: number }>(
    `select count(*) as n from ((${sums('tally')} except ${sums('grouped')}) union all (${sums('grouped')} except ${sums('tally')}))`,
  ))!
  await duck.run(`create or replace table counted as select county, verdict_a, verdict_b, sum(higher) as higher, sum(lower) as lower, sum(unclear) as unclear, sum(stray) as stray from tally group by all;
    delete from tally; insert into tally by name from grouped; drop table grouped`)
  return n
}
