import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Duck } from '../database/duckdb.ts'
import { openTable } from './open-table.ts'
import { workbookSheets } from './open-workbook.ts'
import { workbookParts } from './workbook/workbook-parts.ts'
import { ZipWriter } from './workbook/zip-writer.ts'

let duck: Duck
let folder: string
beforeAll(async () => {
  duck = await Duck.open()
  folder = await mkdtemp(join(tmpdir(), 'open-workbook-'))
})
afterAll(async () => {
  duck.close()
  await rm(folder, { recursive: true })
})

async function made(fill: (book: ExcelJS.Workbook) => void): Promise<string> {
  const book = new ExcelJS.Workbook()
  fill(book)
  const path = join(folder, 'book.xlsx')
  await book.xlsx.writeFile(path)
  return path
}

async function read(path: string, sheet?: string) {
  const { table, findings } = await openTable(duck, path, { name: 'sheet', ...(sheet ? { sheet } : {}) })
  return { table, findings, rows: table ? await duck.rows('select * from raw_sheet order by _row') : [] }
}

describe('a workbook', () => {
  test('gives texts, numbers, days and yes/no as text, rows as Excel counts them', async () => {
    const path = await made((book) => {
      const sheet = book.addWorksheet('农户')
      sheet.addRow(['户编号', '面积', '日期', '是否', '姓名'])
      sheet.addRow([
        '00123',
        5.2,
        new Date(Date.UTC(2015, 9, 16)),
        true,
        { richText: [{ text: '覃' }, { text: '桂花', font: { bold: true } }] },
      ])
      sheet.addRow([])
      sheet.addRow(['a,"b"\nc', 0.1 + 0.2, new Date(Date.UTC(1900, 2, 1)), false, ' < & >'])
      sheet.getRow(4).hidden = true
    })
    const { rows, findings } = await read(path)
    expect(rows).toEqual([
      { _row: 2, 户编号: '00123', 面积: '5.2', 日期: '2015-10-16', 是否: 'true', 姓名: '覃桂花' },
      { _row: 4, 户编号: 'a,"b"\nc', 面积: '0.3', 日期: '1900-03-01', 是否: 'false', 姓名: ' < & >' },
    ])
    expect(findings).toEqual([])
  })

  test('with formulas, error values and numbers that lost their digits: refused cell by cell, the row stays', async () => {
    const path = await made((book) => {
      const sheet = book.addWorksheet('农户')
      sheet.addRow(['户编号', '证件号码', '面积'])
      sheet.addRow(['1', Number('450621199001011234'), { formula: 'A1*2', result: 7 }])
      sheet.addRow(['2', '450621197503010417', { error: '#N/A' }])
    })
    const { rows, findings } = await read(path)
    expect(rows).toEqual([
      { _row: 2, 户编号: '1', 证件号码: null, 面积: null },
      { _row: 3, 户编号: '2', 证件号码: '450621197503010417', 面积: null },
    ])
    expect(findings.map((f) => [f.code, f.sheet, f.row, f.column, f.value])).toEqual([
      ['number_cut', '农户', 2, '证件号码', expect.stringMatching(/^450621199001011|^4\.50621/)],
      ['formula_cell', '农户', 2, '面积', '=A1*2'],
      ['error_cell', '农户', 3, '面积', '#N/A'],
    ])
  })

  test('with several sheets reads the first, or the one that is named, and says which it left', async () => {
    const path = await made((book) => {
      book.addWorksheet('说明').addRow(['a', 'b'])
      const hidden = book.addWorksheet('成员', { state: 'hidden' })
      hidden.addRow(['户编号', '姓名'])
      hidden.addRow(['1', '韦建国'])
    })
    expect((await workbookSheets(path)).map((s) => s.name)).toEqual(['说明', '成员'])
    expect((await read(path)).findings).toMatchObject([{ code: 'sheets_not_read', severity: 'doubt', value: '成员' }])
    expect((await read(path, '成员')).rows).toEqual([{ _row: 2, 户编号: '1', 姓名: '韦建国' }])
    expect((await read(path, '没有')).findings).toMatchObject([{ code: 'wrong_sheet', zh: expect.stringContaining('说明、成员') }])
  })

  test('may have a title above its header', async () => {
    const path = await made((book) => {
      const sheet = book.addWorksheet('农户')
      sheet.addRow(['2015年入户调查表'])
      sheet.addRow(['户编号', '姓名'])
      sheet.addRow(['1', '韦建国'])
    })
    expect((await read(path)).rows).toEqual([{ _row: 3, 户编号: '1', 姓名: '韦建国' }])
  })

  test('that is cut off, locked or no workbook is a finding', async () => {
    const path = await made((book) => {
      book.addWorksheet('a').addRow(['x', 'y'])
    })
    const whole = await readFile(path)
    for (const [content, code] of [
      [whole.subarray(0, whole.length / 2), 'damaged_workbook'],
      [Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'locked_workbook'],
      [Buffer.from('a,b\n'), 'damaged_workbook'],
    ] as const) {
      const bad = join(folder, 'bad.xlsx')
      await writeFile(bad, content)
      expect((await read(bad)).findings).toMatchObject([{ file: 'bad.xlsx', code, severity: 'error' }])
    }
  })

  test('that would unpack to hundreds of megabytes from almost nothing is not opened', async () => {
    const path = join(folder, 'bomb.xlsx')
    await zipped(path, { ...workbookParts('a'), 'xl/worksheets/sheet1.xml': Array.from({ length: 100 }, () => ' '.repeat(2 ** 20)) })
    expect((await read(path)).findings).toMatchObject([{ code: 'workbook_bomb' }])
  })

  test('that declares a document type is not opened', async () => {
    const path = join(folder, 'doctype.xlsx')
    const sheet =
      '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row></sheetData></worksheet>'
    await zipped(path, { ...workbookParts('a'), 'xl/worksheets/sheet1.xml': sheet })
    expect((await read(path)).findings).toMatchObject([{ code: 'workbook_doctype' }])
  })
})

async function zipped(path: string, parts: Record<string, string | string[]>): Promise<void> {
  const out = createWriteStream(path)
  const zip = new ZipWriter(out)
  for (const [name, text] of Object.entries(parts)) await zip.entry(name, typeof text === 'string' ? [text] : text)
  await zip.end()
  out.end()
  await once(out, 'close')
}
