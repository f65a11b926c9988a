import type { CountyPart } from '@fupin/whom/snapshot/snapshot-manifest.ts'
import { expect, test } from 'vitest'
import { planChunks } from './plan-chunks.ts'

const county = (code: string, households: number): CountyPart => ({
  code,
  households,
  persons: households * 4,
  leftOut: 0,
  errors: 0,
  doubts: 0,
  parts: {},
  from: '',
})
const counties = [county('450102', 300), county('450103', 100), county('450105', 900), county('450107', 50), county('450108', 50)]

test.for([100, 400, 1000, 5000])('chunks of about %i hold every county once, whole and in order', (size) => {
  const chunks = planChunks(counties, size)
  expect(chunks.flatMap((c) => c.counties)).toEqual(counties.map((c) => c.code))
  expect(chunks.map((c) => c.no)).toEqual(chunks.map((_, i) => i + 1))
  expect(chunks.reduce((sum, c) => sum + c.households, 0)).toBe(1400)
  for (const [i, chunk] of chunks.entries()) {
    expect(chunk.low).toBe(Number(chunk.counties[0]) * 10_000_000)
    expect(chunk.high).toBe((Number(chunk.counties.at(-1)) + 1) * 10_000_000)
    if (i > 0) expect(chunk.low).toBeGreaterThanOrEqual(chunks[i - 1]!.high)
  }
})

test('a county larger than a chunk is not cut, and no county is one chunk of nothing', () => {
  expect(planChunks(counties, 100).find((c) => c.counties.includes('450105'))!.households).toBeGreaterThanOrEqual(900)
  expect(planChunks([], 100)).toEqual([])
})
