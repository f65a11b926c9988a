import { type Duck, quoteName } from '@fupin/platform/database/duckdb.ts'
import type { MemberRoles } from './roles.ts'
import { addCheck, type CheckedFile, rowsSaid, say } from './survey-findings.ts'

/** Members whose household is not among the good ones leave `_member` whole. */
export async function checkHouseholdOfMembers(duck: Duck, at: CheckedFile): Promise<void> {
  await duck.run('create or replace temp table _left_out_member (_row bigint)')
  await duck.run(`create or replace temp table _stray as
    select m._row, m.household_id, m.household_id in (select household_id from _left_out where household_id is not null) as left_out
    from _member m anti join household h on h.household_id = m.household_id`)
  await addCheck(duck, {
    at,
    field: 'household_id',
    code: 'unknown_household',
    value: 'household_id',
    zh: `case when household_id is null then '没有户编号，整行未读。请补上户编号。' else ${say('农户表里没有户“', { sql: 'household_id' }, '”，整行未读。请核对户编号。')} end`,
    en: `case when household_id is null then 'No household number; the row is left out. Add it.' else ${say('There is no household “', { sql: 'household_id' }, '” in the households; the row is left out. Check the number.')} end`,
    from: 'select * from _stray where not coalesce(left_out, false)',
  })
  await addCheck(duck, {
    at,
    field: 'household_id',
    code: 'household_left_out',
    value: 'household_id',
    zh: say('户“', { sql: 'household_id' }, '”本身有错没有读，这一行也没有读。先改正农户表。'),
    en: say('Household “', { sql: 'household_id' }, '” itself was left out for an error, and so is this row. Repair the household first.'),
    from: 'select * from _stray where left_out',
  })
  await duck.run('delete from _member where _row in (select _row from _stray)')
  await duck.run('drop table _stray')
}

/** Exactly one head, at most one spouse, of different sex; as many members as declared. Runs on the members that stay. */
export async function checkComposition(duck: Duck, members: CheckedFile, households: CheckedFile, roles: MemberRoles): Promise<void> {
  const { relation, sex } = roles
  if (relation && members.columns.has(relation.field.name)) {
    const field = quoteName(relation.field.name)
    const heads = `${field} in (${relation.heads.join(', ')})`
    const spouses = relation.spouses.length ? `${field} in (${relation.spouses.join(', ')})` : 'false'
    if (sex) await sameSexCouples(duck, members, heads, spouses, quoteName(sex.field.name))
    await missingHeads(duck, households, heads, field)
    await onlyOne(duck, members, relation.field.name, heads, 'two_heads', '户主', 'head')
    await onlyOne(duck, members, relation.field.name, spouses, 'two_spouses', '配偶', 'spouse')
  }
  await declaredPersons(duck, households)
}

async function onlyOne(duck: Duck, at: CheckedFile, field: string, is: string, code: string, zh: string, en: string): Promise<void> {
  await duck.run(`create or replace temp table _several as
    select m._row, m.household_id, list_filter(s.rows, lambda r: r <> m._row) as others from _member m
    join (select household_id, list(_row order by _row) as rows from _member where ${is} group by 1 having count(*) > 1) s using (household_id) where ${is}`)
  await addCheck(duck, {
    at,
    field,
    code,
    value: `'${zh}'`,
    zh: say(`这一户有几个${zh}：第 `, { sql: rowsSaid(at, 'others', '、') }, ` 行也是。都按未填处理，请只留一个。`),
    en: say(
      `This household has more than one ${en}: row `,
      { sql: rowsSaid(at, 'others', ', ') },
      ' says so too. All count as unknown; leave one.',
    ),
    from: 'select * from _several',
  })
  await duck.run(`update _member set ${quoteName(field)} = null where _row in (select _row from _several); drop table _several`)
}

async function missingHeads(duck: Duck, at: CheckedFile, heads: string, field: string): Promise<void> {
  await addCheck(duck, {
    at,
    field: null,
    code: 'no_head',
    zh: `'这一户没有户主。请在成员表里标明户主。'`,
    en: `'This household has no head. Mark the head among its members.'`,
    from: `select h._row, h.household_id from household h
      join (select household_id from _member group by 1 having count(*) filter (where ${heads}) = 0 and count(*) = count(${field})) using (household_id)`,
  })
}

async function sameSexCouples(duck: Duck, at: CheckedFile, heads: string, spouses: string, sex: string): Promise<void> {
  await addCheck(duck, {
    at,
    field: 'relation',
    code: 'spouse_of_same_sex',
    severity: 'doubt',
    zh: `'配偶与户主性别相同。请核对性别、关系或证件号。'`,
    en: `'Spouse and head have the same sex. Check sex, relation or ID number.'`,
    from: `select s._row, s.household_id from (select * from _member where ${spouses}) s
      join (select household_id, min(${sex}) as sex from _member where ${heads} group by 1 having count(*) = 1) h on h.household_id = s.household_id and h.sex = s.${sex}`,
  })
}

async function declaredPersons(duck: Duck, at: CheckedFile): Promise<void> {
  await addCheck(duck, {
    at,
    field: null,
    code: 'no_members',
    severity: 'doubt',
    zh: `'成员表里没有这一户的人，家庭成员按未知处理。'`,
    en: `'No member of this household is in the members; its members count as unknown.'`,
    from: 'select h._row, h.household_id from household h anti join _member m on m.household_id = h.household_id',
  })
  if (!at.columns.has('persons')) return
  await addCheck(duck, {
    at,
    field: 'persons',
    code: 'persons_differ',
    severity: 'doubt',
    value: 'persons',
    zh: say('填报 ', { sql: 'persons' }, ' 人，成员表有 ', { sql: 'n' }, ' 人。请核对。'),
    en: say('Says ', { sql: 'persons' }, ' persons, the members are ', { sql: 'n' }, '. Check which is right.'),
    from: 'select h._row, h.household_id, h.persons, m.n from household h join (select household_id, count(*) as n from _member group by 1) m using (household_id) where h.persons <> m.n',
  })
}
