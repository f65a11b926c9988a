import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Duck } from '@fupin/platform/database/duckdb.ts'
import { createFindingTable } from '@fupin/platform/problems/finding-table.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readSetLines } from './read-set-lines.ts'

describe('a line set by a person', () => {
  let duck: Duck
  let folder: string
  beforeAll(async () => {
    duck = await Duck.open()
    folder = await mkdtemp(join(tmpdir(), 'fupin-set-'))
    await createFindingTable(duck)
  })
  afterAll(async () => {
    duck.close()
    await rm(folder, { recursive: true })
  })

  const read = async (text: string) => {
    await duck.run('delete from finding')
    const path = join(folder, 'set.csv')
    await writeFile(path, text)
    const lines = await readSetLines(duck, path, new Set(['450621']))
    return {
      lines,
      codes: (await duck.rows<{ code: string; row: number }>('select code, "row" from finding')).map((f) => `${f.row} ${f.code}`),
    }
  }

  test('is taken with its reason and the name of who set it', async () => {
    const { lines, codes } = await read('county_code,line,reason,set_by\n450621,53,补查后仍差三户，取低分,韦建国\n')
    expect(lines.get('450621')).toEqual({ line: 53, reason: '补查后仍差三户，取低分', by: '韦建国' })
    expect(codes).toEqual([])
  })

  test.for([
    ['450621,53,,韦建国', 'set_line_reason'],
    ['450621,53,太低,', 'set_line_reason'],
    ['450621,五十三,太低,韦建国', 'set_line_number'],
    ['450999,53,太低,韦建国', 'set_line_county'],
  ])('%s is not taken', async ([row, code]) => {
    const { lines, codes } = await read(`county_code,line,reason,set_by\n${row}\n`)
    expect(lines.size).toBe(0)
    expect(codes).toEqual([`2 ${code}`])
  })

  test('a table without reasons is refused whole', async () => {
    const { lines, codes } = await read('county_code,line\n450621,53\n')
    expect(lines.size).toBe(0)
    expect(codes).toEqual(['1 set_line_columns'])
  })
})
