import { type Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Direction } from '@fupin/whom/identification/identification.rules.ts'
import type { Origin } from './compare-contract.ts'
import { whySql } from './why-moved.ts'

/**
 * Columns of `pair`, one row for each household of two runs. Side `a` is the earlier run or rules, `b` the later; all columns of a side
 * are null where that side does not have the household, and its `verdict` is 0. Beside them stand `county` and `stray`: that the earlier
 * side, worked out again, is not what its run says.
 */
export const sideColumns = [
  'key',
  'persons',
  'verdict',
  'score',
  'known',
  'least',
  'most',
  'vetoes',
  'open',
  'outside',
  'proven',
  'doubt',
  'low',
  'high',
] as const

/** Names for `pair` of one side's columns. */
export const columnsOf = (side: 'a' | 'b'): string => sideColumns.map((c) => `${c}_${side}`).join(', ')

/** Makes the empty tables that chunks are added up in: `tally` (the cube of cells), `move` (households that moved), `points`. */
export async function createTallies(duck: Duck): Promise<void> {
  await duck.run(`create or replace table tally (county integer, size tinyint, ethnic smallint, poor tinyint, verdict_a tinyint, verdict_b tinyint,
      households bigint, persons_a bigint, persons_b bigint, higher bigint, lower bigint, unclear bigint, stray bigint);
    create or replace table move (county integer, ethnic smallint, poor boolean,
      ${(['a', 'b'] as const).map((s) => `key_${s} bigint, persons_${s} integer, verdict_${s} tinyint, score_${s} integer, known_${s} integer, least_${s} integer, most_${s} integer, vetoes_${s} bigint, open_${s} bigint, outside_${s} boolean, proven_${s} boolean, doubt_${s} boolean, low_${s} integer, high_${s} integer`).join(', ')},
      why varchar, origin varchar)`)
}

/** Sizes from this on are one. */
export const largestSize = 8

/** What is counted of each cell; the same whether groups are told apart at once or afterwards. */
const counts = `count(*) as households, coalesce(sum(persons_a), 0)::bigint as persons_a, coalesce(sum(persons_b), 0)::bigint as persons_b,
      count(*) filter (where least_b > least_a and most_b > most_a) as higher, count(*) filter (where least_b < least_a and most_b < most_a) as lower,
      count(*) filter (where (least_b <> least_a or most_b <> most_a) and not (least_b > least_a and most_b > most_a) and not (least_b < least_a and most_b < most_a)) as unclear,
      count(*) filter (where stray) as stray`

/**
 * Adds the relation `pair` of a chunk, with `traits(_key, ethnic, poor)` beside it, to the tallies. `origin`: where a cause other than the
 * line comes from.
 */
export async function tallyChunk(duck: Duck, direction: Direction, origin: Origin, turned = false): Promise<void> {
  await duck.run(`insert into tally by name select county, coalesce(least(coalesce(persons_b, persons_a), ${largestSize}), 0)::tinyint as size, ethnic,
      case poor when true then 1 when false then 0 end::tinyint as poor, verdict_a, verdict_b, ${counts}
    from pair left join traits on traits._key = coalesce(key_b, -key_a) group by all`)
  await addMoves(duck, whySql(direction, turned), origin, 'ethnic, poor', 'left join traits on traits._key = coalesce(key_b, -key_a)')
}

/** Adds `pair` to the tallies by county only; groups are told apart afterwards. */
export async function tallyCounties(duck: Duck, direction: Direction, origin: Origin): Promise<void> {
  await duck.run(`insert into tally by name select county, verdict_a, verdict_b, ${counts} from pair group by all`)
  await addMoves(duck, whySql(direction), origin, 'null::smallint as ethnic, null::boolean as poor', '')
}

async function addMoves(duck: Duck, why: string, origin: Origin, traits: string, join: string): Promise<void> {
  await duck.run(`insert into move by name
    select *, case when why in ('new_household', 'gone_household') then null when why in ('line_moved', 'several') then 'line' else ${origin === null ? 'null' : quoteText(origin)} end as origin
    from (select pair.* exclude (stray), ${traits}, ${why} as why from pair ${join} where verdict_a <> verdict_b)`)
}
