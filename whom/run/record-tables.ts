import { type Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { Dictionary, Field } from '@fupin/rulebook/engine/dictionary.ts'
import type { DepartmentForm } from '@fupin/whom/matching/department-form.ts'
import { partsSql, type Snapshot } from '@fupin/whom/snapshot/open-snapshot.ts'
import { columnType } from '@fupin/whom/survey/cell-sql.ts'
import { emptyTable } from '@fupin/whom/survey/read-survey.ts'

/**
 * The records of every department that belong to the members in the table `member`, matched again from the snapshot: makes the record
 * tables and `hit`, as the comparison of `identify` leaves them. The record's own columns are shown by the dictionary's labels.
 */
export async function recordTables(duck: Duck, snapshot: Snapshot, book: Book, forms: DepartmentForm[]): Promise<void> {
  await duck.run(`create or replace table hit (list varchar, household bigint, member_no integer, department varchar, entity varchar, source_file varchar,
    source_row bigint, as_of integer, state varchar, reason_zh varchar, reason_en varchar, record varchar)`)
  const claimed = snapshot.manifest.across.claimed
  await duck.run(`create or replace temp table _person as
    select id17, _parent, member_no, name, name_key, ${claimed ? `id17 in (select id17 from ${partsSql(snapshot, [claimed])})` : 'false'} as twice from member where id17 is not null`)
  for (const form of forms) await oneList(duck, snapshot, book.dictionary, form)
  await duck.run('drop table _person')
}

async function oneList(duck: Duck, snapshot: Snapshot, dictionary: Dictionary, form: DepartmentForm): Promise<void> {
  const entity = dictionary.entities[form.entity]!
  const department = snapshot.manifest.departments.find((d) => d.list === form.list)
  if (!department?.parts.record) return emptyTable(duck, entity)
  const fields = Object.values(entity.fields)
  const { receipt } = department
  await duck.run(`create or replace temp table _found as
    select p._parent, p.member_no, p.name as member_name, p.twice, coalesce(r.name_key <> p.name_key, false) as other_name, r.*
    from ${partsSql(snapshot, [department.parts.record])} r join _person p using (id17)`)
  const reason = (other: string, twice: string): string => `case when other_name then ${other} when twice then ${twice} end`
  await duck.run(`insert into hit
    select ${quoteText(form.list)}, _parent, member_no, ${quoteText(form.department)}, ${quoteText(form.entity)}, ${quoteText(receipt.file ?? '')}, _row, ${receipt.asOf ?? 'null'},
      case when other_name or twice then 'review' else 'matched' end,
      ${reason(`concat('证件号相同，姓名不同：名册是“', member_name, '”，部门是“', name, '”。须由人核对。')`, `'这个证件号有两户填报，不知是谁的。须由人核对。'`)},
      ${reason(`concat('Same number, another name: the survey says “', member_name, '”, the department “', name, '”. A person must decide.')`, `'Two households give this number; whose it is is not known. A person must decide.'`)},
      json_object('证件号码', id18, '姓名', name${fields.map((f) => `, ${quoteText(f.label.zh)}, ${shown(f, dictionary)}`).join('')})::varchar
    from _found order by _row, _parent, member_no`)
  const sure = (f: Field): string => `, case when other_name or twice then null else ${quoteName(f.name)} end as ${quoteName(f.name)}`
  await duck.run(`create or replace table ${quoteName(entity.name)} as
    select row_number() over (order by _parent, _row nulls last, member_no) as _key, _parent${fields.map((f) => `, ${quoteName(f.name)}`).join('')}
    from (select _parent, member_no, _row${fields.map(sure).join('')} from _found
      union all select _parent, member_no, null${fields.map((f) => `, null::${columnType(f)}`).join('')} from member where id17 is null)`)
  await duck.run('drop table _found')
}

/** A fact as a person reads it. */
function shown(field: Field, dictionary: Dictionary): string {
  const value = quoteName(field.name)
  switch (field.type) {
    case 'enum':
      return `([${dictionary.enums[field.enum!]!.values.map((v) => quoteText(v.label.zh)).join(', ')}])[${value}]`
    case 'bool':
      return `case ${value} when true then '是' when false then '否' end`
    case 'money':
      return `printf('%.2f', ${value} / 100.0)`
    case 'date':
      return `strftime(strptime(${value}::varchar, '%Y%m%d'), '%Y-%m-%d')`
    default:
      return `${value}::varchar`
  }
}
