import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeSmallRegion } from '@fupin/testing/small-region.ts'
import type { HouseholdPage, MapArea, Verdict } from '@fupin/whom/identification/identification.contract.ts'
import type {
  AreaFigures,
  AreasAnswer,
  CountyLineRow,
  OfficeState,
  RegionHouseholdPage,
  RegionScores,
  RunMade,
} from '@fupin/whom/run/web/region.contract.ts'
import type { RegionOffice } from '@fupin/whom/run/web/region-office.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serve } from './serve.ts'

const ends: (() => unknown)[] = []
const webDir = mkdtempSync(join(tmpdir(), 'fupin-page-'))
mkdirSync(join(webDir, 'assets'))
writeFileSync(join(webDir, 'index.html'), '<!doctype html>')
const region = await makeSmallRegion(900)
const open = async (office: RegionOffice): Promise<string> => {
  const server = await serve({ port: 0, host: '127.0.0.1', source: office, webDir })
  ends.push(server.close)
  return server.url
}
const ask = async <T>(url: string): Promise<T> => (await (await fetch(url)).json()) as T
const post = (url: string, path: string, origin: string | null) =>
  fetch(url + path, { method: 'POST', headers: origin === null ? {} : { origin } })
const until = async (office: RegionOffice, is: (state: OfficeState) => boolean): Promise<OfficeState> => {
  const now = await office.state()
  if (is(now)) return now
  return new Promise((tell) => {
    const end = office.subscribe((state) => {
      if (!is(state)) return
      end()
      tell(state)
    })
  })
}

afterAll(async () => {
  for (const end of ends) await end()
  await region.close()
  rmSync(webDir, { recursive: true })
})

describe('a run that the page watches', () => {
  test('is stopped from the page only, goes on where it was, and says what is missing until it is done', async () => {
    const office = await region.job('run')
    const url = await open(office)
    expect((await fetch(`${url}/api/region/areas`)).status).toBe(409)
    expect((await fetch(`${url}/county/450621/api/households`)).status).toBe(409)
    const first = office.start()
    const running = await until(office, ({ steps }) => steps.some((s) => s.id === 'chunks' && s.state === 'running'))
    expect(running.region!.deeds).toEqual({ stop: true, goOn: false })

    expect((await post(url, '/api/run/stop', null)).status).toBe(403)
    expect((await post(url, '/api/run/stop', 'http://elsewhere.example')).status).toBe(403)
    expect((await office.state()).state).toBe('running')
    expect((await post(url, '/api/run/stop', url)).status).toBe(202)
    await first
    expect(await office.state()).toMatchObject({ state: 'stopped', counts: null, region: { deeds: { stop: false, goOn: true } } })

    expect((await post(url, '/api/run/go-on', url)).status).toBe(202)
    const done = await until(office, ({ state }) => state === 'done')
    expect(done.counties.map((c) => c.code)).toEqual(region.counties)
    expect((await ask<RunMade>(`${url}/api/region/made`)).resumed).toBe(true)
  })
})

describe('the office of a region', () => {
  let url: string
  let office: RegionOffice
  beforeAll(async () => {
    office = await region.run('run', 1)
    url = await open(office)
    await office.start()
  })
  const areas = (area = '') => ask<AreasAnswer>(`${url}/api/region/areas?area=${area}`)

  test('has figures that add up from the villages to the region, and as many households as were surveyed', async () => {
    const verdicts: Verdict[] = ['listed', 'not_listed', 'vetoed', 'undecided', 'out_of_scope']
    const check = async (area: AreaFigures): Promise<number> => {
      const { rows, unplaced } = await areas(area.code)
      expect(verdicts.reduce((sum, v) => sum + area.verdicts[v].persons, 0)).toBe(area.persons)
      if (!rows.length) return 1
      for (const verdict of verdicts)
        if (unplaced.households === 0)
          expect(rows.reduce((sum, r) => sum + r.verdicts[verdict].households, 0)).toBe(area.verdicts[verdict].households)
      let villages = 0
      for (const row of rows) villages += row.level === 'village' ? 1 : await check(row)
      return villages
    }
    const { area } = await areas()
    expect(area).toMatchObject({ level: 'region', households: (await office.state()).input.households, below: 3 })
    expect(await check(area)).toBeGreaterThan(100)
  })

  test('shows the same numbers on the map, in the table of lines and in the score table', async () => {
    const map = await ask<MapArea[]>(`${url}/api/map?level=county`)
    const lines = await ask<CountyLineRow[]>(`${url}/api/region/lines`)
    for (const code of region.counties) {
      const { area } = await areas(code)
      expect(map.find((m) => m.code === code)!.inside).toEqual(area.verdicts.listed)
      expect(lines.find((l) => l.code === code)).toMatchObject({
        quota: area.line!.quota,
        low: area.line!.low,
        inside: area.verdicts.listed,
      })
    }
    const { rows, quota } = await ask<RegionScores>(`${url}/api/region/scores`)
    expect(quota).toBe(lines.reduce((sum, l) => sum + l.quota!, 0))
    expect(rows.at(-1)!.cumulativePersons).toBe(rows.reduce((sum, r) => sum + r.inside + r.outside + r.open, 0))
  })

  test('finds a household by part of its number or of its head’s name, and pages through all once, there and back', async () => {
    const list = (query: string) => ask<RegionHouseholdPage>(`${url}/api/region/households?${query}`)
    const first = (await list('limit=1')).rows[0]!
    expect((await list(`text=${first.id}`)).rows).toEqual([first])
    const named = await list(`text=${encodeURIComponent(first.headName)}`)
    expect(named.rows).toContainEqual(first)
    for (const row of named.rows) expect(row.headName).toContain(first.headName)
    const { area } = await areas()
    expect((await list('verdict=undecided')).total).toEqual(area.verdicts.undecided)
    expect((await list('area=4506')).total.households).toBe((await areas('4506')).area.households)

    const seen: string[] = []
    let page = await list('limit=200')
    for (;;) {
      seen.push(...page.rows.map((row) => `${row.county} ${row.id}`))
      if (page.next === null) break
      page = await list(`limit=200&after=${page.next}`)
    }
    expect(new Set(seen).size).toBe(area.households)
    expect(seen).toHaveLength(area.households)
    const back = await list(`limit=200&after=${page.previous}`)
    expect(back.rows.map((row) => `${row.county} ${row.id}`)).toEqual(seen.slice(-page.rows.length - 200, -page.rows.length))
  })

  test('opens each county with the verdicts that the run wrote, though only one is kept open at a time', async () => {
    await Promise.all(
      [...region.counties, ...region.counties].map(async (code) => {
        const { area } = await areas(code)
        const listed = await ask<HouseholdPage>(`${url}/county/${code}/api/households?verdict=listed`)
        expect(listed.total).toEqual(area.verdicts.listed)
        expect(listed.all).toEqual({ households: area.households, persons: area.persons })
      }),
    )
  })

  test('answers for a household of a county with its reasons, and gives the county’s list as a file', async () => {
    const { rows } = await ask<RegionHouseholdPage>(`${url}/api/region/households?verdict=undecided&limit=1`)
    const { county, id } = rows[0]!
    const why = await ask<{ verdict: string; sentence: { zh: string } }>(`${url}/county/${county}/api/households/${id}/why`)
    expect(why.verdict).toBe('undecided')
    expect(why.sentence.zh).toContain('尚不能判定')
    const list = await (await fetch(`${url}/county/${county}/api/export/list.csv`)).text()
    expect(list.trim().split('\n').length - 1).toBe((await areas(county)).area.households)
  })

  test('tells how far the opening of a county is, and what stands before it is open', async () => {
    const words = await (await fetch(`${url}/county/${region.counties[0]}/api/run/events`)).text()
    const states = [...words.matchAll(/^data: (.*)$/gm)].map((m) => JSON.parse(m[1]!) as OfficeState)
    expect(states.at(-1)).toMatchObject({ state: 'done', within: { city: { name: '南宁市' } } })
    expect(states[0]!.counts).toEqual((await areas(region.counties[0]!)).area.verdicts)
  })

  test('has no other county, no other area and no other file', async () => {
    for (const path of [
      '/county/450122/api/run',
      '/api/region/areas?area=459999',
      '/api/region/export/list.csv',
      '/api/region/export/..%2F..%2Fpackage.json',
    ])
      expect((await fetch(url + path)).status, path).toBe(404)
  })

  test('gives its tables as files, of the region or of one area', async () => {
    const rows = async (query: string) =>
      (await (await fetch(`${url}/api/region/export/areas.csv${query}`)).text()).trim().split('\n').length - 1
    const whole = await rows('')
    expect(whole).toBeGreaterThan(await rows('?area=4506'))
    expect(await rows('?area=450000')).toBe(whole)
    const sheet = await fetch(`${url}/api/region/export/counties.xlsx`)
    expect(new Uint8Array(await sheet.arrayBuffer()).slice(0, 2)).toEqual(new Uint8Array([0x50, 0x4b]))
  })
})
