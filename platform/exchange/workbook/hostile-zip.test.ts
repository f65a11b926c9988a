import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { crc32, deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Duck } from '../../database/duckdb.ts'
import { openTable } from '../open-table.ts'
import { workbookParts } from './workbook-parts.ts'
import { ZipWriter } from './zip-writer.ts'

let duck: Duck
let folder: string
beforeAll(async () => {
  duck = await Duck.open()
  folder = await mkdtemp(join(tmpdir(), 'hostile-zip-'))
})
afterAll(async () => {
  duck.close()
  await rm(folder, { recursive: true })
})

interface RawEntry {
  name: string
  packed: Buffer
  crc: number
  /** What the directory says. */
  size: number
  flags?: number
  /** Where the directory says that it begins; default: where it does. */
  offset?: number
}

const entry = (name: string, text: string | Buffer, more: Partial<RawEntry> = {}): RawEntry => {
  const bytes = Buffer.from(text as string)
  return { name, packed: deflateRawSync(bytes), crc: crc32(bytes), size: bytes.length, ...more }
}
const parts = (): RawEntry[] => Object.entries(workbookParts('a')).map(([name, text]) => entry(name, text))

/** A zip archive byte by byte, whatever the directory says. */
function zip(entries: RawEntry[]): Buffer {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, packed, crc, size, flags = 0, offset } of entries) {
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(20, 4)
    local.writeUInt16LE(flags, 6)
    local.writeUInt16LE(8, 8)
    local.writeUInt32LE(crc, 14)
    local.writeUInt32LE(packed.length, 18)
    local.writeUInt32LE(size, 22)
    local.writeUInt16LE(name.length, 26)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(20, 4)
    central.writeUInt16LE(20, 6)
    central.writeUInt16LE(flags, 8)
    central.writeUInt16LE(8, 10)
    central.writeUInt32LE(crc, 16)
    central.writeUInt32LE(packed.length, 20)
    central.writeUInt32LE(size, 24)
    central.writeUInt16LE(name.length, 28)
    central.writeUInt32LE(offset ?? at, 42)
    bodies.push(local, Buffer.from(name), packed)
    directory.push(central, Buffer.from(name))
    at += 30 + name.length + packed.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...bodies, central, end])
}

async function open(content: Buffer) {
  const path = join(folder, 'book.xlsx')
  await writeFile(path, content)
  const start = performance.now()
  const { table, findings } = await openTable(duck, path, { name: 'sheet' })
  return { table, findings, seconds: (performance.now() - start) / 1000 }
}

const sheet = (rows: string) => `<worksheet><dimension ref="A1:XFD1048576"/><sheetData>${rows}</sheetData></worksheet>`
const cell = (at: string, text: string) => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`
const small = sheet(
  `<row r="1">${cell('A1', '户编号')}${cell('B1', '姓名')}</row><row r="2">${cell('A2', '1')}${cell('B2', '覃桂花')}</row>`,
)
const part = 'xl/worksheets/sheet1.xml'

test('what is made here by hand is read, so that refusals below have their reason', async () => {
  const { table, findings } = await open(zip([...parts(), entry(part, small)]))
  expect([table?.rows, findings]).toEqual([1, []])
})

describe('a workbook that would not stop unpacking is refused at once, with a sentence', () => {
  const gigabyte = deflateRawSync(Buffer.alloc(1 << 30, 32))
  test.for<[string, string, () => RawEntry[]]>([
    ['flat: a gigabyte of blanks', 'workbook_bomb', () => [...parts(), { name: part, packed: gigabyte, crc: 0, size: 1 << 30 }]],
    [
      'that declares a kilobyte and holds a gigabyte',
      'workbook_bomb',
      () => [...parts(), { name: part, packed: gigabyte, crc: 0, size: 1000 }],
    ],
    ['that declares more than any workbook', 'workbook_bomb', () => [...parts(), entry(part, small, { size: 0xfffffff0 })]],
    [
      'whose entries share their bytes',
      'workbook_bomb',
      () => [...parts(), entry(part, small), entry('xl/worksheets/sheet2.xml', small, { offset: 10 }), entry('x', small, { offset: 10 })],
    ],
    [
      'that nests archives in archives',
      'damaged_workbook',
      () =>
        Array.from({ length: 16 }, (_, i) =>
          entry(`lib ${i}.zip`, zip([entry('book.xlsx', zip([entry('0.dll', Buffer.alloc(1 << 20))]))])),
        ),
    ],
    ['with ten thousand entries', 'workbook_bomb', () => [...parts(), ...Array.from({ length: 10_000 }, (_, i) => entry(`x${i}`, ''))]],
    ['with one name twice', 'damaged_workbook', () => [...parts(), entry(part, small), entry(part, small)]],
    ['that is encrypted', 'locked_workbook', () => [...parts(), entry(part, small, { flags: 1 })]],
    ['whose content is not what its checksum says', 'damaged_workbook', () => [...parts(), entry(part, small, { crc: 1 })]],
    ['that names a place outside', 'damaged_workbook', () => [...parts(), entry('../../etc/x', ''), entry(part, small)]],
    [
      'of one cell of many megabytes',
      'damaged_workbook',
      () => [...parts(), entry(part, sheet(`<row>${cell('A1', 'x'.repeat(50 << 20))}</row>`))],
    ],
  ])('%s', async ([, code, entries]) => {
    const content = zip(entries())
    const { table, findings, seconds } = await open(content)
    expect(table).toBeNull()
    expect(findings).toMatchObject([
      { file: 'book.xlsx', code, severity: 'error', zh: expect.stringMatching(/。$/), en: expect.stringMatching(/\.$/) },
    ])
    expect(seconds).toBeLessThan(10)
  })

  test('a file that holds itself (the same bytes at every depth) is no workbook', async () => {
    const self = zip([entry('r/r.zip', createHash('sha256').update('r').digest())])
    expect((await open(self)).findings).toMatchObject([{ code: 'damaged_workbook' }])
  })
})

describe('rows that only have formats', () => {
  async function large(name: string, row: (i: number) => string, count: number, more = '') {
    const path = join(folder, name)
    function* pieces(): Generator<string> {
      yield `<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row r="1">${cell('A1', '户编号')}${cell('B1', '姓名')}</row><row r="2">${cell('A2', '1')}${cell('B2', '覃桂花')}</row>`
      for (let i = 0; i < count; i += 10_000) yield Array.from({ length: 10_000 }, (_, k) => row(i + k + 3)).join('')
      yield `${more}</sheetData></worksheet>`
    }
    const out = createWriteStream(path)
    const writer = new ZipWriter(out)
    for (const [part, text] of Object.entries(workbookParts('a'))) await writer.entry(part, [text])
    await writer.entry(part, Readable.from(pieces()))
    await writer.end()
    out.end()
    await finished(out)
    const before = process.memoryUsage().rss
    const { table, findings } = await openTable(duck, path, { name: 'large' })
    return { table, findings, grown: (process.memoryUsage().rss - before) / 2 ** 20, rows: await duck.rows('select * from raw_large') }
  }

  test('ten million of them pass in constant memory, with a finding; the rows between them are right', async () => {
    const { findings, rows, grown } = await large(
      'empty.xlsx',
      () => '<row/>',
      10_000_000,
      `<row r="10000010">${cell('A10000010', '2')}</row>`,
    )
    expect(rows).toEqual([
      { _row: 2, 户编号: '1', 姓名: '覃桂花' },
      { _row: 10_000_010, 户编号: '2', 姓名: null },
    ])
    expect(findings).toMatchObject([{ code: 'empty_rows', severity: 'doubt', value: '10000000' }])
    expect(grown).toBeLessThan(150)
  })

  test('down to the last row of a sheet, cells with a style in each', async () => {
    const { findings, rows } = await large(
      'formats.xlsx',
      (i) => `<row r="${i}" spans="1:2" s="1"><c r="A${i}" s="1"/><c r="B${i}" s="1"/></row>`,
      1_040_000,
    )
    expect(rows).toHaveLength(1)
    expect(findings).toMatchObject([{ code: 'empty_rows', value: '1040000' }])
  })
})
