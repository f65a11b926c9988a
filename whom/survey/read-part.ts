import { type Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import { openReading } from '@fupin/platform/exchange/open-table.ts'
import { rowStep } from '@fupin/platform/exchange/table.ts'
import { addFindings } from '@fupin/platform/problems/finding-table.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import type { Dictionary, Entity, Field } from '@fupin/rulebook/engine/dictionary.ts'
import { type FieldSource, keyFields, planColumns } from './column-plan.ts'
import { openRepeat } from './open-repeat.ts'
import { placesOf, type RowPlaces, rowSaid } from './place-findings.ts'
import type { PartFile } from './survey-files.ts'
import type { CheckedFile } from './survey-findings.ts'
import type { FileMapping } from './survey-mapping.ts'
import { typeRows } from './type-rows.ts'
import { unitNamed } from './units.ts'

export interface PartRead {
  at: CheckedFile
  places: RowPlaces
  rows: number
}

/** One file into one typed table with `_key` (empty), keys, fields and `_row`. */
export async function readPart(
  duck: Duck,
  options: {
    part: PartFile
    mapping: FileMapping | undefined
    entity: Entity
    dictionary: Dictionary
    table: string
    elsewhere?: ReadonlySet<string>
  },
): Promise<PartRead> {
  const { part, mapping, entity, dictionary, table, elsewhere } = options
  const units = dictionary.units ?? {}
  const opening = await openReading(duck, part.path, { sheets: part.sheets, isUnit: (word) => unitNamed(word, units) !== null })
  // What is wrong with the file of a repeat is said where its households are read.
  const findings = part.repeat ? [] : opening.findings
  if (!opening.reading) {
    await addFindings(duck, opening.findings)
    const first = opening.findings[0]!
    throw new Problem(first.code, { zh: `${first.file}：${first.zh}`, en: `${first.file}: ${first.en}` })
  }
  const repeat = part.repeat?.columns ?? null
  const reading = repeat ? await openRepeat(duck, opening.reading, repeat, part.repeat!.household, table) : opening.reading
  try {
    const plan = planColumns(reading, entity, mapping, units)
    const sources = withTie(plan.sources, entity, elsewhere, part)
    const used = new Set(sources.map((s) => s.column))
    const cellCodes = ['formula_cell', 'error_cell', 'number_cut']
    const said = plan.findings.filter((f) => f.code !== 'unknown_column' || (!repeat && !used.has(f.column!) && !elsewhere?.has(f.column!)))
    await addFindings(duck, [...findings.filter((f) => !cellCodes.includes(f.code) || used.has(f.column ?? '')), ...said])
    const beside = sources.some((s) => s.field === link) ? [link] : []
    const { rows } = await typeRows(duck, { reading, sources, entity, dictionary, table, beside })
    const places = placesOf(reading, repeat)
    const columns = new Map(sources.map((s) => [s.field.name, s.column]))
    return { rows, places, at: { file: reading.file, sheet: reading.sheet, columns, rowSaid: (row) => rowSaid(places, row) } }
  } finally {
    await reading.close()
  }
}

/** The column by which other files find their household. */
const link: Field = { name: '_link', type: 'code', label: { zh: '提交编号', en: 'submission' }, class: 'open' }

/** Columns of the households' file that other parts read: repeats, and what ties files together. */
export function columnsElsewhere(parts: ReadonlyMap<string, PartFile>): Set<string> {
  const repeated = [...parts.values()].flatMap((p) =>
    [...(p.repeat?.columns.fields.values() ?? [])].flatMap((numbered) => [...numbered.values()]),
  )
  return new Set([...repeated, ...[...parts.values()].flatMap((p) => (p.tie ? [p.tie.parent] : []))])
}

/** The columns that tie files together, beside those of fields. A household without a number is called by its submission. */
function withTie(sources: FieldSource[], entity: Entity, elsewhere: ReadonlySet<string> | undefined, part: PartFile): FieldSource[] {
  const number = keyFields(entity).find((f) => f.name === 'household_id')
  const source = (field: Field, column: string): FieldSource => ({ field, column, type: 'VARCHAR', constant: null, words: {} })
  if (part.tie && number) return [...sources, source(number, part.tie.child)]
  const parent = elsewhere && part.ties
  if (!parent) return sources
  const named = sources.some((s) => s.field.name === 'household_id')
  return [...sources, source(link, parent), ...(named || !number ? [] : [source(number, parent)])]
}

/** Rows of repeats get the number of the household whose submission they name. */
export async function tieToHouseholds(duck: Duck, parts: ReadonlyMap<string, PartFile>): Promise<void> {
  const tied = [...parts].filter(([, part]) => part.tie)
  if (tied.length === 0) return
  for (const [list] of tied)
    await duck.run(`update ${quoteName(`_staged_${list}`)} s set household_id = h.household_id from household h
      where h._link = s.household_id or h._link = split_part(s.household_id, '/', 1)`)
  await duck.run('alter table household drop column _link')
}

/** Findings made while the file was opened know only the row: says whose it is. */
export async function nameHouseholds(duck: Duck, table: string, { at, places }: PartRead): Promise<void> {
  if (places.repeat) return
  const sheet = places.sheets
    ? `f.sheet = [${places.sheets.map(quoteText).join(', ')}][s._row // ${rowStep} + 1] and f.row = s._row % ${rowStep}`
    : `f.row = s._row and f.sheet is not distinct from ${at.sheet === null ? 'null' : quoteText(at.sheet)}`
  await duck.run(`update finding f set household_id = s.household_id from ${quoteName(table)} s
    where f.household_id is null and f.file = ${quoteText(at.file)} and ${sheet}`)
}
