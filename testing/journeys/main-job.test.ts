import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { CompiledRule } from '@fupin/rulebook/engine/compile/compiled.ts'
import { Interpreter } from '@fupin/rulebook/engine/run.ts'
import { booksFolder, openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { readFactsFrom } from '@fupin/rulebook/shelf/read-facts.ts'
import { rulesByCounty } from '@fupin/whom/identification/county-rules.ts'
import { type Standing, verdictOf } from '@fupin/whom/identification/identification.rules.ts'
import type { RunRecord } from '@fupin/whom/identification/run-record.ts'
import { standing } from '@fupin/whom/identification/why.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csv, type Ended, fupin, partOf } from './command-line.ts'

type Row = Record<string, string>

const folder = mkdtempSync(join(tmpdir(), 'fupin-main-job-'))
const made = join(folder, 'made')
const [first, second, without] = ['first', 'second', 'without'].map((name) => join(folder, name)) as [string, string, string]
const counties = ['450621', '451024']
const survey = ['--book', 'rulebook/books/fupin', '--survey', join(made, 'survey'), '--quota', join(made, 'quota.csv')]
const departments = ['--departments', join(made, 'departments')]

let book: Book
let ended: Ended
let record: RunRecord
let list: Row[]
/** What the interpreter says of every household, from the facts that the run froze. */
let stands: Map<string, Standing & { county: string; persons: number; known: number }>
let rules: Map<string, CompiledRule>

const run = (out: string): RunRecord => JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as RunRecord

beforeAll(async () => {
  expect((await fupin(['synth', '--households', '1000', '--seed', '11', '--county', counties.join(), '--out', made])).status).toBe(0)
  ended = await fupin(['identify', ...survey, ...departments, '--out', first])
  record = run(first)
  list = csv(join(first, 'list.csv'))
  book = await openWholeBook(join(booksFolder, 'fupin'))
  const groups = rulesByCounty(book, 'guangxi-2015', counties, book.referenceDate)
  rules = new Map(groups.flatMap((g) => g.counties.map((c) => [c, g.scorecard] as const)))
  stands = await interpreted(first)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function interpreted(out: string): Promise<typeof stands> {
  const duck = await Duck.open()
  try {
    const root = book.dictionary.entities.household!
    for (const entity of ['household', ...Object.values(root.lists).map((l) => l.entity)])
      await duck.run(`create table ${quoteName(entity)} as from read_parquet(${quoteText(join(out, 'snapshot', `${entity}.parquet`))})`)
    const rows = await duck.rows<{ key: number; id: string; county: string }>(
      'select _key as key, household_id as id, county_code as county from household',
    )
    const named = new Map(rows.map((r) => [r.key, r]))
    const interpreter = new Interpreter()
    const all = await readFactsFrom(duck, book.dictionary, 'household', { read: null, table: quoteName })
    return new Map(
      all.map(({ key, facts }) => {
        const { id, county } = named.get(key)!
        const scorecard = rules.get(county)!
        const known = interpreter.evaluate(Object.values(scorecard.score!.lines)[0]!.known, [facts]) as number
        return [id, { ...standing(interpreter, scorecard, facts), county, known, persons: (facts.members as unknown[]).length }]
      }),
    )
  } finally {
    duck.close()
  }
}

/** The line by its definition: of the scores that occur, the one whose cumulative persons are closest to the quota; a tie to the lower. */
function lineByHand(county: string, points: 'known' | 'least' | 'most', doubtful: 'in' | 'out', quota: number): number {
  const counted = [...stands.values()].filter(
    (s) =>
      s.county === county &&
      s.inScope !== false &&
      !s.vetoes.includes(true) &&
      (doubtful === 'in' || (s.inScope === true && !s.vetoes.includes(undefined))),
  )
  const off = (score: number): number => Math.abs(counted.filter((s) => s[points] <= score).reduce((n, s) => n + s.persons, 0) - quota)
  const scores = [...new Set(counted.map((s) => s[points]))].sort((a, b) => a - b)
  return scores.reduce((best, score) => (off(score) < off(best) ? score : best))
}

describe('the main job on a made-up county', () => {
  it('ends with findings, because errors were planted, and says so', () => {
    expect(ended.status, ended.err).toBe(1)
    expect(record.counts.errors).toBeGreaterThan(0)
    expect(record.counts.households + csv(join(made, 'truth/errors.csv')).filter((e) => e.kind === 'duplicate_household').length).toBe(1000)
    expect(ended.err).toContain('默认值')
  })

  it('says of every household what the interpreter says', () => {
    expect(list.length).toBe(stands.size)
    const lines = new Map(csv(join(first, 'lines.csv')).map((l) => [l.county_code!, [Number(l.low), Number(l.high)] as const]))
    for (const row of list) {
      const own = stands.get(row.household_id!)!
      const [low, high] = lines.get(own.county)!
      expect([row.household_id, row.verdict]).toEqual([row.household_id, verdictOf(own, low, high, 'higher_is_better_off')])
      expect([row.score_least, row.score_most]).toEqual([String(own.least), String(own.most)])
      const vetoes = rules.get(own.county)!.score!.vetoes.flatMap((v, i) => (own.vetoes[i] === true ? [v.id] : []))
      expect(row.vetoes).toBe(vetoes.join(';'))
      expect(row.score).toBe(own.least === own.most && row.gaps === '0' ? String(own.least) : row.score)
    }
    expect(new Set(list.map((r) => r.verdict))).toEqual(new Set(['listed', 'not_listed', 'vetoed', 'undecided', 'out_of_scope']))
  })

  it('draws each line six ways, each the closest to the quota', () => {
    const quotas = new Map(csv(join(made, 'quota.csv')).map((q) => [q.county_code!, Number(q.persons)]))
    expect(record.lines.map((l) => l.county)).toEqual(counties)
    for (const line of record.lines) {
      expect(line.draws).toHaveLength(6)
      for (const { points, doubtful, line: drawn } of line.draws)
        expect([line.county, points, doubtful, drawn]).toEqual([
          line.county,
          points,
          doubtful,
          lineByHand(line.county, points, doubtful, quotas.get(line.county)!),
        ])
      const all = line.draws.map((d) => d.line!)
      if (new Set(all).size === 1) expect(line).toMatchObject({ line: all[0], interval: null })
      else expect(line).toMatchObject({ line: null, interval: { low: Math.min(...all), high: Math.max(...all) } })
    }
  })

  it('counts the score table over households in scope without a proven veto', () => {
    for (const county of counties) {
      const counted = [...stands.values()].filter((s) => s.county === county && s.inScope !== false && !s.vetoes.includes(true))
      const table = csv(join(first, 'score_table.csv')).filter((r) => r.county_code === county)
      expect(table.reduce((n, r) => n + Number(r.households), 0)).toBe(counted.length)
      expect(Number(table.at(-1)!.cumulative_persons)).toBe(counted.reduce((n, s) => n + s.persons, 0))
      for (const row of table)
        expect(Number(row.persons)).toBe(counted.filter((s) => s.known === Number(row.score)).reduce((n, s) => n + s.persons, 0))
    }
  })

  it('finds every veto that was planted and not hidden by a planted error, and none besides', () => {
    const truth = new Map(csv(join(made, 'truth/households.csv')).map((t) => [t.household_id!, t]))
    const hidden = new Set(
      csv(join(made, 'truth/errors.csv'))
        .filter((e) => e.kind !== 'missing_answer' || e.file === 'households')
        .map((e) => e.household_id),
    )
    const planted: Record<string, string> = {
      'veto.business': 'company',
      'veto.public_post': 'on_payroll',
      'veto.town_property': 'town_home',
      'veto.away_three_years': 'away',
    }
    const behind: Record<string, string[]> = {
      'veto.business': ['company'],
      'veto.public_post': ['on_payroll'],
      'veto.town_property': ['town_home', 'land_right'],
      'veto.away_three_years': ['away', 'shell'],
      'veto.vehicle': ['car', 'large_machine'],
      'veto.refuses_work': ['refuses_work'],
      'veto.shell_household': ['shell', 'split'],
    }
    let found = 0
    for (const row of list) {
      const t = truth.get(row.household_id!)!
      const vetoes = row.vetoes!.split(';').filter(Boolean)
      if (!hidden.has(row.household_id!))
        for (const [veto, flag] of Object.entries(planted))
          if (t[flag] === '1') {
            expect([row.household_id, ...vetoes]).toContain(veto)
            found++
          }
      for (const veto of vetoes)
        if (behind[veto])
          expect([row.household_id, veto, behind[veto].some((flag) => t[flag] === '1')]).toEqual([row.household_id, veto, true])
    }
    expect(found).toBeGreaterThan(30)
  })

  it('leaves households outside the round uncounted', () => {
    const outside = list.filter((r) => r.verdict === 'out_of_scope')
    expect(outside.length).toBeGreaterThan(0)
    for (const row of outside) expect(stands.get(row.household_id!)!.inScope).toBe(false)
  })

  it('marks who flips when the line moves by a point', () => {
    for (const { county, line } of record.lines) {
      if (line === null) continue
      for (const row of list.filter((r) => r.county_code === county && r.in_band === 'true'))
        expect([line, line + 1]).toContain(Number(row.score))
    }
  })
})

describe('a second run', () => {
  it('gives the same digests and the same list', async () => {
    await fupin(['identify', ...survey, ...departments, '--out', second])
    const again = run(second)
    expect(again.digests).toEqual(record.digests)
    expect(again.inputs).toEqual(record.inputs)
    expect(again.database).toEqual(record.database)
    expect(readFileSync(join(second, 'list.csv'), 'utf8')).toBe(readFileSync(join(first, 'list.csv'), 'utf8'))
  })
})

describe('without a department', () => {
  it('never says that its veto is false, names what was not compared, and does not list on a guess', async () => {
    const other = join(folder, 'other')
    cpSync(join(made, 'departments'), other, { recursive: true })
    for (const file of readdirSync(other)) if (file.startsWith('vehicles.')) rmSync(join(other, file))
    const told = await fupin(['identify', ...survey, '--departments', other, '--out', without])
    const lacking = run(without)
    const vehicle = lacking.vetoes.find((v) => v.id === 'veto.vehicle')!
    expect(vehicle.false).toBe(0)
    expect(vehicle.unknown).toBeGreaterThan(700)
    expect(lacking.departments.find((d) => d.list === 'vehicles')).toMatchObject({ state: 'absent' })
    expect(told.err).toContain('8/9')
    expect(lacking.counts.verdicts.listed?.households ?? 0).toBe(0)
    const open = csv(join(without, 'list.csv')).filter((r) => r.verdict === 'undecided')
    expect(open.length).toBeGreaterThan(150)
    expect(open.every((r) => r.missing!.split(';').includes('vehicles'))).toBe(true)
  })
})

describe('the files written', () => {
  it('agree in their three formats and say that the people are invented', async () => {
    const duck = await Duck.open()
    try {
      for (const name of ['list', 'score_table', 'lines', 'causes', 'hits', 'findings']) {
        const rows = csv(join(first, `${name}.csv`))
        const parquet = join(first, `${name}.parquet`)
        const { n } = (await duck.one<{ n: number }>(`select count(*) as n from read_parquet(${quoteText(parquet)})`))!
        expect([name, rows.length]).toEqual([name, n])
        expect(rows.every((r) => r['说明 / note']!.includes('made-up data'))).toBe(true)
        // What rests on the points says how many of its rules are defaults; records and findings do not rest on them.
        const defaults = `${record.defaults.rules} of ${record.defaults.of} rules are defaults`
        const rests = !['hits', 'findings'].includes(name)
        expect([name, rows.every((r) => r['说明 / note']!.includes(defaults))]).toEqual([name, rests])
        const [note] = await duck.rows<{ value: string }>(
          `select decode(value) as value from parquet_kv_metadata(${quoteText(parquet)}) where decode(key) = 'note'`,
        )
        expect(note!.value).toContain('made-up data')
      }
      expect(record.made_up).toBe(true)
      const fromParquet = await duck.rows<Row>(
        `select household_id, verdict, score_least::varchar as least, reason_zh from read_parquet(${quoteText(join(first, 'list.parquet'))})`,
      )
      expect(fromParquet).toEqual(
        list.map((r) => ({ household_id: r.household_id, verdict: r.verdict, least: r.score_least, reason_zh: r.reason_zh })),
      )
    } finally {
      duck.close()
    }
  })

  it('hold no formula, and numbers of people as text, in workbooks', async () => {
    const sheet = await partOf(join(first, 'list.xlsx'), 'xl/worksheets/sheet1.xml')
    expect(sheet).toContain('made-up data')
    expect(sheet).not.toMatch(/<f[ >]/)
    for (const row of [list[0]!, list.at(-1)!])
      for (const number of [row.household_id!, row.village_code!]) {
        expect(sheet).toMatch(new RegExp(`t="(inlineStr|str)"[^>]*>(<is>)?<[tv][^>]*>${number}<`))
      }
  })
})
