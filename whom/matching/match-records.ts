import { type Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { OpenedTable } from '@fupin/platform/exchange/open-table.ts'
import type { Dictionary } from '@fupin/rulebook/engine/dictionary.ts'
import type { DepartmentForm } from './department-form.ts'
import { recordJson } from './receive-file.ts'

/** Names as they are compared: without blanks and the dots within names (买买提·艾力). */
export const nameForm = (name: string): string => `regexp_replace(${name}, '[\\s·•・.．\u3000]', '', 'g')`

/** Members with a usable number in `_people`, with the number of households that claim it. Gives how many members have none. */
export async function preparePeople(duck: Duck): Promise<number> {
  await duck.run(`create or replace table _people as
    select p.*, count(distinct _parent) over (partition by id18) as households
    from (select left(id_number, 18) as id18, _parent, member_no, name from member where id_number is not null) p`)
  return (await duck.one<{ n: number }>('select count(*) - count(id_number) as n from member'))!.n
}

/**
 * Joins `_record_<file>` with `_people` by number. A right number with another name, or a number that two households claim, is for a person to decide:
 * its record stands in the list with unknown facts, so that rules become unknown and not true.
 */
export async function matchRecords(
  duck: Duck,
  form: DepartmentForm,
  table: OpenedTable,
  asOf: number,
  dictionary: Dictionary,
  gapsAsUnknown: boolean,
): Promise<{ matched: number; review: number; households: number }> {
  const [records, found] = [`_record_${form.file}`, `_hit_${form.file}`].map(quoteName) as [string, string]
  await duck.run(`create or replace table ${found} as
    select t.* exclude (_key, household_id, member_no), p._parent, p.member_no, p.households > 1 as claimed_twice,
      coalesce(${nameForm('t._name')} <> ${nameForm('p.name')}, false) as other_name, p.name as member_name, ${recordJson(table)} as record
    from ${records} t join _people p using (id18) join ${quoteName(table.name)} r on r._row = t._row`)
  const reason = (other: string, twice: string) => `case when other_name then ${other} when claimed_twice then ${twice} end`
  await duck.run(`insert into hit
    select ${quoteText(form.list)}, _parent, member_no, ${quoteText(form.department)}, ${quoteText(form.entity)}, ${quoteText(table.file)}, _row, ${asOf},
      case when other_name or claimed_twice then 'review' else 'matched' end,
      ${reason(`concat('证件号相同，姓名不同：名册是“', member_name, '”，部门是“', _name, '”。须由人核对。')`, `'这个证件号有两户填报，不知是谁的。须由人核对。'`)},
      ${reason(`concat('Same number, another name: the survey says “', member_name, '”, the department “', _name, '”. A person must decide.')`, `'Two households give this number; whose it is is not known. A person must decide.'`)},
      record
    from ${found} order by _row, _parent, member_no`)
  const fields = Object.keys(dictionary.entities[form.entity]!.fields)
  const sure = (field: string) => `case when other_name or claimed_twice then null else ${quoteName(field)} end as ${quoteName(field)}`
  const gaps = gapsAsUnknown
    ? `union all select _parent, member_no, null${fields.map(() => ', null').join('')} from member where id_number is null`
    : ''
  await duck.run(`create or replace table ${quoteName(form.entity)} as
    select row_number() over (order by _parent, _row nulls last, member_no) as _key, _parent${fields.map((f) => `, ${quoteName(f)}`).join('')}
    from (select _parent, member_no, _row${fields.map((f) => `, ${sure(f)}`).join('')} from ${found} ${gaps})`)
  const counts = await duck.one<{ matched: number; review: number; households: number }>(`
    select count(*) filter (where not (other_name or claimed_twice)) as matched, count(*) filter (where other_name or claimed_twice) as review,
      count(distinct _parent) filter (where not (other_name or claimed_twice)) as households from ${found}`)
  await duck.run(`drop table ${found}`)
  return counts!
}
