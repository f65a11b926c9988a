import type { Form } from '../book.ts'
import type { Reader } from './reader.ts'
import type { MapTree, Tree } from './yaml-tree.ts'

/** Reads a form: a household card with its sections, or a department's file with its columns. */
export function readForm(reader: Reader, map: MapTree): Form {
  const legal = reader.get(map, 'legal_basis')
  return {
    department: reader.string(map, 'department') ?? null,
    entity: reader.string(map, 'entity') ?? 'household',
    list: reader.string(map, 'list') ?? null,
    file: reader.string(map, 'file') ?? null,
    legalBasis: legal ? reader.text(legal, legal.at, false) : null,
    columns: reader.items(reader.get(map, 'columns')).flatMap((item) => readColumn(reader, item)),
    sections: reader.items(reader.get(map, 'sections')).flatMap((item) => {
      const one = reader.map(item, 'section')
      if (!one) return []
      return [
        {
          id: reader.needString(one, 'id'),
          title: reader.text(reader.get(one, 'title'), one.at),
          entity: reader.string(one, 'entity') ?? 'household',
          repeat: reader.string(one, 'repeat') ?? null,
          fields: reader.items(reader.get(one, 'fields')).flatMap((f) => readFormField(reader, f)),
        },
      ]
    }),
  }
}

function readColumn(reader: Reader, item: Tree): Form['columns'] {
  const map = reader.map(item, 'column')
  if (!map) return []
  const role = reader.string(map, 'role') ?? 'other'
  return [
    {
      column: reader.needString(map, 'column'),
      aliases: reader.strings(reader.get(map, 'aliases')),
      field: reader.string(map, 'field') ?? null,
      role: role === 'id_number' || role === 'name' ? role : 'other',
    },
  ]
}

function readFormField(reader: Reader, item: Tree): Form['sections'][number]['fields'] {
  const map = reader.map(item, 'field')
  if (!map) return []
  const [label, ask] = [reader.get(map, 'label'), reader.get(map, 'ask')]
  return [
    {
      field: reader.needString(map, 'field'),
      card: reader.string(map, 'card') ?? null,
      label: label ? reader.text(label, map.at) : null,
      ask: ask ? reader.text(ask, map.at) : null,
      required: reader.flag(reader.get(map, 'required')) ?? false,
    },
  ]
}
