import { type Duck, quoteName } from '@fupin/platform/database/duckdb.ts'
import type { Text } from '@fupin/rulebook/engine/definition.ts'
import type { Dictionary } from '@fupin/rulebook/engine/dictionary.ts'
import { countyParts, partsSql, type Snapshot } from '@fupin/whom/snapshot/open-snapshot.ts'
import { memberRoles } from '@fupin/whom/survey/roles.ts'

/** What households are told apart by beside place and size, as far as the dictionary has it. */
export interface Traits {
  /** SQL giving (_key, ethnic, poor) for some counties of a snapshot; `keys`: only for these households (SQL of a set). */
  sql(snapshot: Snapshot, counties: readonly string[], keys?: string): string
  /** Words of the ethnic groups by ordinal from 1; empty where the dictionary has none. */
  ethnic: Text[]
  poor: boolean
}

/** Ethnic group of the head of the household; whether its village was named poor. */
export function traitsOf(dictionary: Dictionary): Traits {
  const household = dictionary.entities.household
  const member = household?.lists.members ? dictionary.entities[household.lists.members.entity] : undefined
  const ethnic = member?.fields.ethnic
  const heads = member ? memberRoles(member, dictionary).relation : null
  const poor = household?.fields.village_is_poor_2014
  const words = ethnic?.enum && heads ? (dictionary.enums[ethnic.enum]?.values.map((v) => v.label) ?? []) : []
  return {
    ethnic: words,
    poor: poor !== undefined,
    sql(snapshot, counties, keys) {
      const own = countyParts(snapshot, counties, 'household')
      const members = countyParts(snapshot, counties, member?.name ?? '').filter(Boolean)
      const village = poor ? quoteName(poor.name) : 'null::boolean'
      const only = (key: string): string => (keys ? ` and ${key} in (${keys})` : '')
      const bare = `select _key, ${village} as poor from ${partsSql(snapshot, own)} where true${only('_key')}`
      if (!own.some(Boolean)) return 'select null::bigint as _key, null::smallint as ethnic, null::boolean as poor where false'
      if (words.length === 0 || members.length === 0) return `select _key, null::smallint as ethnic, poor from (${bare})`
      // A family may name two heads by mistake: the least ordinal stands, so that a household is counted once.
      return `select _key, e.ethnic, h.poor from (${bare}) h left join
        (select _parent, min(ethnic)::smallint as ethnic from ${partsSql(snapshot, members)} where ${quoteName(heads!.field.name)} in (${heads!.heads.join(', ')})${only('_parent')} group by 1) e on e._parent = h._key`
    },
  }
}

/**
 * Makes the table `traits` of a chunk. Households that only the earlier snapshot has stand under the negative of their key there: the
 * later snapshot may have given the key to another.
 */
export async function traitTable(
  duck: Duck,
  traits: Traits,
  counties: readonly string[],
  later: Snapshot,
  earlier: Snapshot | null,
): Promise<void> {
  await duck.run(`create or replace table traits as ${traits.sql(later, counties)}`)
  if (earlier)
    await duck.run(
      `insert into traits select -_key, ethnic, poor from (${traits.sql(earlier, counties)}) where _key in (select key_a from pair where key_b is null)`,
    )
}
