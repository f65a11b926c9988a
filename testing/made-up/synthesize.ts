import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Problem } from '@fupin/platform/problems/problem.ts'
import { readDivisions } from '@fupin/platform/regions/divisions.ts'
import { type BookShapes, readShapes } from './book-shapes.ts'
import { householdsByCounty, planCounty } from './county-plan.ts'
import { makeCounty } from './make-county.ts'
import { type Rates, usualRates } from './rates.ts'
import { SynthFiles } from './synth-files.ts'
import { type Calibration, Tally } from './tally.ts'

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
  /** Called now and then with the households written so far. */
  onProgress?: (done: number, total: number) => void
  signal?: AbortSignal
}

export interface SynthManifest {
  made_up: true
  notice: { zh: string; en: string }
  seed: number
  format: 'csv' | 'parquet'
  counties: { code: string; name: string; households: number; persons: number; quota: number }[]
  counts: {
    households: number
    persons: number
    poor_households: number
    poor_persons: number
    poor_villages: number
    survey_rows: number
    member_rows: number
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

/** After so many households others in this process get their turn. */
const BREATH = 500
const FUPIN_BOOK = fileURLToPath(new URL('../../rulebook/books/fupin', import.meta.url))

/**
 * Makes up the households of some counties: survey, departments' files, quota, and the truth beside them. The same options give the same
 * bytes; a county's content depends only on the seed, its code and its number of households, so counties can be made in any order.
 */
export async function synthesize(options: SynthOptions): Promise<SynthManifest> {
  const divisions = readDivisions()
  const codes = options.counties === 'all' ? divisions.counties.map((county) => county.code) : options.counties
  const shares = householdsByCounty(divisions, codes, options.households)
  const rates = { ...usualRates, ...options.rates }
  const format = options.format ?? 'csv'
  const shapes = readShapes(options.book ?? FUPIN_BOOK)
  const delivered = withoutSome(shapes, options.without ?? [])
  for (const part of ['survey', 'departments', 'truth']) rmSync(join(options.out, part), { recursive: true, force: true })
  mkdirSync(options.out, { recursive: true })
  const files = new SynthFiles(options.out, delivered)
  const tally = new Tally()
  const counties: SynthManifest['counties'] = []
  let done = 0
  for (const [i, code] of codes.entries()) {
    const plan = planCounty(divisions, code, shares[i], options.seed)
    const before = tally.persons
    for (const made of makeCounty(divisions, plan, options.seed, rates, shapes)) {
      tally.add(made.household, plan)
      files.write(made)
      if (++done % BREATH !== 0) continue
      options.onProgress?.(done, options.households)
      await new Promise(setImmediate)
      options.signal?.throwIfAborted()
    }
    const persons = tally.persons - before
    counties.push({ code, name: plan.county.name, households: shares[i], persons, quota: Math.round(plan.incidence * persons) })
  }
  options.onProgress?.(done, options.households)
  const written = await files.close(format, counties)
  const manifest: SynthManifest = {
    made_up: true,
    notice: {
      zh: '演示数据：人、户、号码、企业全是编造的。',
      en: 'Made-up data: people, households, numbers and businesses are all invented.',
    },
    seed: options.seed,
    format,
    counties,
    counts: {
      households: tally.households,
      persons: tally.persons,
      poor_households: tally.poor,
      poor_persons: tally.poorPersons,
      poor_villages: tally.villagesNamedPoor,
      survey_rows: written.rowsOf('households'),
      member_rows: written.rowsOf('members'),
    },
    departments: shapes.departments.map((one) => ({
      file: one.file,
      department: one.department,
      rows: written.rowsOf(one.file),
      delivered: written.delivered(one.file),
    })),
    errors: files.errors(),
    left_empty: files.leftEmpty(),
    rates,
    calibration: tally.report(),
    files: written.files.map((file) => ({
      ...file,
      path: `${basename(join(file.path, '..'))}/${basename(file.path)}`.replace(/^.*\/(quota\.csv)$/, '$1'),
    })),
  }
  writeFileSync(join(options.out, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`)
  return manifest
}

function withoutSome(shapes: BookShapes, without: string[]): BookShapes {
  const unknown = without.filter((name) => !shapes.departments.some((one) => one.department === name || one.file === name))
  if (unknown.length > 0)
    throw new Problem('call.department', {
      zh: `没有叫“${unknown.join('、')}”的部门。`,
      en: `No department is called "${unknown.join(', ')}".`,
    })
  return { ...shapes, departments: shapes.departments.filter((one) => !without.includes(one.department) && !without.includes(one.file)) }
}
