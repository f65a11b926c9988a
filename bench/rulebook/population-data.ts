import type { Duck } from '@fupin/platform/database/duckdb.ts'
import { householdFields, type MadeField, memberFields } from './population-book.ts'

/** A 32-bit number out of a key and a salt, by the arithmetic that population.py has too. */
const macros = `create or replace macro folded(k, salt) as ((k::ubigint * 2654435761 + salt::ubigint * 40503) & 4294967295);
  create or replace macro stirred(k, salt) as ((xor(folded(k, salt), folded(k, salt) >> 15) * 2246822519) & 4294967295);
  create or replace macro shaken(k, salt) as ((xor(stirred(k, salt), stirred(k, salt) >> 13) * 3266489917) & 4294967295);
  create or replace macro mixed(k, salt) as xor(shaken(k, salt), shaken(k, salt) >> 16)`

/** The columns of some fields; with gaps, each is missing as often as its field says. */
function columns(fields: MadeField[], key: string, first: number, gaps: boolean): string {
  return fields
    .map(({ name, type, low, span, gap }, i) => {
      const x = `mixed(${key}, ${first + i})`
      const kind = type.split(':')[0]
      const value =
        kind === 'bool'
          ? `${x} % ${span} = 0`
          : kind === 'date'
            ? `((${low} + ${x} % ${span}) * 10000 + (1 + ${x} // ${span} % 12) * 100 + 1 + ${x} // ${span * 12} % 28)::integer`
            : `(${low} + ${x} % ${span})::${kind === 'enum' ? 'smallint' : 'bigint'}`
      return gaps ? `case when stirred(${key}, ${first + i}) % 1000 >= ${gap} then ${value} end as ${name}` : `${value} as ${name}`
    })
    .join(',\n  ')
}

/** How many members a household has: 1 to 7, 3.65 in the middle. */
const size = '1 + mixed(_key, 1) % 3 + mixed(_key, 1) // 3 % 3 + mixed(_key, 1) // 9 % 2 + (mixed(_key, 1) // 18 % 20 < 3)::ubigint'

/**
 * Makes tables `household` and `member` for households `from` to `to`, sorted by household. With gaps: fields missing as often as they say,
 * half a per cent of households with an unknown list of members and half a per cent with none.
 */
export async function makePopulation(duck: Duck, from: number, to: number, gaps: boolean): Promise<void> {
  await duck.run(macros)
  await duck.run(`create or replace table household as select _key,
  ${gaps ? 'mixed(_key, 2) % 1000 >= 5' : 'true'} as members_known,
  ${columns(householdFields, '_key', 100, gaps)}
  from (select unnest(range(${from}, ${to + 1})) as _key)`)
  const none = gaps ? 'where mixed(_key, 3) % 1000 >= 5' : ''
  await duck.run(`create or replace table member as select _parent,
  ${columns(memberFields, '_parent * 16 + i', 200, gaps)}
  from (select _key as _parent, unnest(range((${size})::bigint)) as i from (select _key from household ${none}))`)
}
