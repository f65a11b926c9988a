import { Duck } from '@fupin/platform/database/duckdb.ts'
import { Postgres } from '@fupin/platform/database/postgres.ts'
import { afterAll, describe, expect, test } from 'vitest'
import { digestSql, joinDigests } from './digest.ts'

const duck = await Duck.open()
const postgres = await Postgres.open()
afterAll(async () => {
  duck.close()
  await postgres.close()
})

type Row = readonly [key: number, value: number | null]
const rows: Row[] = Array.from({ length: 500 }, (_, i) => [4_506_210_000_000 + i * 97, i % 7 === 0 ? null : ((i * 7919) % 241) - 60])
const values = (all: readonly Row[]): string => all.map(([k, v]) => `(${k}::bigint, ${v ?? 'null'}::integer)`).join(', ')
const digest = async (all: readonly Row[]): Promise<string> =>
  (await duck.one<{ d: string }>(`select ${digestSql('k', 'v')} as d from (values ${values(all)}) t(k, v)`))!.d

describe('the digest of a column', () => {
  test('is the same in DuckDB and PostgreSQL', async () => {
    const sql = digestSql('k', 'v').replace('::varchar', '::text')
    const [row] = await postgres.rows(`select ${sql} as d from (values ${values(rows)}) t(k, v)`)
    expect(row!.d).toBe(await digest(rows))
  })

  test('does not depend on the order, and is the sum of the digests of parts', async () => {
    const whole = await digest(rows)
    expect(await digest([...rows].reverse())).toBe(whole)
    expect(joinDigests([await digest(rows.slice(0, 123)), await digest(rows.slice(123))])).toBe(whole)
  })

  test('changes with any value, with a gap for a value, and where two households change places', async () => {
    const whole = await digest(rows)
    const changed = (at: number, value: number | null): Row[] => rows.map((r, i) => (i === at ? [r[0], value] : r))
    for (const at of [1, 5, 250, 499]) expect(await digest(changed(at, (rows[at]![1] ?? 0) + 1))).not.toBe(whole)
    expect(await digest(changed(1, null))).not.toBe(whole)
    expect(await digest(changed(0, 0))).not.toBe(whole)
    const [a, b] = [rows[1]!, rows[2]!]
    expect(await digest(rows.map((r) => (r === a ? [a[0], b[1]] : r === b ? [b[0], a[1]] : r)))).not.toBe(whole)
  })
})
