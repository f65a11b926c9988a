import { type Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import { readDivisions } from '@fupin/platform/regions/divisions.ts'

const verdicts = ['listed', 'not_listed', 'vetoed', 'undecided', 'out_of_scope'] as const

/**
 * Makes `area_total` from the relation `list`: one row for the region and for each city, county, township and village with households, and
 * of each verdict (户 and 人), and those within the band of their line. A level's rows add up to the level above.
 */
export async function areaTotals(duck: Duck, list: string, region: string): Promise<void> {
  const counts = verdicts.flatMap((v) => [`${v}_households`, `${v}_persons`])
  const counted = verdicts.flatMap((v) => [
    `count(*) filter (where verdict = ${quoteText(v)})::bigint as ${v}_households`,
    `coalesce(sum(persons) filter (where verdict = ${quoteText(v)}), 0)::bigint as ${v}_persons`,
  ])
  await duck.run(`create or replace temp table _village as
    select county_code, township_code, village_code, count(*)::bigint as households, coalesce(sum(persons), 0)::bigint as persons, ${counted.join(', ')},
      count(*) filter (where in_band)::bigint as in_band_households from ${list} group by all`)
  const all = ['households', 'persons', ...counts, 'in_band_households']
  const sums = all.map((c) => `sum(${c})::bigint as ${c}`).join(', ')
  const level = (name: string, code: string, parent: string): string =>
    `select ${quoteText(name)} as level, ${code} as code, any_value(${parent}) as parent, ${sums} from _village where ${code} is not null group by 2`
  await duck.run(`create or replace table area_total as
    ${[
      level('region', quoteText(region), 'null::varchar'),
      level('city', 'left(county_code, 4)', quoteText(region)),
      level('county', 'county_code', 'left(county_code, 4)'),
      level('township', 'township_code', 'county_code'),
      level('village', 'village_code', 'township_code'),
    ].join(' union all ')}`)
  await nameAreas(duck)
  await duck.run('drop table _village')
}

/** Adds the names; an area that the divisions do not have keeps its code as its name. */
async function nameAreas(duck: Duck): Promise<void> {
  const codes = await duck.rows<{ code: string }>('select distinct code from area_total')
  const divisions = readDivisions()
  await duck.run('alter table area_total add column name varchar; create or replace temp table _name (code varchar, name varchar)')
  const named = codes.flatMap(({ code }) => {
    const area = divisions.find(code.length === 4 ? `${code}00` : code) ?? divisions.find(code)
    return area ? [`(${quoteText(code)}, ${quoteText(area.name)})`] : []
  })
  for (let i = 0; i < named.length; i += 2000) await duck.run(`insert into _name values ${named.slice(i, i + 2000).join(', ')}`)
  await duck.run(
    'update area_total set name = n.name from _name n where n.code = area_total.code; update area_total set name = code where name is null; drop table _name',
  )
}
