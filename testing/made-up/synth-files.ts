import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BookShapes, type DepartmentFile, lineOf, quoted } from './book-shapes.ts'
import type { DepartmentRecord } from './department-records.ts'
import type { Cell, Facts, Household } from './facts.ts'
import { LineFile, toParquet } from './line-file.ts'
import type { MadeHousehold } from './make-county.ts'

interface WrittenFile {
  path: string
  rows: number
  sha256: string
}

export interface Written {
  files: WrittenFile[]
  rowsOf(name: string): number
  delivered(file: string): boolean
}

/** Households looked at to tell which fields stay empty. */
const LOOKS = 2000
/** The day that departments' files are as of. */
const AS_OF = '2015-12-01'

/** The files of one synthesis: survey, departments, truth, quota. */
export class SynthFiles {
  private readonly households: LineFile
  private readonly members: LineFile
  private readonly departments: Map<string, { shape: DepartmentFile; file: LineFile }>
  private readonly planted: LineFile
  private readonly truths: LineFile
  private readonly hits: LineFile
  private readonly kinds: Record<string, number> = {}
  private looked = 0
  private readonly used = { household: new Set<string>(), member: new Set<string>() }

  constructor(
    private readonly out: string,
    private readonly shapes: BookShapes,
  ) {
    const headings = (columns: { heading: string }[]) => columns.map((column) => column.heading)
    this.households = new LineFile(join(out, 'survey/households.csv'), ['household_id', ...headings(shapes.household)])
    this.members = new LineFile(join(out, 'survey/members.csv'), ['household_id', 'member_no', ...headings(shapes.member)])
    this.departments = new Map(
      shapes.departments.map((shape) => [
        shape.list,
        { shape, file: new LineFile(join(out, `departments/${shape.file}.csv`), headings(shape.columns)) },
      ]),
    )
    this.planted = new LineFile(join(out, 'truth/errors.csv'), ['kind', 'file', 'household_id', 'member_no', 'column', 'truth', 'written'])
    this.hits = new LineFile(join(out, 'truth/records.csv'), ['file', 'row', 'household_id', 'member_no', 'id_number', 'name'])
    this.truths = new LineFile(join(out, 'truth/households.csv'), TRUTHS)
  }

  write(made: MadeHousehold): void {
    for (const { id, card } of made.survey.households) this.households.add(lineOf(this.shapes.household, card, id))
    for (const { household, no, facts } of made.survey.members) this.members.add(lineOf(this.shapes.member, [facts], `${household},${no}`))
    if (this.looked++ < LOOKS) {
      for (const { card } of made.survey.households)
        for (const sheet of card) for (const name in sheet) if (sheet[name] !== null) this.used.household.add(name)
      for (const { facts } of made.survey.members) for (const name in facts) if (facts[name] !== null) this.used.member.add(name)
    }
    for (const record of made.records) this.record(record)
    for (const one of made.planted) {
      this.kinds[one.kind] = (this.kinds[one.kind] ?? 0) + 1
      this.planted.add(
        `${one.kind},${one.file},${one.household},${one.memberNo ?? ''},${one.column},${plain(one.truth)},${plain(one.written)}`,
      )
    }
    this.truth(made.household)
  }

  private truth({ id, wealth, cause, surveyor, members, truth: t }: Household): void {
    const paid = t.onPayroll.length > 0
    const states = [t.poor, t.car, t.company, paid, t.townHome, t.landRight, t.largeMachine, t.away, t.refusesWork, t.shell, t.split]
    const flags = states.map((is) => (is ? 1 : 0)).join(',')
    this.truths.add(`${id},${members.length},${wealth.toFixed(4)},${cause ?? ''},${surveyor},${flags}`)
  }

  private record(record: DepartmentRecord): void {
    const target = this.departments.get(record.list)
    if (!target) return
    target.file.add(target.shape.columns.map((column) => column.write(cellOf(record, column))).join(','))
    if (record.household && record.list !== 'residence')
      this.hits.add(`${target.shape.file},${target.file.rows + 1},${record.household},${record.memberNo},${record.idNumber},${record.name}`)
  }

  errors(): Record<string, number> {
    return Object.fromEntries(
      Object.keys(this.kinds)
        .sort()
        .map((kind) => [kind, this.kinds[kind]]),
    )
  }

  leftEmpty(): { household: string[]; member: string[] } {
    const empty = (columns: { field: string }[], used: Set<string>) =>
      columns.map((column) => column.field).filter((field) => !used.has(field))
    return { household: empty(this.shapes.household, this.used.household), member: empty(this.shapes.member, this.used.member) }
  }

  /** Closes every file, writes the departments' manifests and the quota, and gives digests. */
  async close(format: 'csv' | 'parquet', counties: { code: string; quota: number }[]): Promise<Written> {
    const files: WrittenFile[] = []
    const rows = new Map<string, number>()
    const finish = async (name: string, file: LineFile, convert: boolean): Promise<WrittenFile> => {
      const sha256 = file.close()
      const done = { path: file.path, rows: file.rows, sha256, ...(convert && format === 'parquet' ? await toParquet(file.path) : {}) }
      rows.set(name, file.rows)
      files.push(done)
      return done
    }
    await finish('households', this.households, true)
    await finish('members', this.members, true)
    for (const { shape, file } of this.departments.values()) {
      const done = await finish(shape.file, file, true)
      const manifest = {
        department: shape.department,
        file: shape.file,
        legal_basis: shape.legalBasis,
        as_of: AS_OF,
        rows: done.rows,
        sha256: done.sha256,
        columns: shape.columns.map((column) => column.heading),
        made_up: true,
      }
      writeFileSync(join(this.out, `departments/${shape.file}.manifest.json`), `${JSON.stringify(manifest, null, 1)}`)
    }
    await finish('errors', this.planted, false)
    await finish('records', this.hits, false)
    await finish('truth', this.truths, false)
    const quota = `county_code,persons\n${counties.map((county) => `${county.code},${county.quota}\n`).join('')}`
    writeFileSync(join(this.out, 'quota.csv'), quota)
    files.push({ path: join(this.out, 'quota.csv'), rows: counties.length, sha256: createHash('sha256').update(quota).digest('hex') })
    return { files, rowsOf: (name) => rows.get(name) ?? 0, delivered: (file) => rows.has(file) }
  }
}

const TRUTHS = [
  'household_id',
  'persons',
  'wealth',
  'cause',
  'surveyor',
  'poor',
  'car',
  'company',
  'on_payroll',
  'town_home',
  'land_right',
  'large_machine',
  'away',
  'refuses_work',
  'shell',
  'split',
]

function cellOf(record: DepartmentRecord, column: DepartmentFile['columns'][number]): Cell | undefined {
  if (column.role === 'id_number') return record.idNumber
  return column.role === 'name' ? record.name : (record.facts as Facts)[column.field]
}

const plain = (value: Cell): string => (value === null ? '' : quoted(String(value)))
