import type { Duck } from '@fupin/platform/database/duckdb.ts'
import type { Dictionary, Entity } from '../engine/dictionary.ts'
import type { Facts } from '../engine/run.ts'
import { ident } from '../engine/sql/dialect.ts'
import type { Value } from '../engine/types.ts'

export interface FactsWanted {
  /** Fields and lists by entity, as `fieldsRead` gives them; null = everything. */
  read: Map<string, { fields: string[]; lists: string[] }> | null
  /** Relation that holds an entity. */
  table(entity: string): string
  /** A condition on the root's rows, with alias `t`. */
  where?: string
}

/** Reads facts out of DuckDB tables (the form of `docs/formats.md`) as the interpreter wants them, in order of `_key`. */
export async function readFactsFrom(
  duck: Duck,
  dictionary: Dictionary,
  root: string,
  wanted: FactsWanted,
): Promise<{ key: number; facts: Facts }[]> {
  const entity = dictionary.entities[root]!
  const rows = await rowsOf(duck, dictionary, entity, wanted, wanted.where ?? 'TRUE', false)
  await fillLists(duck, dictionary, entity, wanted, wanted.where ?? null, rows)
  return rows.map(({ key, facts }) => ({ key, facts }))
}

/** Puts the children of each row into its lists, and theirs into them. */
async function fillLists(
  duck: Duck,
  dictionary: Dictionary,
  entity: Entity,
  wanted: FactsWanted,
  where: string | null,
  rows: { key: number; facts: Facts }[],
): Promise<void> {
  const byKey = new Map(rows.map((r) => [r.key, r.facts]))
  const lists = wanted.read ? (wanted.read.get(entity.name)?.lists ?? []) : Object.keys(entity.lists)
  for (const list of lists) {
    const child = dictionary.entities[entity.lists[list]!.entity]!
    const below = where && `t._parent IN (SELECT t._key FROM ${wanted.table(entity.name)} t WHERE ${where})`
    const children = await rowsOf(duck, dictionary, child, wanted, below ?? 'TRUE', true)
    for (const { parent, facts } of children) {
      const owner = byKey.get(parent!)
      if (owner && Array.isArray(owner[list])) (owner[list] as Facts[]).push(facts)
    }
    await fillLists(duck, dictionary, child, wanted, below, children)
  }
}

async function rowsOf(
  duck: Duck,
  dictionary: Dictionary,
  entity: Entity,
  wanted: FactsWanted,
  where: string,
  child: boolean,
): Promise<{ key: number; parent: number | null; facts: Facts }[]> {
  const read = wanted.read?.get(entity.name)
  const fields = wanted.read ? (read?.fields ?? []) : Object.keys(entity.fields)
  const lists = wanted.read ? (read?.lists ?? []) : Object.keys(entity.lists)
  const columns = [
    't._key',
    ...(child ? ['t._parent'] : []),
    ...fields.map((f) => `t.${ident(f)}`),
    ...lists.map((l) => `t.${ident(`${l}_known`)}`),
  ]
  const rows = await duck.rows(`SELECT ${columns.join(', ')} FROM ${wanted.table(entity.name)} t WHERE ${where} ORDER BY t._key`)
  const enums = new Map(
    fields.flatMap((f) => (entity.fields[f]!.type === 'enum' ? [[f, dictionary.enums[entity.fields[f]!.enum!]!.values] as const] : [])),
  )
  return rows.map((row) => {
    const facts: Facts = {}
    for (const f of fields) {
      const value = row[f] as Value | null
      facts[f] = value !== null && enums.has(f) ? (enums.get(f)![Number(value) - 1]?.key ?? null) : value
    }
    for (const l of lists) facts[l] = row[`${l}_known`] === true ? [] : null
    return { key: Number(row._key), parent: row._parent === undefined || row._parent === null ? null : Number(row._parent), facts }
  })
}
