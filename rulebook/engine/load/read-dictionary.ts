import type { Definition } from '../book.ts'
import type { Dictionary, Entity, EnumValue, Field, FieldClass, FieldType, ListField, UnitType } from '../dictionary.ts'
import type { Reader } from './reader.ts'
import type { MapTree, Tree } from './yaml-tree.ts'

const fieldTypes: FieldType[] = ['bool', 'int', 'money', 'date', 'enum', 'text', 'code']
const classes: FieldClass[] = ['open', 'personal', 'sensitive']
/** Rows a list may have where the dictionary does not say: enough for any list, small enough for exact integers. */
const openList: [number, number] = [0, 100_000]

/** Reads one entity file. */
export function readEntity(reader: Reader, tree: Tree): Entity | null {
  const map = reader.map(tree, 'entity')
  if (!map) return null
  reader.only(map, ['entity', 'variable', 'label', 'key', 'lists', 'fields'])
  const name = reader.needString(map, 'entity')
  const lists = named(reader, reader.get(map, 'lists'), (key, value) => readList(reader, key, value))
  const fields = named(reader, reader.get(map, 'fields'), (key, value) => readField(reader, key, value))
  const key = reader.string(map, 'key')
  return {
    name,
    variable: reader.needString(map, 'variable'),
    label: reader.text(reader.get(map, 'label'), map.at),
    ...(key ? { key } : {}),
    lists,
    fields,
  }
}

function named<T>(reader: Reader, tree: Tree | undefined, read: (key: string, value: MapTree) => T | null): Record<string, T> {
  const found: Record<string, T> = {}
  if (!tree) return found
  const map = reader.map(tree, 'fields')
  for (const [key, { key: at, value }] of map?.entries ?? []) {
    if (!/^[a-z][a-z0-9_]*$/.test(key))
      reader.wrong(
        at,
        'name.form',
        `名字“${key}”只能用小写字母、数字和下划线。`,
        `"${key}": names are lower-case letters, digits and underscores.`,
      )
    const body = reader.map(value, key)
    const one = body && read(key, body)
    if (one) found[key] = one
  }
  return found
}

function readList(reader: Reader, name: string, map: MapTree): ListField {
  reader.only(map, ['entity', 'variable', 'label', 'department', 'range', 'source'])
  const range = reader.items(reader.get(map, 'range')).map((n) => reader.integer(n) ?? 0)
  const department = reader.string(map, 'department')
  return {
    name,
    entity: reader.needString(map, 'entity'),
    variable: reader.string(map, 'variable') ?? 'r',
    label: reader.text(reader.get(map, 'label'), map.at),
    ...(department ? { department } : {}),
    range: range.length === 2 ? [range[0]!, range[1]!] : openList,
  }
}

function readField(reader: Reader, name: string, map: MapTree): Field | null {
  reader.only(map, ['type', 'unit', 'decimals', 'range', 'usual', 'enum', 'label', 'class', 'card', 'source', 'note'])
  const type = reader.needString(map, 'type') as FieldType
  if (!fieldTypes.includes(type)) {
    reader.wrong(
      map.at,
      'field.type',
      `类型“${type}”没有；有：${fieldTypes.join('、')}。`,
      `There is no type "${type}"; there are ${fieldTypes.join(', ')}.`,
    )
    return null
  }
  const class_ = (reader.string(map, 'class') ?? 'open') as FieldClass
  if (!classes.includes(class_))
    reader.wrong(map.at, 'field.class', `密级只有 ${classes.join('、')}。`, `A class is one of ${classes.join(', ')}.`)
  const decimals = reader.integer(reader.get(map, 'decimals'))
  const field: Field = { name, type, label: reader.text(reader.get(map, 'label'), map.at), class: class_ }
  for (const key of ['unit', 'enum', 'card', 'source'] as const) {
    const text = reader.string(map, key)
    if (text !== undefined) field[key] = text
  }
  if (decimals !== undefined) field.decimals = decimals
  const range = readRange(reader, map, 'range', type, decimals ?? 0)
  const usual = readRange(reader, map, 'usual', type, decimals ?? 0)
  if (usual) field.usual = usual
  if (range) field.range = range
  else if (type === 'int' || type === 'money')
    reader.wrong(map.at, 'field.range', `“${name}”是数，要写 range（最小、最大）。`, `"${name}" is a number and needs a range.`)
  if (type === 'enum' && !field.enum) reader.wrong(map.at, 'field.enum', `“${name}”要写明代码表（enum）。`, `"${name}" must name its enum.`)
  return field
}

function readRange(reader: Reader, map: MapTree, name: 'range' | 'usual', type: FieldType, decimals: number): [number, number] | null {
  const tree = reader.get(map, name)
  if (!tree) return null
  const ends = reader.items(tree).map((end) => (type === 'date' ? reader.date(end) : reader.scaled(end, type === 'money' ? 2 : decimals)))
  if (ends.length === 2 && ends[0] !== undefined && ends[1] !== undefined && ends[0] <= ends[1]) return [ends[0], ends[1]]
  reader.wrong(tree.at, 'field.range', `${name} 要写 [最小, 最大]。`, `${name} is [least, most].`)
  return null
}

/** Reads the enums of one file; those that take their values from a code list get them from the definitions. */
export function readEnums(reader: Reader, tree: Tree, dictionary: Dictionary, codeLists: (id: string) => Definition | undefined): void {
  const top = reader.map(tree, 'enums')
  const map = top && reader.map(reader.get(top, 'enums'), 'enums', top.at)
  for (const [name, { key: at, value }] of map?.entries ?? []) {
    const body = reader.map(value, name)
    if (!body) continue
    reader.only(body, ['label', 'values', 'code_list', 'note'])
    if (dictionary.enums[name]) reader.wrong(at, 'enum.twice', `代码表“${name}”写了两次。`, `Enum "${name}" stands twice.`)
    const list = reader.string(body, 'code_list')
    const values = list ? fromCodeList(reader, body, list, codeLists) : readValues(reader, reader.need(body, 'values'))
    dictionary.enums[name] = { name, label: reader.text(reader.get(body, 'label'), body.at), values }
  }
}

function fromCodeList(reader: Reader, body: MapTree, id: string, codeLists: (id: string) => Definition | undefined): EnumValue[] {
  const found = codeLists(id)?.versions.at(-1)?.body
  if (found?.kind === 'code-list') return found.values
  reader.wrong(body.at, 'codeList.unknown', `没有代码表“${id}”。`, `There is no code list "${id}".`)
  return []
}

function readValues(reader: Reader, tree: Tree | null): EnumValue[] {
  const map = tree && reader.map(tree, 'values')
  return [...(map?.entries ?? [])].map(([key, { value }]) => ({
    key,
    label: reader.text(
      value.kind === 'map' ? { ...value, entries: new Map([...value.entries].filter(([k]) => k !== 'aliases')) } : value,
      value.at,
    ),
    aliases: value.kind === 'map' ? reader.strings(reader.get(value, 'aliases')) : [],
  }))
}

/** Reads the units that files may write (`dictionary/units.yaml`). */
export function readUnits(reader: Reader, tree: Tree, dictionary: Dictionary): void {
  const top = reader.map(tree, 'units')
  dictionary.units = named(reader, (top && reader.get(top, 'units')) ?? undefined, (name, map): UnitType | null => {
    reader.only(map, ['kind', 'base', 'label', 'words'])
    const [times, per] = reader.items(reader.get(map, 'base')).map((n) => reader.integer(n) ?? 0)
    if (!times || !per || times < 0 || per < 0) {
      reader.wrong(map.at, 'unit.base', 'base 要写 [倍数, 除数]，都是正整数。', 'base is [times, per], both whole and above 0.')
      return null
    }
    const label = reader.text(reader.get(map, 'label'), map.at)
    return { name, kind: reader.needString(map, 'kind'), base: [times, per], label, words: reader.strings(reader.get(map, 'words')) }
  })
}
