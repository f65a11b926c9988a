import { Duck } from '@fupin/platform/database/duckdb.ts'
import { describe, expect, test } from 'vitest'
import { createCellMacros } from './cell-sql.ts'
import { from15, type IdState, readIdNumber } from './id-number.ts'
import { createIdMacros, idFactsSql } from './id-number-sql.ts'

/** Test numbers printed in public test suites, and our own made from them. */
const known: [string, IdState][] = [
  ['360426199101010071', 'ok'],
  ['120103198806018241', 'ok'],
  ['371001198010082394', 'ok'],
  ['12345678', 'length'],
  ['360426199101010072', 'check'],
  ['345955198706122245', 'check'],
  ['990426199101010071', 'area'],
  ['360426199102300071', 'birth'],
  ['360426199113010071', 'birth'],
  ['36042619910101007A', 'letters'],
  ['4.50621E+17', 'cut'],
  ['450621197503010000', 'cut'],
  ['150102880730303', 'ok_15'],
  ['150102881330303', 'birth'],
  ['050102880730303', 'area'],
  ['36012119701121001343', 'ok_disability'],
  ['36012119701121001383', 'disability'],
  ['３６０４２６１９９１０１０１００７１', 'ok'],
  ["'360426 1991 0101 0071", 'ok'],
  ['', 'length'],
]

test.for(known)('%s reads as %s', ([written, state]) => {
  expect(readIdNumber(written).state).toBe(state)
})

test('a number says birth and sex, and what its last character should be', () => {
  expect(readIdNumber('120103198806018241')).toEqual({
    state: 'ok',
    id18: '120103198806018241',
    birth: 19880601,
    sex: 'female',
    wanted: '1',
  })
  expect(readIdNumber('360426199101010072')).toMatchObject({ id18: null, wanted: '1' })
})

test('the old form of 15 digits becomes one of 18, the certificate of disability compares by its first 18', () => {
  expect(from15('150102880730303')).toBe('150102198807303035')
  expect(readIdNumber('36012119701121001343').id18).toBe('360121197011210013')
})

describe('in DuckDB', () => {
  test('every number reads the same as in TypeScript', async () => {
    const duck = await Duck.open()
    await createCellMacros(duck)
    await createIdMacros(duck)
    const numbers = [...known.map(([n]) => n), ...scrambled(4000)]
    await duck.run('create table n (no integer, written varchar)')
    await duck.run(`insert into n values ${numbers.map((n, i) => `(${i}, '${n.replaceAll("'", "''")}')`).join(', ')}`)
    const rows = await duck.rows<{ id_state: IdState; id18: string | null }>(
      `select id_state, id18 from (${idFactsSql('n', 'written')}) order by no`,
    )
    duck.close()
    const read = numbers.map((n) => readIdNumber(n))
    expect(rows.map((r) => [r.id_state, r.id18])).toEqual(read.map((r) => [r.state, r.id18]))
    // The scrambled ones reach the states that matter.
    expect(new Set(read.slice(known.length).map((r) => r.state))).toEqual(
      new Set(['ok', 'check', 'area', 'birth', 'ok_15', 'length', 'letters']),
    )
  })
})

/** Numbers around the right ones, always the same: digits changed, dropped, doubled. */
function scrambled(count: number): string[] {
  let seed = 20151010
  const next = (below: number) => {
    seed = (seed * 48271) % 2147483647
    return seed % below
  }
  return Array.from({ length: count }, () => {
    const base = ['360426199101010071', '120103198806018241', '150102880730303', '45062119750301041X'][next(4)]!
    const at = next(base.length)
    const digit = '0123456789X'[next(11)]!
    return [
      base,
      base.slice(0, at) + digit + base.slice(at + 1),
      base.slice(0, at) + base.slice(at + 1),
      `${base.slice(0, 17)}${digit}`,
      `${base.slice(0, at)}Q${base.slice(at + 1)}`,
    ][next(5)]!
  })
}
