import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import { readDivisions } from '@fupin/platform/regions/divisions.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deviation } from './calibration.ts'
import { planRegion } from './region-plan.ts'
import { type SynthManifest, type SynthOptions, synthesize } from './synthesize.ts'
import targets from './targets.json' with { type: 'json' }

type Row = Record<string, string>
const folder = mkdtempSync(join(tmpdir(), 'fupin-province-'))
const out = join(folder, 'region')
const some: Omit<SynthOptions, 'out'> = {
  counties: ['450621', '451228', '450103'],
  households: 1500,
  seed: 1,
  format: 'parquet',
  byCounty: true,
}
let manifest: SynthManifest
let duck: Duck

const rows = (path: string): Promise<Row[]> => duck.rows(`select * from read_parquet(${quoteText(join(out, path))}, filename = true)`)

beforeAll(async () => {
  duck = await Duck.open()
  // People in two counties are rare: so few households need a higher rate to show any.
  manifest = await synthesize({ counties: 'all', households: 20_000, seed: 1, out, format: 'parquet', rates: { acrossCounties: 0.06 } })
}, 300_000)

afterAll(() => {
  duck.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('many counties', () => {
  test('are the same to the byte with one worker and with two, and each is the same when it is made alone', async () => {
    const [one, two] = [
      await synthesize({ ...some, out: join(folder, 'one'), workers: 1 }),
      await synthesize({ ...some, out: join(folder, 'two'), workers: 2 }),
    ]
    expect(one.files.length).toBeGreaterThan(20)
    expect(two.files).toEqual(one.files)
    const { code, households } = one.counties[1]
    const alone = await synthesize({ ...some, counties: [code], households, out: join(folder, 'alone') })
    const told = (made: SynthManifest) =>
      made.files.filter((file) => /^(survey|truth)\//.test(file.path) && file.path.includes(code) && !file.path.includes('records'))
    expect(told(alone)).toHaveLength(4)
    for (const file of told(alone)) expect(told(one)).toContainEqual(file)
  }, 120_000)

  test('have a folder each; a department sends one file for all of them, and the truth names its rows', async () => {
    expect(readdirSync(join(out, 'survey'))).toHaveLength(111)
    expect(readdirSync(join(out, 'truth'))).toHaveLength(111)
    expect(manifest.counts.households).toBe(20_000)
    const vehicles = await rows('departments/vehicles.parquet')
    const told = (await rows('truth/*/records.parquet')).filter((row) => row.file === 'vehicles')
    expect(told.length).toBeGreaterThan(1000)
    for (const one of told) {
      const row = vehicles[Number(one.row) - 2]
      expect([row.身份证号码, row.车主]).toEqual([one.id_number, one.name])
    }
    expect(manifest.departments.find((one) => one.file === 'vehicles')?.rows).toBe(vehicles.length)
  }, 60_000)

  test('share people and households, who stand in the truth of both', async () => {
    const planted = await rows('truth/*/errors.parquet')
    const members = await rows('survey/*/members.parquet')
    const countiesOf = new Map<string, Set<string>>()
    for (const row of members) countiesOf.set(row.id_number, (countiesOf.get(row.id_number) ?? new Set()).add(row.household_id.slice(0, 6)))
    for (const kind of ['in_two_counties', 'household_in_two_counties']) {
      const told = planted.filter((one) => one.kind === kind)
      expect(told.length, kind).toBeGreaterThan(10)
      const both = told.filter((one) => {
        const counties = countiesOf.get(one.written)
        return counties?.has(one.truth) && counties.has(one.household_id.slice(0, 6))
      })
      // Where two shared people fall on one household, or a number was miswritten besides, one of the two is missed.
      expect(both.length / told.length, kind).toBeGreaterThan(0.9)
    }
    const strangers = [...countiesOf].filter(([number, counties]) => /^\d{17}[\dX]$/.test(number) && counties.size > 1)
    const shared = new Set(planted.map((one) => one.written))
    const families = new Set(planted.filter((one) => one.kind === 'household_in_two_counties').map((one) => one.household_id))
    const known = new Set(members.filter((row) => families.has(row.household_id)).map((row) => row.id_number))
    for (const [number] of strangers) expect(shared.has(number) || known.has(number), number).toBe(true)
  }, 60_000)
})

describe('the region', () => {
  test('is planned on the published figures', () => {
    const villages = [...planRegion(readDivisions(), 1).values()].flat()
    const poor = villages.filter((one) => one.poorVillage)
    expect(poor).toHaveLength(targets.villages.poor.value)
    const above = (rate: number, of = poor) => of.filter((one) => one.rate >= rate).length
    expect(Math.abs(above(0.25) - targets.villages.poor_25.value)).toBeLessThan(20)
    expect(Math.abs(above(0.5) - targets.villages.poor_50.value)).toBeLessThan(6)
    const others = villages.filter((one) => !one.poorVillage)
    expect(Math.abs(above(0.25, others) - targets.villages.other_25.value)).toBeLessThan(10)
    for (const [city, { incidence }] of Object.entries(targets.cities)) {
      const own = villages.filter((one) => one.village.code.startsWith(city))
      const rate = own.reduce((sum, one) => sum + one.persons * one.rate, 0) / own.reduce((sum, one) => sum + one.persons, 0)
      expect(rate).toBeCloseTo(incidence, 3)
    }
  })

  test('comes near every target: within three in a hundred and what chance does to so few', () => {
    const { calibration, counts } = manifest
    const names = calibration.map((one) => one.target)
    expect(names).toEqual(expect.arrayContaining(['rate_4510', 'rate_4512', 'rate_4514', 'cause_funds', 'income_rural', 'vetoed']))
    for (const one of calibration) {
      const place = one.target.match(/_(45\d{2,4})(_|$)/)?.[1]
      if (one.made === null || (place?.length === 6 && place !== '450000')) continue
      const households =
        place?.length === 4 ? counts.households / 14 : one.base.startsWith('poor') ? counts.poor_households : counts.households
      const chance = one.unit === 'share' ? 4 * Math.sqrt((1 - one.aim) / one.aim / households) : one.unit === 'yuan' ? 0.03 : 0
      expect(Math.abs(deviation(one)!), `${one.target}: ${one.made} for ${one.aim}`).toBeLessThan(0.03 + chance)
    }
    const table = readFileSync(join(out, 'calibration.csv'), 'utf8').trimEnd().split('\n')
    expect(table[0]).toBe('target,aim,made,deviation,unit,published,source,base')
    expect(table).toHaveLength(calibration.length + 1)
  })
})

describe('what is stopped', () => {
  test('leaves nothing, and what stood there before still does', async () => {
    const place = join(folder, 'stopped')
    const stop = new AbortController()
    const half = synthesize({
      ...some,
      households: 30_000,
      out: place,
      signal: stop.signal,
      onProgress: (done) => done > 3000 && stop.abort(),
    })
    await expect(half).rejects.toThrow()
    expect(existsSync(place)).toBe(false)
    expect(existsSync(`${place}.unfinished`)).toBe(false)
    mkdirSync(place)
    writeFileSync(join(place, 'manifest.json'), 'old')
    const late = new AbortController()
    const joined = synthesize({ ...some, out: place, signal: late.signal, onStep: (step) => step === 'departments' && late.abort() })
    await expect(joined).rejects.toThrow()
    expect(readFileSync(join(place, 'manifest.json'), 'utf8')).toBe('old')
    expect(readdirSync(place)).toEqual(['manifest.json'])
  }, 60_000)

  test('does not begin where the disk is too small', async () => {
    const place = join(folder, 'huge')
    await expect(synthesize({ counties: 'all', households: 900_000_000, seed: 1, out: place })).rejects.toMatchObject({ code: 'disk_full' })
    expect(existsSync(`${place}.unfinished`)).toBe(false)
  })
})
