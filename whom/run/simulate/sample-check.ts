import { type Duck, quoteName } from '@fupin/platform/database/duckdb.ts'
import { type Facts as EntityFacts, Interpreter } from '@fupin/rulebook/engine/run.ts'
import { fieldsRead } from '@fupin/rulebook/shelf/fact-tables.ts'
import { readFactsFrom } from '@fupin/rulebook/shelf/read-facts.ts'
import type { ChangedRules, PointsOf } from './changed-rules.ts'
import { type Facts, factViews } from './fact-views.ts'
import { nodesAsked } from './later-hits.ts'

/** How many households are asked again, half of them such as moved. */
export const sampleSize = 200
/** From how many counties the sample is drawn: facts of a few counties are read much sooner than some of each. */
const countiesDrawn = 12
/** Households kept of a chunk until it is known which counties are drawn. */
const keptOfChunk = 2000
/** How many of those that moved are explained. */
export const explainedSize = 20

/** SQL of a number that looks drawn by lot, the same for the same seed. */
const lot = (key: string, seed: number): string => `((${key}::bigint % 1000003) * 48271 + ${(seed * 7919) % 2147483647}) % 2147483647`

/** Keeps some households of a chunk, drawn by lot, for the sample. */
export async function keepSample(duck: Duck, seed: number, first: boolean): Promise<void> {
  const select = `select ${lot('key_b', seed)} as lot, * from pair where key_b in (select key from standing order by ${lot('key', seed)}, key limit ${keptOfChunk})`
  await duck.run(first ? `create or replace table sampled as ${select}` : `insert into sampled by name ${select}`)
}

/** A household of the sample with both sides as the statement has them. */
export interface SampledRow {
  key_b: number
  county: number
  [column: string]: number | boolean | string | null
}

/** Draws the counties of the sample by lot, half of them such as have households that moved. */
export async function drawCounties(duck: Duck, seed: number): Promise<void> {
  const byLot = `group by 1 order by ${lot('county', seed)}, 1`
  await duck.run(
    `create or replace table drawn_county as select county from tally where verdict_a <> verdict_b ${byLot} limit ${countiesDrawn / 2}`,
  )
  await duck.run(
    `insert into drawn_county select county from tally where county not in (from drawn_county) ${byLot} limit (select ${countiesDrawn} - count(*) from drawn_county)`,
  )
}

/** The households to be asked again, of the counties drawn: half by lot from those that moved, the rest from all. */
export async function drawnSample(duck: Duck, seed: number): Promise<SampledRow[]> {
  await duck.run(
    `create or replace table moved as select ${lot('key_b', seed)} as lot, * from move where county in (from drawn_county) order by lot, key_b limit ${sampleSize / 2}`,
  )
  return duck.rows<SampledRow>(`with others as (select * from sampled where county in (from drawn_county) and key_b not in (select key_b from moved) order by lot, key_b limit (select ${sampleSize} - count(*) from moved))
    select * exclude (ethnic, poor, why, origin) from moved union all by name select * exclude (stray) from others order by key_b`)
}

/** The households to be explained: some of each kind of move in turn. */
export const drawnToExplain = (duck: Duck, seed: number): Promise<SampledRow[]> =>
  duck.rows<SampledRow>(`select * from (select *, ${lot('key_b', seed)} as lot, row_number() over (partition by verdict_a, verdict_b order by lot, key_b) as turn from move
      where county in (from drawn_county) qualify turn <= ${explainedSize}) order by turn, lot, key_b limit ${explainedSize}`)

/** Facts of some households that the changed rules read, for the interpreter. */
export async function factsOf(
  duck: Duck,
  facts: Facts,
  changed: readonly ChangedRules[],
  rows: readonly SampledRow[],
): Promise<Map<number, EntityFacts>> {
  if (rows.length === 0) return new Map()
  const counties = [...new Set(rows.map((r) => String(r.county).padStart(6, '0')))]
  await duck.run(`create or replace table asked_key as select unnest([${rows.map((r) => r.key_b).join(', ')}]::bigint[]) as _key`)
  await factViews(duck, facts, counties, {}, 'select _key from asked_key')
  // Records of departments come without a key of their own; the interpreter reads lists in order of one.
  const records = new Set(facts.lists.map((l) => l.read.entity))
  const found = await readFactsFrom(duck, facts.book.dictionary, facts.level, {
    read: fieldsRead(facts.book.dictionary, facts.level, changed.flatMap(nodesAsked)),
    table: (e) => (records.has(e) ? `(select row_number() over () as _key, * from ${quoteName(e)})` : quoteName(e)),
  })
  return new Map(found.map((f) => [f.key, f.facts]))
}

/** How many households of a sample the interpreter's difference disagrees about. */
export function sampleDiffers(changed: readonly ChangedRules[], rows: readonly SampledRow[], facts: Map<number, EntityFacts>): number {
  const interpreter = new Interpreter()
  return rows.filter((row) => {
    const rules = changed.find((c) => c.counties.includes(String(row.county).padStart(6, '0')))
    const own = facts.get(row.key_b)
    return !rules || !own || !agrees(interpreter, rules, row, own)
  }).length
}

function agrees(interpreter: Interpreter, c: ChangedRules, row: SampledRow, facts: EntityFacts): boolean {
  const frames = [facts]
  const n = (column: string): number => Number(row[column])
  const value = (i: PointsOf): number | undefined => interpreter.evaluate(i.node, frames) as number | undefined
  const [away, add] = [c.items.away.map((i) => [i, value(i)] as const), c.items.add.map((i) => [i, value(i)] as const)]
  const sum = (all: typeof away, fill: (i: PointsOf) => number): number => all.reduce((s, [i, v]) => s + (v ?? fill(i)), 0)
  const moved = (column: string, fill: (i: PointsOf) => number): boolean =>
    n(`${column}_b`) - n(`${column}_a`) === sum(add, fill) - sum(away, fill)
  const answered = add.every(([, v]) => v !== undefined)
  const score =
    row.score_b === null ? row.score_a === null || !answered : answered && n('score_b') === n('known_b') && n('least_b') === n('most_b')
  const vetoes = c.vetoes.every(({ from, node }, bit) => {
    if (from !== null) return true
    const said = interpreter.evaluate(node, frames)
    const holds = (column: string): boolean => Math.floor(n(column) / 2 ** bit) % 2 === 1
    return holds('vetoes_b') === (said === true) && holds('open_b') === (said === undefined)
  })
  const scope = (node: typeof c.scope.before, side: 'a' | 'b'): boolean =>
    !node || (interpreter.evaluate(node, frames) === false) === row[`outside_${side}`]
  return (
    moved('known', () => 0) &&
    moved('least', (i) => i.least) &&
    moved('most', (i) => i.most) &&
    score &&
    vetoes &&
    scope(c.scope.before, 'a') &&
    scope(c.scope.after, 'b')
  )
}
