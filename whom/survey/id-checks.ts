import { type Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import { createIdMacros, idFactsSql } from './id-number-sql.ts'
import { idSentences } from './id-sentences.ts'
import type { MemberRoles } from './roles.ts'
import { addCheck, type CheckedFile, say } from './survey-findings.ts'

/** Reads the ID numbers of the staged members, makes unknown what does not stand, and compares them with birth, sex and each other. */
export async function checkIdNumbers(duck: Duck, at: CheckedFile, roles: MemberRoles): Promise<void> {
  if (!roles.idNumber) return
  await createIdMacros(duck)
  const name = roles.name ? 'name' : 'null::varchar'
  const written = `(select _row, household_id, ${name} as name, id_number from _member where id_number is not null)`
  await duck.run(`create or replace temp table _id as ${idFactsSql(written, 'id_number')}`)
  await refuseCutOnes(duck)
  await sayStates(duck, at)
  await duck.run(`update _member m set id_number = i.kept
    from (select _row, case when id18 is null then null when id_state = 'ok_15' then id18 else id_written end as kept, id_number from _id) i
    where m._row = i._row and i.kept is distinct from i.id_number`)
  await samePerson(duck, at)
  await againstNumber(duck, at, roles)
  await duck.run('drop table _id')
}

/** A number that ends in 000 and passes by chance stands only where the file does not show that a spreadsheet cut its numbers. */
async function refuseCutOnes(duck: Duck): Promise<void> {
  await duck.run(`update _id set id_state = 'cut', id18 = null
    where id_state = 'ok' and id_written[16:18] = '000'
      and (select count(*) filter (where id_state = 'cut') > count(*) filter (where id_state = 'ok' and id_written[16:18] = '000') from _id)`)
}

async function sayStates(duck: Duck, at: CheckedFile): Promise<void> {
  for (const [state, { zh, en }] of Object.entries(idSentences)) {
    const sentence = (text: string) => (state === 'check' ? `replace(${quoteText(text)}, '%', id_wanted)` : quoteText(text))
    const from = `select * from _id where id_state = '${state}'`
    await addCheck(duck, {
      at,
      field: 'id_number',
      code: state === 'ok_15' ? 'id_15' : `id_${state}`,
      severity: state === 'ok_15' ? 'doubt' : 'error',
      value: 'id_number',
      zh: sentence(zh),
      en: sentence(en),
      from,
    })
  }
}

/** One number on several rows: the same member twice, two members of one household, or one person in two households. */
async function samePerson(duck: Duck, at: CheckedFile): Promise<void> {
  await duck.run(`create or replace temp table _twice as
    select i._row, i.household_id, i.id18, i.name, d.households, d.names, d.first_row from _id i
    join (select id18, list(distinct household_id order by household_id) as households, count(distinct name) as names, min(_row) as first_row
          from _id where id18 is not null group by 1 having count(*) > 1) d using (id18)`)
  const repeated = `select t._row, t.household_id, t.id18, f.first_row from _twice t
    join (select id18, household_id, min(_row) as first_row, count(distinct name) as names from _twice group by all having count(*) > 1) f
      on f.id18 = t.id18 and f.household_id is not distinct from t.household_id and f.names <= 1 and t._row > f.first_row`
  await addCheck(duck, {
    at,
    field: 'id_number',
    code: 'repeated_member',
    value: 'id18',
    zh: say('同一户第 ', { sql: at.rowSaid ? at.rowSaid('first_row') : 'first_row' }, ' 行已有这个人，这一行未读。请删去重复的一行。'),
    en: say(
      'Row ',
      { sql: at.rowSaid ? at.rowSaid('first_row') : 'first_row' },
      ' of the same household already has this person; this row is left out. Remove it.',
    ),
    from: repeated,
  })
  await duck.run(`insert into _left_out_member select _row from (${repeated})`)
  const shared = `select t.* from _twice t join (select id18, household_id from _twice group by all having count(*) > 1 and count(distinct name) > 1) s
    on s.id18 = t.id18 and s.household_id is not distinct from t.household_id`
  await addCheck(duck, {
    at,
    field: 'id_number',
    code: 'one_number_two_members',
    value: 'id18',
    zh: say('同一户两人用同一个证件号，不知是谁的，都按未填处理。请看原件。'),
    en: say('Two members of one household have this number; whose it is is not known, so both count as unknown. Look at the cards.'),
    from: shared,
  })
  await duck.run(`update _member set id_number = null where _row in (select _row from (${shared}))`)
  await addCheck(duck, {
    at,
    field: 'id_number',
    code: 'person_in_two_households',
    value: 'id18',
    zh: say(
      '这个证件号也在户 ',
      { sql: "array_to_string(list_filter(households, lambda h: h <> household_id)[:5], '、')" },
      '。是同一人，请留一户或办迁移；不是，请核对号码。',
    ),
    en: say(
      'This number is also in household ',
      { sql: "array_to_string(list_filter(households, lambda h: h <> household_id)[:5], ', ')" },
      '. Same person: keep one or record a move. If not: check the number.',
    ),
    from: 'select * from _twice where len(households) > 1 and _row not in (select _row from _left_out_member)',
  })
  await duck.run('drop table _twice')
}

/** Birth and sex beside the number that says them too: if they differ, which is wrong is not known, so the answer is unknown. Blank ones are filled from the number. */
async function againstNumber(duck: Duck, at: CheckedFile, { birth, sex }: MemberRoles): Promise<void> {
  const differs = (field: string, said: string) =>
    `select m._row, m.household_id, m.${quoteName(field)} as written, ${said} as said from _member m join _id i on i._row = m._row
     where i.id18 is not null and m.${quoteName(field)} is not null and m.${quoteName(field)} <> ${said}`
  if (birth) {
    const from = differs(birth.name, 'i.id18[7:14]::integer')
    const day = (column: string) => ({
      sql: `concat(${column} // 10000, '-', lpad((${column} // 100 % 100)::varchar, 2, '0'), '-', lpad((${column} % 100)::varchar, 2, '0'))`,
    })
    await addCheck(duck, {
      at,
      field: birth.name,
      code: 'birth_against_id',
      value: day('written').sql,
      zh: say('出生日期填 ', day('written'), '，证件号写的是 ', day('said'), '。两者必有一错，出生日期按未填处理。请看原件。'),
      en: say(
        'The birth date says ',
        day('written'),
        ', the ID number ',
        day('said'),
        '. One is wrong; the birth date counts as unknown. Look at the card.',
      ),
      from,
    })
    await settle(duck, birth.name, from, 'i.id18[7:14]::integer')
  }
  if (sex) {
    const said = `case when i.id18[17:17]::integer % 2 = 1 then ${sex.male} else ${sex.female} end`
    const from = differs(sex.field.name, said)
    const word = (column: string, m: string, f: string) => ({ sql: `case when ${column} = ${sex.male} then '${m}' else '${f}' end` })
    await addCheck(duck, {
      at,
      field: sex.field.name,
      code: 'sex_against_id',
      value: word('written', '男', '女').sql,
      zh: say(
        '性别填“',
        word('written', '男', '女'),
        '”，证件号第 17 位是“',
        word('said', '男', '女'),
        '”。两者必有一错，性别按未填处理。请看原件。',
      ),
      en: say(
        'Sex says ',
        word('written', 'male', 'female'),
        ', the 17th digit ',
        word('said', 'male', 'female'),
        '. One is wrong; sex counts as unknown. Look at the card.',
      ),
      from,
    })
    await settle(duck, sex.field.name, from, said)
  }
}

async function settle(duck: Duck, field: string, wrong: string, said: string): Promise<void> {
  await duck.run(`create or replace temp table _wrong as select _row from (${wrong})`)
  await duck.run(
    `update _member m set ${quoteName(field)} = ${said} from _id i where i._row = m._row and i.id18 is not null and m.${quoteName(field)} is null and m.id_number is not null`,
  )
  await duck.run(`update _member set ${quoteName(field)} = null where _row in (select _row from _wrong)`)
  await duck.run('drop table _wrong')
}
