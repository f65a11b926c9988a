import { join } from 'node:path'
import { Duck } from '@fupin/platform/database/duckdb.ts'
import { type DemoRun, makeDemoRun } from '@fupin/testing/demo-run.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

describe('causes of poverty of the households proposed', () => {
  let demo: DemoRun
  let duck: Duck
  let rows: { cause: string; zh: string; households: number; base_households: number; households_per_mille: number }[]
  beforeAll(async () => {
    demo = await makeDemoRun(800)
    duck = await Duck.open()
    rows = await duck.rows(`select * from read_parquet('${join(demo.folder, 'result', 'causes.parquet')}')`)
  })
  afterAll(async () => {
    duck.close()
    await demo.close()
  })

  test('add up to the base they name', async () => {
    const causes = rows.filter((r) => r.cause !== 'three_causes')
    expect(causes.length).toBeGreaterThan(3)
    expect(causes.reduce((sum, r) => sum + r.households, 0)).toBe(causes[0]!.base_households)
    const page = await demo.source.households({ sort: 'id', limit: 2000, verdict: ['listed'] })
    expect(page!.rows.filter((r) => r.cause !== null)).toHaveLength(causes[0]!.base_households)
  })

  test('count each cause as the list does', async () => {
    const page = await demo.source.households({ sort: 'id', limit: 2000, verdict: ['listed'] })
    for (const row of rows.filter((r) => r.cause !== 'three_causes'))
      expect(page!.rows.filter((r) => r.cause?.zh === row.zh)).toHaveLength(row.households)
  })

  test('count apart the households with three causes at once', () => {
    const three = rows.find((r) => r.cause === 'three_causes')!
    expect(three.households).toBeLessThanOrEqual(three.base_households)
    expect(three.households_per_mille).toBe(Math.round((1000 * three.households) / three.base_households))
  })
})
