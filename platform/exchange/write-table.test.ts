import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Duck } from '../database/duckdb.ts'
import { openTable } from './open-table.ts'
import { writeTable } from './write-table.ts'

let duck: Duck
let folder: string
beforeAll(async () => {
  duck = await Duck.open()
  folder = await mkdtemp(join(tmpdir(), 'write-table-'))
})
afterAll(async () => {
  duck.close()
  await rm(folder, { recursive: true })
})

const sql = `select * from (values
  ('450621197503010417', '覃桂花', 61, 12.5, true, date '2015-10-16'),
  ('=1+1', '@cmd', -5, null, false, null),
  (e'a<&>"\\x01\\n韦', '-3', 12345678901234567, 0.1, null, date '1975-03-01')) t(id_number, name, score, area, listed, day)`

async function sheetOf(path: string): Promise<ExcelJS.Worksheet> {
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(path)
  return book.worksheets[0]!
}

test('a workbook has text cells for numbers of people, values for numbers and days, and no live formula', async () => {
  const path = join(folder, 'list.xlsx')
  await writeTable(duck, sql, path)
  const sheet = await sheetOf(path)
  expect(sheet.name).toBe('list')
  expect(sheet.views).toMatchObject([{ state: 'frozen', ySplit: 1 }])
  expect(sheet.getCell('A1')).toMatchObject({ value: 'id_number', font: { bold: true } })
  expect(sheet.getCell('A2')).toMatchObject({ value: '450621197503010417', type: ExcelJS.ValueType.String, numFmt: '@' })
  expect(sheet.getCell('C2')).toMatchObject({ value: 61, type: ExcelJS.ValueType.Number })
  expect(sheet.getCell('D2').value).toBe(12.5)
  expect(sheet.getCell('E2').value).toBe(true)
  expect(sheet.getCell('F2').value).toEqual(new Date(Date.UTC(2015, 9, 16)))
  expect([sheet.getCell('A3').value, sheet.getCell('B3').value]).toEqual(['=1+1', '@cmd'])
  expect(sheet.getCell('A3').type).toBe(ExcelJS.ValueType.String)
  expect(sheet.getCell('A4').value).toBe('a<&>"\n韦')
  expect(sheet.getCell('C4').value).toBe('12345678901234567')
  expect(sheet.getCell('D3').value).toBeNull()
})

test('a CSV begins with a BOM and puts an apostrophe before text that a spreadsheet would run', async () => {
  const path = join(folder, 'list.csv')
  await writeTable(duck, sql, path)
  const lines = (await readFile(path, 'utf8')).split('\n')
  expect(lines[0]).toBe('\ufeffid_number,name,score,area,listed,day')
  expect(lines[1]).toBe('450621197503010417,覃桂花,61,12.5,true,2015-10-16')
  expect(lines[2]).toBe("'=1+1,'@cmd,-5,,false,")
})

test.for(['csv', 'xlsx', 'parquet'])('what is written as %s is read again, note and order included', async (format) => {
  const path = join(folder, `back.${format}`)
  await writeTable(duck, `select '4506' || i as code, i * 3 as n from range(70000) r(i) order by i desc`, path, {
    note: '演示数据 / made-up data',
  })
  const { table, findings } = await openTable(duck, path, { name: 'back' })
  expect(findings).toEqual([])
  expect(table!.rows).toBe(70_000)
  expect(
    await duck.one(
      `select bool_and(code = '4506' || (70000 + first - 1 - _row)) as right, sum(n::bigint) as sum from raw_back, (select min(_row) as first from raw_back)`,
    ),
  ).toEqual({
    right: true,
    sum: 3 * ((70_000 * 69_999) / 2),
  })
  const note = {
    csv: async () => (await readFile(path, 'utf8')).split('\n')[1],
    xlsx: async () => (await sheetOf(path)).getCell('A1').value,
    parquet: async () =>
      (await duck.one<{ note: string }>(`select decode(value) as note from parquet_kv_metadata('${path}') where decode(key) = 'note'`))!
        .note,
  }[format]!
  expect(await note()).toContain('演示数据 / made-up data')
})

test('a file that cannot be finished does not appear', async () => {
  await expect(writeTable(duck, `select error('stopped')::varchar as a from range(10)`, join(folder, 'half.xlsx'))).rejects.toThrow(
    'stopped',
  )
  await expect(writeTable(duck, `select error('stopped')::varchar as a from range(10)`, join(folder, 'half.csv'))).rejects.toThrow(
    'stopped',
  )
  expect((await readdir(folder)).filter((f) => f.startsWith('half'))).toEqual([])
})
