import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { readCsvLayout } from '@fupin/platform/exchange/csv-layout.ts'
import { workbookSheets } from '@fupin/platform/exchange/open-workbook.ts'
import { otherSheets } from '@fupin/platform/exchange/workbook/workbook-findings.ts'
import { type Finding, finding } from '@fupin/platform/problems/finding.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import type { Dictionary, Entity } from '@fupin/rulebook/engine/dictionary.ts'
import { planColumns } from './column-plan.ts'
import { belongsToAnother, type Tie, tieOf, type WideRepeat, wideRepeats } from './linked-files.ts'
import type { SurveyMapping } from './survey-mapping.ts'
import { unitNamed } from './units.ts'

/** Where the rows of one entity stand. */
export interface PartFile {
  path: string
  /** Sheets of a workbook, read as one table. */
  sheets?: string[]
  /** By which columns the rows find their household, where they do not name it. */
  tie?: Tie
  /** Households: the column by which other files name them. */
  ties?: string
  /** The rows are numbered columns of the households' file; `household` is its column with their number. */
  repeat?: { columns: WideRepeat; household: string | null }
}

export interface SurveyFiles {
  parts: Map<string, PartFile>
  findings: Finding[]
}

/** A file or sheet that may be a part, with the names in its header. */
interface Candidate {
  path: string
  sheets?: string[]
  columns: string[]
}

const formats = ['.parquet', '.csv', '.csv.gz', '.xlsx']
const chinese: Record<string, string[]> = { households: ['农户', '户', '家庭'], members: ['家庭成员', '成员', '人口'] }
/** Sheets of our own template beside its tables. */
export const ownSheets = ['填表说明', '选项']
const namesOf = (part: string): string[] => [part, ...(chinese[part] ?? [])]

/** `mapping.yaml` in the survey's folder, or `<name>.mapping.yaml` beside its file; null where there is none. */
export async function findMapping(survey: string): Promise<string | null> {
  const there = await stat(survey).catch(() => null)
  const path = there?.isDirectory()
    ? join(survey, 'mapping.yaml')
    : `${survey.slice(0, survey.length - extname(survey).length)}.mapping.yaml`
  return (await stat(path).catch(() => null)) ? path : null
}

/**
 * The files of a survey: a folder with `households.*` and a file for each list (`members.*`), or an export of ODK or Kobo with a file for each repeat;
 * a workbook with sheets of those names, or a sheet for each village; or one file of households. The mapping may name files and sheets.
 * @throws Problem where nothing is there.
 */
export async function findSurveyFiles(survey: string, root: Entity, dictionary: Dictionary, mapping: SurveyMapping): Promise<SurveyFiles> {
  const there = await stat(survey).catch(() => null)
  if (!there)
    throw new Problem('no_survey', {
      zh: `没有找到调查数据“${survey}”。请核对路径。`,
      en: `There is no survey at “${survey}”. Check the path.`,
    })
  const lists = Object.values(root.lists).filter((list) => !list.department)
  const entities = new Map<string, Entity>([['households', root], ...lists.map((l) => [l.name, dictionary.entities[l.entity]!] as const)])
  const found = there.isDirectory()
    ? await inFolder(survey, entities, dictionary, mapping)
    : await inFile(survey, entities, dictionary, mapping)
  await tieParts(found.parts, entities, dictionary, mapping)
  await findRepeats(found.parts, entities, dictionary, mapping)
  return found
}

async function inFolder(
  folder: string,
  entities: Map<string, Entity>,
  dictionary: Dictionary,
  mapping: SurveyMapping,
): Promise<SurveyFiles> {
  const present = (await readdir(folder)).sort()
  const parts = new Map<string, PartFile>()
  const findings: Finding[] = []
  for (const name of entities.keys()) {
    const named = mapping[name]?.file
    const [first, ...others] = named
      ? present.filter((file) => file === named)
      : formats.flatMap((format) => namesOf(name).map((n) => n + format)).filter((file) => present.includes(file))
    if (first) parts.set(name, part(join(folder, first), mapping, name))
    findings.push(...others.map((file) => notRead(file, first!)))
  }
  if (!parts.has('households')) {
    const exported = present.filter((file) => file.toLowerCase().endsWith('.csv'))
    const candidates = await Promise.all(exported.map((file) => csvCandidate(join(folder, file))))
    assign(parts, candidates, entities, dictionary, mapping)
  }
  if (!parts.has('households')) {
    const zh = `“${folder}”里没有 households.csv、households.xlsx 或 households.parquet。`
    throw new Problem('no_households', { zh, en: `“${folder}” has no households.csv, households.xlsx or households.parquet.` })
  }
  return { parts, findings }
}

async function inFile(path: string, entities: Map<string, Entity>, dictionary: Dictionary, mapping: SurveyMapping): Promise<SurveyFiles> {
  const parts = new Map<string, PartFile>()
  const findings: Finding[] = []
  const kind = extname(path).toLowerCase()
  if (kind === '.xlsx') {
    const units = dictionary.units ?? {}
    const sheets = await workbookSheets(path, (word) => unitNamed(word, units) !== null)
    const groups = new Map<string, Candidate>()
    for (const { name, columns } of sheets) {
      if (columns.length === 0) continue
      const role = [...entities.keys()].find((list) => namesOf(list).includes(name))
      const key = role ?? JSON.stringify(columns)
      const group = groups.get(key) ?? { path, sheets: [], columns }
      groups.set(key, group)
      group.sheets!.push(name)
      if (role && !parts.has(role) && !mapping[role]?.sheet && !mapping[role]?.sheets) parts.set(role, { path, sheets: [name] })
    }
    for (const name of entities.keys()) {
      const wanted = mapping[name]?.sheets ?? (mapping[name]?.sheet === undefined ? null : [mapping[name].sheet])
      if (wanted) parts.set(name, { path, sheets: wanted })
    }
    assign(parts, [...groups.values()], entities, dictionary, mapping)
    const read = new Set([...parts.values()].flatMap((p) => p.sheets ?? []))
    const left = sheets.filter((s) => s.columns.length > 0 && !read.has(s.name) && !ownSheets.includes(s.name)).map((s) => s.name)
    if (read.size > 0 && left.length > 0) findings.push(otherSheets(basename(path), [...read], left))
  } else if (kind === '.csv') {
    parts.set('households', { path })
    const stem = basename(path, extname(path))
    const beside = (await readdir(dirname(path)))
      .filter((file) => file !== basename(path) && file.startsWith(`${stem}-`) && file.endsWith('.csv'))
      .sort()
    for (const name of entities.keys()) if (mapping[name]?.file) parts.set(name, { path: join(dirname(path), mapping[name].file) })
    const candidates = await Promise.all(beside.map((file) => csvCandidate(join(dirname(path), file))))
    assign(
      parts,
      candidates.filter((c) => belongsToAnother(c.columns)),
      entities,
      dictionary,
      mapping,
    )
  }
  if (!parts.has('households')) parts.set('households', { path })
  return { parts, findings }
}

const part = (path: string, mapping: SurveyMapping, name: string): PartFile => {
  const sheets = mapping[name]?.sheets ?? (mapping[name]?.sheet === undefined ? undefined : [mapping[name].sheet])
  return sheets ? { path, sheets } : { path }
}

const csvCandidate = async (path: string): Promise<Candidate> => ({ path, columns: (await readCsvLayout(path))?.header ?? [] })

/** Gives parts that have no file yet the candidate whose columns they know best; a repeat's file is never one of households. */
function assign(
  parts: Map<string, PartFile>,
  candidates: readonly Candidate[],
  entities: Map<string, Entity>,
  dictionary: Dictionary,
  mapping: SurveyMapping,
): void {
  const taken = new Set([...parts.values()].map((p) => `${p.path}\n${p.sheets?.join('\n') ?? ''}`))
  const free = new Set(candidates.filter((c) => !taken.has(`${c.path}\n${c.sheets?.join('\n') ?? ''}`)))
  for (const [name, entity] of entities) {
    if (parts.has(name)) continue
    const scored = [...free]
      .filter((c) => name !== 'households' || !belongsToAnother(c.columns))
      .map((c) => ({ c, score: knownColumns(c.columns, entity, dictionary, mapping[name]) }))
      .filter(
        ({ c, score }) =>
          score >= 2 ||
          (name === 'households' && score >= 1) ||
          (name === 'households' && candidates.some((o) => tieOf(c.columns, o.columns))),
      )
      .sort((a, b) => b.score - a.score)
    const best = scored[0]?.c
    if (!best) continue
    free.delete(best)
    parts.set(name, { path: best.path, ...(best.sheets ? { sheets: best.sheets } : {}) })
  }
}

function knownColumns(
  columns: readonly string[],
  entity: Entity,
  dictionary: Dictionary,
  mapping: SurveyMapping[string] | undefined,
): number {
  const opened = { file: '', sheet: null, columns: columns.map((name) => ({ name, type: 'VARCHAR' })) }
  const { sources } = planColumns(opened, entity, { columns: mapping?.columns ?? {} }, dictionary.units)
  return sources.filter((s) => s.field.name !== 'household_id').length
}

/** Parts whose rows do not name their household find it by the columns of the export. */
async function tieParts(
  parts: Map<string, PartFile>,
  entities: Map<string, Entity>,
  dictionary: Dictionary,
  mapping: SurveyMapping,
): Promise<void> {
  const households = parts.get('households')
  const parent = households && (await headerOf(households))
  if (!parent) return
  for (const [name, file] of parts) {
    if (name === 'households') continue
    const child = await headerOf(file)
    if (!child || !belongsToAnother(child)) continue
    const opened = { file: '', sheet: null, columns: child.map((column) => ({ name: column, type: 'VARCHAR' })) }
    const { sources } = planColumns(opened, entities.get(name)!, { columns: mapping[name]?.columns ?? {} }, dictionary.units)
    const tie = sources.some((s) => s.field.name === 'household_id') ? null : tieOf(parent, child)
    // One column of the households serves all repeats; a file that names another one is not tied.
    if (!tie || (households.ties !== undefined && households.ties !== tie.parent)) continue
    file.tie = tie
    households.ties = tie.parent
  }
}

/** Lists without a file of their own may stand as numbered columns beside their household. */
async function findRepeats(
  parts: Map<string, PartFile>,
  entities: Map<string, Entity>,
  dictionary: Dictionary,
  mapping: SurveyMapping,
): Promise<void> {
  const households = parts.get('households')!
  const missing = [...entities].filter(([name]) => !parts.has(name))
  const header = missing.length ? await headerOf(households) : null
  if (!header) return
  const columns = header.map((name) => ({ name, type: 'VARCHAR' }))
  const { sources } = planColumns({ file: '', sheet: null, columns }, entities.get('households')!, mapping.households, dictionary.units)
  const household = sources.find((s) => s.field.name === 'household_id' && s.constant === null)?.column ?? null
  const repeats = wideRepeats(columns, new Set(sources.map((s) => s.column)))
  for (const [name, entity] of missing) {
    const wanted = mapping[name]?.repeat
    const scored = repeats
      .filter((r) => wanted === undefined || r.name === wanted)
      .map((r) => ({ r, score: knownColumns([...r.fields.keys()], entity, dictionary, mapping[name]) }))
      .filter(({ score }) => score >= (wanted === undefined ? 2 : 1))
      .sort((a, b) => b.score - a.score)
    if (scored[0]) parts.set(name, { ...households, repeat: { columns: scored[0].r, household } })
  }
}

async function headerOf({ path, sheets }: PartFile): Promise<string[] | null> {
  const kind = extname(path).toLowerCase()
  if (kind === '.csv') return (await readCsvLayout(path).catch(() => null))?.header ?? null
  if (kind !== '.xlsx') return null
  const all = await workbookSheets(path)
  return (sheets ? all.find((s) => sheets.includes(s.name)) : all[0])?.columns ?? null
}

const notRead = (file: string, read: string): Finding =>
  finding({
    file: basename(file),
    code: 'file_not_read',
    severity: 'doubt',
    zh: `有“${read}”，所以没有读“${file}”。只留一份，以免弄错。`,
    en: `“${file}” was not read, because “${read}” is there. Keep one to avoid mistakes.`,
  })
