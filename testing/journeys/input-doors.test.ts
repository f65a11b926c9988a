import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { usualRates } from '@fupin/testing/made-up/rates.ts'
import { synthesize } from '@fupin/testing/made-up/synthesize.ts'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csv, fupin, toCsv } from './command-line.ts'

type Row = Record<string, string>

const folder = mkdtempSync(join(tmpdir(), 'fupin-doors-'))
const made = join(folder, 'made')
const book = ['--book', 'rulebook/books/fupin']
let households: Row[]
let members: Row[]
let baseline: Row[]

/** The list that the main job makes of a survey, and the codes of what it doubts. */
async function listOf(survey: string, name: string): Promise<{ list: Row[]; codes: string[] }> {
  const out = join(folder, `${name}-out`)
  const ended = await fupin(['identify', ...book, '--survey', survey, '--quota', join(made, 'quota.csv'), '--out', out, '--formats', 'csv'])
  expect(existsSync(join(out, 'list.csv')), ended.err).toBe(true)
  const codes = [...new Set(csv(join(out, 'findings.csv')).map((f) => f.code!))].sort()
  // The note says that people are made up only where the manifest lies beside the survey.
  return { list: csv(join(out, 'list.csv')).map(({ '说明 / note': _, ...row }) => row), codes }
}

beforeAll(async () => {
  await synthesize({ counties: ['450621'], households: 120, seed: 5, out: made, rates: { ...usualRates, duplicateHousehold: 0 } })
  households = csv(join(made, 'survey/households.csv'))
  members = csv(join(made, 'survey/members.csv'))
  baseline = (await listOf(join(made, 'survey'), 'baseline')).list
  expect(baseline.length).toBe(120)
}, 180_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the same county by another door', () => {
  it('as a workbook with a sheet for each village, a title, merged headers and square metres, gives the same list', async () => {
    const made = new ExcelJS.Workbook()
    const names = Object.keys(households[0]!)
    const villages = [...new Set(households.map((h) => h.village_code!))]
    for (const village of villages) {
      const sheet = made.addWorksheet(`村${village}`)
      sheet.addRow(['入户调查汇总表'])
      sheet.addRow(names.map((n, i) => (i < 2 ? n : '调查内容')))
      sheet.addRow(names.map((n, i) => (i < 2 ? '' : n === 'paddy_area' ? '水田（平方米）' : n)))
      sheet.mergeCells(2, 1, 3, 1)
      sheet.mergeCells(2, 2, 3, 2)
      sheet.mergeCells(2, 3, 2, names.length)
      // A mu has 10000/15 square metres; two decimals of a mu come back from eight of a square metre.
      for (const h of households.filter((h) => h.village_code === village))
        sheet.addRow(names.map((n) => (n === 'paddy_area' && h[n] ? ((Number(h[n]) * 10_000) / 15).toFixed(6) : h[n]!)))
    }
    const people = made.addWorksheet('家庭成员')
    const columns = Object.keys(members[0]!)
    people.addRow(columns)
    for (const m of members) people.addRow(columns.map((c) => m[c]!))
    const path = join(folder, 'villages.xlsx')
    await made.xlsx.writeFile(path)
    const { list, codes } = await listOf(path, 'villages')
    expect(list).toEqual(baseline)
    expect(codes).toEqual(expect.arrayContaining(['converted_column', 'header_rows', 'sheets_together']))
  })

  it('as an export with a file for each repeat gives the same list', async () => {
    const export_ = join(folder, 'export')
    mkdirSync(export_)
    const grouped = (row: Row, group: string): Row => Object.fromEntries(Object.entries(row).map(([n, v]) => [`${group}-${n}`, v]))
    writeFileSync(
      join(export_, 'card.csv'),
      toCsv(households.map((h) => ({ SubmissionDate: '2015-10-16', ...grouped(h, 'card'), KEY: `uuid:${h.household_id}` }))),
    )
    const repeats = members.map(({ household_id: id, ...m }, i) => ({
      ...grouped(m, 'person'),
      PARENT_KEY: `uuid:${id}`,
      KEY: `uuid:${id}/members[${i}]`,
    }))
    writeFileSync(join(export_, 'card-members.csv'), toCsv(repeats))
    expect((await listOf(export_, 'export')).list).toEqual(baseline)
  })

  it('as one file with numbered columns gives the same list', async () => {
    const most = Math.max(...households.map((h) => members.filter((m) => m.household_id === h.household_id).length))
    const fields = Object.keys(members[0]!).filter((n) => n !== 'household_id')
    const wide = households.map((h) => {
      const family = members.filter((m) => m.household_id === h.household_id)
      const cells = Array.from({ length: most }, (_, i) =>
        fields.map((n) => [`members[${i + 1}]/${n}`, family[i]?.[n] ?? ''] as const),
      ).flat()
      return { ...h, ...Object.fromEntries(cells) }
    })
    writeFileSync(join(folder, 'wide.csv'), toCsv(wide))
    expect((await listOf(join(folder, 'wide.csv'), 'wide')).list).toEqual(baseline)
  })
})

describe('a form goes out and comes back', () => {
  it('template, filled in with a fault, checked, repaired, clean', async () => {
    const template = join(folder, 'template.xlsx')
    expect(await fupin(['survey', 'template', ...book, '--out', template])).toMatchObject({ status: 0 })
    const form = new ExcelJS.Workbook()
    await form.xlsx.readFile(template)
    const sheet = form.getWorksheet('农户')!
    const column = (header: string): number =>
      (sheet.getRow(1).values as (string | undefined)[]).findIndex((v) => v?.replace(/[*]|（.*/g, '') === header)
    sheet.getCell(2, column('户编号')).value = 'H1'
    sheet.getCell(2, column('行政村代码')).value = households[0]!.village_code!
    sheet.getCell(2, column('住房面积')).value = '八十'
    const filled = join(folder, 'filled.xlsx')
    await form.xlsx.writeFile(filled)

    const out = join(folder, 'checked.xlsx')
    const ended = await fupin(['survey', 'check', ...book, '--survey', filled, '--out', out])
    expect(ended.status, ended.err).toBe(1)
    const checked = new ExcelJS.Workbook()
    await checked.xlsx.readFile(out)
    const back = checked.getWorksheet('农户')!
    expect(back.getCell(2, column('住房面积')).fill).toMatchObject({ fgColor: { argb: 'FFFFC7CE' } })
    expect(back.getRow(2).getCell(back.columnCount).text).toContain('不是数')
    back.getCell(2, column('住房面积')).value = 80
    await checked.xlsx.writeFile(filled)
    const again = await fupin(['survey', 'check', ...book, '--survey', filled, '--out', out], 'en')
    expect(again.status, again.err).toBe(0)
    expect(again.err).toMatch(/1 households read, 0 errors/)
  })

  it('a wrong call is said: another ending, a form that is not there', async () => {
    expect((await fupin(['survey', 'check', ...book, '--survey', join(made, 'survey'), '--out', join(folder, 'x.csv')])).status).toBe(2)
    const ended = await fupin(['survey', 'template', ...book, '--form', 'form.none', '--out', join(folder, 'x.xlsx')])
    expect(ended).toMatchObject({ status: 2, err: expect.stringContaining('form.household_2015') })
    expect(existsSync(join(folder, 'x.xlsx'))).toBe(false)
  })
})

it('a workbook that would not stop unpacking is refused with a sentence, and nothing is written', async () => {
  const bytes = Buffer.alloc(600 << 20, 32)
  const packed = deflateRawSync(bytes)
  const name = 'xl/workbook.xml'
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(8, 8)
  local.writeUInt32LE(crc32(bytes), 14)
  local.writeUInt32LE(packed.length, 18)
  local.writeUInt32LE(bytes.length, 22)
  local.writeUInt16LE(name.length, 26)
  const central = Buffer.alloc(46)
  central.writeUInt32LE(0x02014b50, 0)
  local.copy(central, 6, 4, 30)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length + name.length, 12)
  end.writeUInt32LE(local.length + name.length + packed.length, 16)
  const path = join(folder, 'bomb.xlsx')
  writeFileSync(path, Buffer.concat([local, Buffer.from(name), packed, central, Buffer.from(name), end]))
  const out = join(folder, 'bomb-out')
  const ended = await fupin(['identify', ...book, '--survey', path, '--quota', join(made, 'quota.csv'), '--out', out])
  expect(ended).toMatchObject({ status: 1, err: expect.stringMatching(/bomb\.xlsx：.*大得不正常.*。/) })
  expect(existsSync(out)).toBe(false)
})
