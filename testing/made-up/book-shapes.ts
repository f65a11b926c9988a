import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { type Cell, type Facts, sheetIndex } from './facts.ts'
import { dashed } from './id-number.ts'

const PLAIN = ['int', 'money', 'code']

export interface Column {
  /** Heading in the file. */
  heading: string
  /** How the value of this column is written. */
  write(value: Cell | undefined): string | number
  field: string
  /** Sheet of the card and place on it, once known; -1 for none. */
  sheet?: number
  place?: number
}

export interface DepartmentFile {
  file: string
  list: string
  department: string
  legalBasis: { zh: string; en: string }
  columns: (Column & { role: 'id_number' | 'name' | 'other' })[]
}

/** What the generator takes from a book: columns and formats of the survey, layouts of departments' files, fields the scorecard asks. */
export interface BookShapes {
  household: Column[]
  member: Column[]
  departments: DepartmentFile[]
  asked: { household: string[]; member: string[] }
}

interface RawField {
  type: 'bool' | 'int' | 'money' | 'date' | 'enum' | 'text' | 'code'
  enum?: string
}
interface RawColumn {
  column: string
  field?: string
  role?: string
  aliases?: string[]
}
type Labels = Map<string, string>

/** Reads a book's folder. Departments' columns bear the first Chinese heading of their form, as offices send them. */
export function readShapes(book: string): BookShapes {
  const documents = yamlFiles(book).flatMap((path) => {
    const text = readFileSync(path, 'utf8')
    const content = parse(text, { maxAliasCount: -1 }) as unknown
    return (Array.isArray(content) ? content : [content]).map((one) => ({ ...(one as Record<string, unknown>) }))
  })
  const entities = new Map(
    documents.filter((one) => one.entity && one.fields).map((one) => [String(one.entity), one.fields as Record<string, RawField>]),
  )
  const lists = new Map(
    documents
      .filter((one) => one.kind === 'code-list')
      .map((one) => [String(one.rule), valuesOf((one.versions as { values: unknown }[]).at(-1)?.values)]),
  )
  const enums = new Map<string, Labels>()
  for (const one of documents.filter((document) => document.enums))
    for (const [name, value] of Object.entries(one.enums as Record<string, { code_list?: string; values?: unknown }>))
      enums.set(name, value.code_list ? (lists.get(value.code_list) ?? new Map()) : valuesOf(value.values))
  const columns = (entity: string): Column[] =>
    Object.entries(entities.get(entity) ?? {}).map(([field, shape]) => ({ heading: field, field, write: writer(field, shape, enums) }))
  const departments = documents
    .map((one) => ({ ...one, ...(one.versions as Record<string, unknown>[] | undefined)?.at(-1) }) as Record<string, unknown>)
    .filter((one) => one.department && one.file)
    .map((one) => department(one, entities, enums))
  const scored = documents
    .filter((one) => one.of_scorecard || one.kind === 'veto')
    .map((one) => JSON.stringify((one.versions as unknown[]) ?? []))
  return {
    household: columns('household'),
    member: columns('member'),
    departments: departments.sort((a, b) => (a.file < b.file ? -1 : 1)),
    asked: { household: askedOf(scored, 'h', entities.get('household')), member: askedOf(scored, 'm', entities.get('member')) },
  }
}

function department(
  one: Record<string, unknown>,
  entities: Map<string, Record<string, RawField>>,
  enums: Map<string, Labels>,
): DepartmentFile {
  const fields = entities.get(String(one.entity)) ?? {}
  return {
    file: String(one.file),
    list: String(one.list),
    department: String(one.department),
    legalBasis: one.legal_basis as { zh: string; en: string },
    columns: (one.columns as RawColumn[]).map(({ column, field, role, aliases }) => ({
      heading: aliases?.[0] ?? column,
      field: field ?? column,
      role: role === 'id_number' || role === 'name' ? role : 'other',
      write: writer(column, field ? fields[field] : { type: 'text' }, enums),
    })),
  }
}

/** Fields that the scorecard's items and the vetoes read, in the order of the dictionary. */
function askedOf(rules: string[], variable: string, fields: Record<string, RawField> | undefined): string[] {
  const found = new Set(rules.flatMap((rule) => [...rule.matchAll(new RegExp(`\\b${variable}\\.([a-z_0-9]+)`, 'g'))].map((hit) => hit[1])))
  return Object.keys(fields ?? {}).filter((field) => found.has(field))
}

const valuesOf = (values: unknown): Labels =>
  new Map(Object.entries((values ?? {}) as Record<string, { zh?: string }>).map(([key, value]) => [key, value.zh ?? key]))

function writer(field: string, shape: RawField | undefined, enums: Map<string, Labels>): Column['write'] {
  const labels = enums.get(shape?.enum ?? '')
  const formats: Record<RawField['type'], (value: Cell) => string> = {
    bool: String,
    int: String,
    money: String,
    date: (value) => dashed(Number(value)),
    code: String,
    text: (value) => quoted(String(value)),
    enum: (value) => labelOf(field, labels, String(value)),
  }
  const format = formats[shape?.type ?? 'text']
  const plain = PLAIN.includes(shape?.type ?? 'text')
  return (value) => {
    if (value === null || value === undefined) return ''
    if (value === true) return '是'
    if (value === false) return '否'
    if (typeof value === 'number') return plain ? value : format(value)
    return value.charCodeAt(0) === 1 ? value.slice(1) : format(value)
  }
}

function labelOf(field: string, labels: Labels | undefined, key: string): string {
  const label = labels?.get(key)
  if (label === undefined) throw new Error(`The dictionary's enum of ${field} has no value ${key}. 字典中 ${field} 没有取值 ${key}。`)
  return label
}

export const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/**
 * One line of a survey file from the sheets of a card. All cards of a kind are built by the same code, so their fields stand in the same
 * order: columns are found once, by place, which is many times faster than by name.
 */
export function lineOf(columns: Column[], card: Facts[], first: string): string {
  const sheets: Cell[][] = new Array(card.length)
  for (let i = 0; i < card.length; i++) sheets[i] = Object.values(card[i])
  const cells = new Array<string | number>(columns.length + 1)
  cells[0] = first
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i]
    if (column.place === undefined) settle(column, card)
    cells[i + 1] = column.place! < 0 ? '' : column.write(sheets[column.sheet!][column.place!])
  }
  return cells.join(',')
}

function settle(column: Column, card: Facts[]): void {
  column.sheet = sheetIndex(card, column.field)
  column.place = column.sheet < 0 ? -1 : Object.keys(card[column.sheet]).indexOf(column.field)
}

function yamlFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory() ? yamlFiles(join(folder, entry.name)) : entry.name.endsWith('.yaml') ? [join(folder, entry.name)] : [],
    )
}
