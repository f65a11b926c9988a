import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Duck } from '@fupin/platform/database/duckdb.ts'
import { union } from '@fupin/whom/run/compare/bit-places.ts'
import { titled } from '@fupin/whom/run/compare/compare-runs.ts'
import { pairRuns } from '@fupin/whom/run/compare/pair-runs.ts'
import { tallyChunk } from '@fupin/whom/run/compare/tally.ts'
import { type Traits, traitTable } from '@fupin/whom/run/compare/traits.ts'
import type { Opened } from './open-simulation.ts'
import { runSecond, type SecondRun } from './second-run.ts'
import type { Worked } from './simulate-run.ts'

/** Runs the later book whole and compares both runs: the way for changes that cannot be worked out from the earlier points. */
export async function asWhole(
  duck: Duck,
  opened: Opened,
  second: SecondRun,
  out: string,
  traits: Traits,
  seed: number,
  clock: (step: string) => void,
): Promise<Worked> {
  const { run, after } = opened
  const folder = `${resolve(out)}.second`
  try {
    const record = await runSecond(second, folder)
    clock('second_run')
    const later = { folder, record, snapshot: run.snapshot }
    const ids = union(
      run.record.vetoes.map((v) => v.id),
      record.vetoes.map((v) => v.id),
    )
    const { direction } = opened.groups.after[0]!.scorecard.score!.body
    const places = { a: run.record.vetoes.map((v) => ids.indexOf(v.id)), b: record.vetoes.map((v) => ids.indexOf(v.id)) }
    for (const { counties } of run.record.chunks) {
      await pairRuns(duck, run, later, counties, { sameKeys: true, direction, places })
      await traitTable(duck, traits, counties, run.snapshot, null)
      await tallyChunk(duck, direction, 'rules', direction !== opened.groups.before[0]!.scorecard.score!.body.direction)
    }
    await duck.run('drop table if exists pair; drop table if exists traits')
    clock('compare')
    return {
      vetoes: titled(ids, [after, run.book]),
      lines: record.lines,
      explained: [],
      checks: {
        against_itself: 0,
        lines_against_itself: 0,
        cells_against_groups: 0,
        sample: { households: 0, differing: 0, seed },
        proof: null,
      },
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
    await rm(`${folder}.unfinished`, { recursive: true, force: true })
  }
}
