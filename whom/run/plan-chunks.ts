import { keysPerCounty } from '@fupin/whom/snapshot/read-county.ts'
import type { CountyPart } from '@fupin/whom/snapshot/snapshot-manifest.ts'

/** Whole counties that are worked on together: few enough households for memory to stay bounded, enough to keep all cores busy. */
export interface Chunk {
  no: number
  counties: string[]
  households: number
  persons: number
  /** Keys of its households: from `low` to below `high`. */
  low: number
  high: number
}

/** Cuts the counties, in order of their codes, into chunks of about so many households; a county is never cut. */
export function planChunks(counties: readonly CountyPart[], size: number): Chunk[] {
  const all = counties.reduce((sum, c) => sum + c.households, 0)
  const count = Math.max(1, Math.ceil(all / size))
  const chunks: Chunk[] = []
  let before = 0
  for (const county of counties) {
    // A county belongs to the chunk in which its middle lies, so that chunks come out even.
    const no = Math.min(count, 1 + Math.floor(((before + county.households / 2) / Math.max(1, all)) * count))
    before += county.households
    const last = chunks.at(-1)
    const low = Number(county.code) * keysPerCounty
    if (last?.no === no) {
      last.counties.push(county.code)
      last.households += county.households
      last.persons += county.persons
      last.high = low + keysPerCounty
    } else
      chunks.push({ no, counties: [county.code], households: county.households, persons: county.persons, low, high: low + keysPerCounty })
  }
  return chunks.map((chunk, i) => ({ ...chunk, no: i + 1 }))
}

/** `01`, `02` ... as files are numbered. */
export const chunkName = (no: number): string => String(no).padStart(2, '0')
