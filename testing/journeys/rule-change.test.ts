import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { booksFolder } from '@fupin/rulebook/shelf/open-book.ts'
import type { Cells, Simulation } from '@fupin/rulebook/shelf/simulate-rules.ts'
import type { ComparedLists } from '@fupin/whom/identification/compare-lists.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csv, fupin } from './command-line.ts'

type Told = Omit<Simulation, 'changed'> & {
  changed: number
  list: { verdicts: ComparedLists['verdicts']; counties: ComparedLists['counties']; moves: number }
}

const folder = mkdtempSync(join(tmpdir(), 'fupin-rule-change-'))
const made = join(folder, 'made')
const changed = join(folder, 'book')
const counties = ['450621', '451024']
const input = ['--in', join(made, 'survey'), '--departments', join(made, 'departments'), '--quota', join(made, 'quota.csv')]
let told: Told

beforeAll(async () => {
  await fupin(['synth', '--households', '700', '--seed', '5', '--county', counties.join(), '--out', made])
  cpSync(join(booksFolder, 'fupin'), changed, { recursive: true })
  const edit = (file: string, from: string | RegExp, to: string): void => {
    const before = readFileSync(join(changed, file), 'utf8')
    const after = before.replace(from, to)
    expect(after).not.toBe(before)
    writeFileSync(join(changed, file), after)
  }
  // The vehicle veto from 30,000 to 80,000 yuan; the second step of floor area from 25 to 35 square metres.
  edit('450000-guangxi/params.yaml', 'value: 30000, cite', 'value: 80000, cite')
  edit('450000-guangxi/params-items.yaml', /(item_area_2.*value: )25/, '$135')
  const ended = await fupin([
    'rules',
    'simulate',
    '--from',
    'rulebook/books/fupin',
    '--to',
    changed,
    ...input,
    '--out',
    join(folder, 'changes.csv'),
    '--json',
  ])
  // 1, because the survey has planted errors.
  expect(ended.status, ended.err).toBe(1)
  told = JSON.parse(ended.out) as Told
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const households = (cells: Cells): number => Object.values(cells).reduce((n, c) => n + c.households, 0)
const moved = (id: string, was: (before: string, after: string) => boolean): number =>
  csv(join(folder, 'changes.csv')).filter((r) => r.rule === id && was(r.before!, r.after!)).length

describe('rules simulate', () => {
  it('asks only what the change touches', () => {
    expect(told.rules.map((r) => r.id).sort()).toEqual(['guangxi-2015', 'item.house_area', 'veto.vehicle'])
    expect(told.from).not.toBe(told.to)
  })

  it('passes its own checks: cells add up, A against A gives nothing, the interpreter finds the same differences', () => {
    expect(told.checks).toMatchObject({ cellsAddUp: true, sameAgainstSame: true, sample: { differing: 0 } })
    expect(told.checks.sample.households).toBeGreaterThan(150)
    for (const rule of told.rules) {
      expect(households(rule.cells)).toBe(told.population.households)
      for (const parts of [rule.counties, rule.villages])
        expect(Object.values(parts).reduce((n, cells) => n + households(cells), 0)).toBe(told.population.households)
      expect(Object.keys(rule.counties).sort()).toEqual(counties)
    }
  })

  it('tells of a yes/no rule where households go, cell by cell, as the file of households has it', () => {
    const { cells } = told.rules.find((r) => r.id === 'veto.vehicle')!
    expect(Object.keys(cells)).toHaveLength(9)
    expect(cells['true>false']!.households).toBeGreaterThan(10)
    expect(cells['false>true']!.households).toBe(0)
    expect(moved('veto.vehicle', (b, a) => b === 'true' && a === 'false')).toBe(cells['true>false']!.households)
  })

  it('tells of a number who goes up and down, and the sums', () => {
    const area = told.rules.find((r) => r.id === 'item.house_area')!
    expect(area.cells.up!.households).toBe(0)
    expect(area.cells.down!.households).toBeGreaterThan(50)
    expect(moved('item.house_area', (b, a) => b !== '' && a !== '' && Number(a) < Number(b))).toBe(area.cells.down!.households)
    expect(area.sums!.after).toBeLessThan(area.sums!.before)
  })

  it('tells who enters and who leaves the list at the same quota, as two runs of the main job do', async () => {
    const lists: Map<string, string>[] = []
    for (const [name, book] of [
      ['a', 'rulebook/books/fupin'],
      ['b', changed],
    ] as const) {
      const [, survey, ...rest] = input
      const out = join(folder, name)
      await fupin(['identify', '--book', book, '--survey', survey!, ...rest, '--out', out, '--formats', 'csv'])
      lists.push(new Map(csv(join(out, 'list.csv')).map((r) => [r.household_id!, r.verdict!])))
    }
    const [before, after] = lists as [Map<string, string>, Map<string, string>]
    const verdicts: Record<string, number> = {}
    for (const [id, verdict] of after) verdicts[`${before.get(id)}>${verdict}`] = (verdicts[`${before.get(id)}>${verdict}`] ?? 0) + 1
    expect(Object.fromEntries(Object.entries(told.list.verdicts).map(([cell, p]) => [cell, p.households]))).toEqual(verdicts)
    const moves = csv(join(folder, 'changes.csv')).filter((r) => r.rule === 'list')
    expect(moves.length).toBe(told.list.moves)
    for (const move of moves) expect([before.get(move.household_id!), after.get(move.household_id!)]).toEqual([move.before, move.after])
    const entering = [...after].filter(([id, v]) => v === 'listed' && before.get(id) !== 'listed').length
    expect(told.list.counties.reduce((n, c) => n + c.enters.households, 0)).toBe(entering)
  })

  it('says that the people are invented', () => {
    expect(readFileSync(join(folder, 'changes.csv'), 'utf8')).toContain('made-up data')
  })

  it('of a book against itself touches nothing and moves nobody', async () => {
    const ended = await fupin(
      ['rules', 'simulate', '--from', 'rulebook/books/fupin', '--to', 'rulebook/books/fupin', ...input, '--json'],
      'en',
    )
    const same = JSON.parse(ended.out) as Told
    expect(same.rules).toEqual([])
    expect(same.list.moves).toBe(0)
    expect(same.changed).toBe(0)
  })
})
