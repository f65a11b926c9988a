import { columnLetters } from '@fupin/platform/exchange/workbook/sheet-writer.ts'
import { type CellEntry, type PlannedColumn, type PlannedSheet, writeSheets } from '@fupin/platform/exchange/write-sheets.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import type { Book, Form } from '@fupin/rulebook/engine/book.ts'
import type { Dictionary, Entity, Field } from '@fupin/rulebook/engine/dictionary.ts'
import { decimalsOf } from './cell-sql.ts'
import { headerForm, keyFields, planColumns } from './column-plan.ts'
import { rootEntity } from './read-survey.ts'
import { ownSheets } from './survey-files.ts'
import { unitOf } from './units.ts'

interface TemplateField {
  field: Field
  /** What the card prints for it: number and question. */
  card: string | null
  ask: { zh: string; en: string } | null
  required: boolean
}

/** One table of the template. */
interface TemplateTable {
  name: string
  entity: Entity
  fields: TemplateField[]
}

/** What a spreadsheet takes as a list inside a cell, in characters; longer ones stand on a sheet of their own. */
const longestList = 120
const tableNames: Record<string, string> = { households: '农户', members: '家庭成员' }

/**
 * Writes an empty workbook to be filled in and read again: a sheet for households and for each list of theirs, Chinese headers with units, drop-down lists,
 * notes, text columns for numbers of people, and a sheet that explains every column in both languages.
 * @throws Problem where the book has no such form.
 */
export async function writeTemplate(
  book: Book,
  options: { out: string; form?: string | undefined; at: number },
): Promise<{ sheets: string[]; columns: number }> {
  const { dictionary } = book
  const form = options.form === undefined ? null : formNamed(book, options.form)
  const tables = tablesOf(dictionary, form ?? formAt(book, options.at))
  const lists: { header: string; words: string[] }[] = []
  const sheets = tables.map((table) => tableSheet(table, dictionary, lists))
  const guide = guideSheet(tables, dictionary)
  const options_ = optionSheet(lists)
  await writeSheets(options.out, [...sheets, guide, ...(lists.length ? [options_] : [])])
  return { sheets: tables.map((t) => t.name), columns: tables.reduce((n, t) => n + t.fields.length, 0) }
}

const bodies = (book: Book): { id: string; from: number; form: Form }[] =>
  book.definitions.flatMap((d) =>
    d.versions.flatMap((v) => (v.body.kind === 'form' ? [{ id: d.id, from: v.from ?? 0, form: v.body.form }] : [])),
  )

function formNamed(book: Book, id: string): Form {
  const found = bodies(book).filter((f) => f.id === id && f.form.sections.length > 0)
  if (found.length) return found.at(-1)!.form
  const ids = [
    ...new Set(
      bodies(book)
        .filter((f) => f.form.sections.length > 0)
        .map((f) => f.id),
    ),
  ].join('、')
  throw new Problem('call.form', {
    zh: `规则簿里没有表“${id}”；有：${ids || '没有表'}。`,
    en: `The book has no form “${id}”; it has: ${ids || 'none'}.`,
  })
}

/** The form of households that came into force last before the day; null: the book has none, so every field of the dictionary is asked. */
function formAt(book: Book, at: number): Form | null {
  const root = rootEntity(book.dictionary)
  const fitting = bodies(book).filter((f) => f.from <= at && f.form.sections.some((s) => s.entity === root.name))
  return fitting.sort((a, b) => a.from - b.from).at(-1)?.form ?? null
}

function tablesOf(dictionary: Dictionary, form: Form | null): TemplateTable[] {
  const root = rootEntity(dictionary)
  const lists = Object.values(root.lists).filter((l) => !l.department)
  const all: [string, Entity][] = [['households', root], ...lists.map((l): [string, Entity] => [l.name, dictionary.entities[l.entity]!])]
  return all.flatMap(([part, entity]) => {
    const asked = form?.sections.filter((s) => s.entity === entity.name).flatMap((s) => s.fields) ?? null
    if (asked?.length === 0) return []
    const fields = asked
      ? asked.flatMap(({ field, card, ask, required }): TemplateField[] =>
          entity.fields[field] ? [{ field: entity.fields[field], card: card ?? entity.fields[field].card ?? null, ask, required }] : [],
        )
      : Object.values(entity.fields).map((field): TemplateField => ({ field, card: field.card ?? null, ask: null, required: false }))
    const once = fields.filter((f, i) => fields.findIndex((g) => g.field === f.field) === i)
    const keys = keyFields(entity).filter((f) => ['household_id', 'village_code', 'member_no'].includes(f.name))
    const key = (field: Field): TemplateField => ({ field, card: null, ask: null, required: field.name !== 'member_no' })
    return [{ name: tableNames[part] ?? entity.label.zh, entity, fields: [...keys.map(key), ...once] }]
  })
}

function tableSheet(
  { name, entity, fields }: TemplateTable,
  dictionary: Dictionary,
  lists: { header: string; words: string[] }[],
): PlannedSheet {
  const headers = headersOf(entity, fields, dictionary)
  const columns = fields.map((f, i): PlannedColumn => {
    const entry = entryOf(f.field, dictionary, lists)
    const said = describe(f, dictionary)
    return {
      width: Math.min(30, Math.max(10, 2 * headers[i]!.length + 2)),
      format: f.field.type === 'date' ? 'day' : f.field.type === 'int' || f.field.type === 'money' ? 'general' : 'text',
      ...(entry ? { entry } : {}),
      note: { title: f.field.label.zh, text: [said.zh, said.en].filter((s) => s).join(' · ') },
    }
  })
  return { name, columns, rows: [headers] }
}

/** Headers by which the columns are known again: the Chinese label with its unit, or the field's name where two fields share a label. */
function headersOf(entity: Entity, fields: readonly TemplateField[], dictionary: Dictionary): string[] {
  const wished = fields.map(({ field, required }) => {
    const unit = unitOf(field, dictionary.units ?? {})
    return `${required ? '*' : ''}${field.label.zh}${unit ? `（${unit.label.zh}）` : ''}`
  })
  const columns = wished.map((name) => ({ name, type: 'VARCHAR' }))
  const { sources } = planColumns({ file: '', sheet: null, columns }, entity, {}, dictionary.units)
  return fields.map(({ field, required }, i) => {
    const known = sources.find((s) => s.column === wished[i])?.field === field
    const twice = wished.filter((w) => headerForm(w) === headerForm(wished[i]!)).length > 1
    return known && !twice ? wished[i]! : `${required ? '*' : ''}${field.name}`
  })
}

function entryOf(field: Field, dictionary: Dictionary, lists: { header: string; words: string[] }[]): CellEntry | null {
  switch (field.type) {
    case 'bool':
      return { kind: 'list', words: ['是', '否'] }
    case 'enum': {
      const words = (dictionary.enums[field.enum!]?.values ?? []).map((v) => v.label.zh)
      if (words.join(',').length <= longestList && !words.some((w) => w.includes(','))) return { kind: 'list', words }
      let at = lists.findIndex((l) => l.header === field.enum)
      if (at < 0) at = lists.push({ header: field.enum!, words }) - 1
      const letters = columnLetters(at)
      return { kind: 'range', range: `${ownSheets[1]}!$${letters}$2:$${letters}$${words.length + 1}` }
    }
    case 'int':
    case 'money': {
      const scale = 10 ** decimalsOf(field)
      const [least, most] = field.range ?? [0, 0]
      return field.range ? { kind: 'number', whole: decimalsOf(field) === 0, least: least / scale, most: most / scale } : null
    }
    case 'date':
      return field.range ? { kind: 'days', first: dayText(field.range[0]), last: dayText(field.range[1]) } : null
    default:
      return null
  }
}

const dayText = (day: number): string => `${String(day).slice(0, 4)}-${String(day).slice(4, 6)}-${String(day).slice(6)}`

/** What a person needs to know to fill in one column. */
function describe({ field, card, ask, required }: TemplateField, dictionary: Dictionary): { zh: string; en: string } {
  const decimals = decimalsOf(field)
  const unit = unitOf(field, dictionary.units ?? {})
  const range = field.range && (field.type === 'int' || field.type === 'money') ? field.range.map((n) => n / 10 ** decimals) : null
  const zh = [
    card ? `卡上 ${card}` : '',
    required ? '必填' : '',
    ask?.zh ?? '',
    unit ? `单位：${unit.label.zh}` : field.unit && !unit ? `单位：${field.unit}` : '',
    range ? `${range[0]} 到 ${range[1]}${decimals ? `，至多 ${decimals} 位小数` : '，整数'}` : '',
    field.type === 'date' ? '写成 2015-10-16' : '',
    field.type === 'code' || field.name === 'id_number' ? '按文本填，不要让表格软件改成数字' : '',
  ]
  const en = [
    field.label.en,
    card ? `card ${card}` : '',
    required ? 'required' : '',
    ask?.en ?? '',
    unit ? `unit: ${unit.label.en}` : field.unit && !unit ? `unit: ${field.unit}` : '',
    range ? `${range[0]} to ${range[1]}${decimals ? `, at most ${decimals} decimals` : ', whole'}` : '',
    field.type === 'date' ? 'as 2015-10-16' : '',
    field.type === 'code' || field.name === 'id_number' ? 'as text' : '',
  ]
  return { zh: zh.filter((s) => s).join('；'), en: en.filter((s) => s).join('; ') }
}

/** 填表说明: every column in words, in both languages, with what may be entered. */
function guideSheet(tables: readonly TemplateTable[], dictionary: Dictionary): PlannedSheet {
  const rows = [['表 sheet', '列 column', '说明', 'Explanation', '可填 may be']]
  for (const table of tables) {
    const headers = headersOf(table.entity, table.fields, dictionary)
    for (const [i, f] of table.fields.entries()) {
      const said = describe(f, dictionary)
      const values =
        f.field.type === 'bool' ? '是、否' : (dictionary.enums[f.field.enum ?? '']?.values ?? []).map((v) => v.label.zh).join('、')
      rows.push([table.name, headers[i]!, said.zh, said.en, values])
    }
  }
  const column = (width: number): PlannedColumn => ({ width, format: 'text' })
  return { name: ownSheets[0]!, columns: [12, 24, 50, 50, 60].map(column), rows }
}

/** 选项: the words of long lists, a column each; hidden. */
function optionSheet(lists: readonly { header: string; words: string[] }[]): PlannedSheet {
  const longest = Math.max(0, ...lists.map((l) => l.words.length))
  const rows = [lists.map((l) => l.header), ...Array.from({ length: longest }, (_, r) => lists.map((l) => l.words[r] ?? ''))]
  return { name: ownSheets[1]!, hidden: true, columns: lists.map((): PlannedColumn => ({ width: 20, format: 'text' })), rows }
}
