import { type Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import { readDivisions } from '@fupin/platform/regions/divisions.ts'

/** Names drop what every village committee carries; the whole name stands where two would be alike. */
const shortName = (name: string): string => name.replace(/(村民|社区)?(村委会|居委会|委员会)$/u, '') || name

/**
 * Makes `area_name(code, name, parent)` for the places of a run's households, and `household_line`: `listed` with township and
 * village by name and the two codes that lists show. Places outside the known divisions keep their codes.
 */
export async function placeNames(duck: Duck): Promise<void> {
  const codes = await duck.rows<{ code: string }>(
    'select distinct unnest([left(county_code, 4), county_code, township_code, village_code]) as code from listed',
  )
  const divisions = readDivisions()
  const rows = codes.flatMap(({ code }) => {
    const area = code ? divisions.find(code) : undefined
    return area ? [`(${[area.code, shortName(area.name), area.parent].map(quoteText).join(', ')})`] : []
  })
  await duck.run('create or replace table area_name (code varchar primary key, name varchar, parent varchar)')
  if (rows.length) await duck.run(`insert into area_name values ${rows.join(', ')}`)
  const has = new Set((await duck.describe('select * from household')).map((c) => c.name))
  const word = (field: string): string => (has.has(field) ? `h.${field}` : 'null::smallint')
  await duck.run(`create or replace table household_line as
    select l.*, coalesce(t.name, l.township_code) as township, coalesce(v.name, l.village_code) as village, ${word('household_class')} as household_class, ${word('main_cause')} as main_cause
    from listed l join household h using (_key) left join area_name t on t.code = l.township_code left join area_name v on v.code = l.village_code
    order by l._key`)
}
