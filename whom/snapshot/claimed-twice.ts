import { join } from 'node:path'
import { type Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import { createFindingTable } from '@fupin/platform/problems/finding-table.ts'
import { type Part, writePart } from './content-files.ts'
import { keysPerCounty } from './read-county.ts'
import type { CountyPart } from './snapshot-manifest.ts'

const list = (folder: string, parts: (Part | undefined)[]): string =>
  `read_parquet([${parts.flatMap((p) => (p ? [quoteText(join(folder, p.path))] : [])).join(', ')}])`

/**
 * Numbers that more than one household of the whole region claims: the part `claimed` (`id17`, `_parent`, `member_no`). Claims in two
 * counties, which no county can see in its own survey, are findings of both (part `finding`).
 */
export async function claimedTwice(duck: Duck, folder: string, counties: CountyPart[]): Promise<Record<string, Part>> {
  const members = counties.map((c) => c.parts.member)
  if (!members.some(Boolean)) return {}
  await duck.run(`create or replace table _claimed as
    with twice as (select id17 from ${list(folder, members)} where id17 is not null group by 1 having min(_parent) <> max(_parent))
    select m.id17, m._parent, m.member_no, m.name from ${list(folder, members)} m join twice using (id17)`)
  await duck.run('drop table if exists finding')
  await createFindingTable(duck)
  await duck.run(`insert into finding
    with far as (select id17 from _claimed group by 1 having min(_parent // ${keysPerCounty}) <> max(_parent // ${keysPerCounty})),
      claim as (select c.*, (c._parent // ${keysPerCounty})::varchar as county from _claimed c join far using (id17)),
      other as (select a.id17, a._parent, a.member_no, string_agg(distinct b.county, '、' order by b.county) as counties
        from claim a join claim b on a.id17 = b.id17 and a.county <> b.county group by all)
    select null, null, null, 'id_number', null, 'id_in_two_counties', 'doubt',
      concat('成员“', c.name, '”的证件号，县 ', o.counties, ' 的户也填了。两县核对后，只在常住的一户登记。'),
      concat('The number of member "', c.name, '" is also given by a household of county ', o.counties, '. Let both counties check; register the person where they live.'), h.household_id
    from claim c join other o using (id17, _parent, member_no) join ${list(
      folder,
      counties.map((c) => c.parts.household),
    )} h on h._key = c._parent order by c._parent, c.member_no`)
  const claimed = await writePart(duck, folder, 'counties', 'claimed', 'select id17, _parent, member_no from _claimed order by all')
  const finding = await writePart(duck, folder, 'counties', 'across-finding', 'from finding order by household_id, zh')
  await duck.run('drop table _claimed; drop table finding')
  return { claimed, finding }
}
