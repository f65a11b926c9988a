import type { Duck } from '@fupin/platform/database/duckdb.ts'
import type { MapArea, MapQuery } from './identification.contract.ts'

interface AreaRow {
  code: string
  name: string | null
  parent: string | null
  parent_name: string | null
  households: number
  persons: number
  inside_households: number
  inside_persons: number
  vetoed_households: number
  vetoed_persons: number
  undecided_households: number
  undecided_persons: number
}

const shares = (['listed', 'vetoed', 'undecided'] as const)
  .map((v) => {
    const name = v === 'listed' ? 'inside' : v
    return `count(*) filter (where verdict = '${v}') as ${name}_households, coalesce(sum(persons) filter (where verdict = '${v}'), 0)::bigint as ${name}_persons`
  })
  .join(', ')

/** The figures of counties, or of the villages of one county: counted from the same list that the register shows. */
export async function areaFigures(duck: Duck, { level, county }: MapQuery): Promise<MapArea[]> {
  const [code, parent] = level === 'county' ? ['county_code', 'left(county_code, 4)'] : ['village_code', 'township_code']
  const rows = await duck.rows<AreaRow>(
    `with area as (select ${code} as code, any_value(${parent}) as parent, count(*) as households, coalesce(sum(persons), 0)::bigint as persons, ${shares}
       from listed where ${code} is not null ${county ? 'and county_code = ?' : ''} group by 1)
     select a.*, n.name, p.name as parent_name from area a left join area_name n using (code) left join area_name p on p.code = a.parent order by a.code`,
    county ? [county] : [],
  )
  return rows.map((r) => ({
    code: r.code,
    name: r.name ?? r.code,
    parent: r.parent ?? '',
    parentName: r.parent_name ?? r.parent ?? '',
    households: r.households,
    persons: r.persons,
    inside: { households: r.inside_households, persons: r.inside_persons },
    vetoed: { households: r.vetoed_households, persons: r.vetoed_persons },
    undecided: { households: r.undecided_households, persons: r.undecided_persons },
    insidePerMille: r.persons ? Math.round((1000 * r.inside_persons) / r.persons) : null,
  }))
}
