import type { Duck } from '@fupin/platform/database/duckdb.ts'
import type { Sentence } from '@fupin/platform/problems/problem.ts'
import { verdictOrdinalSql } from '@fupin/whom/run/compare/standings.ts'
import { tallyChunk, tallyCounties } from '@fupin/whom/run/compare/tally.ts'
import { type Traits, traitTable } from '@fupin/whom/run/compare/traits.ts'
import type { ChangedRules } from './changed-rules.ts'
import { type DrawnLine, drawSide } from './draw-both.ts'
import { type Facts, factViews } from './fact-views.ts'
import type { Opened, SimulateOptions } from './open-simulation.ts'
import { pairRules } from './pair-rules.ts'
import { groupTally, runGroups, traitsOfMoved } from './run-groups.ts'
import { keepSample } from './sample-check.ts'
import { keepForProof, partOf } from './second-run.ts'

/** What working chunk by chunk found beside the tallies. */
export interface Differences {
  drawn: DrawnLine[]
  againstItself: number
  linesAgainstItself: number
  /** Cells of counties in which the groups do not give what was counted directly. */
  cellsAgainstGroups: number
}

export const changing: Sentence = { zh: '试算规则改动', en: 'simulating the change' }

/**
 * Works out how every household stands under the later book, chunk by chunk: one statement asks what changed, the rest comes from the
 * run's list; lines are drawn again for both sides. Fills the tallies, the sample, and where asked what the proof needs.
 */
export async function byDifference(
  duck: Duck,
  opened: Opened,
  options: SimulateOptions & { seed: number },
  facts: Facts,
  traits: Traits,
  clock: (step: string) => void,
): Promise<Differences> {
  const { run, changed } = opened
  const found: Differences = { drawn: [], againstItself: 0, linesAgainstItself: 0, cellsAgainstGroups: 0 }
  const { chunks } = run.record
  const [x, y] = [opened.groups.before[0]!.scorecard.score!.body, opened.groups.after[0]!.scorecard.score!.body]
  // Sizes are those after: only where persons are counted as before do the run's own groups serve.
  const grouped = changed.every((c) => c.persons.before === c.persons.after)
  for (const [i, { no, counties }] of chunks.entries()) {
    options.onProgress?.({ title: changing, done: i, of: chunks.length })
    const keys = counties.map((c) => Number(c) * 10_000_000)
    await factViews(duck, facts, counties, { low: Math.min(...keys), high: Math.max(...keys) + 10_000_000 })
    const own = changed
      .map((c): ChangedRules => ({ ...c, counties: c.counties.filter((code) => counties.includes(code)) }))
      .filter((c) => c.counties.length > 0)
    for (const [n, c] of own.entries()) await pairRules(duck, run.book, c, { list: partOf(run, no), whole: own.length === 1 }, n === 0)
    clock('statement')
    const before = await drawSide(duck, 'a', counties, { body: x, quota: opened.quota.before, set: opened.set })
    const after = await drawSide(duck, 'b', counties, { body: y, quota: opened.quota.after, set: opened.set })
    found.linesAgainstItself += before.filter((l) => !isLineOfRun(opened, l)).length
    found.drawn.push(...after)
    clock('lines')
    await judge(duck, opened, before, after)
    if (grouped) await tallyCounties(duck, y.direction, 'rules')
    else {
      await traitTable(duck, traits, counties, run.snapshot, null)
      await tallyChunk(duck, y.direction, 'rules')
    }
    await keepSample(duck, options.seed, i === 0)
    if (options.prove) await keepForProof(duck, i === 0)
    clock('tally')
  }
  await duck.run('drop view if exists pair; drop table if exists standing; drop table if exists traits')
  if (grouped) {
    await runGroups(duck, run, traits)
    await traitsOfMoved(duck, run, traits)
    found.cellsAgainstGroups = await groupTally(duck)
    clock('groups')
  }
  found.againstItself = (await duck.one<{ n: number }>(
    `select coalesce(sum(stray), 0)::bigint as n from ${grouped ? 'counted' : 'tally'}`,
  ))!.n
  options.onProgress?.({ title: changing, done: chunks.length, of: chunks.length })
  return found
}

const isLineOfRun = (opened: Opened, drawn: DrawnLine): boolean => {
  const line = opened.run.record.lines.find((l) => l.county === drawn.county)
  return JSON.stringify([line?.line ?? null, line?.interval ?? null]) === JSON.stringify([drawn.line, drawn.interval])
}

/** Makes the view `pair` over `standing` and the lines of both sides. */
async function judge(duck: Duck, opened: Opened, before: DrawnLine[], after: DrawnLine[]): Promise<void> {
  const direction = (side: 'before' | 'after') => opened.groups[side][0]!.scorecard.score!.body.direction
  const later = new Map(after.map((l) => [l.county, l]))
  const ends = (l: DrawnLine | undefined): string => `${l?.line ?? l?.interval?.low ?? 'null'}, ${l?.line ?? l?.interval?.high ?? 'null'}`
  const rows = before.map((l) => `(${Number(l.county)}, ${ends(l)}, ${ends(later.get(l.county))})`)
  await duck.run(`create or replace table both_lines (county integer, low_a integer, high_a integer, low_b integer, high_b integer);
    insert into both_lines values ${rows.join(', ')}`)
  const verdict = (side: 'a' | 'b'): string =>
    verdictOrdinalSql(direction(side === 'a' ? 'before' : 'after'), {
      outside: `outside_${side}`,
      proven: `proven_${side}`,
      doubt: `doubt_${side}`,
      least: `least_${side}`,
      most: `most_${side}`,
      low: `low_${side}`,
      high: `high_${side}`,
    })
  await duck.run(`create or replace view pair as select s.county, key as key_a, key as key_b, persons as persons_a, coalesce(counted_b, persons)::integer as persons_b,
      ${(['a', 'b'] as const).map((x) => `score_${x}, known_${x}, least_${x}, most_${x}, vetoes_${x}, open_${x}, outside_${x}, proven_${x}, doubt_${x}, low_${x}, high_${x}, ${verdict(x)} as verdict_${x}`).join(', ')},
      stray or ${verdict('a')} <> said as stray
    from standing s join both_lines l on l.county = s.county`)
}
