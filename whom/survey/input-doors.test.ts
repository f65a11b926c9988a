import { join } from 'node:path'
import { Duck } from '@fupin/platform/database/duckdb.ts'
import { findingRows } from '@fupin/platform/problems/finding-table.ts'
import ExcelJS from 'exceljs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readSurvey } from './read-survey.ts'
import { aDictionary, aFolder, csv, temporaryFolder } from './survey-fixture.ts'

let duck: Duck
beforeEach(async () => {
  duck = await Duck.open()
})
afterEach(() => duck.close())

const village = '450621100001'
const dictionary = aDictionary()
const households = () => duck.rows('select household_id, house_area, paddy_area, income from household order by _key')
const members = () =>
  duck.rows('select h.household_id, m.name, m.member_no, m.sex from member m join household h on h._key = m._parent order by m._key')
const found = async (...codes: string[]) => (await findingRows(duck)).filter((f) => codes.length === 0 || codes.includes(f.code))

async function book(fill: (book: ExcelJS.Workbook) => void): Promise<string> {
  const made = new ExcelJS.Workbook()
  fill(made)
  const path = join(temporaryFolder(), 'survey.xlsx')
  await made.xlsx.writeFile(path)
  return path
}

describe('a header of merged cells', () => {
  test('below a title and a note, with units and column numbers, is joined and said', async () => {
    const survey = await book((b) => {
      const sheet = b.addWorksheet('农户')
      sheet.addRow(['2015年精准识别入户调查汇总表'])
      sheet.mergeCells('A1:F1')
      sheet.addRow(['填报单位：那琴村', '', '', '', '日期：2015-10-16'])
      sheet.addRow(['户编号', '行政村代码', '住房', '', '耕地', '收入'])
      sheet.addRow(['', '', '面积', '主要住房结构', '水田面积', '年收入'])
      sheet.mergeCells('A3:A4')
      sheet.mergeCells('B3:B4')
      sheet.mergeCells('C3:D3')
      sheet.addRow(['', '', '㎡', '', '公顷', '万元'])
      sheet.addRow([1, 2, 3, 4, 5, 6])
      sheet.addRow(['1', village, 80, '砖木', 0.2, 1.2])
      sheet.addRow(['2', village, '三十', '砖木', 0.1, 0.8])
    })
    await readSurvey(duck, { survey, dictionary })
    expect(await households()).toEqual([
      { household_id: '1', house_area: 80, paddy_area: 300, income: 1_200_000 },
      { household_id: '2', house_area: null, paddy_area: 150, income: 800_000 },
    ])
    expect(await found('header_rows')).toMatchObject([{ sheet: '农户', row: 3, zh: expect.stringContaining('第 3 到 6 行') }])
    expect((await found('header_rows'))[0]!.zh).toContain('住房/面积')
    expect((await found('column_by_part')).map((f) => f.column)).toContain('住房/主要住房结构')
    expect((await found('converted_column')).map((f) => [f.column, f.value])).toEqual([
      ['收入/年收入（万元）', '万元'],
      ['耕地/水田面积（公顷）', '公顷'],
    ])
    expect(await found('not_a_number')).toMatchObject([{ row: 8, column: '住房/面积（㎡）', value: '三十', householdId: '2' }])
  })
})

describe('a workbook of several sheets', () => {
  const header = ['户编号', '行政村代码', '住房面积']
  test('with a sheet for each village is one survey; findings name sheet and row', async () => {
    const survey = await book((b) => {
      b.addWorksheet('说明').addRow(['怎样填这张表'])
      for (const [name, rows] of [
        [
          '那琴村',
          [
            ['1', village, 80],
            ['2', village, -5],
          ],
        ],
        [
          '纳宝村',
          [
            ['3', village, 90],
            ['1', village, 70],
            ['4', village, 60],
          ],
        ],
      ] as const) {
        const sheet = b.addWorksheet(name)
        sheet.addRow(header)
        for (const row of rows) sheet.addRow([...row])
      }
    })
    expect(await readSurvey(duck, { survey, dictionary })).toMatchObject({ households: 3, leftOut: 2 })
    expect(await found('sheets_together')).toMatchObject([{ value: '那琴村、纳宝村' }])
    expect((await found('negative')).map((f) => [f.sheet, f.row, f.householdId])).toEqual([['那琴村', 3, '2']])
    const twice = await found('duplicate_household')
    expect(twice.map((f) => [f.sheet, f.row])).toEqual([
      ['纳宝村', 3],
      ['那琴村', 2],
    ])
    expect(twice[1]!.zh).toContain('纳宝村!3')
    expect(await found('sheets_not_read')).toMatchObject([{ value: '说明' }])
  })

  test('with sheets of other names is told apart by what their columns say', async () => {
    const survey = await book((b) => {
      const people = b.addWorksheet('Sheet1')
      people.addRow(['户编号', '姓名', '性别'])
      people.addRow(['1', '覃桂花', '女'])
      const houses = b.addWorksheet('Sheet2')
      houses.addRow(header)
      houses.addRow(['1', village, 80])
    })
    expect(await readSurvey(duck, { survey, dictionary })).toMatchObject({ households: 1, members: 1 })
  })
})

describe('an export with repeats', () => {
  const main = csv(
    ['SubmissionDate', 'general-village_code', 'house/house_area', 'meta-instanceID', 'KEY'],
    ['2015-10-16', village, 80, 'uuid:a', 'uuid:a'],
    ['2015-10-16', village, 90, 'uuid:b', 'uuid:b'],
  )
  const repeat = csv(
    ['person-name', 'person-sex', 'PARENT_KEY', 'KEY'],
    ['覃桂花', '女', 'uuid:b', 'uuid:b/members[1]'],
    ['韦建国', '男', 'uuid:a', 'uuid:a/members[1]'],
    ['韦小明', '男', 'uuid:a', 'uuid:a/members[2]'],
    ['黄某', '男', 'uuid:z', 'uuid:z/members[1]'],
  )

  test('as files tied by PARENT_KEY finds each member its household', async () => {
    const folder = await aFolder({ 'card.csv': main, 'card-members.csv': repeat })
    for (const survey of [folder, join(folder, 'card.csv')]) {
      const own = await Duck.open()
      duck.close()
      duck = own
      expect(await readSurvey(duck, { survey, dictionary })).toMatchObject({ households: 2, members: 3, leftOut: 1 })
      expect((await members()).map((m) => [m.household_id, m.name])).toEqual([
        ['uuid:b', '覃桂花'],
        ['uuid:a', '韦建国'],
        ['uuid:a', '韦小明'],
      ])
      expect(await found('unknown_household')).toMatchObject([{ file: 'card-members.csv', row: 5, column: 'PARENT_KEY', value: 'uuid:z' }])
    }
  })

  test('as sheets tied by _parent_index, households with numbers of their own', async () => {
    const survey = await book((b) => {
      const forms = b.addWorksheet('入户调查')
      forms.addRow(['general/household_id', 'village_code', 'house_area', '_id', '_index'])
      forms.addRow(['H1', village, 80, 901, 1])
      forms.addRow(['H2', village, 90, 902, 2])
      const people = b.addWorksheet('persons')
      people.addRow(['persons/name', 'persons/sex', '_index', '_parent_table_name', '_parent_index'])
      people.addRow(['覃桂花', '女', 1, '入户调查', 2])
      people.addRow(['韦建国', '男', 2, '入户调查', 1])
    })
    expect(await readSurvey(duck, { survey, dictionary })).toMatchObject({ households: 2, members: 2, leftOut: 0 })
    expect((await members()).map((m) => [m.household_id, m.name])).toEqual([
      ['H2', '覃桂花'],
      ['H1', '韦建国'],
    ])
  })

  test('as numbered columns makes a row of each repetition; findings name the column that is in the file', async () => {
    const survey = await aFolder({
      'card.csv': csv(
        ['household_id', 'village_code', 'p/members[1]/name', 'p/members[1]/sex', 'p/members[2]/name', 'p/members[2]/sex'],
        ['1', village, '覃桂花', '女', '韦建国', '好'],
        ['2', village, '黄小明', '男', '', ''],
      ),
    })
    expect(await readSurvey(duck, { survey: join(survey, 'card.csv'), dictionary })).toMatchObject({ households: 2, members: 3 })
    expect((await members()).map((m) => [m.household_id, m.name, m.member_no, m.sex])).toEqual([
      ['1', '覃桂花', 1, 2],
      ['1', '韦建国', 2, null],
      ['2', '黄小明', 1, 1],
    ])
    expect(await found('unknown_value')).toMatchObject([
      { file: 'card.csv', row: 2, column: 'p/members[2]/sex', value: '好', householdId: '1' },
    ])
    expect(await found('unknown_column')).toEqual([])
  })

  test('as columns that end in a number; a mapping may name repeat and fields', async () => {
    const flat = csv(['household_id', 'village_code', 'name_1', 'sex_1', 'name_2', 'sex_2'], ['1', village, '覃桂花', '女', '韦建国', '男'])
    const named = csv(
      ['household_id', 'village_code', 'pop[1]/who', 'pop[1]/gender', 'pop[2]/who', 'pop[2]/gender'],
      ['1', village, '覃桂花', 'F', '韦建国', 'M'],
    )
    const mapping = 'members:\n  repeat: pop\n  columns: {who: name, gender: sex}\n  values: {sex: {F: female, M: male}}\n'
    for (const files of [{ 'a.csv': flat }, { 'a.csv': named, 'a.mapping.yaml': mapping }]) {
      duck.close()
      duck = await Duck.open()
      const folder = await aFolder(files as Record<string, string>)
      await readSurvey(duck, { survey: join(folder, 'a.csv'), dictionary })
      expect((await members()).map((m) => [m.name, m.sex])).toEqual([
        ['覃桂花', 2],
        ['韦建国', 1],
      ])
    }
  })
})

describe('numbers in other units', () => {
  test.for([
    // One hectare is 15 mu; one mu is 10000/15 m2; the last decimal of the field is rounded, half away from zero.
    ['0.4公顷', 600, 'converted_unit'],
    ['2000㎡', 300, 'converted_unit'],
    ['1000 平方米', 150, 'converted_unit'],
    ['７平方米', 1, 'converted_unit'],
    ['5亩', 500, null],
    ['5.5', 550, null],
    ['100', 10_000, 'unusual'],
    ['2000', null, 'out_of_range'],
    ['3块', null, 'not_a_number'],
  ] as const)('%s of paddy is %s hundredths of a mu', async ([cell, value, code]) => {
    const survey = await aFolder({ 'households.csv': csv(['household_id', 'village_code', 'paddy_area'], ['1', village, cell]) })
    await readSurvey(duck, { survey, dictionary })
    expect((await households())[0]!.paddy_area).toBe(value)
    expect((await found()).map((f) => f.code)).toEqual(code ? [code] : [])
  })

  test('what is too much names the unit in which it would be ordinary', async () => {
    const survey = await aFolder({
      'households.csv': csv(['household_id', 'village_code', 'paddy_area'], ['1', village, '2000'], ['2', village, '300']),
    })
    await readSurvey(duck, { survey, dictionary })
    const [two, three] = await found('out_of_range', 'unusual')
    expect(two!.zh).toContain('若写的是平方米，应为 3 亩')
    expect(three).toMatchObject({ code: 'unusual', severity: 'doubt' })
    expect(three!.en).toContain('If it is in m2, it makes 0.45 mu.')
  })

  test('money: a cell, a header, a mapping, a word that is no unit of it', async () => {
    const rows = (name: string, cell: string) => csv(['household_id', 'village_code', name], ['1', village, cell])
    for (const [name, cell, mapping] of [
      ['income', '1.23456万元', ''],
      ['年收入（万元）', '1.23456', ''],
      ['income', '1.23456', 'households:\n  units: {income: 万元}\n'],
    ] as const) {
      duck.close()
      duck = await Duck.open()
      await readSurvey(duck, {
        survey: await aFolder({ 'households.csv': rows(name, cell), ...(mapping ? { 'mapping.yaml': mapping } : {}) }),
        dictionary,
      })
      expect((await households())[0]!.income).toBe(1_234_560)
      expect(await found('converted_unit', 'converted_column')).toHaveLength(1)
    }
    duck.close()
    duck = await Duck.open()
    await readSurvey(duck, {
      survey: await aFolder({ 'households.csv': rows('income', '5'), 'mapping.yaml': 'households:\n  units: {income: 公顷}\n' }),
      dictionary,
    })
    expect(await found('unknown_unit')).toMatchObject([{ value: '公顷' }])
  })

  test('a note above the table holds for all of it', async () => {
    const survey = await book((b) => {
      const sheet = b.addWorksheet('农户')
      sheet.addRow(['汇总表', '', '单位：公顷、元'])
      sheet.addRow(['填表人：黄某', '', '单位：公顷、元'])
      sheet.addRow(['户编号', '行政村代码', '水田面积', '年收入', '住房面积'])
      sheet.addRow(['1', village, 0.1, 300, '100㎡'])
    })
    await readSurvey(duck, { survey, dictionary })
    expect((await households())[0]).toMatchObject({ paddy_area: 150, income: 30_000 })
  })
})
