import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Duck } from '@fupin/platform/database/duckdb.ts'
import { findingRows } from '@fupin/platform/problems/finding-table.ts'
import { booksFolder, openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import ExcelJS from 'exceljs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkSurvey } from './check-survey.ts'
import { readSurvey } from './read-survey.ts'
import { aDictionary, aFolder, csv, temporaryFolder } from './survey-fixture.ts'
import { writeTemplate } from './template-sheets.ts'

let duck: Duck
beforeEach(async () => {
  duck = await Duck.open()
})
afterEach(() => duck.close())
const fresh = async (): Promise<Duck> => {
  duck.close()
  duck = await Duck.open()
  return duck
}

const village = '450621100001'
const dictionary = aDictionary()
const [red, yellow] = ['FFFFC7CE', 'FFFFEB9C']

async function opened(path: string): Promise<ExcelJS.Workbook> {
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(path)
  return book
}
const fillOf = (cell: ExcelJS.Cell): string | undefined => (cell.fill as { fgColor?: { argb?: string } } | undefined)?.fgColor?.argb

async function aBook(): Promise<string> {
  const made = new ExcelJS.Workbook()
  const sheet = made.addWorksheet('农户')
  sheet.addRow(['汇总表'])
  sheet.addRow(['户编号', '行政村代码', '住房面积', '年收入', '主要住房结构', '备注'])
  sheet.addRow(['1', village, 80, 1200.5, '砖木', '好'])
  sheet.addRow(['2', village, -5, 1000, '竹楼', ''])
  sheet.getCell('C3').font = { bold: true, color: { argb: 'FF0000FF' } }
  sheet.getCell('C4').font = { italic: true }
  sheet.getCell('D4').fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FF00FF00' } }
  sheet.getColumn(1).width = 33
  sheet.mergeCells('A1:F1')
  made.addWorksheet('说明').addRow(['保持原样', { formula: '1+1', result: 2 }])
  const path = join(temporaryFolder(), 'filled.xlsx')
  await made.xlsx.writeFile(path)
  return path
}

describe('a filled-in workbook comes back', () => {
  test('with red cells and reasons, all else as it was; repaired it reads clean and the marks go', async () => {
    const survey = await aBook()
    const out = join(temporaryFolder(), 'checked.xlsx')
    const checked = await checkSurvey(duck, { survey, dictionary, out, language: 'zh' })
    expect(checked.read.findings.errors).toBe(2)
    const book = await opened(out)
    const sheet = book.getWorksheet('农户')!
    expect(sheet.getCell('G2').value).toBe('检查结果')
    expect([fillOf(sheet.getCell('C4')), fillOf(sheet.getCell('E4')), fillOf(sheet.getCell('F2'))]).toEqual([red, red, yellow])
    expect(sheet.getCell('G4').text).toContain('住房面积：')
    expect(sheet.getCell('G4').text).toContain('不能是负数')
    expect(sheet.getCell('G4').text).toContain('竹楼')
    expect(sheet.getCell('G3').value).toBeNull()
    expect(sheet.getCell('C4').font.italic).toBe(true)
    const before = (await opened(survey)).getWorksheet('农户')!
    for (const at of ['A1', 'A3', 'C3', 'D3', 'E3', 'B4', 'D4'])
      expect([sheet.getCell(at).value, sheet.getCell(at).style]).toEqual([before.getCell(at).value, before.getCell(at).style])
    expect(sheet.getColumn(1).width).toBe(33)
    expect(sheet.model.merges).toEqual(['A1:F1'])
    expect(book.getWorksheet('说明')!.getCell('B1').value).toMatchObject({ formula: '1+1', result: 2 })

    sheet.getCell('C4').value = 60
    const repaired = join(temporaryFolder(), 'repaired.xlsx')
    await book.xlsx.writeFile(repaired)
    const again = join(temporaryFolder(), 'again.xlsx')
    await checkSurvey(await fresh(), { survey: repaired, dictionary, out: again, language: 'en' })
    const second = (await opened(again)).getWorksheet('农户')!
    expect([fillOf(second.getCell('C4')), fillOf(second.getCell('E4'))]).toEqual([undefined, red])
    expect(second.getCell('G4').text).toMatch(/^主要住房结构: structure says/)
    expect(second.columnCount).toBe(7)

    second.getCell('E4').value = '砖木'
    await second.workbook.xlsx.writeFile(repaired)
    await checkSurvey(await fresh(), { survey: repaired, dictionary, out: again, language: 'zh' })
    const third = (await opened(again)).getWorksheet('农户')!
    expect([fillOf(third.getCell('E4')), third.getCell('G4').value]).toEqual([undefined, null])
    await readSurvey(await fresh(), { survey: again, dictionary })
    expect((await findingRows(duck)).filter((f) => f.severity === 'error' || f.column === '检查结果')).toEqual([])
    expect(await duck.rows('select household_id, house_area from household order by _key')).toEqual([
      { household_id: '1', house_area: 80 },
      { household_id: '2', house_area: 60 },
    ])
  })

  test('from CSV, ragged and empty rows in their places', async () => {
    const survey = await aFolder({
      'households.csv': `\ufeff户编号,行政村代码,住房面积\n1,${village},80\n\n2,${village}\n3,${village},"=1+1"\n`,
      'members.csv': csv(['户编号', '姓名', '性别'], ['1', '覃桂花', '女'], ['9', '黄某', '男']),
    })
    const out = join(temporaryFolder(), 'checked.xlsx')
    await checkSurvey(duck, { survey, dictionary, out, language: 'zh' })
    const book = await opened(out)
    expect(book.worksheets.map((s) => s.name)).toEqual(['农户', '家庭成员'])
    const [households, members] = book.worksheets
    expect([households!.getCell('A4').value, households!.getCell('D4').text]).toEqual(['2', expect.stringContaining('2 列')])
    expect([fillOf(households!.getCell('C5')), households!.getCell('C5').value]).toEqual([red, '=1+1'])
    expect([fillOf(members!.getCell('A3')), members!.getCell('D3').text]).toEqual([red, expect.stringContaining('没有户“9”')])
  })

  test('but not from several workbooks: that is said', async () => {
    const folder = await aFolder({ 'members.csv': csv(['户编号', '姓名'], ['1', '覃桂花']) })
    await copyFile(await aBook(), join(folder, 'households.xlsx'))
    const asked = checkSurvey(duck, { survey: folder, dictionary, out: join(folder, 'x.xlsx'), language: 'zh' })
    await expect(asked).rejects.toMatchObject({ code: 'call.survey' })
  })
})

describe('the template of the book', () => {
  test('has drop-down lists, formats and notes, and what is filled in is read without a finding', async () => {
    const book = await openWholeBook(`${booksFolder}fupin`)
    const path = join(temporaryFolder(), 'template.xlsx')
    await writeTemplate(book, { out: path, at: book.referenceDate })
    const made = await opened(path)
    expect(made.worksheets.map((s) => [s.name, s.state])).toEqual([
      ['农户', 'visible'],
      ['家庭成员', 'visible'],
      ['填表说明', 'visible'],
      ['选项', 'hidden'],
    ])
    const [households, members] = [made.worksheets[0]!, made.worksheets[1]!]
    const column = (sheet: ExcelJS.Worksheet, header: string): ExcelJS.Column => {
      const at = (sheet.getRow(1).values as (string | undefined)[]).findIndex((v) => v?.replace('*', '') === header)
      expect(at, header).toBeGreaterThan(0)
      return sheet.getColumn(at)
    }
    const check = (sheet: ExcelJS.Worksheet, header: string) => sheet.getCell(2, column(sheet, header).number).dataValidation
    expect(check(members, '性别')).toMatchObject({ type: 'list', formulae: [expect.stringMatching(/男.*,.*女/)] })
    expect(check(members, '民族').formulae[0]).toMatch(/^选项!\$[A-Z]+\$2:\$[A-Z]+\$\d+$/)
    expect(check(households, '水田（亩）')).toMatchObject({ type: 'decimal', promptTitle: '水田' })
    expect(column(members, '身份证或残疾证号').numFmt).toBe('@')
    expect(column(members, '出生日期').numFmt).toContain('yyyy')

    const put = (sheet: ExcelJS.Worksheet, cells: Record<string, ExcelJS.CellValue>): void => {
      for (const [header, value] of Object.entries(cells)) sheet.getCell(2, column(sheet, header).number).value = value
    }
    put(households, { 户编号: 'H1', 行政村代码: village, '水田（亩）': 1.25, '住房面积（平方米）': 80 })
    const birth = new Date(Date.UTC(1975, 2, 1))
    put(members, { 户编号: 'H1', 姓名: '覃桂花', 性别: '女性', 出生日期: birth, 与户主关系: '本人或户主' })
    const filled = join(temporaryFolder(), 'filled.xlsx')
    await made.xlsx.writeFile(filled)
    expect(await readSurvey(duck, { survey: filled, dictionary: book.dictionary })).toMatchObject({ households: 1, members: 1 })
    expect((await findingRows(duck)).filter((f) => f.code !== 'id_missing').map((f) => [f.code, f.column, f.value])).toEqual([])
    expect(await duck.rows('select household_id, paddy_area, house_area from household')).toEqual([
      { household_id: 'H1', paddy_area: 125, house_area: 80 },
    ])
    expect(await duck.rows('select name, birth from member')).toEqual([{ name: '覃桂花', birth: 19750301 }])
  })
})
