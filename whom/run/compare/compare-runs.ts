import { Duck } from '@fupin/platform/database/duckdb.ts'
import { Problem, type Sentence } from '@fupin/platform/problems/problem.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { Text } from '@fupin/rulebook/engine/definition.ts'
import type { Direction } from '@fupin/whom/identification/identification.rules.ts'
import { runList } from '@fupin/whom/run/open-part.ts'
import { openEarlier } from '@fupin/whom/run/work-chunk.ts'
import { openSnapshot } from '@fupin/whom/snapshot/open-snapshot.ts'
import { union } from './bit-places.ts'
import type { Comparison, StepProgress } from './compare-contract.ts'
import { inputChanges, lineMoves, sameDepartments, sameParts, sameRules } from './input-changes.ts'
import { pairRuns, type SomeRun } from './pair-runs.ts'
import { cellsOf, cellTable, mustAddUp, reasonsOf } from './read-tallies.ts'
import { createTallies, tallyChunk } from './tally.ts'
import { traitsOf, traitTable } from './traits.ts'
import { type TableFormat, wholeResult, writeCells, writeLines, writeMoves } from './write-comparison.ts'

export interface CompareOptions {
  /** Folders of two finished runs. */
  before: string
  after: string
  out: string
  /** For titles of vetoes, groups of households and differences of the rules; without them ids stand for titles. */
  books?: { before?: Book | undefined; after?: Book | undefined }
  formats?: readonly TableFormat[] | undefined
  memory?: string | undefined
  threads?: number | undefined
  onProgress?: ((progress: StepProgress) => void) | undefined
}

/** A finished run with its snapshot, whatever its book. @throws Problem where one of them is not there. */
export async function someRun(folder: string): Promise<SomeRun> {
  const { record } = await openEarlier(folder)
  return { folder, record, snapshot: await openSnapshot(`${record.snapshot.folder}@${record.snapshot.id.replace('sha256:', '')}`) }
}

/**
 * Compares two finished runs of the same or of different snapshots, rules and quotas: who entered the list, who left, and why. Writes
 * `cells`, `lines`, `moves` and `comparison.json` to `out`, chunk by chunk in bounded memory.
 * @throws Problem where the runs cannot be compared, or where the cells do not add up to both populations (then nothing is written).
 */
export async function compareRuns(options: CompareOptions): Promise<Comparison> {
  const started = new Date()
  const steps: Record<string, number> = {}
  const clock = stepClock(steps)
  const [a, b] = [await someRun(options.before), await someRun(options.after)]
  const { before, after } = options.books ?? {}
  const vetoes = union(
    a.record.vetoes.map((v) => v.id),
    b.record.vetoes.map((v) => v.id),
  )
  if (vetoes.length > 62) throw tooMany(vetoes.length)
  const places = (run: SomeRun): number[] => run.record.vetoes.map((v) => vetoes.indexOf(v.id))
  const traits = traitsOf((after ?? before)?.dictionary ?? { entities: {}, enums: {} })
  const duck = await Duck.open({ memory: options.memory ?? '2GB', threads: options.threads ?? 2 })
  try {
    await createTallies(duck)
    const direction = await directionOf(duck, b)
    const turned = (await directionOf(duck, a)) !== direction
    const inputs = inputChanges(a, b, { before, after })
    const groups = countyGroups(a, b)
    for (const [i, { counties, sameFacts }] of groups.entries()) {
      options.onProgress?.({ title: comparing, done: i, of: groups.length })
      await pairRuns(duck, a, b, counties, { sameKeys: sameFacts, direction, places: { a: places(a), b: places(b) } })
      clock('pair')
      await traitTable(duck, traits, counties, b.snapshot, sameFacts ? null : a.snapshot)
      clock('traits')
      const [facts, rules] = [sameFacts && sameDepartments(a.record, b.record), sameRules(a.record, b.record)]
      await tallyChunk(duck, direction, facts ? 'rules' : rules ? 'facts' : 'either', turned)
      clock('tally')
    }
    await duck.run('drop table if exists pair; drop table if exists traits')
    await cellTable(duck, regionOf(b), traits)
    await mustAddUp(duck, a.record.counts, b.record.counts)
    const said: Comparison = {
      format: 1,
      made_up: a.record.made_up || b.record.made_up,
      started_at: started.toISOString(),
      seconds: 0,
      before: sideOf(a),
      after: sideOf(b),
      inputs,
      ...(await cellsOf(duck)),
      reasons: await reasonsOf(duck),
      lines: lineMoves(a.record, b.record),
      steps,
      peak_memory: 0,
    }
    await wholeResult(options.out, 'comparison.json', async (folder) => {
      const to = { folder, formats: options.formats ?? (['parquet', 'csv'] as const), madeUp: said.made_up }
      await writeCells(duck, to)
      await writeLines(duck, said.lines, to)
      await writeMoves(duck, a, b, titled(vetoes, [before, after]), to)
      clock('write')
      said.seconds = (Date.now() - started.getTime()) / 1000
      said.peak_memory = process.resourceUsage().maxRSS * 1024
      return said
    })
    options.onProgress?.({ title: comparing, done: groups.length, of: groups.length })
    return said
  } finally {
    duck.close()
  }
}

const comparing: Sentence = { zh: '比较两次运行', en: 'comparing two runs' }

/** The region whose counties a run has: the first two digits of their codes. */
export const regionOf = (run: SomeRun): string => `${run.snapshot.manifest.counties[0]?.code.slice(0, 2) ?? '00'}0000`

const sideOf = (run: SomeRun): Comparison['before'] => ({
  folder: run.folder,
  id: run.record.id,
  households: run.record.counts.households,
  persons: run.record.counts.persons,
})

const tooMany = (n: number): Problem =>
  new Problem('compare.vetoes', {
    zh: `两次运行一共有 ${n} 条一票否决，最多比较 62 条。`,
    en: `The two runs have ${n} vetoes between them; at most 62 can be compared.`,
  })

/** Adds the seconds since the last call to a step. */
export function stepClock(steps: Record<string, number>): (step: string) => void {
  let last = performance.now()
  return (step) => {
    const now = performance.now()
    steps[step] = (steps[step] ?? 0) + (now - last) / 1000
    last = now
  }
}

/** The direction of a run's scorecard, read off its list: who is outside the line stands above it, or below. */
export async function directionOf(duck: Duck, run: SomeRun): Promise<Direction> {
  const row = await duck.one<{ above: boolean | null }>(
    `select bool_or(least > high) as above from ${runList(run)} where verdict = 'not_listed'`,
  )
  return row?.above === false ? 'higher_is_poorer' : 'higher_is_better_off'
}

/** Counties that are compared together: the later run's chunks, cut where the facts of some of their counties differ; then those that only one run has. */
function countyGroups(a: SomeRun, b: SomeRun): { counties: string[]; sameFacts: boolean }[] {
  const before = new Map(a.snapshot.manifest.counties.map((c) => [c.code, c]))
  const after = new Map(b.snapshot.manifest.counties.map((c) => [c.code, c]))
  const same = (code: string): boolean => before.has(code) && after.has(code) && sameParts(before.get(code)!, after.get(code)!)
  const chunks = [...b.record.chunks, ...a.record.chunks.map((c) => ({ ...c, counties: c.counties.filter((code) => !after.has(code)) }))]
  return chunks
    .flatMap(({ counties }) => [
      { counties: counties.filter(same), sameFacts: true },
      { counties: counties.filter((c) => !same(c)), sameFacts: false },
    ])
    .filter((g) => g.counties.length > 0)
}

/** Vetoes by bit with their titles, from whichever book has them. */
export const titled = (ids: readonly string[], books: (Book | undefined)[]): { id: string; title: Text }[] =>
  ids.map((id) => ({
    id,
    title: books.flatMap((book) => book?.definitions.find((d) => d.id === id)?.title ?? [])[0] ?? { zh: id, en: id },
  }))
