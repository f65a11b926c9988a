import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Duck } from '@fupin/platform/database/duckdb.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import { printDate } from '@fupin/rulebook/engine/civil-date.ts'
import type { Text } from '@fupin/rulebook/engine/definition.ts'
import { diffBooks } from '@fupin/rulebook/engine/diff.ts'
import { contentOfBook, meaningOfBook } from '@fupin/rulebook/engine/meaning.ts'
import { fileHash } from '@fupin/whom/identification/run-record.ts'
import { regionOf, stepClock, titled } from '@fupin/whom/run/compare/compare-runs.ts'
import { lineMoves } from '@fupin/whom/run/compare/input-changes.ts'
import { cellsOf, cellTable, mustAddUp, reasonsOf } from '@fupin/whom/run/compare/read-tallies.ts'
import { createTallies } from '@fupin/whom/run/compare/tally.ts'
import { traitsOf } from '@fupin/whom/run/compare/traits.ts'
import { wholeResult, writeCells, writeLines, writeMoves } from '@fupin/whom/run/compare/write-comparison.ts'
import { asWhole } from './as-whole.ts'
import { byDifference } from './by-difference.ts'
import type { ChangedRules, TouchedRule } from './changed-rules.ts'
import type { DrawnLine } from './draw-both.ts'
import { explainMoves } from './explain-moves.ts'
import type { Facts } from './fact-views.ts'
import { laterHits } from './later-hits.ts'
import { type Opened, openSimulation, type SimulateOptions } from './open-simulation.ts'
import { vetoIds } from './pair-rules.ts'
import { drawCounties, drawnSample, drawnToExplain, factsOf, sampleDiffers } from './sample-check.ts'
import { prove, type SecondRun } from './second-run.ts'
import type { Checks, ExplainedMove, Simulation } from './simulate-contract.ts'

const usualSeed = 20_151_016

/** What either way of working leaves for the report. */
export interface Worked {
  vetoes: { id: string; title: Text }[]
  lines: DrawnLine[]
  checks: Checks
  explained: ExplainedMove[]
}

/**
 * What another book would do to the households of a finished run: who gains, who loses, who becomes decidable or undecided, and why.
 * Only what changed is asked; points of the rest come from the run's list, vetoes from its bits, and the lines are drawn again. A change that
 * cannot be worked out so runs whole. Writes `cells`, `lines`, `moves`, `explained.json`, `simulation.json` to `out`.
 * @throws Problem `simulate.checks` where the comparison does not pass its own checks: then nothing is written.
 */
export async function simulateRun(options: SimulateOptions): Promise<Simulation> {
  const started = new Date()
  const steps: Record<string, number> = {}
  const clock = stepClock(steps)
  const opened = await openSimulation(options)
  const { run, after } = opened
  const seed = options.seed ?? usualSeed
  const duck = await Duck.open({ memory: options.memory ?? '2GB', threads: options.threads ?? 2 })
  try {
    await createTallies(duck)
    clock('open')
    const traits = traitsOf(after.dictionary)
    const worked = opened.because
      ? await asWhole(duck, opened, secondOf(opened, options), options.out, traits, seed, clock)
      : await worksByDifference(duck, opened, { ...options, seed }, clock)
    await cellTable(duck, regionOf(run), traits)
    const { households, persons } = run.record.counts
    await mustAddUp(
      duck,
      run.record.counts,
      opened.because || samePersons(opened.changed) ? run.record.counts : await countedAfter(duck, households),
    )
    mustPass(worked.checks)
    await duck.run('create table if not exists counted as from tally')
    const points = (await duck.one<Simulation['points']>(
      'select coalesce(sum(higher), 0)::bigint as higher, coalesce(sum(lower), 0)::bigint as lower, coalesce(sum(unclear), 0)::bigint as otherwise from counted',
    ))!
    const said: Simulation = {
      format: 1,
      made_up: run.record.made_up,
      started_at: started.toISOString(),
      seconds: 0,
      run: { folder: run.folder, id: run.record.id, snapshot: run.record.snapshot.id },
      before: { meaning: run.record.book.meaning, content: run.record.book.content, as_of: run.record.book.as_of },
      after: {
        meaning: meaningOfBook(after),
        content: contentOfBook(after),
        as_of: printDate(opened.at),
        quota: options.quota === undefined ? null : `sha256:${await fileHash(options.quota)}`,
      },
      changes: diffBooks(run.book, after),
      touched: touchedOf(opened.changed),
      how: opened.because ? 'whole' : 'difference',
      because: opened.because,
      population: { households, persons },
      ...(await cellsOf(duck)),
      points,
      reasons: await reasonsOf(duck),
      lines: lineMoves(run.record, { lines: worked.lines }),
      checks: worked.checks,
      steps,
      peak_memory: 0,
    }
    await wholeResult(options.out, 'simulation.json', async (folder) => {
      const to = { folder, formats: options.formats ?? (['parquet', 'csv'] as const), madeUp: said.made_up }
      await writeCells(duck, to)
      await writeLines(duck, said.lines, to)
      await writeMoves(duck, run, run, worked.vetoes, to)
      await writeFile(join(folder, 'explained.json'), `${JSON.stringify(worked.explained, null, 1)}\n`)
      clock('write')
      said.seconds = (Date.now() - started.getTime()) / 1000
      said.peak_memory = process.resourceUsage().maxRSS * 1024
      return said
    })
    return said
  } finally {
    duck.close()
  }
}

async function worksByDifference(
  duck: Duck,
  opened: Opened,
  options: SimulateOptions & { seed: number },
  clock: (step: string) => void,
): Promise<Worked> {
  const { run, after, changed, groups } = opened
  const lists = await laterHits(duck, run, after, groups, changed)
  clock('hits')
  const facts: Facts = { snapshot: run.snapshot, book: run.book, level: groups.before[0]!.scorecard.definition.level, lists }
  const found = await byDifference(duck, opened, options, facts, traitsOf(after.dictionary), clock)
  await drawCounties(duck, options.seed)
  const [sample, shown] = [await drawnSample(duck, options.seed), await drawnToExplain(duck, options.seed)]
  const own = await factsOf(duck, facts, changed, [...sample, ...shown])
  const vetoes = titled(changed[0] ? vetoIds(changed[0]) : [], [after, run.book])
  const explained = await explainMoves(duck, run, changed, shown, own, vetoes)
  const differing = sampleDiffers(changed, sample, own)
  clock('sample')
  const proof = options.prove ? await prove(duck, secondOf(opened, options), found.drawn, options.out) : null
  if (proof) clock('proof')
  return {
    vetoes,
    lines: found.drawn,
    explained,
    checks: {
      against_itself: found.againstItself,
      lines_against_itself: found.linesAgainstItself,
      cells_against_groups: found.cellsAgainstGroups,
      sample: { households: sample.length, differing, seed: options.seed },
      proof,
    },
  }
}

const secondOf = (opened: Opened, { memory, threads }: SimulateOptions): SecondRun => ({
  run: opened.run,
  book: opened.after,
  scorecard: opened.scorecard,
  at: opened.at,
  quota: opened.quota.after,
  set: opened.set,
  memory,
  threads,
})

const samePersons = (changed: readonly ChangedRules[]): boolean => changed.every((c) => c.persons.before === c.persons.after)

/** Where the rule that counts persons changed, persons after are what that rule says; households stay. */
async function countedAfter(duck: Duck, households: number): Promise<{ households: number; persons: number }> {
  const { persons } = (await duck.one<{ persons: number }>(`select coalesce(sum(persons_b), 0)::bigint as persons from tally`))!
  return { households, persons }
}

/** Each rule once, whatever number of groups of counties it differs in. */
function touchedOf(changed: readonly ChangedRules[]): TouchedRule[] {
  const found = new Map<string, TouchedRule>()
  for (const rule of changed.flatMap((c) => c.touched)) found.set(rule.id, rule)
  return [...found.values()]
}

function mustPass(checks: Checks): void {
  const wrong: Text[] = [
    ...(checks.against_itself
      ? [
          {
            zh: `${checks.against_itself} 户按现在的规则重算，与运行不符`,
            en: `${checks.against_itself} households come out otherwise than in the run under the earlier book`,
          },
        ]
      : []),
    ...(checks.lines_against_itself
      ? [
          {
            zh: `${checks.lines_against_itself} 个县的线重划后与运行不符`,
            en: `${checks.lines_against_itself} counties’ lines, drawn again, are not those of the run`,
          },
        ]
      : []),
    ...(checks.cells_against_groups
      ? [
          {
            zh: `按组合计后有 ${checks.cells_against_groups} 格与直接清点不符`,
            en: `${checks.cells_against_groups} cells by group are not what was counted directly`,
          },
        ]
      : []),
    ...(checks.sample.differing
      ? [
          {
            zh: `抽查 ${checks.sample.households} 户，解释器对 ${checks.sample.differing} 户算得不同`,
            en: `the interpreter disagrees about ${checks.sample.differing} of ${checks.sample.households} households`,
          },
        ]
      : []),
    ...(checks.proof?.differing || checks.proof?.lines
      ? [
          {
            zh: `整本重跑后有 ${checks.proof.differing} 户、${checks.proof.lines} 个县的线不同`,
            en: `a whole run of the later book differs in ${checks.proof.differing} households and ${checks.proof.lines} lines`,
          },
        ]
      : []),
  ]
  if (wrong.length)
    throw new Problem('simulate.checks', {
      zh: `试算没有通过自查，没有写出结果：${wrong.map((w) => w.zh).join('；')}。运行或快照被改动过，或者程序有错。`,
      en: `The simulation did not pass its own checks and wrote nothing: ${wrong.map((w) => w.en).join('; ')}. The run or the snapshot was changed, or the program is wrong.`,
    })
}
