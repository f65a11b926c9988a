import { type Duck, quoteName } from '@fupin/platform/database/duckdb.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import type { Dictionary, Entity } from '@fupin/rulebook/engine/dictionary.ts'
import { columnType } from './cell-sql.ts'
import { rootEntity } from './read-survey.ts'

/**
 * Makes the table of an area that households lie in (a village) from the households that were read: one row for each value of the
 * entity's key, with its households as children. Facts of the area itself are not known from a survey.
 * @throws Problem where the entity has no key that households carry.
 */
export async function makeAreaTable(duck: Duck, dictionary: Dictionary, area: Entity): Promise<void> {
  const household = rootEntity(dictionary)
  const list = Object.values(area.lists).find((l) => l.entity === household.name)
  if (!area.key || !list)
    throw new Problem('call.level', {
      zh: `不能从调查表得出“${area.label.zh}”：它没有农户可数。`,
      en: `A survey has no rows of "${area.label.en}": it holds no households.`,
    })
  const key = quoteName(area.key)
  const fields = Object.values(area.fields)
    .filter((f) => f.name !== area.key)
    .map((f) => `, null::${columnType(f)} as ${quoteName(f.name)}`)
  const lists = Object.values(area.lists).map((l) => `, ${l === list} as ${quoteName(`${l.name}_known`)}`)
  await duck.run(`create or replace table ${quoteName(area.name)} as
    select row_number() over (order by ${key}) as _key, ${key}${fields.join('')}${lists.join('')} from (select distinct ${key} from ${quoteName(household.name)} where ${key} is not null)`)
  await duck.run(`alter table ${quoteName(household.name)} add column _parent bigint;
    update ${quoteName(household.name)} h set _parent = a._key from ${quoteName(area.name)} a where a.${key} = h.${key}`)
}
