import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Duck } from '../database/duckdb.ts'
import { openTable } from './open-table.ts'

let duck: Duck
let folder: string
beforeAll(async () => {
  duck = await Duck.open()
  folder = await mkdtemp(join(tmpdir(), 'open-table-'))
})
afterAll(async () => {
  duck.close()
  await rm(folder, { recursive: true })
})

async function read(file: string, content: string | Buffer) {
  const path = join(folder, file)
  await writeFile(path, content)
  const { table, findings } = await openTable(duck, path, { name: 'test' })
  return { table, findings, rows: table ? await duck.rows('select * from raw_test order by _row') : [] }
}

/** `户编号,姓名\n1,覃桂花\n` in GB 18030. */
const gb = Buffer.from([
  0xbb, 0xa7, 0xb1, 0xe0, 0xba, 0xc5, 0x2c, 0xd0, 0xd5, 0xc3, 0xfb, 0x0a, 0x31, 0x2c, 0xf1, 0xfb, 0xb9, 0xf0, 0xbb, 0xa8, 0x0a,
])

describe('a CSV file', () => {
  test.for([
    ['UTF-8', Buffer.from('户编号,姓名\n1,覃桂花\n')],
    ['UTF-8 with BOM', Buffer.from('\ufeff户编号,姓名\r\n1,覃桂花\r\n')],
    ['GB 18030', gb],
    ['UTF-16 with BOM', Buffer.from('\ufeff户编号,姓名\n1,覃桂花\n', 'utf16le')],
    ['semicolons', Buffer.from('户编号;姓名\n1;覃桂花\n')],
    ['tabs', Buffer.from('户编号\t姓名\n1\t覃桂花\n')],
  ] as const)('is read in %s', async ([, content]) => {
    const { rows, findings } = await read('a.csv', content)
    expect(rows).toEqual([{ _row: 2, 户编号: '1', 姓名: '覃桂花' }])
    expect(findings).toEqual([])
  })

  test('with rare characters of four bytes in GB 18030 is read', async () => {
    // U+3400 㐀 is 81 39 EE 39.
    const { rows } = await read('a.csv', Buffer.concat([gb.subarray(0, 12), Buffer.from([0x32, 0x2c, 0x81, 0x39, 0xee, 0x39, 0x0a])]))
    expect(rows).toEqual([{ _row: 2, 户编号: '2', 姓名: '㐀' }])
  })

  test('that is UTF-8 but for one broken byte is refused with line and byte, not read as Chinese nonsense', async () => {
    const bytes = Buffer.from('户编号,姓名\n1,覃桂花\n2,韦建国\n')
    bytes[bytes.indexOf('韦') + 1] = 0x41
    const { table, findings } = await read('a.csv', bytes)
    expect(table).toBeNull()
    expect(findings).toMatchObject([{ code: 'wrong_encoding', row: 3, value: `byte ${bytes.indexOf('2,') + 2}` }])
    expect(findings[0]!.zh).toContain('第 3 行')
  })

  test('in no encoding we read is refused', async () => {
    const { table, findings } = await read('a.csv', Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from([0xff, 0xff]), Buffer.from('\n')]))
    expect(table).toBeNull()
    expect(findings).toMatchObject([{ code: 'wrong_encoding', row: 2, value: 'byte 6' }])
  })

  test('with zero bytes is no table', async () => {
    const { findings } = await read('a.csv', Buffer.from('a,b\n1,\0\n'))
    expect(findings).toMatchObject([{ code: 'not_text', row: 2 }])
  })

  test('keeps its good rows, counted as Excel does, beside ragged and empty ones', async () => {
    const { rows, findings } = await read('a.csv', 'a,b,c\n1,2,3\n\n4,5\n"x\ny",5,6\n7,8,9,10\n\n11,12,13\n')
    expect(rows.map((r) => [r._row, r.a])).toEqual([
      [2, '1'],
      [5, 'x\ny'],
      [8, '11'],
    ])
    expect(findings.map((f) => [f.code, f.row])).toEqual([
      ['ragged_row', 4],
      ['ragged_row', 6],
    ])
    expect(findings[0]!.zh).toContain('2 列')
    expect(findings[1]!.en).toContain('4 columns')
  })

  test('of 300,000 rows keeps their numbers in order', async () => {
    await read('a.csv', `n\n${Array.from({ length: 300_000 }, (_, i) => i + 2).join('\n')}\n`)
    expect(await duck.one('select count(*) as n, bool_and(n::bigint = _row) as right from raw_test')).toEqual({ n: 300_000, right: true })
  })

  test('with one column name twice is read, the second column beside', async () => {
    const { rows, findings } = await read('a.csv', '姓名,姓名\n覃,韦\n')
    expect(rows).toEqual([{ _row: 2, 姓名: '覃', 姓名_2: '韦' }])
    expect(findings).toMatchObject([{ code: 'repeated_column', row: 1, column: '姓名' }])
  })

  test('without a header is a finding', async () => {
    expect((await read('a.csv', '')).findings).toMatchObject([{ code: 'empty_file' }])
  })
})

describe('a Parquet file', () => {
  const make = async (file: string) => {
    const path = join(folder, file)
    await duck.run(
      `copy (select i::bigint as n, '覃' || i as name, date '2015-10-16' as day from range(5000) r(i)) to '${path}' (format parquet)`,
    )
    return readFile(path)
  }

  test('keeps its types', async () => {
    const { table, rows } = await read('b.parquet', await make('a.parquet'))
    expect(table).toMatchObject({ rows: 5000, columns: [{ name: 'n', type: 'BIGINT' }, { name: 'name' }, { name: 'day', type: 'DATE' }] })
    expect(rows[0]).toEqual({ _row: 2, n: 0, name: '覃0', day: '2015-10-16' })
  })

  test.for([
    ['cut off', 'damaged_parquet', (whole: Buffer) => whole.subarray(0, whole.length / 2)],
    ['not Parquet', 'not_parquet', () => Buffer.from('户编号,姓名\n1,覃桂花\n')],
    ['empty', 'not_parquet', () => Buffer.alloc(0)],
    [
      'damaged in its footer',
      'damaged_parquet',
      (whole: Buffer) => Buffer.concat([whole.subarray(0, -200), Buffer.alloc(192, 7), whole.subarray(-8)]),
    ],
    [
      'damaged in its data',
      'damaged_parquet',
      (whole: Buffer) => Buffer.concat([whole.subarray(0, 4), Buffer.alloc(3000, 0xff), whole.subarray(3004)]),
    ],
  ] as const)('that is %s is a finding and no crash', async ([, code, spoil]) => {
    const { table, findings } = await read('c.parquet', spoil(await make('a.parquet')))
    expect(table).toBeNull()
    expect(findings).toMatchObject([{ file: 'c.parquet', code, severity: 'error' }])
  })
})

test('a packed CSV is read; one cut off is a finding', async () => {
  const whole = gzipSync('户编号,姓名\n1,覃桂花\n')
  expect((await read('a.csv.gz', whole)).rows).toEqual([{ _row: 2, 户编号: '1', 姓名: '覃桂花' }])
  expect((await read('b.csv.gz', whole.subarray(0, 20))).findings).toMatchObject([{ file: 'b.csv.gz', code: 'damaged_gzip' }])
})

test('a file that is not there, or of another kind, is a finding', async () => {
  expect((await openTable(duck, join(folder, 'none.csv'), { name: 'x' })).findings).toMatchObject([{ code: 'no_file' }])
  expect((await read('a.docx', 'x')).findings).toMatchObject([{ code: 'unknown_format' }])
})
