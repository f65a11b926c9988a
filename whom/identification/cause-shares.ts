import { type Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Dictionary } from '@fupin/rulebook/engine/dictionary.ts'

/** Fields of the card that hold the causes: one main cause, further ones beside it. */
const main = 'main_cause'
const further = ['other_cause_1', 'other_cause_2']

/**
 * Causes of poverty by county (致贫原因): makes `cause_share`, one row for each county and main cause, and one (`three_causes`) for
 * the households with three causes at once. Counted over the households proposed for the list that give a main cause; the base stands
 * in every row, because a share without its base cannot be compared.
 */
export async function causeShares(duck: Duck, dictionary: Dictionary): Promise<void> {
  await duck.run(`create or replace table cause_share (county_code varchar, cause varchar, zh varchar, en varchar, households bigint, persons bigint,
    base_households bigint, base_persons bigint, households_per_mille integer, persons_per_mille integer)`)
  const household = dictionary.entities.household
  const field = household?.fields[main]
  if (!field?.enum) return
  const words = dictionary.enums[field.enum]!.values.map(
    (v, i) => `(${i + 1}, ${[v.key, v.label.zh, v.label.en].map(quoteText).join(', ')})`,
  )
  const others = further.filter((f) => household!.fields[f])
  const three = others.length === further.length ? others.map((f) => `h.${f} is not null`).join(' and ') : 'false'
  await duck.run(`insert into cause_share
    with given as (select l.county_code, l.persons, h.${main} as cause, (${three}) as three from listed l join household h using (_key) where l.verdict = 'listed' and h.${main} is not null),
      base as (select county_code, count(*) as households, coalesce(sum(persons), 0)::bigint as persons from given group by 1),
      word(n, cause, zh, en) as (values ${words.join(', ')}),
      counted as (
        select county_code, w.n, w.cause, w.zh, w.en, count(*) as households, coalesce(sum(persons), 0)::bigint as persons from given g join word w on w.n = g.cause group by all
        union all
        select county_code, 1000, 'three_causes', '三种原因并存', 'three causes at once', count(*) filter (where three), coalesce(sum(persons) filter (where three), 0)::bigint from given group by 1)
    select c.county_code, c.cause, c.zh, c.en, c.households, c.persons, b.households, b.persons,
      round(1000.0 * c.households / b.households)::integer, round(1000.0 * c.persons / nullif(b.persons, 0))::integer
    from counted c join base b using (county_code) order by c.county_code, c.n`)
}
