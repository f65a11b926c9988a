import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { Duck, quoteName } from '@fupin/platform/database/duckdb.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import { fieldsRead } from '@fupin/rulebook/shelf/fact-tables.ts'
import { booksFolder, openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { synthesize } from '@fupin/testing/made-up/synthesize.ts'
import { rulesByCounty } from '@fupin/whom/identification/county-rules.ts'
import { listsRead, rootsOf } from '@fupin/whom/run/relevant-records.ts'
import type { SnapshotRunRecord } from '@fupin/whom/run/run-contract.ts'
import { openSnapshot, partsSql, type Snapshot } from '@fupin/whom/snapshot/open-snapshot.ts'
import { writeSnapshot } from '@fupin/whom/snapshot/write-snapshot.ts'
import { quantile } from './machine.ts'
import { type Measured, medianSeconds } from './measured.ts'

const whole = 4_880_000
const seed = 1
const rounds = Number(process.env.ROUNDS ?? 5)
const sizes: Record<string, number> = { hundredth: whole / 100, tenth: whole / 10, whole }
const bookFolder = `${booksFolder}fupin`

/**
 * The main job over the made-up province, from a snapshot to written lists: exact, with missing facts, at three sizes, beside the mere reading
 * of the same bytes and beside PostgreSQL doing the same. Parts: `hundredth`, `tenth`, `whole`, `missing`, `postgres`, `simulate`; default all.
 * Made once under `.fupin/bench/province-<households>`; the whole province takes about twenty minutes and 6 GB.
 */
export async function run(parts: string[]): Promise<Measured[]> {
  const wanted = parts.length ? parts : ['hundredth', 'tenth', 'whole', 'missing', 'postgres', 'simulate']
  const book = await openWholeBook(bookFolder)
  const measured: Measured[] = []
  const perHousehold = new Map<string, number>()
  for (const [name, households] of Object.entries(sizes)) {
    if (!wanted.includes(name)) continue
    const exact = await timed(book, households, [])
    perHousehold.set(name, exact.seconds / exact.households)
    measured.push(...exactFigures(name, exact))
    measured.push({
      id: 'P1-read',
      question: `merely reading the bytes of that run, ${name}`,
      value: await readSeconds(book, households),
      unit: 's',
      seed,
    })
  }
  const [small, large] = [
    perHousehold.get('hundredth') ?? perHousehold.get('tenth'),
    perHousehold.get('whole') ?? perHousehold.get('tenth'),
  ]
  if (small !== undefined && large !== undefined && small !== large)
    measured.push({
      id: 'P-growth',
      question: 'seconds a household, largest against smallest size',
      value: large / small,
      unit: 'x',
      aim: 1,
      seed,
    })
  if (wanted.includes('missing')) {
    const missing = await timed(book, whole, ['--missing'])
    measured.push(
      {
        id: 'P2',
        question: `run with missing facts of undecided households, ${missing.households} households`,
        value: missing.seconds,
        unit: 's',
        aim: 30,
        seed,
      },
      { id: 'P2-memory', question: 'its peak memory', value: missing.memory, unit: 'GiB', aim: 3, seed },
    )
  }
  if (wanted.includes('postgres')) measured.push(...(await (await import('./province-postgres.ts')).besidePostgres(book, sizes.tenth!)))
  if (wanted.includes('simulate')) measured.push(...(await (await import('./rulebook/simulate.ts')).run([])))
  return measured
}

interface Timed {
  seconds: number
  households: number
  memory: number
  steps: Record<string, number>
}

function exactFigures(name: string, { seconds, households, memory, steps }: Timed): Measured[] {
  const of = name === 'whole' ? { aim: 12 } : {}
  return [
    { id: 'P1', question: `exact run, ${name}: ${households} households`, value: seconds, unit: 's', ...of, seed },
    ...Object.entries(steps).map(([step, value]) => ({ id: `P1-${step}`, question: `of it: ${step}, ${name}`, value, unit: 's', seed })),
    { id: 'P1-memory', question: `its peak memory, ${name}`, value: memory, unit: 'GiB', ...(name === 'whole' ? { aim: 3 } : {}), seed },
  ]
}

/** Where a province of this size lies: made and frozen if it is not there yet. */
export async function provinceOf(book: Book, households: number): Promise<{ snapshot: Snapshot; folder: string; quota: string }> {
  const folder = resolve('.fupin', 'bench', `province-${households}`)
  const quota = join(folder, 'made', 'quota.csv')
  if (!existsSync(join(folder, 'snapshot', 'manifest.json'))) {
    await mkdir(folder, { recursive: true })
    const made = join(folder, 'made')
    console.log(`making up ${households} households in ${folder} ...`)
    if (!existsSync(quota)) await synthesize({ counties: 'all', households, seed, out: made, format: 'parquet', byCounty: true })
    await writeSnapshot({ book, survey: join(made, 'survey'), departments: join(made, 'departments'), out: join(folder, 'snapshot') })
  }
  return { snapshot: await openSnapshot(join(folder, 'snapshot')), folder, quota }
}

/** Runs the command line in processes of their own, so that memory is that of one run; the middle of the rounds. */
async function timed(book: Book, households: number, more: string[]): Promise<Timed> {
  const { folder, quota } = await provinceOf(book, households)
  const records: SnapshotRunRecord[] = []
  for (let round = 0; round < rounds; round++) {
    const out = join(folder, 'run')
    await rm(out, { recursive: true, force: true })
    await rm(`${out}.unfinished`, { recursive: true, force: true })
    const args = ['--import', 'tsx', 'apps/cli/fupin.ts', 'run', '--snapshot', join(folder, 'snapshot'), '--book', bookFolder]
    const { stdout } = await promisify(execFile)(process.execPath, [...args, '--quota', quota, '--out', out, '--json', ...more], {
      maxBuffer: 2 ** 26,
    }).catch((ended: { code?: number; stdout?: string; stderr?: string }) => {
      // Status 1 says that the data have findings, as made-up data do.
      if (ended.code === 1 && ended.stdout) return { stdout: ended.stdout }
      throw new Error(`the run failed: ${ended.stderr ?? ''}`)
    })
    records.push(JSON.parse(stdout) as SnapshotRunRecord)
    console.log(`  ${households} households${more.join(' ')}: ${records.at(-1)!.seconds.toFixed(2)} s`)
  }
  const middle = (of: (r: SnapshotRunRecord) => number): number => quantile(records.map(of), 0.5)
  return {
    seconds: middle((r) => r.seconds),
    households: records[0]!.counts.households,
    memory: middle((r) => r.peak_memory) / 2 ** 30,
    steps: Object.fromEntries(Object.keys(records[0]!.steps).map((s) => [s, middle((r) => (r.steps as Record<string, number>)[s] ?? 0)])),
  }
}

/** Seconds to read every column that a run looks at, and do nothing with it. */
async function readSeconds(book: Book, households: number): Promise<number> {
  const { snapshot } = await provinceOf(book, households)
  const { counties, departments } = snapshot.manifest
  const groups = rulesByCounty(book, book.identify!.scorecard, [counties[0]!.code], book.referenceDate)
  const level = groups[0]!.scorecard.definition.level
  const read = fieldsRead(book.dictionary, level, rootsOf(groups[0]!.scorecard))
  const questions: string[] = []
  const count = (columns: string[], from: string): void => {
    questions.push(`select ${columns.map((c) => `count(${quoteName(c)})`).join(', ')} from ${from}`)
  }
  const keys: Record<string, string[]> = {
    household: ['_key', 'county_code', 'township_code', 'village_code', 'hamlet', 'household_id', 'head_name'],
    member: ['_parent', 'member_no', 'id17', 'name_key'],
  }
  for (const entity of ['household', 'member'])
    count(
      [...new Set([...keys[entity]!, ...(read.get(entity)?.fields ?? [])])],
      partsSql(
        snapshot,
        counties.map((c) => c.parts[entity]),
      ),
    )
  for (const list of listsRead(book, groups)) {
    const part = departments.find((d) => d.list === list.list)?.parts.record
    if (part) count(['_row', 'id17', 'name_key', ...list.fields.map((f) => f.name)], partsSql(snapshot, [part]))
  }
  const duck = await Duck.open()
  try {
    return await medianSeconds(rounds, async () => {
      for (const question of questions) await duck.rows(question)
    })
  } finally {
    duck.close()
  }
}
