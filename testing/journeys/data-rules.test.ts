import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { csv, type Ended, fupin } from './command-line.ts'

type Row = Record<string, string>

const folder = mkdtempSync(join(tmpdir(), 'fupin-data-rules-'))
const made = join(folder, 'made')
const out = join(folder, 'errors')
const call = [
  'survey',
  'errors',
  '--book',
  'rulebook/books/fupin',
  '--survey',
  join(made, 'survey'),
  '--departments',
  join(made, 'departments'),
]
let ended: Ended
let errors: Row[]
let planted: Row[]

const households = (rows: Row[]): string[] => [...new Set(rows.map((r) => r.household_id ?? ''))].sort()

beforeAll(async () => {
  expect((await fupin(['synth', '--households', '2500', '--seed', '5', '--county', '450621', '--out', made])).status).toBe(0)
  ended = await fupin([...call, '--out', out, '--found-on', '2015-11-20'])
  errors = csv(join(out, 'errors.csv'))
  planted = csv(join(made, 'truth', 'errors.csv'))
}, 180_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('fupin survey errors on a made-up county', () => {
  test('ends with findings and says how many, and that the term is a default', () => {
    expect(ended.status).toBe(1)
    expect(ended.err).toMatch(/新发现 \d+，未整改 0，已整改 0/)
    expect(ended.err).toContain('2015-12-05 前改正（15 天，默认值，没有文件出处）')
  })

  test('contradictions that the rules call errors are the planted ones, and no others', () => {
    const dead = households(planted.filter((p) => p.kind === 'dead_on_card'))
    const twice = households(planted.filter((p) => p.kind === 'in_two_households'))
    expect(dead.length + twice.length).toBeGreaterThan(5)
    const found = errors.filter((e) => e.code?.startsWith('check.') && e.severity === 'error')
    const blind = new Set(households(planted.filter((p) => p.file === 'residence' || p.column === 'id_number')))
    expect(households(found).filter((h) => !dead.includes(h) && !twice.includes(h))).toEqual([])
    // A dead person whose number or registered name was written wrongly cannot be matched; everyone else is found.
    expect(dead.filter((h) => !blind.has(h) && !households(found).includes(h))).toEqual([])
  })

  test('blanks are asked for only where an answer was left open or refused by the reader', () => {
    const open = new Set([...households(planted), ...households(errors.filter((e) => e.finds === 'reading'))])
    const blanks = errors.filter((e) => ['check.conditions_blank', 'check.work_half_filled', 'check.member_blank'].includes(e.code ?? ''))
    expect(blanks.length).toBeGreaterThan(50)
    expect(households(blanks).filter((h) => !open.has(h))).toEqual([])
  })

  test('areas add up to the lines', () => {
    const areas = csv(join(out, 'areas.csv'))
    const sum = (level: string, column: string): number => areas.filter((a) => a.level === level).reduce((n, a) => n + Number(a[column]), 0)
    const placed = errors.filter((e) => e.village_code !== '')
    expect(sum('village', 'errors') + sum('village', 'doubts')).toBe(placed.length)
    expect(sum('township', 'households')).toBe(sum('all', 'households'))
  })

  test('the same survey against its own list has nothing new and nothing corrected', async () => {
    const again = join(folder, 'again')
    const next = await fupin([...call, '--out', again, '--found-on', '2015-12-20', '--before', join(out, 'errors.csv')], 'en')
    expect(next.status).toBe(1)
    expect(next.err).toContain(`New 0, still open ${errors.filter((e) => e.household_id).length}, corrected 0`)
    const rows = csv(join(again, 'errors.csv'))
    expect(rows.every((r) => r.found_on === '2015-11-20' && r.due_on === '2015-12-05')).toBe(true)
    const [all] = csv(join(again, 'areas.csv'))
    expect(all).toMatchObject({ level: 'all', overdue: String(rows.length), findings_per_100: all!.before_per_100! })
    expect(
      csv(join(again, 'trend.csv'))
        .filter((t) => t.level === 'all')
        .map((t) => t.found_on),
    ).toEqual(['2015-11-20', '2015-12-20'])
  }, 120_000)
})
