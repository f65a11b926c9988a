import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Duck } from '@fupin/platform/database/duckdb.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import { sha256 } from '@fupin/rulebook/engine/hash.ts'
import { departmentForms } from '@fupin/whom/identification/department-forms.ts'
import { fileHash, isMadeUp } from '@fupin/whom/identification/run-record.ts'
import type { DepartmentForm } from '@fupin/whom/matching/department-form.ts'
import { claimedTwice } from './claimed-twice.ts'
import { readCounties } from './read-county.ts'
import { readDepartment } from './read-department.ts'
import {
  type CountyPart,
  type DepartmentPart,
  dictionaryShape,
  keepManifest,
  readManifestOf,
  type SnapshotManifest,
  snapshotFormat,
  snapshotId,
} from './snapshot-manifest.ts'
import { surveysIn } from './survey-folders.ts'

export interface SnapshotOptions {
  book: Book
  survey: string
  mapping?: string | undefined
  departments?: string | undefined
  out: string
  /** Cores to use; default 2. */
  lanes?: number
  onProgress?: (progress: SnapshotProgress) => void
  signal?: AbortSignal | undefined
}

export interface SnapshotProgress {
  /** Surveys or files done, of how many; and what was just done. */
  done: number
  of: number
  what: string
  /** It stood already, from the same sources. */
  kept: boolean
}

/**
 * Freezes survey and departments' files as typed Parquet with a manifest of digests. A second call reads again only what changed: a
 * county whose files are the same, and a department's file with the same checksum, keep their parts. Nothing that an earlier manifest
 * names is altered, so a run on it can be repeated for ever. A call that is stopped goes on where it was.
 * @throws Problem where a survey cannot be read at all.
 */
export async function writeSnapshot(options: SnapshotOptions): Promise<SnapshotManifest> {
  const { book, out } = options
  for (const below of ['counties', 'departments', 'manifests', 'reading']) await mkdir(join(out, below), { recursive: true })
  const before = await readManifestOf(out)
  // What decides how a cell is read, and what is found in it.
  const dictionary = sha256(JSON.stringify([book.dictionary, book.definitions.filter((d) => d.kind === 'check')]))
  const surveys = await surveysIn(options.survey)
  const forms = departmentForms(book)
  const report = counter(options, surveys.length + forms.length)
  const read = new Kept(out, before, dictionary)
  const counties = (
    await lanes(surveys, options.lanes ?? 2, options.signal, (survey, duck) => readSurveyOnce(duck, options, survey, read, report))
  )
    .flat()
    .sort((a, b) => (a.code < b.code ? -1 : 1))
  refuseTwice(counties)
  const departments = await departmentsOf(options, forms, read, report)
  const duck = await Duck.open({ file: join(out, 'reading', 'across.duckdb'), memory: '2GB' })
  const across = await claimedTwice(duck, out, counties).finally(() => duck.close())
  await rm(join(out, 'reading'), { recursive: true, force: true })
  const made_up = await isMadeUp(surveys[0]!)
  const content = { format: snapshotFormat, made_up, dictionary: dictionaryShape(book.dictionary), counties, departments, across }
  const manifest: SnapshotManifest = { ...content, id: snapshotId(content), created_at: new Date().toISOString() }
  await keepManifest(out, manifest)
  return manifest
}

type Report = (what: string, kept: boolean) => void

async function readSurveyOnce(duck: Duck, options: SnapshotOptions, survey: string, read: Kept, report: Report): Promise<CountyPart[]> {
  const from = await read.digest(survey, options.mapping)
  const kept = await read.counties(from)
  const counties = kept ?? (await readCounties(duck, options.book, { path: survey, mapping: options.mapping }, options.out, from))
  await read.note(from, { counties })
  report(basename(survey), kept !== null)
  return counties
}

async function departmentsOf(options: SnapshotOptions, forms: DepartmentForm[], read: Kept, report: Report): Promise<DepartmentPart[]> {
  const parts: DepartmentPart[] = []
  for (const form of forms) {
    options.signal?.throwIfAborted()
    const dir = options.departments ?? null
    const files = dir === null ? [] : (await readdir(dir)).filter((name) => name.startsWith(`${form.file}.`)).sort()
    const from = await read.digestOf(
      files.map((name) => join(dir!, name)),
      form.id,
    )
    const kept = await read.department(from)
    if (kept) parts.push(kept)
    else {
      // In a file, not in memory: a department of the whole region has tens of millions of rows.
      const file = join(options.out, 'reading', `${form.file}.duckdb`)
      await rm(file, { force: true })
      const duck = await Duck.open({ file, memory: '2GB', threads: options.lanes ?? 2 })
      parts.push(await readDepartment(duck, options.book, form, dir, options.out, from).finally(() => duck.close()))
      await rm(file, { force: true })
    }
    await read.note(from, { department: parts.at(-1)! })
    report(form.file, kept !== null)
  }
  return parts
}

/** Works through surveys on as many databases as there are lanes, each with one core; results keep the order. */
async function lanes<T>(
  surveys: string[],
  count: number,
  signal: AbortSignal | undefined,
  work: (survey: string, duck: Duck) => Promise<T>,
): Promise<T[]> {
  const done: T[] = new Array(surveys.length)
  let next = 0
  const width = Math.max(1, Math.min(count, surveys.length))
  const lane = async (): Promise<void> => {
    const duck = await Duck.open({ threads: surveys.length === 1 ? count : 1, memory: `${surveys.length === 1 ? 4 : 1.5}GB` })
    try {
      for (let i = next++; i < surveys.length; i = next++) {
        signal?.throwIfAborted()
        done[i] = await work(surveys[i]!, duck)
      }
    } finally {
      next = surveys.length
      duck.close()
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: width }, lane))
  const failed = ended.find((e) => e.status === 'rejected')
  if (failed) throw failed.reason
  return done
}

function counter({ onProgress }: SnapshotOptions, of: number): Report {
  let done = 0
  return (what, kept) => onProgress?.({ done: ++done, of, what, kept })
}

function refuseTwice(counties: CountyPart[]): void {
  const twice = counties.filter((c, i) => counties[i + 1]?.code === c.code).map((c) => c.code)
  if (twice.length)
    throw new Problem('snapshot.county_twice', {
      zh: `县 ${twice.join('、')} 的农户分在几个文件夹里。一个县请放在一处。`,
      en: `Households of county ${twice.join(', ')} stand in several folders. Put each county in one place.`,
    })
}

/** What was read before, by the digest of what it was read from: in the manifest that stands, or by a call that was stopped. */
class Kept {
  constructor(
    private readonly out: string,
    private readonly before: SnapshotManifest | null,
    private readonly dictionary: string,
  ) {}

  async counties(from: string): Promise<CountyPart[] | null> {
    const own = this.before?.counties.filter((c) => c.from === from) ?? []
    return own.length ? own : ((await this.noted(from))?.counties ?? null)
  }

  async department(from: string): Promise<DepartmentPart | null> {
    return this.before?.departments.find((d) => d.from === from) ?? (await this.noted(from))?.department ?? null
  }

  async note(from: string, what: Noted): Promise<void> {
    await writeFile(this.noteFile(from), JSON.stringify(what))
  }

  digest(survey: string, mapping: string | undefined): Promise<string> {
    return filesBelow(survey).then((files) => this.digestOf([...files, ...(mapping ? [mapping] : [])], 'survey'))
  }

  async digestOf(files: string[], kind: string): Promise<string> {
    const hashes = await Promise.all(files.map(async (file) => `${basename(file)} ${await fileHash(file)}`))
    return sha256([String(snapshotFormat), this.dictionary, kind, ...hashes].join('\n'))
  }

  private async noted(from: string): Promise<Noted | null> {
    const text = await readFile(this.noteFile(from), 'utf8').catch(() => null)
    try {
      return text === null ? null : (JSON.parse(text) as Noted)
    } catch {
      // The note was being written when the program was stopped.
      return null
    }
  }

  private noteFile(from: string): string {
    return join(this.out, 'reading', `${from.slice(0, 24)}.json`)
  }
}

interface Noted {
  counties?: CountyPart[]
  department?: DepartmentPart
}

async function filesBelow(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path]
  const names = (await readdir(path, { withFileTypes: true })).filter((e) => e.isFile()).map((e) => e.name)
  return names.sort().map((name) => join(path, name))
}
