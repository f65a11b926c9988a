import { join } from 'node:path'
import { Problem } from '@fupin/platform/problems/problem.ts'
import { readDivisions } from '@fupin/platform/regions/divisions.ts'
import { type BookShapes, readShapes } from './book-shapes.ts'
import { planCounty } from './county-plan.ts'
import { joinFiles } from './line-file.ts'
import { makeCounty } from './make-county.ts'
import type { Rates } from './rates.ts'
import type { Visits } from './region-plan.ts'
import { CountyFiles, PARTS, RECORDS, type WrittenFile } from './synth-files.ts'
import { type Counts, Tally } from './tally.ts'

/** What is the same for all counties of one synthesis. */
export interface Order {
  seed: number
  rates: Rates
  book: string
  without: string[]
  format: 'csv' | 'parquet'
  visits: Visits
  /** Folder to write to. */
  root: string
  /** Folders by county, departments' rows as parts. */
  byCounty: boolean
}

/** A piece of work that can be done by itself, in any worker. */
export type Task =
  | { kind: 'county'; code: string; households: number }
  | { kind: 'department'; file: string; counties: string[] }
  | { kind: 'records'; county: string; before: Record<string, number> }

export interface CountyMade {
  code: string
  name: string
  households: number
  persons: number
  quota: number
  counts: Counts
  errors: Record<string, number>
  filled: { household: string[]; member: string[] }
  files: WrittenFile[]
}

export type Outcome = { kind: 'county'; made: CountyMade } | { kind: 'file'; file: WrittenFile }

export interface Hooks {
  /** Households finished in the task at hand. */
  progress(done: number): void
  stopped(): boolean
}

/** After so many households others in this thread get their turn. */
const BREATH = 500

/** Does one piece of work; once stopped it ends soon, with files half written. */
export async function doTask(order: Order, task: Task, hooks: Hooks): Promise<Outcome> {
  const shapes = shapesOf(order.book, order.without)
  if (task.kind === 'county') return { kind: 'county', made: await writeCounty(order, shapes, task, hooks) }
  const ending = order.format
  if (task.kind === 'records') {
    const path = `truth/${task.county}/records.${ending}`
    const shifts = Object.entries(task.before).map(([file, rows]) => `when '${file}' then ${rows}`)
    const row = `cast(cast("row" as bigint) + case file ${shifts.join(' ')} end as varchar)`
    const part = join(order.root, PARTS, task.county, 'records.csv')
    const sha256 = await joinFiles([part], RECORDS, join(order.root, path), { columns: { row }, stopped: hooks.stopped })
    hooks.progress(1)
    return { kind: 'file', file: { path, rows: -1, sha256 } }
  }
  const shape = shapes.departments.find((one) => one.file === task.file)!
  const path = `departments/${task.file}.${ending}`
  const parts = task.counties.map((county) => join(order.root, PARTS, county, `${task.file}.csv`))
  const headings = shape.columns.map((column) => column.heading)
  const sha256 = await joinFiles(parts, headings, join(order.root, path), { stopped: hooks.stopped })
  hooks.progress(1)
  return { kind: 'file', file: { path, rows: -1, sha256 } }
}

async function writeCounty(
  order: Order,
  shapes: BookShapes,
  { code, households }: { code: string; households: number },
  hooks: Hooks,
): Promise<CountyMade> {
  const divisions = readDivisions()
  const plan = planCounty(divisions, code, households, order.seed, order.visits)
  const files = new CountyFiles(order.root, shapes, order.byCounty ? code : null)
  const tally = new Tally(plan)
  let done = 0
  for (const made of makeCounty(divisions, plan, order.seed, order.rates, shapes)) {
    tally.add(made.household, made.said)
    files.write(made)
    if (++done % BREATH !== 0) continue
    hooks.progress(done)
    await new Promise(setImmediate)
    if (hooks.stopped()) break
  }
  hooks.progress(done)
  const written = await files.close(order.format, hooks.stopped)
  const counts = tally.close()
  const persons = counts.persons ?? 0
  return {
    code,
    name: plan.county.name,
    households,
    persons,
    quota: Math.round(plan.incidence * persons),
    counts,
    errors: files.errors(),
    filled: files.filled(),
    files: written,
  }
}

const read = new Map<string, BookShapes>()

/** The book's shapes less the departments that do not deliver; read once in each thread. */
export function shapesOf(book: string, without: string[]): BookShapes {
  const all = read.get(book) ?? readShapes(book)
  read.set(book, all)
  const unknown = without.filter((name) => !all.departments.some((one) => one.department === name || one.file === name))
  if (unknown.length > 0)
    throw new Problem('call.department', {
      zh: `没有叫“${unknown.join('、')}”的部门。`,
      en: `No department is called "${unknown.join(', ')}".`,
    })
  return { ...all, departments: all.departments.filter((one) => !without.includes(one.department) && !without.includes(one.file)) }
}
