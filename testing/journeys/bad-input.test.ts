import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import { usualRates } from '@fupin/testing/made-up/rates.ts'
import { synthesize } from '@fupin/testing/made-up/synthesize.ts'
import type { RunRecord } from '@fupin/whom/identification/run-record.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csv, type Ended, fupin, toCsv } from './command-line.ts'

type Row = Record<string, string>

const folder = mkdtempSync(join(tmpdir(), 'fupin-bad-input-'))
const clean = join(folder, 'clean')
const baseline = join(folder, 'baseline')
const faults = [
  'missing',
  'wrongCheckDigit',
  'swappedDigits',
  'oldForm',
  'cutBySpreadsheet',
  'noNumber',
  'birthDiffers',
  'nameOnCard',
  'dead',
  'duplicateHousehold',
  'twoHeads',
  'negativeArea',
  'inTwoHouseholds',
  'householdTwice',
  'splitInTwo',
  'nameInDepartment',
  'oldFormInDepartment',
  'wrongInDepartment',
  'cutInDepartment',
] as const

const identify = (input: string, out: string, more: string[] = [], language: 'zh' | 'en' = 'zh'): Promise<Ended> =>
  fupin(
    [
      'identify',
      '--book',
      'rulebook/books/fupin',
      '--survey',
      join(input, 'survey'),
      '--departments',
      join(input, 'departments'),
      '--quota',
      join(input, 'quota.csv'),
      '--out',
      out,
      '--formats',
      'csv',
      ...more,
    ],
    language,
  )
const record = (out: string): RunRecord => JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as RunRecord
const errors = (out: string): Row[] => csv(join(out, 'findings.csv')).filter((f) => f.severity === 'error')

/** A copy of the clean input to spoil. */
function spoiled(name: string): {
  input: string
  file: (name: string) => string
  rows: (name: string) => Row[]
  write: (name: string, rows: Row[]) => void
} {
  const input = join(folder, name)
  cpSync(clean, input, { recursive: true })
  const file = (part: string): string => join(input, part)
  return { input, file, rows: (part) => csv(file(part)), write: (part, rows) => writeFileSync(file(part), toCsv(rows)) }
}

/** What a person needs of a finding: where, and a sentence in each language that says what to do. */
function isTold(found: Row | undefined): void {
  expect(found).toBeDefined()
  expect(found!.file).not.toBe('')
  expect(found!.zh).toMatch(/[\u4e00-\u9fff].*。$/)
  expect(found!.en).toMatch(/^[^\u4e00-\u9fff]*[a-z].*\.$/)
}

beforeAll(async () => {
  await synthesize({
    counties: ['450621'],
    households: 260,
    seed: 3,
    out: clean,
    rates: { ...usualRates, ...Object.fromEntries(faults.map((f) => [f, 0])) },
  })
  const ended = await identify(clean, baseline)
  expect(ended.status, ended.err).toBe(0)
  expect(errors(baseline)).toEqual([])
}, 120_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a survey without faults', () => {
  it('has one line, in whichever of six ways it is drawn, and everybody within a point of it in the band', () => {
    const [line] = record(baseline).lines
    expect(new Set(line!.draws.map((d) => d.line))).toEqual(new Set([line!.line]))
    const list = csv(join(baseline, 'list.csv'))
    const counted = list.filter((r) => r.verdict === 'listed' || r.verdict === 'not_listed')
    expect(list.filter((r) => r.verdict === 'undecided')).toEqual([])
    expect(
      list.every((r) => (r.in_band === 'true') === (counted.includes(r) && [line!.line!, line!.line! + 1].includes(Number(r.score)))),
    ).toBe(true)
    expect(list.some((r) => r.in_band === 'true')).toBe(true)
    const inside = list.filter((r) => r.verdict === 'listed').reduce((n, r) => n + Number(r.persons), 0)
    expect(csv(join(baseline, 'lines.csv'))[0]).toMatchObject({ inside_persons: String(inside), deviation: String(inside - line!.quota!) })
    expect(counted.every((r) => Number(r.score) <= line!.line! === (r.verdict === 'listed'))).toBe(true)
  })

  it('is told in English where English is asked for', async () => {
    const ended = await identify(clean, join(folder, 'english-out'), [], 'en')
    expect(ended.status).toBe(0)
    expect(ended.err).not.toMatch(/[\u4e00-\u9fff]/)
    expect(ended.err).toMatch(/households \/ \d+ persons/)
  })
})

describe('faults in the rows of a survey', () => {
  it('stand in findings with their place; the good rows are complete; repaired, all is as if it had been clean', async () => {
    const bad = spoiled('rows')
    const households = bad.rows('survey/households.csv')
    const members = bad.rows('survey/members.csv')
    const of = (i: number): string => households[i]!.household_id!
    const inside = (id: string): number[] => members.flatMap((m, i) => (m.household_id === id ? [i] : []))
    const family = (from: number): number => households.findIndex((h, i) => i >= from && inside(h.household_id!).length >= 3)

    households[10] = { ...households[10]!, house_area: '-30' }
    const twins = households.length + 2
    households.push({ ...households[20]! })
    const [heads, births, moved] = [family(30), family(60), family(90)]
    const second = inside(of(heads))[1]!
    members[second] = { ...members[second]!, relation: '本人或户主' }
    const born = inside(of(births))[2]!
    members[born] = { ...members[born]!, birth: '1931-02-03' }
    const person = inside(of(moved))[2]!
    members.push({ ...members[person]!, household_id: of(moved + 1), member_no: '88', relation: '其他' })
    bad.write('survey/households.csv', households)
    bad.write('survey/members.csv', members)

    const out = join(folder, 'rows-out')
    const ended = await identify(bad.input, out)
    expect(ended.status).toBe(1)
    const found = errors(out)
    const at = (code: string, row?: number): Row | undefined =>
      found.find((f) => f.code === code && (row === undefined || f.row === String(row)))
    for (const [code, file, row, column] of [
      ['negative', 'households.csv', 12, 'house_area'],
      ['duplicate_household', 'households.csv', twins, 'household_id'],
      ['duplicate_household', 'households.csv', 22, 'household_id'],
      ['two_heads', 'members.csv', null, 'relation'],
      ['birth_against_id', 'members.csv', born + 2, 'birth'],
      ['person_in_two_households', 'members.csv', person + 2, 'id_number'],
    ] as const) {
      const one = row === null ? at(code) : at(code, row)
      isTold(one)
      expect([code, one!.file, one!.column]).toEqual([code, file, column])
    }
    const list = csv(join(out, 'list.csv'))
    const before = new Map(csv(join(baseline, 'list.csv')).map((r) => [r.household_id!, r]))
    expect(list.length).toBe(before.size - 1)
    expect(list.some((r) => r.household_id === of(20))).toBe(false)
    const touched = new Set([of(10), of(20), of(heads), of(births), of(moved), of(moved + 1)])
    for (const row of list)
      if (!touched.has(row.household_id!))
        expect([row.household_id, row.score, row.vetoes]).toEqual([
          row.household_id,
          before.get(row.household_id!)!.score,
          before.get(row.household_id!)!.vetoes,
        ])
    expect(record(out).counts).toMatchObject({ households: before.size - 1, errors: found.length })

    const again = await identify(clean, out)
    expect(again.status, again.err).toBe(0)
    expect(readFileSync(join(out, 'list.csv'), 'utf8')).toBe(readFileSync(join(baseline, 'list.csv'), 'utf8'))
    expect(record(out).digests).toEqual(record(baseline).digests)
    expect(record(out).inputs).toEqual(record(baseline).inputs)
  })

  it('a formula in a workbook is refused cell by cell, and the row stays', async () => {
    const ExcelJS = (await import('exceljs')).default
    const bad = spoiled('formula')
    const rows = bad.rows('survey/households.csv')
    const names = Object.keys(rows[0]!)
    const book = new ExcelJS.Workbook()
    const sheet = book.addWorksheet('households')
    sheet.addRow(names)
    for (const [i, row] of rows.entries())
      sheet.addRow(names.map((n) => (i === 4 && n === 'house_area' ? { formula: '40+40', result: 80 } : row[n] || null)))
    rmSync(bad.file('survey/households.csv'))
    await book.xlsx.writeFile(bad.file('survey/households.xlsx'))
    const out = join(folder, 'formula-out')
    expect((await identify(bad.input, out)).status).toBe(1)
    const found = errors(out)
    expect(found.map((f) => [f.code, f.file, f.sheet, f.row, f.column])).toEqual([
      ['formula_cell', 'households.xlsx', 'households', '6', 'house_area'],
    ])
    isTold(found[0])
    expect(csv(join(out, 'list.csv')).length).toBe(rows.length)
  })
})

describe('files that cannot be read', () => {
  it('a wrong encoding is refused with its place, and nothing is written', async () => {
    const bad = spoiled('encoding')
    const bytes = readFileSync(bad.file('survey/households.csv'))
    const text = bytes.toString('utf8')
    const half = Buffer.concat([
      bytes.subarray(0, Buffer.byteLength(text.slice(0, text.length / 2))),
      Buffer.from([0xff, 0xc3, 0x28]),
      bytes.subarray(Buffer.byteLength(text.slice(0, text.length / 2))),
    ])
    writeFileSync(bad.file('survey/households.csv'), half)
    const out = join(folder, 'encoding-out')
    for (const language of ['zh', 'en'] as const) {
      const ended = await identify(bad.input, out, [], language)
      expect(ended.status).toBe(1)
      expect(ended.err).toContain('households.csv')
      expect(ended.err).not.toMatch(/\n {4}at /)
      if (language === 'zh') expect(ended.err).toMatch(/第 \d+ 行|编码/)
      else expect(ended.err).not.toMatch(/[\u4e00-\u9fff]/)
    }
    expect(existsSync(out)).toBe(false)
  })

  it('GB 18030 is no fault', async () => {
    const good = spoiled('gb18030')
    const { status } = await convert(good.file('survey/households.csv'))
    expect(status).toBe(0)
    const out = join(folder, 'gb18030-out')
    const ended = await identify(good.input, out)
    expect(ended.status, ended.err).toBe(0)
    expect(readFileSync(join(out, 'list.csv'), 'utf8')).toBe(readFileSync(join(baseline, 'list.csv'), 'utf8'))
  })

  it('a truncated Parquet file is refused, and an older result stays as it was', async () => {
    const bad = spoiled('parquet')
    const duck = await Duck.open()
    await duck.run(
      `copy (from read_csv(${quoteText(bad.file('survey/households.csv'))}, all_varchar = true)) to ${quoteText(bad.file('survey/households.parquet'))} (format parquet)`,
    )
    duck.close()
    rmSync(bad.file('survey/households.csv'))
    const whole = readFileSync(bad.file('survey/households.parquet'))
    writeFileSync(bad.file('survey/households.parquet'), whole.subarray(0, whole.length / 2))
    const out = join(folder, 'parquet-out')
    cpSync(baseline, out, { recursive: true })
    const ended = await identify(bad.input, out)
    expect(ended.status).toBe(1)
    expect(ended.err).toMatch(/households\.parquet/)
    expect(ended.err).not.toMatch(/\n {4}at /)
    expect(readdirSync(out).sort()).toEqual(readdirSync(baseline).sort())
    expect(readFileSync(join(out, 'run.json'), 'utf8')).toBe(readFileSync(join(baseline, 'run.json'), 'utf8'))
    expect(readdirSync(folder).filter((n) => n.endsWith('.unfinished'))).toEqual([])
  })
})

/** Writes a UTF-8 file again in GB 18030, with what the system has for it. */
async function convert(path: string): Promise<{ status: number | null }> {
  const { spawnSync } = await import('node:child_process')
  const done = spawnSync('iconv', ['-f', 'utf-8', '-t', 'gb18030', path], { maxBuffer: 1 << 28 })
  if (done.status === 0) writeFileSync(path, done.stdout)
  return { status: done.status }
}

describe('a survey of nothing', () => {
  it.each([
    ['only a header', 'household_id,village_code\n', 'no_rows'],
    ['no column that is known', 'foo;bar\n1;2\n', 'no_known_column'],
  ])('with %s is said', async (_, text, code) => {
    const bad = spoiled(code)
    rmSync(bad.file('survey/members.csv'))
    writeFileSync(bad.file('survey/households.csv'), text)
    const out = join(folder, `${code}-out`)
    expect((await identify(bad.input, out)).status).toBe(1)
    isTold(errors(out).find((f) => f.code === code && f.file === 'households.csv'))
  })
})

describe('departments and quotas', () => {
  it('a file with a wrong checksum is not taken, its vetoes are open, and a quota for an unknown county is said', async () => {
    const bad = spoiled('checksum')
    writeFileSync(
      bad.file('departments/vehicles.csv'),
      readFileSync(bad.file('departments/vehicles.csv'), 'utf8').split('\n').slice(0, -3).join('\n'),
    )
    rmSync(bad.file('departments/machines.manifest.json'))
    cpSync(bad.file('departments/payroll.manifest.json'), bad.file('departments/paryoll.manifest.json'))
    bad.write('quota.csv', [...bad.rows('quota.csv'), { county_code: '459999', persons: '100' }])
    const out = join(folder, 'checksum-out')
    expect((await identify(bad.input, out)).status).toBe(1)
    const found = errors(out)
    expect(found.map((f) => [f.code, f.file, f.row]).sort()).toEqual([
      ['no_manifest', 'machines.csv', ''],
      ['quota_county', 'quota.csv', '3'],
      ['wrong_checksum', 'vehicles.csv', ''],
    ])
    found.forEach(isTold)
    const doubt = csv(join(out, 'findings.csv')).find((f) => f.code === 'unknown_department_file')
    isTold(doubt)
    expect(doubt!.file).toBe('paryoll.manifest.json')
    const told = record(out)
    expect(told.departments.find((d) => d.list === 'vehicles')).toMatchObject({ state: 'refused' })
    expect(told.vetoes.find((v) => v.id === 'veto.vehicle')).toMatchObject({ false: 0 })
    expect(csv(join(out, 'list.csv')).length).toBe(csv(join(baseline, 'list.csv')).length)
  })
})

describe('books', () => {
  const text = (zh: string): string => `{zh: ${zh}, en: ${zh === '题' ? 'title' : 'label'}}`
  const files = (rules: string, params = ''): Record<string, string> => ({
    'book.yaml': `book: small\ntitle: ${text('题')}\nroot: "450000"\nreference_date: 2015-12-31\nplaces:\n- {code: "000000", level: nation, folder: 000000-n, name: ${text('国')}}\n- {code: "450000", level: province, folder: 450000-g, name: ${text('省')}}\n`,
    'sources.yaml': 'sources: []\n',
    'dictionary/enums.yaml': `enums:\n  house: {label: ${text('房')}, values: {earth: ${text('土')}, brick: ${text('砖')}}}\n`,
    'dictionary/entities/household.yaml': `entity: household\nvariable: h\nlabel: ${text('户')}\nkey: household_id\nfields:\n  area: {type: int, unit: m2, range: [0, 2000], label: ${text('面积')}, class: open}\n  house: {type: enum, enum: house, label: ${text('结构')}, class: open}\n`,
    '000000-n/rules/all.yaml': rules,
    '450000-g/params.yaml': params || '[]\n',
  })
  const cited = 'cite: {doc: none}, confidence: default'
  const item = (body: string): string =>
    `- rule: item.house\n  kind: derived\n  level: household\n  title: ${text('题')}\n  covers: []\n  versions:\n${body}`
  const good = item(`  - {from: 2010-01-01, ${cited}, type: bool, value: h.area > 10}\n`)
  const param = (more: string): string =>
    `- param: low\n  title: ${text('题')}\n  type: int\n  unit: m2\n  clock: survey_date\n  covers: []\n  ${more}\n  values:\n`

  async function told(name: string, all: Record<string, string>, language: 'zh' | 'en'): Promise<Ended> {
    const book = join(folder, name)
    for (const [path, content] of Object.entries(all)) {
      mkdirSync(join(book, path, '..'), { recursive: true })
      writeFileSync(join(book, path), content)
    }
    return fupin(['rules', 'check', book, '--engines', 'interpreter'], language)
  }

  it.each([
    [
      'a hole in its dates',
      files(
        item(
          `  - {from: 2010-01-01, to: 2012-12-31, ${cited}, type: bool, value: h.area > 10}\n  - {from: 2014-01-01, ${cited}, type: bool, value: h.area > 20}\n`,
        ),
      ),
      /000000-n\/rules\/all\.yaml:8:\d+ \[dates\.hole\] .*2013-01-01.*2013-12-31/,
    ],
    [
      'an unknown field',
      files(item(`  - {from: 2010-01-01, ${cited}, type: bool, value: h.aera > 10}\n`)),
      /000000-n\/rules\/all\.yaml:7:\d+ \[field\.unknown\] .*aera/,
    ],
    [
      'an answer without points',
      files(
        `- rule: card\n  kind: scorecard\n  level: household\n  title: ${text('题')}\n  covers: []\n  versions:\n  - {from: 2010-01-01, ${cited}, direction: higher_is_better_off, categories: [{id: c, title: ${text('类')}}], line: {rule: closest_to_quota, tie: lower, cite: {doc: none}, confidence: default}, scope: "true", persons: "1", vetoes: [], classes: []}\n- rule: item.house\n  kind: item\n  level: household\n  of_scorecard: card\n  category: c\n  title: ${text('题')}\n  covers: []\n  versions:\n  - {from: 2010-01-01, ${cited}, of: h.house, points: {earth: 0}}\n`,
      ),
      /000000-n\/rules\/all\.yaml:16:\d+ \[enum\.withoutPoints\] .*brick/,
    ],
    [
      'a stale override',
      {
        ...files(good, `${param('overrides: {place: "000000", version: 2010-01-01}')}  - {from: 2010-01-01, value: 12, ${cited}}\n`),
        '000000-n/params.yaml': `${param('open: {level: [province], direction: any}')}  - {from: 2010-01-01, value: 10, ${cited}}\n  - {from: 2014-01-01, value: 11, ${cited}}\n`,
      },
      /450000-g\/params\.yaml:7:\d+ \[override\.stale\] .*low/,
    ],
  ])('with %s: the place and a sentence in both languages, status 1', async (name, all, expected) => {
    for (const language of ['zh', 'en'] as const) {
      const ended = await told(name.replaceAll(' ', '-'), all, language)
      expect(ended.out).toMatch(expected)
      expect(ended.status).toBe(1)
      if (language === 'en') expect(ended.out.split('\n').find((l) => expected.test(l))).not.toMatch(/[\u4e00-\u9fff]{2}/)
    }
  })

  it('that are not whole stop the main job before it starts, with every place', async () => {
    const hole = `  - {from: 2010-01-01, to: 2012-12-31, ${cited}, type: bool, value: h.area > 10}\n  - {from: 2014-01-01, ${cited}, type: bool, value: h.area > 20}\n`
    await told('broken', files(item(hole)), 'zh')
    const out = join(folder, 'broken-out')
    const ended = await fupin([
      'identify',
      '--book',
      join(folder, 'broken'),
      '--id',
      'card',
      '--survey',
      join(clean, 'survey'),
      '--out',
      out,
    ])
    expect(ended.status).toBe(1)
    expect(ended.err).not.toMatch(/\n {4}at /)
    expect(ended.err).toMatch(/all\.yaml:8:\d+ \[dates\.hole\]/)
    expect(existsSync(out)).toBe(false)
  })
})
