import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import { readDivisions } from '@fupin/platform/regions/divisions.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkCharacter } from './id-number.ts'
import { type SynthManifest, synthesize } from './synthesize.ts'

type Row = Record<string, string>
const folder = mkdtempSync(join(tmpdir(), 'fupin-synth-'))
const out = join(folder, 'shangsi')
let manifest: SynthManifest
let households: Row[]
let members: Row[]
let planted: Row[]

const table = (path: string): Row[] => {
  const [head, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n')
  const names = head.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell])))
}
const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

beforeAll(async () => {
  manifest = await synthesize({ counties: ['450621'], households: 6000, seed: 7, out })
  households = table(join(out, 'survey/households.csv'))
  members = table(join(out, 'survey/members.csv'))
  planted = table(join(out, 'truth/errors.csv'))
}, 120_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a made-up county', () => {
  test('is the same to the byte for the same seed, and another for another', async () => {
    const again = await synthesize({ counties: ['450621'], households: 6000, seed: 7, out: join(folder, 'again') })
    expect(again.files).toEqual(manifest.files)
    for (const { path, sha256: digest } of manifest.files) expect(sha256(join(folder, 'again', path))).toBe(digest)
    const other = await synthesize({ counties: ['450621'], households: 300, seed: 8, out: join(folder, 'other') })
    const third = await synthesize({ counties: ['450621'], households: 300, seed: 9, out: join(folder, 'third') })
    expect(other.files[0].sha256).not.toBe(third.files[0].sha256)
  }, 120_000)

  test('does not depend on the counties made with it', async () => {
    const both = await synthesize({ counties: ['450681', '450621'], households: 900, seed: 7, out: join(folder, 'both') })
    const share = both.counties[1].households
    await synthesize({ counties: ['450621'], households: share, seed: 7, out: join(folder, 'alone') })
    const alone = readFileSync(join(folder, 'alone/survey/members.csv'), 'utf8').split('\n').slice(1).join('\n')
    expect(share).toBeGreaterThan(100)
    expect(readFileSync(join(folder, 'both/survey/members.csv'), 'utf8').endsWith(alone)).toBe(true)
    for (const file of both.files) expect(sha256(join(folder, 'both', file.path))).toBe(file.sha256)
    const vehicles = table(join(folder, 'both/departments/vehicles.csv'))
    for (const one of table(join(folder, 'both/truth/records.csv')).filter((row) => row.file === 'vehicles'))
      expect(vehicles[Number(one.row) - 2].身份证号码).toBe(one.id_number)
  }, 60_000)

  test('stands in real villages, every one with somebody', () => {
    const { find } = readDivisions()
    const codes = new Set(households.map((row) => row.village_code))
    for (const code of codes) expect(find(code)?.parent.startsWith('450621')).toBe(true)
    expect(codes.size).toBeGreaterThan(80)
    expect(households.every((row) => row.household_id.startsWith(`${row.village_code}-`))).toBe(true)
  })

  test('says that it is made up, and counts what it holds', () => {
    expect(manifest.made_up).toBe(true)
    expect(manifest.counts).toMatchObject({
      households: 6000,
      poor_villages: 32,
      survey_rows: households.length,
      member_rows: members.length,
    })
    expect(manifest.counties).toMatchObject([{ code: '450621', name: '上思县', quota: Math.round(0.0814 * manifest.counts.persons) }])
    for (const file of manifest.files) expect(sha256(join(out, file.path))).toBe(file.sha256)
  })

  test('comes near the published shares', () => {
    for (const { target, aim, made } of manifest.calibration)
      expect(Math.abs(made! - aim), `${target}: ${made} for ${aim}`).toBeLessThan(
        target === 'household_size' ? 0.15 : Math.max(0.02, 0.12 * aim),
      )
    expect(manifest.calibration.map((one) => one.target)).toContain('cause_funds')
  })
})

describe('what was planted', () => {
  test('stands in the truth, all of it, with what is written in the files', () => {
    const counted: Record<string, number> = {}
    for (const { kind } of planted) counted[kind] = (counted[kind] ?? 0) + 1
    expect(counted).toEqual(manifest.errors)
    const byId = new Map(households.map((row) => [row.household_id, row]))
    const byNo = new Map(members.map((row) => [`${row.household_id}/${row.member_no}`, row]))
    const open = planted.filter((one) => one.kind === 'missing_answer')
    expect(open.length).toBeGreaterThan(2000)
    for (const one of open) {
      const row = one.file === 'households' ? byId.get(one.household_id) : byNo.get(`${one.household_id}/${one.member_no}`)
      expect(['', '未填', '看不清', '拒答']).toContain(row?.[one.column])
      expect(one.truth).not.toBe('')
    }
    for (const one of planted.filter((error) => error.kind === 'negative_area'))
      expect(Number(byId.get(one.household_id)?.[one.column])).toBeLessThan(0)
  })

  test('a household visited twice is the same family under another number', () => {
    const twice = planted.filter((one) => one.kind === 'household_twice')
    expect(twice.length).toBeGreaterThan(0)
    for (const one of twice) {
      const [again, first] = [one.household_id, one.truth].map((id) =>
        members.filter((row) => row.household_id === id).map(({ household_id: _, ...row }) => row),
      )
      expect(first.slice(0, again.length)).toEqual(again)
      expect(again.length).toBeGreaterThan(0)
    }
  })

  test('a family split in two stands on two cards, and the residence office knows', () => {
    const split = planted.filter((one) => one.kind === 'split_household')
    expect(split.length).toBeGreaterThan(0)
    const truths = new Map(table(join(out, 'truth/households.csv')).map((row) => [row.household_id, row]))
    for (const one of split) {
      expect(truths.get(one.household_id)?.split).toBe('1')
      expect(truths.has(one.truth)).toBe(true)
    }
  })

  test('every ID number is right and given once, but for the planted ones', () => {
    const twice = new Set(planted.flatMap((one) => (one.kind === 'household_twice' ? [one.household_id] : [])))
    const wrong = new Set(
      planted.filter((one) => one.column === 'id_number' && one.file === 'members').map((one) => `${one.household_id}/${one.member_no}`),
    )
    const birthOff = new Set(planted.filter((one) => one.column === 'birth').map((one) => `${one.household_id}/${one.member_no}`))
    const sexOpen = new Set(planted.filter((one) => one.column === 'sex').map((one) => `${one.household_id}/${one.member_no}`))
    const seen = new Set<string>()
    let right = 0
    for (const row of members) {
      if (twice.has(row.household_id)) continue
      const key = `${row.household_id}/${row.member_no}`
      const number = row.id_number
      if (wrong.has(key)) continue
      expect(number, key).toMatch(/^45\d{15}[\dX]$/)
      expect(checkCharacter(number.slice(0, 17))).toBe(number[17])
      expect(seen.has(number), number).toBe(false)
      seen.add(number)
      if (!birthOff.has(key)) expect(row.birth.replaceAll('-', '')).toBe(number.slice(6, 14))
      if (!sexOpen.has(key)) expect(row.sex).toBe(Number(number[16]) % 2 === 1 ? '男' : '女')
      right++
    }
    expect(right).toBeGreaterThan(0.98 * members.length)
    for (const one of planted.filter((error) => error.kind === 'id_check_digit' && error.file === 'members')) {
      expect(checkCharacter(one.truth.slice(0, 17))).toBe(one.truth[17])
      expect(checkCharacter(one.written.slice(0, 17))).not.toBe(one.written[17])
    }
  })

  test('every household has one head, but for the planted ones', () => {
    const twice = new Map(planted.flatMap((one) => (one.kind === 'household_twice' ? [[one.household_id, one.truth]] : [])))
    const odd = new Set(planted.filter((one) => one.kind === 'two_heads' || one.column === 'relation').map((one) => one.household_id))
    const heads = new Map<string, number>()
    for (const row of members) heads.set(row.household_id, (heads.get(row.household_id) ?? 0) + (row.relation === '本人或户主' ? 1 : 0))
    for (const [id, count] of heads) if (!odd.has(twice.get(id) ?? id)) expect(count, id).toBe(1)
    expect(heads.size).toBe(6000 + twice.size)
  })
})

describe('the departments', () => {
  test('send files that their manifests describe, and the truth knows whose each row is', () => {
    expect(manifest.departments.map((one) => one.file)).toEqual([
      'companies',
      'land_rights',
      'machines',
      'payroll',
      'posts',
      'properties',
      'residence',
      'tax_records',
      'vehicles',
    ])
    for (const { file, rows, delivered } of manifest.departments) {
      const told = JSON.parse(readFileSync(join(out, `departments/${file}.manifest.json`), 'utf8'))
      expect(told).toMatchObject({ file, rows, as_of: '2015-12-01', sha256: sha256(join(out, `departments/${file}.csv`)) })
      expect(delivered && rows > 0).toBe(true)
    }
    const vehicles = table(join(out, 'departments/vehicles.csv'))
    const cars = new Set(table(join(out, 'truth/households.csv')).flatMap((row) => (row.car === '1' ? [row.household_id] : [])))
    const found = new Set<string>()
    for (const one of table(join(out, 'truth/records.csv')).filter((row) => row.file === 'vehicles')) {
      const row = vehicles[Number(one.row) - 2]
      expect([row.身份证号码, row.车主]).toEqual([one.id_number, one.name])
      if (row.车辆类型 !== '两轮摩托车') found.add(one.household_id)
    }
    expect(found).toEqual(cars)
  })

  test('one that does not deliver leaves no file', async () => {
    const some = await synthesize({ counties: ['450621'], households: 200, seed: 7, out: join(folder, 'some'), without: ['tax'] })
    expect(existsSync(join(folder, 'some/departments/tax_records.csv'))).toBe(false)
    expect(some.departments.filter((one) => !one.delivered)).toMatchObject([{ file: 'tax_records', department: 'tax', rows: 0 }])
    await expect(
      synthesize({ counties: ['450621'], households: 10, seed: 7, out: join(folder, 'none'), without: ['nobody'] }),
    ).rejects.toThrow('nobody')
  })
})

test('Parquet holds the same rows, and is the same to the byte too', async () => {
  const make = (name: string) => synthesize({ counties: ['450621'], households: 400, seed: 7, out: join(folder, name), format: 'parquet' })
  const [first, second] = [await make('p1'), await make('p2')]
  expect(first.files).toEqual(second.files)
  await synthesize({ counties: ['450621'], households: 400, seed: 7, out: join(folder, 'c') })
  const duck = await Duck.open()
  const parquet = `select * from read_parquet(${quoteText(join(folder, 'p1/survey/members.parquet'))})`
  const csv = `select * from read_csv(${quoteText(join(folder, 'c/survey/members.csv'))}, all_varchar = true, header = true)`
  expect(await duck.rows(`(${parquet} except ${csv}) union all (${csv} except ${parquet})`)).toEqual([])
  expect((await duck.rows(parquet)).length).toBe(first.counts.member_rows)
  duck.close()
}, 60_000)
