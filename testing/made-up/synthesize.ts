import { mkdirSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Problem } from '@fupin/platform/problems/problem.ts'
import { readDivisions } from '@fupin/platform/regions/divisions.ts'
import { type Calibration, calibrate, calibrationCsv } from './calibration.ts'
import { householdsByCounty } from './county-plan.ts'
import { Crew } from './crew.ts'
import { headingsOf, joinFiles } from './line-file.ts'
import { type Rates, usualRates } from './rates.ts'
import type { Visits } from './region-plan.ts'
import { PARTS, type WrittenFile, writeDepartmentManifest, writeQuota } from './synth-files.ts'
import { addUp } from './tally.ts'
import { type CountyMade, doTask, type Order, shapesOf, type Task } from './tasks.ts'

export interface SynthOptions {
  /** County codes of six digits, or all 111. */
  counties: string[] | 'all'
  households: number
  seed: number
  /** Folder to fill; `survey`, `departments` and `truth` in it are replaced. */
  out: string
  /** Folder of the book whose dictionary gives the columns; default: the Fupin rulebook. */
  book?: string
  format?: 'csv' | 'parquet'
  /** Departments that do not deliver, by name or file (`tax`, `vehicles`). */
  without?: string[]
  /** Other rates of errors and states than the usual ones. */
  rates?: Partial<Rates>
  /** Called now and then with the households written so far, then with the files joined. */
  onProgress?: (done: number, total: number) => void
  signal?: AbortSignal
  /** Folders by county; default: for all 111, not for counties that are named. */
  byCounty?: boolean
  /** Whom the round visits; default: every household of one county, and as in 2015 where there are folders by county. */
  visits?: Visits
  /** Threads for several counties; default: one a core. What is written does not depend on it. */
  workers?: number
  /** Called when a part of the work begins. */
  onStep?: (step: SynthStep) => void
}

export type SynthStep = 'counties' | 'departments'

export interface SynthManifest {
  made_up: true
  notice: { zh: string; en: string }
  seed: number
  format: 'csv' | 'parquet'
  /** Survey and truth in folders by county. */
  by_county: boolean
  visits: Visits
  /** Which poverty rate is of whom. */
  rates_of: { zh: string; en: string }
  counties: { code: string; name: string; households: number; persons: number; quota: number }[]
  counts: {
    households: number
    persons: number
    poor_households: number
    poor_persons: number
    poor_villages: number
    survey_rows: number
    member_rows: number
    department_rows: number
  }
  departments: { file: string; department: string; rows: number; delivered: boolean }[]
  /** Planted errors by kind; every one stands in truth/errors.csv. */
  errors: Record<string, number>
  /** Fields of the dictionary that the generator leaves empty. */
  left_empty: { household: string[]; member: string[] }
  rates: Rates
  calibration: Calibration[]
  files: { path: string; rows: number; sha256: string }[]
}

const FUPIN_BOOK = fileURLToPath(new URL('../../rulebook/books/fupin', import.meta.url))
const RATES_OF = {
  zh: '两种贫困发生率不要混：全区 2015 年末 452 万贫困人口占农村人口 10.5%，河池、百色、崇左和各县的发生率也以农村人口为底数；2015 年这一轮入户 488 万户 2000 万人，贫困村户户到、面上村只到原建档户和申请户，所以 452 万占入户人口约 22.5%（常说的 24% 是约 480 万比 2000 万）。这里按农村人口的公开数定各村的发生率，再按入户比例换算成入户人口的发生率；quota.csv 是各县入户人口中的贫困人口。',
  en: 'Two rates must be kept apart. At the end of 2015 the 4.52 million poor were 10.5 % of the rural population, and the published rates of cities and counties are of rural persons too. The round of 2015 visited 4.88 million households, 20 million persons: everybody in poor villages, elsewhere only the registered and new applicants; of those visited the same 4.52 million are about 22.5 % (the 24 % one also meets is some 4.8 of 20 million). Here villages take their rates of rural persons from the published figures, and these are turned into rates of the persons visited by the share that is visited; quota.csv holds the poor among the visited of each county.',
}
const PIECES = ['survey', 'departments', 'truth', 'quota.csv', 'calibration.csv', 'manifest.json']

/**
 * Makes up the households of some counties: survey, departments' files, quota, and the truth beside them. The same options give the same
 * bytes; a county's content depends only on the seed, its code and its number of households, so counties can be made in any order.
 * Everything is written beside the folder and moved there when it is whole; what is stopped or fails leaves nothing.
 */
export async function synthesize(options: SynthOptions): Promise<SynthManifest> {
  const divisions = readDivisions()
  const codes = options.counties === 'all' ? divisions.counties.map((county) => county.code) : options.counties
  const byCounty = options.byCounty ?? options.counties === 'all'
  const several = byCounty || codes.length > 1
  const root = `${options.out.replace(/\/+$/, '')}.unfinished`
  const order: Order = {
    seed: options.seed,
    rates: { ...usualRates, ...options.rates },
    book: options.book ?? FUPIN_BOOK,
    without: options.without ?? [],
    format: byCounty ? (options.format ?? 'csv') : several ? 'csv' : (options.format ?? 'csv'),
    visits: options.visits ?? (byCounty ? 'as_in_2015' : 'every'),
    root,
    byCounty: several,
  }
  shapesOf(order.book, order.without)
  const shares = householdsByCounty(divisions, codes, options.households, order.seed, order.visits)
  rmSync(root, { recursive: true, force: true })
  mkdirSync(root, { recursive: true })
  try {
    mustFit(root, options.households * BYTES[order.format])
    const made = several ? await together(order, codes, shares, options) : await alone(order, codes[0], shares[0], options)
    const whole = several && !byCounty ? await flatten(order, made, options.format ?? 'csv') : made
    const manifest = describe({ ...order, byCounty, format: options.format ?? 'csv' }, whole)
    writeFileSync(join(root, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`)
    options.signal?.throwIfAborted()
    mkdirSync(options.out, { recursive: true })
    for (const piece of PIECES) {
      rmSync(join(options.out, piece), { recursive: true, force: true })
      renameSync(join(root, piece), join(options.out, piece))
    }
    return manifest
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

/** Bytes a household takes on disk at the worst moment, measured on the whole region and rounded up. */
const BYTES = { csv: 6000, parquet: 1500 }

function mustFit(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder)
  const [free, needed] = [bavail * bsize, bytes].map((one) => (one / 1e9).toFixed(1))
  if (bavail * bsize < bytes)
    throw new Problem('disk_full', {
      zh: `磁盘还剩 ${free} GB，写这么多户要 ${needed} GB。请腾出空间，或换一个 --out。`,
      en: `${free} GB are free and so many households need ${needed} GB. Make room, or choose another --out.`,
    })
}

interface Made {
  counties: CountyMade[]
  departments: WrittenFile[]
  /** The other files. */
  files: WrittenFile[]
}

/** One county in this thread, files side by side without folders. */
async function alone(order: Order, code: string, households: number, options: SynthOptions): Promise<Made> {
  const hooks = { progress: (done: number) => options.onProgress?.(done, households), stopped: () => options.signal?.aborted ?? false }
  options.onStep?.('counties')
  const outcome = await doTask(order, { kind: 'county', code, households }, hooks)
  options.signal?.throwIfAborted()
  if (outcome.kind !== 'county') throw new Error('No county')
  const { files } = outcome.made
  return {
    counties: [outcome.made],
    departments: files.filter((file) => file.path.startsWith('departments/')),
    files: files.filter((file) => !file.path.startsWith('departments/')),
  }
}

/** Many counties by several threads, the largest first; then each department's rows are joined in the order of the counties. */
async function together(order: Order, codes: string[], shares: number[], options: SynthOptions): Promise<Made> {
  const crew = new Crew(order, Math.max(1, Math.min(options.workers ?? availableParallelism(), codes.length)))
  const halt = () => crew.halt()
  options.signal?.addEventListener('abort', halt, { once: true })
  try {
    const total = shares.reduce((a, b) => a + b, 0)
    const done: Record<string, number> = {}
    const bySize = codes.map((code, i) => ({ code, households: shares[i] })).sort((a, b) => b.households - a.households)
    const tasks = bySize.map((one): Task => ({ kind: 'county', ...one }))
    options.onStep?.('counties')
    const outcomes = await crew.doAll(tasks, (task, households) => {
      if (task.kind !== 'county') return
      done[task.code] = households
      options.onProgress?.(
        Object.values(done).reduce((a, b) => a + b, 0),
        total,
      )
    })
    options.signal?.throwIfAborted()
    const made = new Map(outcomes.flatMap((one) => (one.kind === 'county' ? [[one.made.code, one.made] as const] : [])))
    const counties = codes.map((code) => made.get(code)!)
    return { counties, ...(await joinCounties(order, crew, counties, options)) }
  } finally {
    options.signal?.removeEventListener('abort', halt)
    await crew.dismiss()
  }
}

/** The region's files of the departments out of the counties' parts; the truth learns in which row of the whole file each record stands. */
async function joinCounties(order: Order, crew: Crew, counties: CountyMade[], options: SynthOptions): Promise<Omit<Made, 'counties'>> {
  const codes = counties.map((county) => county.code)
  const rows = (code: string, file: string) =>
    counties.find((one) => one.code === code)!.files.find((one) => one.path === `${PARTS}/${code}/${file}.csv`)!.rows
  const sums = shapesOf(order.book, order.without).departments.map(({ file }) => ({
    file,
    rows: codes.reduce((sum, code) => sum + rows(code, file), 0),
  }))
  const before: Record<string, number> = Object.fromEntries(sums.map(({ file }) => [file, 0]))
  const records = codes.map((county): Task => {
    const task: Task = { kind: 'records', county, before: { ...before } }
    for (const file in before) before[file] += rows(county, file)
    return task
  })
  const bySize = [...sums].sort((a, b) => b.rows - a.rows).map(({ file }): Task => ({ kind: 'department', file, counties: codes }))
  options.onStep?.('departments')
  const tasks = [...bySize, ...records]
  let ended = 0
  const outcomes = await crew.doAll(tasks, (task) => options.onProgress?.(task.kind === 'county' ? ended : ++ended, tasks.length))
  options.signal?.throwIfAborted()
  const written = new Map(outcomes.flatMap((one) => (one.kind === 'file' ? [[one.file.path, one.file] as const] : [])))
  const departments = sums.map((one) => ({ ...written.get(`departments/${one.file}.${order.format}`)!, rows: one.rows }))
  const files = counties.flatMap(({ code, files }) => [
    ...files.filter((file) => !file.path.startsWith(PARTS)),
    { ...written.get(`truth/${code}/records.${order.format}`)!, rows: rows(code, 'records') },
  ])
  return { departments, files }
}

/** Counties that were named stand in one file each for survey and truth, as a single county does. */
async function flatten({ root }: Order, { counties, departments, files }: Made, format: 'csv' | 'parquet'): Promise<Made> {
  const joined = async (parts: WrittenFile[], path: string): Promise<WrittenFile> => {
    const paths = parts.map((part) => join(root, part.path))
    const to = path.replace(/csv$/, format)
    const sha256 = await joinFiles(paths, headingsOf(paths[0]), join(root, to))
    return { path: to, rows: parts.reduce((sum, part) => sum + part.rows, 0), sha256 }
  }
  const whole: WrittenFile[] = []
  for (const kind of ['survey/households', 'survey/members', 'truth/errors', 'truth/households', 'truth/records']) {
    const [folder, name] = kind.split('/')
    const parts = files.filter((file) => file.path.startsWith(`${folder}/`) && file.path.endsWith(`/${name}.csv`))
    whole.push(await joined(parts, `${kind}.csv`))
  }
  for (const { code } of counties)
    for (const folder of ['survey', 'truth']) rmSync(join(root, folder, code), { recursive: true, force: true })
  if (format === 'csv') return { counties, departments, files: whole }
  const turned: WrittenFile[] = []
  for (const file of departments) turned.push(await joined([file], file.path))
  return { counties, departments: turned, files: whole }
}

function describe(order: Order, { counties, departments, files }: Made): SynthManifest {
  const shapes = shapesOf(order.book, order.without)
  const all = shapesOf(order.book, [])
  for (const [i, shape] of shapes.departments.entries())
    writeDepartmentManifest(order.root, shape, departments[i].rows, departments[i].sha256)
  const quota = writeQuota(order.root, counties)
  const counts = addUp(counties.map((county) => county.counts))
  const errors = addUp(counties.map((county) => county.errors))
  const rowsOf = (name: string) =>
    files.filter((file) => file.path.startsWith('survey/') && file.path.includes(`/${name}.`)).reduce((sum, file) => sum + file.rows, 0)
  const empty = (kind: 'household' | 'member') => {
    const filled = new Set(counties.flatMap((county) => county.filled[kind]))
    return shapes[kind].map((column) => column.field).filter((field) => !filled.has(field))
  }
  const calibration = calibrate(
    counts,
    counties.map((county) => county.code),
    readDivisions(),
    order.visits,
  )
  writeFileSync(join(order.root, 'calibration.csv'), calibrationCsv(calibration))
  return {
    made_up: true,
    notice: {
      zh: '演示数据：人、户、号码、企业全是编造的。',
      en: 'Made-up data: people, households, numbers and businesses are all invented.',
    },
    seed: order.seed,
    format: order.format,
    by_county: order.byCounty,
    visits: order.visits,
    rates_of: RATES_OF,
    counties: counties.map(({ code, name, households, persons, quota }) => ({ code, name, households, persons, quota })),
    counts: {
      households: counts.households ?? 0,
      persons: counts.persons ?? 0,
      poor_households: counts.poor ?? 0,
      poor_persons: counts.poor_persons ?? 0,
      poor_villages: counts.poor_villages ?? 0,
      survey_rows: rowsOf('households'),
      member_rows: rowsOf('members'),
      department_rows: departments.reduce((sum, file) => sum + file.rows, 0),
    },
    departments: all.departments.map((one) => {
      const at = shapes.departments.findIndex((shape) => shape.file === one.file)
      return { file: one.file, department: one.department, rows: at < 0 ? 0 : departments[at].rows, delivered: at >= 0 }
    }),
    errors: Object.fromEntries(Object.entries(errors).sort(([a], [b]) => (a < b ? -1 : 1))),
    left_empty: { household: empty('household'), member: empty('member') },
    rates: order.rates,
    calibration,
    files: [...files, ...departments, quota],
  }
}
