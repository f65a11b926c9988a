import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Duck, type DuckParameter, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Pair, Verdict } from '@fupin/whom/identification/identification.contract.ts'
import { keysPerCounty } from '@fupin/whom/snapshot/read-county.ts'
import { type OpenedRun, runList } from '../open-part.ts'
import { passingFolder } from './passing-folder.ts'
import type { RegionHousehold, RegionHouseholdPage, RegionHouseholdQuery } from './region.contract.ts'
import { placeName } from './short-name.ts'

interface ListRow {
  _key: number
  household_id: string
  county_code: string
  township_code: string | null
  village_code: string | null
  hamlet: string | null
  head_name: string | null
  persons: number | null
  least: number | null
  most: number | null
  verdict: Verdict
  gaps: number
  leads: number
}

/** Memory that the index may hold; the rest stays in its file. */
const memory = '512MB'

/**
 * Finds households over a whole region by number or head's name. Numbers, names and verdicts of a run's list are kept packed in a file of
 * its own below the system's temporary folder (about 12 bytes a household); a page's rows come from the run's list by their keys.
 */
export class HouseholdIndex {
  private all: Pair = { households: 0, persons: 0 }

  private constructor(
    private readonly duck: Duck,
    private readonly folder: string,
    private readonly list: string,
  ) {}

  /** Makes the index; some seconds for millions of households. */
  static async open(run: OpenedRun): Promise<HouseholdIndex> {
    const folder = await passingFolder('index')
    const duck = await Duck.open({ file: join(folder, 'index.duckdb'), memory })
    const index = new HouseholdIndex(duck, folder, runList(run))
    await duck.run(`set preserve_insertion_order = true; create table found as
      select _key, household_id, coalesce(head_name, '') as head_name, verdict, coalesce(persons, 0) as persons from ${index.list}`)
    index.all = await index.count('true', [])
    return index
  }

  /** One page in order of key, which is the order of county, village and number. */
  async page(query: RegionHouseholdQuery): Promise<RegionHouseholdPage> {
    const begun = performance.now()
    const { where, values } = filter(query)
    const cursor = /^(-?)(\d+)$/.exec(query.after ?? '')
    const back = cursor?.[1] === '-'
    const from = cursor ? ` and _key ${back ? '<' : '>'} ${cursor[2]}` : ''
    const keys = (
      await this.duck.rows<{ _key: number }>(
        `select _key from found where ${where}${from} order by _key ${back ? 'desc' : 'asc'} limit ${query.limit + 1}`,
        values,
      )
    ).map((r) => r._key)
    const more = keys.length > query.limit
    const shown = keys.slice(0, query.limit).sort((a, b) => a - b)
    const rows = shown.length
      ? await this.duck.rows<ListRow>(
          `select _key, household_id, county_code, township_code, village_code, hamlet, head_name, persons, least, most, verdict, gaps, leads
           from ${this.list} where _key between ${shown[0]} and ${shown.at(-1)} and _key in (${shown.join(', ')}) order by _key`,
        )
      : []
    const ends = { first: shown[0], last: shown.at(-1) }
    return {
      total: where === 'true' ? this.all : await this.count(where, values),
      all: this.all,
      rows: rows.map(line),
      next: (back ? cursor : more) && ends.last !== undefined ? String(ends.last) : null,
      previous: (back ? more : cursor) && ends.first !== undefined ? `-${ends.first}` : null,
      seconds: (performance.now() - begun) / 1000,
    }
  }

  /** Ends it and takes its file away. */
  async close(): Promise<void> {
    this.duck.close()
    await rm(this.folder, { recursive: true, force: true })
  }

  private async count(where: string, values: DuckParameter[]): Promise<Pair> {
    return (await this.duck.one<{ households: number; persons: number }>(
      `select count(*) as households, coalesce(sum(persons), 0)::bigint as persons from found where ${where}`,
      values,
    ))!
  }
}

function filter({ text, area, verdict }: RegionHouseholdQuery): { where: string; values: DuckParameter[] } {
  const parts: string[] = []
  const values: DuckParameter[] = []
  if (area && /^\d{4}$|^\d{6}$/.test(area)) {
    const width = keysPerCounty * (area.length === 4 ? 100 : 1)
    parts.push(`_key >= ${Number(area) * width} and _key < ${(Number(area) + 1) * width}`)
  } else if (area) parts.push('false')
  if (verdict?.length) parts.push(`verdict in (${verdict.map(quoteText).join(', ')})`)
  if (text) {
    // Numbers have digits and dashes, names have none: only one of the two is looked through.
    parts.push(`contains(${/^[\dA-Za-z-]+$/.test(text) ? 'household_id' : 'head_name'}, ?)`)
    values.push(text)
  }
  return { where: parts.join(' and ') || 'true', values }
}

function line(row: ListRow): RegionHousehold {
  const name = (code: string | null): string => (code ? placeName(code) : '')
  return {
    id: row.household_id,
    county: row.county_code,
    countyName: name(row.county_code),
    township: name(row.township_code),
    village: [name(row.village_code), row.hamlet].filter(Boolean).join(' '),
    headName: row.head_name ?? '',
    persons: row.persons ?? 0,
    score: row.least === null || row.most === null ? null : { least: row.least, most: row.most },
    verdict: row.verdict,
    missing: row.gaps,
    leads: row.leads,
  }
}
