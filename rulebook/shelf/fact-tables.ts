import type { Dictionary, Entity, Field } from '../engine/dictionary.ts'
import { ordinalOf } from '../engine/dictionary.ts'
import { type Node, reachable } from '../engine/ir.ts'
import type { Facts } from '../engine/run.ts'
import { ident, quote } from '../engine/sql/dialect.ts'
import type { SqlEngine } from './sql-engine.ts'

const rowsPerInsert = 500

/**
 * Puts facts of one entity and its children into tables named `<prefix><entity>`, in the form that compiled rules read:
 * `_key`, `_parent`, dates as yyyymmdd, enums as ordinals, `<list>_known` flags. Only what the nodes read is stored.
 */
export async function createFactTables(
  engine: SqlEngine,
  dictionary: Dictionary,
  root: string,
  all: Facts[],
  nodes: Node[],
  prefix = 'f_',
): Promise<(entity: string) => string> {
  const read = fieldsRead(dictionary, root, nodes)
  const rows = new Map<string, string[]>()
  const keys = new Map<string, number>()
  const add = (entity: Entity, facts: Facts, parent: number | null): void => {
    const key = (keys.get(entity.name) ?? 0) + 1
    keys.set(entity.name, key)
    const { fields, lists } = read.get(entity.name)!
    const cells = [
      String(key),
      parent === null ? 'NULL' : String(parent),
      ...fields.map((f) => literal(dictionary, entity.fields[f]!, facts[f])),
      ...lists.map((l) => String(Array.isArray(facts[l]))),
    ]
    rows.get(entity.name)!.push(`(${cells.join(',')})`)
    for (const l of lists)
      for (const child of Array.isArray(facts[l]) ? (facts[l] as Facts[]) : [])
        add(dictionary.entities[entity.lists[l]!.entity]!, child, key)
  }
  for (const name of read.keys()) rows.set(name, [])
  for (const facts of all) add(dictionary.entities[root]!, facts, null)
  for (const [name, { fields, lists }] of read) {
    const entity = dictionary.entities[name]!
    const columns = [
      '_key BIGINT',
      '_parent BIGINT',
      ...fields.map((f) => `${ident(f)} ${columnType(entity.fields[f]!)}`),
      ...lists.map((l) => `${ident(`${l}_known`)} BOOLEAN`),
    ]
    await engine.run(`DROP TABLE IF EXISTS ${ident(prefix + name)}`)
    await engine.run(`CREATE TEMPORARY TABLE ${ident(prefix + name)} (${columns.join(', ')})`)
    const list = rows.get(name)!
    for (let i = 0; i < list.length; i += rowsPerInsert)
      await engine.run(`INSERT INTO ${ident(prefix + name)} VALUES ${list.slice(i, i + rowsPerInsert).join(',')}`)
  }
  return (entity) => ident(prefix + entity)
}

/** SQL type of a field, as every table of facts has it. */
export function columnType(field: Field): string {
  const types: Record<Field['type'], string> = {
    bool: 'BOOLEAN',
    int: 'BIGINT',
    money: 'BIGINT',
    date: 'INTEGER',
    enum: 'SMALLINT',
    text: 'VARCHAR',
    code: 'VARCHAR',
  }
  return types[field.type]
}

function literal(dictionary: Dictionary, field: Field, value: Facts[string]): string {
  if (value === null || value === undefined || Array.isArray(value)) return 'NULL'
  if (field.type === 'enum') return String(ordinalOf(dictionary, field.enum!, String(value)) || 'NULL')
  return typeof value === 'string' ? quote(value) : String(value)
}

/** Fields and lists that the nodes read, by entity; every entity on the way is there even if only counted. */
export function fieldsRead(dictionary: Dictionary, root: string, nodes: Node[]): Map<string, { fields: string[]; lists: string[] }> {
  const read = new Map<string, { fields: Set<string>; lists: Set<string> }>()
  const of = (entity: string): { fields: Set<string>; lists: Set<string> } => {
    if (!read.has(entity)) read.set(entity, { fields: new Set(), lists: new Set() })
    return read.get(entity)!
  }
  of(root)
  for (const node of reachable(nodes)) {
    if (node.op !== 'field' && node.op !== 'aggregate') continue
    // A path names its lists; the entity at the end of them holds the field or the next list.
    const parts = node.path.split('.').slice(0, -1)
    let entity = root
    for (const part of parts) {
      const list = dictionary.entities[entity]!.lists[part]
      if (!list) continue
      of(entity).lists.add(part)
      entity = list.entity
    }
    if (node.op === 'field') of(entity).fields.add(node.field)
    else {
      of(entity).lists.add(node.list)
      of(dictionary.entities[entity]!.lists[node.list]!.entity)
    }
  }
  return new Map([...read].map(([name, { fields, lists }]) => [name, { fields: [...fields].sort(), lists: [...lists].sort() }]))
}
