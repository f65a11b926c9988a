import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { readDivisions } from '@fupin/platform/regions/divisions.ts'
import { safeKey } from '@fupin/rulebook/shelf/evaluate-rule.ts'
import { afterAll, describe, expect, it } from 'vitest'
import { csv, fupin, fupinByNpm, sharedData, toCsv } from './command-line.ts'

const here = existsSync(join(sharedData, 'households'))
if (!here) console.warn(`skipped: no ${sharedData}; set FUPIN_SHARED to test on real input`)

const folder = mkdtempSync(join(tmpdir(), 'fupin-real-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ppi = ['--book', 'rulebook/books/ppi']
const json = <T>(name: string): T => JSON.parse(readFileSync(join(sharedData, name), 'utf8')) as T
const file = (name: string): string => join(folder, name)
const text = (name: string): string => readFileSync(file(name), 'utf8')

/** The proxies of 23,152 households as lists of cells; no cell of the source holds a comma. */
function proxies(): { names: string[]; rows: string[][] } {
  const [head, ...lines] = gunzipSync(readFileSync(join(sharedData, 'households/enaho-proxies.csv.gz')))
    .toString('utf8')
    .trimEnd()
    .split('\n')
  return {
    names: head!
      .trim()
      .split(',')
      .map((n) => n.replaceAll('"', '')),
    rows: lines.map((l) => l.trim().split(',')),
  }
}

interface PartialCard {
  items: { no: number; options: { key: string; points: number }[] }[]
  /** Option: columns of which one is 1; else option A. */
  enahoMapping: Record<string, Record<string, string[] | string>>
}

/** The three questions by hand, from the table of the source. */
function partialScore({ items, enahoMapping }: PartialCard, is: (column: string) => boolean): number {
  return items.reduce((sum, { no, options }) => {
    const key = Object.entries(enahoMapping[no]!).find(([, columns]) => Array.isArray(columns) && columns.some(is))?.[0] ?? 'A'
    return sum + options.find((o) => o.key === key)!.points
  }, 0)
}

describe.skipIf(!here)('rules evaluate on real households', () => {
  it('gives the reference numbers of the Peru part by the line of the README, and equal files by all three engines', async () => {
    const at = join(sharedData, 'households/enaho-proxies.csv.gz')
    const ended = await fupinByNpm(['rules', 'evaluate', ...ppi, '--id', 'ppi.per2012_partial', '--in', at, '--out', file('enaho.csv')])
    expect(ended).toMatchObject({ status: 0, err: '' })
    const rows = csv(file('enaho.csv'))
    const reference = json<{
      households: number
      score_histogram: Record<string, number>
      line_lt_7: { below: number }
      first_20_rows_below_7: number[]
    }>('reference/enaho-partial-score.json')
    expect(Object.keys(rows[0]!)).toEqual(['row', 'value', 'missing'])
    expect(rows.length).toBe(reference.households)
    const histogram: Record<string, number> = {}
    for (const r of rows) histogram[r.value!] = (histogram[r.value!] ?? 0) + 1
    expect(histogram).toEqual(reference.score_histogram)
    const below = rows.filter((r) => Number(r.value) < 7).map((r) => Number(r.row))
    expect(below.length).toBe(reference.line_lt_7.below)
    expect(below.slice(0, 20)).toEqual(reference.first_20_rows_below_7)
    expect(rows.every((r) => r.missing === '')).toBe(true)
    for (const engine of ['interpreter', 'postgres']) {
      const other = await fupin([
        'rules',
        'evaluate',
        ...ppi,
        '--id',
        'ppi.per2012_partial',
        '--in',
        at,
        '--out',
        file(`${engine}.csv`),
        '--engine',
        engine,
      ])
      expect(other.status, other.err).toBe(0)
      expect(text(`${engine}.csv`)).toBe(text('enaho.csv'))
    }
  })

  it('leaves the value empty and names the blanked cells, sorted, in all three engines', async () => {
    const { names, rows } = proxies()
    const blank = (row: string[], ...fields: string[]): string[] => row.map((cell, i) => (fields.includes(names[i]!) ? '' : cell))
    const gas = rows.find((r) => r[names.indexOf('d_fuel_gas')] === '1' && r[names.indexOf('d_wall_brickcement')] === '1')!
    const given = [gas, blank(gas, 'refrigerator'), blank(gas, 'refrigerator', 'd_fuel_gas', 'd_wall_brickcement'), blank(gas, 'internet')]
    writeFileSync(file('blank.csv'), toCsv(given.map((row) => Object.fromEntries(names.map((n, i) => [n, row[i]!])))))
    const files: string[] = []
    for (const engine of ['duckdb', 'interpreter', 'postgres']) {
      await fupin([
        'rules',
        'evaluate',
        ...ppi,
        '--id',
        'ppi.per2012_partial',
        '--in',
        file('blank.csv'),
        '--out',
        file('blank.out.csv'),
        '--engine',
        engine,
      ])
      files.push(text('blank.out.csv'))
    }
    expect(new Set(files).size).toBe(1)
    const out = csv(file('blank.out.csv'))
    expect(out.map((r) => r.missing)).toEqual(['', 'refrigerator', 'd_fuel_gas;d_wall_brickcement;refrigerator', ''])
    expect(out.map((r) => r.value === '')).toEqual([false, true, true, false])
    expect(out[3]!.value).toBe(out[0]!.value)
  })

  it.each(['VNM2009', 'VNM2023'])('%s: every answer sheet, score and likelihood exact to the text, in all three engines', async (name) => {
    type Sheet = { answers: Record<string, string>; score: number | Record<string, number>; likelihood: Record<string, number> }
    const sheets = json<Record<string, Sheet[]>>('ppi/vectors.json')[name]!
    const look = readFileSync(join(sharedData, `ppi/lookup-${name}.csv`), 'utf8')
      .trim()
      .split(/\r?\n/)
      .map((l) => l.split(',').map((c) => c.replaceAll('"', '')))
    writeFileSync(
      file(`${name}.csv`),
      toCsv(sheets.map((s) => Object.fromEntries(Object.entries(s.answers).map(([q, a]) => [`q${q}`, a])))),
    )
    // The later card names its lines otherwise in the look-up table: percentile20 for Bottom 20th Percentile.
    const columnOf = (line: string): number => Math.max(look[0]!.indexOf(line), look[0]!.indexOf(`percentile${/\d+/.exec(line)?.[0]}`))
    const files: string[] = []
    for (const engine of ['duckdb', 'interpreter', 'postgres']) {
      const args = [
        'rules',
        'evaluate',
        ...ppi,
        '--id',
        `ppi.${name.toLowerCase()}`,
        '--in',
        file(`${name}.csv`),
        '--out',
        file('sheet.csv'),
        '--engine',
        engine,
      ]
      expect((await fupin(args)).status).toBe(0)
      files.push(text('sheet.csv'))
    }
    expect(new Set(files).size).toBe(1)
    const out = csv(file('sheet.csv'))
    expect(out.length).toBe(sheets.length)
    for (const [i, sheet] of sheets.entries()) {
      const row = out[i]!
      if (typeof sheet.score === 'number') expect(row.value).toBe(String(sheet.score))
      else for (const [line, score] of Object.entries(sheet.score)) expect(row[`value_${safeKey(line)}`]).toBe(String(score))
      for (const [line, likelihood] of Object.entries(sheet.likelihood)) {
        const score = typeof sheet.score === 'number' ? sheet.score : sheet.score[line]!
        const source = look.find((r) => r[0] === String(score))![columnOf(line)]!
        expect([line, row[`likelihood_${safeKey(line)}`]]).toEqual([line, source])
        expect(Number(row[`likelihood_${safeKey(line)}`])).toBe(likelihood)
      }
    }
  })
})

describe.skipIf(!here)('check-id', () => {
  it.each(['gb11643', 'gb32100'])('%s: every number of the vectors', async (kind) => {
    const vectors = json<Record<string, { value: string; expected: boolean }[]>>('codes/vectors.json')[kind]!
    writeFileSync(file('numbers.csv'), toCsv(vectors.map(({ value }) => ({ value }))))
    expect((await fupin(['check-id', '--kind', kind, '--in', file('numbers.csv'), '--out', file('checked.csv')])).status).toBe(0)
    const out = csv(file('checked.csv'))
    expect(Object.keys(out[0]!)).toEqual(['value', 'valid', 'reason'])
    expect(out.map((r) => [r.value, r.valid])).toEqual(vectors.map((v) => [v.value, String(v.expected)]))
    expect(out.every((r) => (r.valid === 'true') === (r.reason === ''))).toBe(true)
  })
})

describe.skipIf(!here)('identify on another book and real households', () => {
  it('draws the lines that the definition gives, and lists accordingly', async () => {
    const { names, rows } = proxies()
    const counties = readDivisions()
      .counties.slice(0, 12)
      .map((c) => c.code)
    const card = json<PartialCard>('ppi/scorecard-PER2012-partial.json')
    const wanted = Object.values(card.enahoMapping).flatMap((m) => Object.values(m).flatMap((c) => (Array.isArray(c) ? c : [])))
    const households = rows.map((row, i) => ({
      id: `H${i + 1}`,
      county: counties[(i * 7919) % 12]!,
      persons: 1 + ((i * 31 + (i >> 3)) % 7),
      score: partialScore(card, (column) => row[names.indexOf(column)] === '1'),
      cells: Object.fromEntries(wanted.map((n) => [n, row[names.indexOf(n)]!])),
    }))
    const quotas = new Map(
      counties.map((c, i) => [c, Math.round((households.filter((h) => h.county === c).reduce((n, h) => n + h.persons, 0) * (i + 1)) / 13)]),
    )
    writeFileSync(
      file('households.csv'),
      toCsv(households.map((h) => ({ household_id: h.id, county_code: h.county, persons: String(h.persons), ...h.cells }))),
    )
    writeFileSync(file('quota.csv'), toCsv([...quotas].map(([county_code, persons]) => ({ county_code, persons: String(persons) }))))
    const ended = await fupin([
      'identify',
      ...ppi,
      '--survey',
      file('households.csv'),
      '--quota',
      file('quota.csv'),
      '--out',
      file('ppi'),
      '--formats',
      'csv',
    ])
    // The partial card asks fewer of the columns than the book knows: absent columns of other questions are no finding.
    expect(ended.status, ended.err).toBe(0)

    const lines = new Map(csv(join(file('ppi'), 'lines.csv')).map((l) => [l.county_code!, l]))
    const list = new Map(csv(join(file('ppi'), 'list.csv')).map((l) => [l.household_id!, l]))
    expect(list.size).toBe(households.length)
    for (const county of counties) {
      const own = households.filter((h) => h.county === county)
      const upTo = (score: number): number => own.filter((h) => h.score <= score).reduce((n, h) => n + h.persons, 0)
      const scores = [...new Set(own.map((h) => h.score))].sort((a, b) => a - b)
      const line = scores.reduce((best, s) =>
        Math.abs(upTo(s) - quotas.get(county)!) < Math.abs(upTo(best) - quotas.get(county)!) ? s : best,
      )
      expect(lines.get(county)).toMatchObject({
        line: String(line),
        inside_persons: String(upTo(line)),
        deviation: String(upTo(line) - quotas.get(county)!),
      })
      for (const h of own)
        expect([h.id, list.get(h.id)!.score, list.get(h.id)!.verdict]).toEqual([
          h.id,
          String(h.score),
          h.score <= line ? 'listed' : 'not_listed',
        ])
    }
  })
})

describe.skipIf(!here)('farm households of the world in the income formula', () => {
  it('gives net income and income a head to the cent, and who is below the line', async () => {
    const dump = gunzipSync(readFileSync(join(sharedData, 'households/rhomis-hhinfo.csv.gz'))).toString('utf8')
    writeFileSync(file('rhomis.csv'), dump)
    const number = (value: string | undefined): number | null => (value === undefined || value === '' ? null : Number(value))
    // Currency of each country to a common one, to whole cents: the mapping renames columns and does no arithmetic.
    const all = csv(file('rhomis.csv')).filter((r) => Number(r.hh_size_members) >= 1 && Number(r.currency_conversion_lcu_to_ppp) > 0)
    const cents = (r: Record<string, string>, column: string): number | null => {
      const value = number(r[column])
      return value === null ? null : Math.round((100 * value) / Number(r.currency_conversion_lcu_to_ppp))
    }
    const columns = ['crop_income_lcu_per_year', 'livestock_income_lcu_per_year', 'off_farm_income_lcu_per_year']
    const households = all
      .map((r) => ({ id: r.hhid!, size: Math.trunc(Number(r.hh_size_members)), parts: columns.map((c) => cents(r, c)) }))
      .filter((h) => h.size <= 40 && h.parts.every((p) => p === null || (p >= 0 && p < 2e8)))
    expect(households.length).toBeGreaterThan(4000)
    const yuan = (c: number | null): string => (c === null ? '' : `${Math.trunc(c / 100)}.${String(c % 100).padStart(2, '0')}`)
    const survey = join(folder, 'rhomis')
    mkdirSync(survey)
    writeFileSync(
      join(survey, 'households.csv'),
      toCsv(households.map((h) => ({ hhid: h.id, crops: yuan(h.parts[0]!), livestock: yuan(h.parts[1]!), off_farm: yuan(h.parts[2]!) }))),
    )
    writeFileSync(
      join(survey, 'members.csv'),
      toCsv(households.flatMap((h) => Array.from({ length: h.size }, (_, i) => ({ household_id: h.id, member_no: String(i + 1) })))),
    )
    const none = (
      'rice maize vegetable fruit sugarcane timber anise other_forest cattle pig poultry silk fishery other_business land_rent other_property family_planning pension border dibao remittance other_transfer'
        .split(' ')
        .map((n) => `${n}_income`) as string[]
    ).concat(
      'restored_forest_subsidy grain_subsidy seed_subsidy input_subsidy machine_subsidy fertiliser_cost pesticide_cost seed_cost hire_cost other_cost'.split(
        ' ',
      ),
    )
    writeFileSync(
      join(survey, 'mapping.yaml'),
      `households:\n  columns: {hhid: household_id, crops: other_crop_income, livestock: other_stock_income, off_farm: wage_income}\n  constants: {${none.map((n) => `${n}: "0"`).join(', ')}}\n`,
    )
    const ask = async (id: string): Promise<Record<string, string>[]> => {
      const ended = await fupin([
        'rules',
        'evaluate',
        '--book',
        'rulebook/books/fupin',
        '--id',
        id,
        '--in',
        survey,
        '--out',
        file('income.csv'),
      ])
      expect(
        ended.err
          .split('\n')
          .filter((l) => l.includes('households'))
          .join('\n'),
      ).toBe('')
      return csv(file('income.csv'))
    }
    const names = ['other_crop_income', 'other_stock_income', 'wage_income']
    const net = await ask('income.net')
    const head = await ask('income.per_head')
    expect(net.length).toBe(households.length)
    let [poor, unknown] = [0, 0]
    for (const [i, h] of households.entries()) {
      const missing = names
        .filter((_, k) => h.parts[k] === null)
        .sort()
        .join(';')
      expect([h.id, net[i]!.missing]).toEqual([h.id, missing])
      if (missing) {
        unknown++
        expect([net[i]!.value, head[i]!.value]).toEqual(['', ''])
        continue
      }
      const sum = h.parts.reduce((n: number, p) => n + p!, 0)
      const each = Math.floor((2 * sum + h.size) / (2 * h.size))
      expect([h.id, net[i]!.value, head[i]!.value]).toEqual([h.id, yuan(sum), yuan(each)])
      if (each < 1.9 * 365 * 100) poor++
    }
    expect(poor).toBeGreaterThan(1500)
    expect(poor + unknown).toBeLessThan(households.length)
  })
})
