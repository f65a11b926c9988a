import { type Finding, finding } from '@fupin/platform/problems/finding.ts'
import type { Entity, Field } from '@fupin/rulebook/engine/dictionary.ts'
import type { OpenedColumns } from './cell-sql.ts'
import { headerForm, headerSteps, headerUnit } from './header-names.ts'
import type { FileMapping } from './survey-mapping.ts'
import { type OtherUnit, ratioSaid, type UnitReading, type Units, unitNamed, unitOf, unitReading } from './units.ts'

export { headerForm } from './header-names.ts'

/** What stands in a file for one field: a column, or a constant of the mapping. */
export interface FieldSource {
  field: Field
  /** As the file names it; for a constant the field's Chinese label. */
  column: string
  /** DuckDB type of the column. */
  type: string
  constant: string | null
  /** Words of this file for this field, from the mapping. */
  words: Record<string, string>
  /** In which units its numbers may stand; missing where the book has no units for it. */
  units?: UnitReading
}

/** The column in which a checked file gives its reasons; it is not data. */
export const reasonColumn = '检查结果'

export interface ColumnPlan {
  sources: FieldSource[]
  findings: Finding[]
}

const key = (name: string, type: 'code' | 'int', zh: string, en: string, range?: [number, number]): Field => ({
  name,
  type,
  label: { zh, en },
  class: 'open',
  ...(range ? { range } : {}),
})

/** Columns that a file of households has beside the dictionary's fields. */
const householdKeys = [
  key('household_id', 'code', '户编号', 'household number'),
  key('county_code', 'code', '县代码', 'county code'),
  key('township_code', 'code', '乡镇代码', 'township code'),
  key('village_code', 'code', '行政村代码', 'village code'),
  key('persons', 'int', '家庭人口数', 'persons of the household', [0, 99]),
]

/** Columns that a file of a household's members (or other rows of it) has beside the dictionary's fields. */
const childKeys = [
  key('household_id', 'code', '户编号', 'household number'),
  key('member_no', 'int', '成员序号', 'number of the member', [0, 9999]),
]

/** Columns that every file of this entity may carry, as far as the dictionary has no field of that name. */
export function keyFields(entity: Entity): Field[] {
  const root = entity.key === 'household_id' || entity.name === 'household'
  return (root ? householdKeys : childKeys).filter((field) => !entity.fields[field.name])
}

const otherNames: Record<string, string[]> = {
  household_id: ['户编号', '户号', '户口本号', '农户编号'],
  village_code: ['行政村代码', '村代码', '行政区划代码'],
  county_code: ['县代码', '县（市、区）代码'],
  persons: ['家庭人口数', '人口数', '人数'],
  member_no: ['人编号', '人口编号', '成员序号'],
}

/**
 * Finds the column of each field: by the mapping, the field's name, its label in either language, its number on the card; then, for headers of
 * several parts, by the parts. A unit in the header, the mapping or a note above the table says in what the numbers are written.
 */
export function planColumns(opened: OpenedColumns, entity: Entity, mapping: FileMapping = {}, units: Units = {}): ColumnPlan {
  const fields = [...Object.values(entity.fields), ...keyFields(entity)]
  const byName = new Map(fields.map((f) => [f.name, f]))
  const known = namesOf(fields)
  const sources = new Map<string, FieldSource>()
  const findings: Finding[] = []
  const at = { file: opened.file, sheet: opened.sheet, row: opened.headerRow ?? 1 }
  const mapped = new Map(Object.entries(mapping.columns ?? {}).map(([column, field]) => [headerForm(column), field]))
  const isUnit = (word: string) => unitNamed(word, units) !== null
  const open: { name: string; type: string; base: string; unit: string | null }[] = []
  const give = (column: { name: string; type: string; unit: string | null }, field: Field) => {
    const words = mapping.values?.[field.name] ?? {}
    const said = mapping.units?.[field.name] ?? column.unit
    const note = opened.units?.find((word) => unitNamed(word, units, unitOf(field, units)?.kind ?? '')) ?? null
    const reading = unitReading(field, units, said ?? note)
    if (reading === undefined) findings.push(unknownUnit(at, column.name, said ?? '', field))
    if (reading?.column) findings.push(convertedColumn(at, column.name, field, reading.column, reading.own))
    sources.set(field.name, {
      field,
      column: column.name,
      type: column.type,
      constant: null,
      words,
      ...(reading ? { units: reading } : {}),
    })
  }
  for (const { name, type } of opened.columns) {
    if (headerForm(name) === reasonColumn) continue
    const { base, unit } = headerUnit(name, isUnit)
    const wish = mapped.get(headerForm(name)) ?? mapped.get(headerForm(base)) ?? mapped.get(headerSteps(base)[2]?.[0] ?? '')
    const field = wish === undefined ? (known.get(headerForm(name)) ?? known.get(headerForm(base))) : byName.get(wish)
    if (wish === '') continue
    if (!field) {
      if (wish === undefined) open.push({ name, type, base, unit })
      else findings.push(unknownField(at, name, wish))
    } else if (sources.has(field.name)) {
      findings.push(twoColumns(at, name, sources.get(field.name)!.column, field))
    } else give({ name, type, unit }, field)
  }
  for (const { column, field } of byParts(open, known, sources)) {
    findings.push(knownByPart(at, column.name, field))
    give(column, field)
    open.splice(open.indexOf(column), 1)
  }
  findings.push(...open.map(({ name }) => unknownColumn(at, name)))
  for (const [name, value] of Object.entries(mapping.constants ?? {})) {
    const field = byName.get(name)
    if (field) sources.set(name, { field, column: field.label.zh, type: 'VARCHAR', constant: value, words: mapping.values?.[name] ?? {} })
    else findings.push(unknownField(at, value, name))
  }
  if (sources.size === 0) findings.push(noKnownColumn(at))
  return { sources: [...sources.values()], findings }
}

/** Headers of several parts, the surest way of naming first; where two columns would be one field, neither is. */
function byParts<C extends { name: string; base: string }>(
  open: readonly C[],
  known: ReadonlyMap<string, Field>,
  taken: ReadonlyMap<string, unknown>,
): { column: C; field: Field }[] {
  const found = new Map<string, { column: C; field: Field }>()
  const left = new Set(open)
  for (let step = 1; step < 6; step++) {
    const wanted = new Map<string, C[]>()
    const fields = new Map<string, Field>()
    for (const column of left) {
      const field = headerSteps(column.base)[step]?.flatMap((form) => known.get(form) ?? [])[0]
      if (!field || taken.has(field.name) || found.has(field.name)) continue
      fields.set(field.name, field)
      wanted.set(field.name, [...(wanted.get(field.name) ?? []), column])
    }
    for (const [name, columns] of wanted) {
      if (columns.length > 1) continue
      found.set(name, { column: columns[0]!, field: fields.get(name)! })
      left.delete(columns[0]!)
    }
  }
  return [...found.values()]
}

/** All names under which columns may stand; a name that two fields share names neither. */
function namesOf(fields: readonly Field[]): Map<string, Field> {
  const names = new Map<string, Field>()
  const clash = new Set<string>()
  const add = (name: string | undefined, field: Field) => {
    const form = name === undefined ? '' : headerForm(name)
    if (!form) return
    if (names.has(form) && names.get(form) !== field) clash.add(form)
    else names.set(form, field)
  }
  for (const field of fields) add(field.name, field)
  const exact = new Set(names.keys())
  for (const field of fields) {
    for (const name of [
      field.label.zh,
      field.label.en,
      ...(otherNames[field.name] ?? []),
      field.card && `${field.card}${field.label.zh}`,
    ]) {
      if (name && !exact.has(headerForm(name))) add(name, field)
    }
  }
  for (const name of clash) names.delete(name)
  return names
}

type Place = Pick<Finding, 'file' | 'sheet' | 'row'>

const noKnownColumn = (at: Place): Finding =>
  finding({
    ...at,
    code: 'no_known_column',
    zh: '第一行没有一个认识的列名，什么也没有读到。请核对表头和分隔符，或用 mapping.yaml 写明各列。',
    en: 'No column name in the first row is known, so nothing was read. Check the header and the separator, or name the columns in mapping.yaml.',
  })

const unknownColumn = (at: Place, column: string): Finding =>
  finding({
    ...at,
    column,
    code: 'unknown_column',
    severity: 'doubt',
    zh: `不认识列“${column}”，没有读。若要读，请在 mapping.yaml 写明它是哪一项。`,
    en: `Column “${column}” is not known and was not read. To read it, say in mapping.yaml which field it is.`,
  })

const knownByPart = (at: Place, column: string, field: Field): Finding =>
  finding({
    ...at,
    column,
    code: 'column_by_part',
    severity: 'doubt',
    zh: `列“${column}”读作“${field.label.zh}”。若不是，请在 mapping.yaml 写明它是哪一项。`,
    en: `Column “${column}” is read as “${field.label.en}”. If it is not, say in mapping.yaml which field it is.`,
  })

const convertedColumn = (at: Place, column: string, field: Field, unit: OtherUnit, own: UnitReading['own']): Finding =>
  finding({
    ...at,
    column,
    value: unit.unit.label.zh,
    code: 'converted_column',
    severity: 'doubt',
    zh: `列“${column}”按${unit.unit.label.zh}读，已换算成${own.label.zh}（${ratioSaid(unit, own, 'zh')}），四舍五入到${field.label.zh}的小数位。请核对单位。`,
    en: `Column “${column}” is read in ${unit.unit.label.en} and converted (${ratioSaid(unit, own, 'en')}), rounded to the decimals of “${field.label.en}”. Check the unit.`,
  })

const unknownUnit = (at: Place, column: string, unit: string, field: Field): Finding =>
  finding({
    ...at,
    column,
    value: unit,
    code: 'unknown_unit',
    zh: `“${field.label.zh}”没有单位“${unit}”，这一列按原单位读。请改正表头或 mapping.yaml 的单位。`,
    en: `“${field.label.en}” has no unit “${unit}”; the column is read in its own unit. Correct the header or the unit in mapping.yaml.`,
  })

const unknownField = (at: Place, column: string, field: string): Finding =>
  finding({
    ...at,
    column,
    value: field,
    code: 'unknown_field',
    zh: `对照文件把“${column}”对到“${field}”，字典里没有这一项。请核对字段名。`,
    en: `The mapping gives “${column}” to “${field}”, which the dictionary does not have. Check the field's name.`,
  })

const twoColumns = (at: Place, column: string, first: string, field: Field): Finding =>
  finding({
    ...at,
    column,
    code: 'two_columns_one_field',
    zh: `“${column}”和“${first}”都是“${field.label.zh}”，只读了“${first}”。请删去一列。`,
    en: `“${column}” and “${first}” are both “${field.label.en}”; only “${first}” was read. Remove one.`,
  })
