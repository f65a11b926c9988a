import type { Duck } from '@fupin/platform/database/duckdb.ts'
import { addCheck, type CheckedFile, rowsSaid, say } from './survey-findings.ts'

/**
 * What makes a household's row impossible to place: no number, a number that stands twice, no village or none of 12 digits.
 * Such rows leave `household` whole. The rest get their area codes and `_key`. Gives how many left.
 */
export async function checkHouseholds(duck: Duck, at: CheckedFile): Promise<number> {
  const given = (field: string) => at.columns.has(field)
  if (!given('household_id')) await duck.run('update household set household_id = (rowid + 1)::varchar')
  await duck.run('create or replace temp table _left_out (_row bigint, household_id varchar)')
  const leave = (rows: string) =>
    duck.run(`insert into _left_out select distinct _row, household_id from (${rows}) where _row not in (select _row from _left_out)`)

  await strayRow(duck, at, leave, 'no_household_id', 'household_id', 'select * from household where household_id is null', {
    zh: say('没有户编号，整行未读。请补上户编号。'),
    en: say('No household number; the row is left out. Add the number.'),
  })
  await strayRow(
    duck,
    at,
    leave,
    'number_cut',
    'household_id',
    String.raw`select * from household where regexp_full_match(household_id, '\d(\.\d+)?[eE]\+?\d+')`,
    {
      zh: say('户编号被表格软件截断，末几位已丢，无法复原。请按原件重填，并把这一列设为文本。'),
      en: say('A spreadsheet cut this number; its last digits are lost. Enter it again from the original, in a text column.'),
    },
  )
  const twice = `select h._row, h.household_id, list_filter(d.rows, lambda r: r <> h._row) as others from household h
    join (select household_id, list(_row order by _row) as rows from household
          where household_id is not null and _row not in (select _row from _left_out) group by 1 having count(*) > 1) d using (household_id)`
  await strayRow(duck, at, leave, 'duplicate_household', 'household_id', twice, {
    zh: say(
      '户编号“',
      { sql: 'household_id' },
      '”在第 ',
      { sql: rowsSaid(at, 'others', '、') },
      ' 行也有。各行都未读，请留一户或改正编号。',
    ),
    en: say(
      'Household number “',
      { sql: 'household_id' },
      '” also stands in row ',
      { sql: rowsSaid(at, 'others', ', ') },
      '. None of them is read; keep one or correct the number.',
    ),
  })
  if (given('village_code')) {
    const bad = String.raw`select * from household where (village_code is null or not regexp_full_match(village_code, '\d{12}')) and _row not in (select _row from _left_out)`
    await strayRow(duck, at, leave, 'bad_village_code', 'village_code', bad, {
      zh: `case when village_code is null then ${say('没有行政村代码，整行未读。请补上 12 位代码。')} else ${say('行政村代码“', { sql: 'village_code' }, '”不是 12 位数字，整行未读。请改正。')} end`,
      en: `case when village_code is null then ${say('No village code; the row is left out. Add the 12 digits.')} else ${say('Village code “', { sql: 'village_code' }, '” is not 12 digits; the row is left out. Correct it.')} end`,
    })
  }
  const left = await duck.run('delete from household where _row in (select _row from _left_out)')
  await duck.run(
    `update household set township_code = coalesce(township_code, left(village_code, 9)), county_code = coalesce(county_code, left(village_code, 6))`,
  )
  await numberRows(duck, 'household')
  return left
}

/** Gives `_key` 1, 2, 3 ... in the order of the file. */
export async function numberRows(duck: Duck, table: string): Promise<void> {
  await duck.run(
    `update ${table} set _key = n.k from (select rowid as r, row_number() over (order by rowid) as k from ${table}) n where ${table}.rowid = n.r`,
  )
}

async function strayRow(
  duck: Duck,
  at: CheckedFile,
  leave: (rows: string) => Promise<number>,
  code: string,
  field: string,
  from: string,
  sentence: { zh: string; en: string },
): Promise<void> {
  await addCheck(duck, { at, field, code, value: field, from, ...sentence })
  await leave(from)
}
