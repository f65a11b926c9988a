import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type BookShapes, type DepartmentFile, lineOf, quoted } from './book-shapes.ts'
import type { DepartmentRecord } from './department-records.ts'
import type { Cell, Facts, Household } from './facts.ts'
import { joinFiles, LineFile } from './line-file.ts'
import type { MadeHousehold } from './make-county.ts'

export interface WrittenFile {
  /** Path inside the output folder. */
  path: string
  rows: number
  sha256: string
}

/** Households looked at to tell which fields stay empty. */
const LOOKS = 2000
/** The day that departments' files are as of. */
const AS_OF = '2015-12-01'

/** The files of one county as they are written: survey, departments, truth, all CSV at first. */
export class CountyFiles {
  private readonly households: LineFile
  private readonly members: LineFile
  private readonly departments: Map<string, { shape: DepartmentFile; file: LineFile }>
  private readonly planted: LineFile
  private readonly truths: LineFile
  private readonly hits: LineFile
  private readonly kinds: Record<string, number> = {}
  private looked = 0
  private readonly used = { household: new Set<string>(), member: new Set<string>() }

  /** Survey and truth of a county go to a folder of its own where there are several; then its departments' rows are parts to be joined. */
  constructor(
    private readonly root: string,
    private readonly shapes: BookShapes,
    private readonly county: string | null,
  ) {
    const headings = (columns: { heading: string }[]) => columns.map((column) => column.heading)
    const file = (kind: string, name: string, columns: string[]) =>
      new LineFile(join(root, kind, county && kind !== 'departments' ? county : '', `${name}.csv`), columns)
    this.households = file('survey', 'households', ['household_id', ...headings(shapes.household)])
    this.members = file('survey', 'members', ['household_id', 'member_no', ...headings(shapes.member)])
    const departments = county ? `${PARTS}/${county}` : 'departments'
    this.departments = new Map(
      shapes.departments.map((shape) => [
        shape.list,
        { shape, file: new LineFile(join(root, departments, `${shape.file}.csv`), headings(shape.columns)) },
      ]),
    )
    this.planted = file('truth', 'errors', ['kind', 'file', 'household_id', 'member_no', 'column', 'truth', 'written'])
    this.hits = new LineFile(join(root, county ? departments : 'truth', 'records.csv'), RECORDS)
    this.truths = file('truth', 'households', TRUTHS)
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

  /** Fields of the dictionary that were seen filled. */
  filled(): { household: string[]; member: string[] } {
    return { household: [...this.used.household].sort(), member: [...this.used.member].sort() }
  }

  /** Closes every file, turns them into Parquet where that is asked for, and gives rows and digests; parts stay CSV. */
  async close(format: 'csv' | 'parquet', stopped: () => boolean): Promise<WrittenFile[]> {
    const files: WrittenFile[] = []
    const finish = async (file: LineFile, part: boolean) => {
      let [path, sha256] = [file.path, file.close()]
      if (format === 'parquet' && !part && !stopped()) {
        path = path.replace(/\.csv$/, '.parquet')
        sha256 = await joinFiles([file.path], file.headings, path, { stopped })
      }
      files.push({ path: relative(this.root, path), rows: file.rows, sha256 })
    }
    await finish(this.households, false)
    await finish(this.members, false)
    for (const { file } of this.departments.values()) await finish(file, this.county !== null)
    await finish(this.planted, false)
    await finish(this.hits, this.county !== null)
    await finish(this.truths, false)
    return files
  }
}

/** Folder for a county's rows of departments' files until they are joined. */
export const PARTS = '.parts'

/** What a department says of its file, written beside it. */
export function writeDepartmentManifest(root: string, shape: DepartmentFile, rows: number, sha256: string): void {
  const manifest = {
    department: shape.department,
    file: shape.file,
    legal_basis: shape.legalBasis,
    as_of: AS_OF,
    rows,
    sha256,
    columns: shape.columns.map((column) => column.heading),
    made_up: true,
  }
  writeFileSync(join(root, `departments/${shape.file}.manifest.json`), `${JSON.stringify(manifest, null, 1)}`)
}

/** 指标: the poor persons of each county, as the run is handed them. */
export function writeQuota(root: string, counties: { code: string; quota: number }[]): WrittenFile {
  const quota = `county_code,persons\n${counties.map((county) => `${county.code},${county.quota}\n`).join('')}`
  writeFileSync(join(root, 'quota.csv'), quota)
  return { path: 'quota.csv', rows: counties.length, sha256: createHash('sha256').update(quota).digest('hex') }
}

export const RECORDS = ['file', 'row', 'household_id', 'member_no', 'id_number', 'name']

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
