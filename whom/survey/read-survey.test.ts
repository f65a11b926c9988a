import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Duck } from '@fupin/platform/database/duckdb.ts'
import { findingRows } from '@fupin/platform/problems/finding-table.ts'
import ExcelJS from 'exceljs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readSurvey } from './read-survey.ts'
import { aDictionary, aFolder, csv, idNumber, temporaryFolder } from './survey-fixture.ts'

let duck: Duck
beforeEach(async () => {
  duck = await Duck.open()
})
afterEach(() => duck.close())

const village = '450621100201'
const householdHead = [
  '户编号',
  '行政村代码',
  '住房面积',
  'paddy_area',
  '年收入',
  '通电',
  '主要住房结构',
  '入户日期',
  '户主姓名',
  '家庭人口数',
]
const memberHead = ['户编号', '姓名', '性别', '出生日期', '身份证或残疾证号', '与户主关系']
const wei = ['H1', '韦建国', '男', '1975-03-01', idNumber(19750301, 41), '本人或户主']
const qin = ['H1', '覃桂花', '女', '1978-07-21', idNumber(19780721, 22), '配偶']
const pan = ['H2', '盘志英', '女', '1950-01-09', idNumber(19500109, 86), '01']
const h1 = ['H1', village, '80', '1.25', '12000.50', '是', '砖木', '2015-10-16', '韦建国', '2']
const h2 = ['H2', village, '60', '', '-300', '0', 'steel_concrete', '20151101', '盘志英', '1']
const clean = { 'households.csv': csv(householdHead, h1, h2), 'members.csv': csv(memberHead, wei, qin, pan) }

async function read(files: Record<string, string | Buffer>, on = duck) {
  const summary = await readSurvey(on, { survey: await aFolder(files), dictionary: aDictionary() })
  return {
    summary,
    findings: await findingRows(on),
    households: await on.rows('from household order by _key'),
    members: await on.rows('from member order by _key'),
  }
}

const withHousehold = (...rows: string[][]) => ({ ...clean, 'households.csv': csv(householdHead, ...rows) })
const withMembers = (...rows: string[][]) => ({ ...clean, 'members.csv': csv(memberHead, ...rows) })
const places = (findings: Awaited<ReturnType<typeof read>>['findings']) =>
  findings.map((f) => [f.code, f.severity, f.file, f.row, f.column, f.value, f.householdId])

describe('a clean survey', () => {
  test('stands in the tables in the engine’s own units', async () => {
    const { summary, findings, households, members } = await read(clean)
    expect(findings).toEqual([])
    expect(summary).toEqual({
      households: 2,
      members: 3,
      persons: 3,
      leftOut: 0,
      findings: { errors: 0, doubts: 0 },
      files: ['households.csv', 'members.csv'],
    })
    expect(households[0]).toEqual({
      _key: 1,
      household_id: 'H1',
      county_code: '450621',
      township_code: '450621100',
      persons: 2,
      village_code: village,
      house_area: 80,
      paddy_area: 125,
      income: 1_200_050,
      power: true,
      structure: 2,
      visited_on: 20151016,
      head_name: '韦建国',
      members_known: true,
      vehicles_known: false,
    })
    expect(households[1]).toMatchObject({ paddy_area: null, income: -30_000, power: false, structure: 3, visited_on: 20151101 })
    expect(members[1]).toEqual({
      _key: 2,
      _parent: 1,
      member_no: 2,
      name: '覃桂花',
      sex: 2,
      birth: 19780721,
      id_number: qin[4],
      relation: 2,
    })
    expect(await duck.rows('from vehicle')).toEqual([])
    const types = Object.fromEntries((await duck.describe('from household')).map((c) => [c.name, c.type]))
    expect(types).toMatchObject({
      _key: 'BIGINT',
      house_area: 'BIGINT',
      income: 'BIGINT',
      power: 'BOOLEAN',
      structure: 'SMALLINT',
      visited_on: 'INTEGER',
      members_known: 'BOOLEAN',
    })
  })

  test('is the same from CSV, GB 18030 or not, from Parquet and from one workbook', async () => {
    const plain = await read(clean)
    const parquet = temporaryFolder()
    const from = await aFolder(clean)
    for (const part of ['households', 'members']) {
      await duck.run(
        `copy (select * from read_csv('${from}/${part}.csv', all_varchar = ${part === 'members'})) to '${parquet}/${part}.parquet' (format parquet)`,
      )
    }
    const book = new ExcelJS.Workbook()
    for (const [name, rows] of [
      ['农户', [householdHead, h1, h2]],
      ['成员', [memberHead, wei, qin, pan]],
    ] as const) {
      const sheet = book.addWorksheet(name)
      for (const row of rows) sheet.addRow(row)
    }
    const workbook = join(parquet, 'survey.xlsx')
    await book.xlsx.writeFile(workbook)
    for (const survey of [parquet, workbook]) {
      const other = await Duck.open()
      await readSurvey(other, { survey, dictionary: aDictionary() })
      expect(await findingRows(other)).toEqual([])
      expect(await other.rows('from household order by _key')).toEqual(plain.households)
      expect(await other.rows('from member order by _key')).toEqual(plain.members)
      other.close()
    }
  })

  test('may write its cells in many ways', async () => {
    const days = ['2015/10/16', '2015.10.16', '2015年10月6日', '2015-1-6', '2015-10-16 00:00:00', '２０１５-10-16']
    const rows = days.map((day, i) => [
      `H${i}`,
      village,
      ['８０', ' 80 ', '80.0', '+80', '080', '8e1'][i]!,
      ['1.25', '1.250', '', '未填', ' 看不清 ', '拒答'][i]!,
      '"1,200.50"',
      ['有', '√', 'TRUE', '否', '无', ''][i]!,
      ['砖木结构', '05', '钢混 ', '未填', 'concrete', '０５'][i]!,
      day,
      '',
      '',
    ])
    const { households, findings } = await read(withHousehold(...rows))
    expect(findings.filter((f) => f.file === 'households.csv' && f.code !== 'no_members')).toEqual([])
    expect(households.map((h) => h.visited_on)).toEqual([20151016, 20151016, 20151006, 20150106, 20151016, 20151016])
    expect(households.map((h) => h.house_area)).toEqual([80, 80, 80, 80, 80, 80])
    expect(households.map((h) => h.paddy_area)).toEqual([125, 125, null, null, null, null])
    expect(households.map((h) => h.income)).toEqual(rows.map(() => 120_050))
    expect(households.map((h) => h.power)).toEqual([true, true, true, false, false, null])
    expect(households.map((h) => h.structure)).toEqual([2, 3, 3, null, 3, 3])
  })

  test('may have other columns, words and constants, said in mapping.yaml', async () => {
    const { households, findings } = await read({
      'households.csv': csv(['编号', 'area', '电', '备注'], ['H1', '80', '已通电', 'x'], ['H2', '60', '未通电', 'y']),
      'mapping.yaml':
        'households:\n  columns: {编号: household_id, area: house_area, 电: power, 备注: ""}\n  values: {power: {已通电: "true", 未通电: false}}\n  constants: {village_code: "450621100201", structure: 砖木}\n',
    })
    expect(findings).toEqual([])
    expect(households).toMatchObject([
      { household_id: 'H1', village_code: village, county_code: '450621', house_area: 80, power: true, structure: 2, members_known: false },
      { household_id: 'H2', power: false },
    ])
  })

  test('of another book may have no household numbers and no villages: the row number and the county do', async () => {
    const { households, summary } = await read({
      'households.csv': csv(['county_code', 'persons', 'power'], ['100001', 4, 1], ['100002', 3, 0]),
    })
    expect(households).toMatchObject([
      { household_id: '1', county_code: '100001', persons: 4, power: true, members_known: false },
      { household_id: '2', county_code: '100002', persons: 3 },
    ])
    expect(summary.persons).toBe(7)
  })
})

describe('a household row', () => {
  test.for([
    ['twice', [h1, h2, [...h1]], 'duplicate_household', [2, 4]],
    ['without a number', [h2, ['', ...h1.slice(1)]], 'no_household_id', [3]],
    ['with a number that a spreadsheet cut', [h2, ['4.50621E+17', ...h1.slice(1)]], 'number_cut', [3]],
    ['without a village', [h2, [h1[0]!, '', ...h1.slice(2)]], 'bad_village_code', [3]],
    ['with a village code that is none', [h2, [h1[0]!, '4.50621E+11', ...h1.slice(2)]], 'bad_village_code', [3]],
  ] as const)('%s is left out whole and stands in the findings', async ([, rows, code, at]) => {
    const { households, findings, members } = await read(withHousehold(...rows.map((r) => [...r])))
    expect(households.map((h) => [h._key, h.household_id])).toEqual([[1, 'H2']])
    expect(findings.filter((f) => f.code === code).map((f) => [f.severity, f.row])).toEqual(at.map((row) => ['error', row]))
    expect(members.map((m) => m.name)).toEqual(['盘志英'])
    expect(findings.filter((f) => f.file === 'members.csv')).toHaveLength(2)
  })

  test('keeps its good cells where one is bad', async () => {
    const bad = ['H1', village, '-80', '1.255', '很多', '可能', '竹楼', '2015-02-30', '韦建国', '2']
    const { households, findings } = await read(
      withHousehold(bad, ['H2', village, '60.5', '9999999', '99999999999999', '', '', '1950-01-01', '', '']),
    )
    expect(households[0]).toMatchObject({
      house_area: null,
      paddy_area: 126,
      income: null,
      power: null,
      structure: null,
      visited_on: null,
      head_name: '韦建国',
    })
    expect(households[1]).toMatchObject({ house_area: null, paddy_area: null, income: null, visited_on: null })
    const expected = new Map([
      ['2 年收入', 'not_a_number'],
      ['2 住房面积', 'negative'],
      ['2 入户日期', 'not_a_date'],
      ['2 通电', 'not_yes_no'],
      ['2 主要住房结构', 'unknown_value'],
      ['2 paddy_area', 'rounded'],
      ['3 paddy_area', 'out_of_range'],
      ['3 年收入', 'out_of_range'],
      ['3 住房面积', 'not_whole'],
      ['3 入户日期', 'out_of_range'],
    ])
    expect(new Map(findings.map((f) => [`${f.row} ${f.column}`, f.code]))).toEqual(expected)
    expect(places(findings)).toContainEqual(['negative', 'error', 'households.csv', 2, '住房面积', '-80', 'H1'])
    expect(places(findings)).toContainEqual(['rounded', 'doubt', 'households.csv', 2, 'paddy_area', '1.255', 'H1'])
    expect(findings.find((f) => f.code === 'unknown_value')!.zh).toContain('无房、砖木、钢混')
  })

  test('with an unknown column loses nothing, but the column is named', async () => {
    const { findings } = await read({ ...clean, 'households.csv': csv([...householdHead, '备注'], [...h1, 'x'], [...h2, 'y']) })
    expect(places(findings)).toEqual([['unknown_column', 'doubt', 'households.csv', 1, '备注', null, null]])
  })
})

describe('a member row', () => {
  test('of a household that is not there is left out', async () => {
    const { members, findings } = await read(withMembers(wei, qin, pan, ['H9', ...pan.slice(1, 4), idNumber(19500109, 88), '01']))
    expect(members).toHaveLength(3)
    expect(places(findings)).toEqual([['unknown_household', 'error', 'members.csv', 5, '户编号', 'H9', 'H9']])
  })

  test('of one person in two households is named in both, and stays', async () => {
    const { members, findings } = await read(withMembers(wei, qin, pan, ['H2', ...wei.slice(1, 5), '之子']))
    expect(members).toHaveLength(4)
    expect(members.map((m) => m.id_number)).toEqual([wei[4], qin[4], pan[4], wei[4]])
    expect(places(findings).filter(([code]) => code !== 'persons_differ')).toEqual([
      ['person_in_two_households', 'error', 'members.csv', 2, memberHead[4], wei[4], 'H1'],
      ['person_in_two_households', 'error', 'members.csv', 5, memberHead[4], wei[4], 'H2'],
    ])
    expect(findings.find((f) => f.row === 2)!.zh).toContain('户 H2')
  })

  test('that stands twice in one household counts once; two people with one number have none', async () => {
    const twice = await read(withMembers(wei, wei, qin, pan))
    expect(twice.members).toHaveLength(3)
    expect(twice.findings.map((f) => [f.code, f.row])).toEqual([['repeated_member', 3]])
    const other = await Duck.open()
    const shared = await read(withMembers(wei, [...qin.slice(0, 2), '', '', wei[4]!, '配偶'], pan), other)
    expect(shared.members.map((m) => m.id_number)).toEqual([null, null, pan[4]])
    expect(shared.findings.map((f) => [f.code, f.row])).toEqual([
      ['one_number_two_members', 2],
      ['one_number_two_members', 3],
    ])
    other.close()
  })

  test('with two heads, two spouses or no head in the household', async () => {
    const li = ['H1', '李四', '男', '1980-01-01', idNumber(19800101, 11), '本人或户主']
    const luo = ['H2', '罗五', '男', '1952-01-01', idNumber(19520101, 13), '配偶']
    const { members, findings } = await read(withMembers(wei, qin, li, [...pan.slice(0, 5), '配偶'], luo))
    expect(findings.filter((f) => f.severity === 'error').map((f) => [f.code, f.file, f.row, f.householdId])).toEqual([
      ['no_head', 'households.csv', 3, 'H2'],
      ['two_heads', 'members.csv', 2, 'H1'],
      ['two_heads', 'members.csv', 4, 'H1'],
      ['two_spouses', 'members.csv', 5, 'H2'],
      ['two_spouses', 'members.csv', 6, 'H2'],
    ])
    expect(members.map((m) => m.relation)).toEqual([null, 2, null, null, null])
  })

  test('with birth or sex against the ID number: both are shown, the answer is unknown', async () => {
    const { members, findings } = await read(
      withMembers([...wei.slice(0, 3), '1976-03-01', ...wei.slice(4)], [...qin.slice(0, 2), '男', ...qin.slice(3)], pan),
    )
    expect(members.map((m) => [m.birth, m.sex])).toEqual([
      [null, 1],
      [19780721, null],
      [19500109, 2],
    ])
    expect(places(findings)).toContainEqual(['birth_against_id', 'error', 'members.csv', 2, '出生日期', '1976-03-01', 'H1'])
    expect(places(findings)).toContainEqual(['sex_against_id', 'error', 'members.csv', 3, '性别', '男', 'H1'])
    expect(findings[0]!.zh).toContain('证件号写的是 1975-03-01')
  })

  test('with blank birth and sex takes them from the number, which says them', async () => {
    const { members, findings } = await read(withMembers(['H1', '韦建国', '', '', wei[4]!, wei[5]!], qin, pan))
    expect(members[0]).toMatchObject({ birth: 19750301, sex: 1 })
    expect(findings).toEqual([])
  })

  test.for([
    ['a wrong last digit', '450621197503010410', 'id_check', '应是'],
    ['a number cut by a spreadsheet', '4.50621E+17', 'id_cut', '截断'],
    ['digits replaced by zeros', '450621197503010000', 'id_cut', '截断'],
    ['17 digits', '45062119750301041', 'id_length', '18 位'],
    ['no such province', '990621197503010417', 'id_area', '省区'],
  ] as const)('with %s has no number, never a guessed one', async ([, number, code, words]) => {
    const { members, findings } = await read(withMembers([...wei.slice(0, 4), number, wei[5]!], qin, pan))
    expect(members[0]!.id_number).toBeNull()
    expect(findings).toMatchObject([
      { code, severity: 'error', row: 2, column: memberHead[4], value: number, zh: expect.stringContaining(words) },
    ])
  })

  test('with an old number of 15 digits is compared by its 18, with a doubt', async () => {
    const { members, findings } = await read(withMembers([...wei.slice(0, 4), `450621${'750301'}041`, wei[5]!], qin, pan))
    expect(members[0]!.id_number).toBe(wei[4])
    expect(findings.map((f) => [f.code, f.severity])).toEqual([['id_15', 'doubt']])
  })

  test('a declared number of persons that differs from the members is doubted', async () => {
    const { findings } = await read(withMembers(wei, pan))
    expect(places(findings)).toEqual([['persons_differ', 'doubt', 'households.csv', 2, '家庭人口数', '2', 'H1']])
  })
})

test('formula cells of a workbook are refused with their household; those of columns nobody reads are not mentioned', async () => {
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet('households')
  sheet.addRow(['household_id', 'village_code', 'house_area', '序号'])
  sheet.addRow(['H1', village, { formula: '8*10', result: 80 }, { formula: 'ROW()', result: 2 }])
  const folder = temporaryFolder()
  await book.xlsx.writeFile(join(folder, 'households.xlsx'))
  await readSurvey(duck, { survey: folder, dictionary: aDictionary() })
  expect(await duck.rows('select household_id, house_area from household')).toEqual([{ household_id: 'H1', house_area: null }])
  expect(places(await findingRows(duck))).toEqual([
    ['unknown_column', 'doubt', 'households.xlsx', 1, '序号', null, null],
    ['formula_cell', 'error', 'households.xlsx', 2, 'house_area', '=8*10', 'H1'],
  ])
})

test('a repaired survey gives what a clean one gives', async () => {
  await read({
    'households.csv': csv(householdHead, h1, ['H2', '?', '-60', ...h2.slice(3)]),
    'members.csv': csv(memberHead, wei, qin, [...pan.slice(0, 4), '1', '01']),
  })
  await duck.run('drop table finding')
  const repaired = await read(clean)
  const other = await Duck.open()
  const fresh = await read(clean, other)
  other.close()
  expect(repaired).toEqual(fresh)
})

test('a truncated file stops the reading with its name and the reason', async () => {
  const whole = await aFolder(clean)
  await duck.run(`copy (select * from read_csv('${whole}/households.csv')) to '${whole}/whole.parquet' (format parquet)`)
  const cut = (await readFile(join(whole, 'whole.parquet'))).subarray(0, 400)
  await expect(read({ 'households.parquet': cut, 'members.csv': clean['members.csv'] })).rejects.toMatchObject({
    code: 'damaged_parquet',
    zh: expect.stringContaining('households.parquet'),
  })
  expect(await findingRows(duck)).toMatchObject([{ file: 'households.parquet', code: 'damaged_parquet' }])
})
