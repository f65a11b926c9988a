import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Ledger } from '@fupin/rulebook/engine/figures/ledger.ts'
import { publishedPage } from '@fupin/rulebook/engine/figures/published-page.ts'
import { booksFolder } from '@fupin/rulebook/shelf/open-book.ts'
import { openFigures } from '@fupin/rulebook/shelf/open-figures.ts'
import { fupin } from '@fupin/testing/journeys/command-line.ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { checksText, runChecks } from '../figures/print-checks.ts'
import { planRows } from '../figures/print-plans.ts'
import { countGaps, findCells } from '../figures/print-tables.ts'

const root = resolve(import.meta.dirname, '../../..')
let opened: Awaited<ReturnType<typeof openFigures>>
beforeAll(async () => {
  opened = await openFigures(`${booksFolder}fupin`)
})

test('docs/published-figures.md is what the book computes', () => {
  expect(publishedPage(opened.book, opened.published)).toBe(readFileSync(join(root, 'docs/published-figures.md'), 'utf8'))
})

describe('the checks in words', () => {
  test('name the figures that do not add up, with what would make them fit', () => {
    const { book, published } = opened
    const zh = checksText(runChecks(published, book), published, book, 'zh')
    expect(zh).toContain(
      '交乐村贫困发生率：印的是 20.68%，算出 467 人 ÷ 2741 人 = 17.04%，对不上。要对得上：贫困人口要为 567 人，或总人口为 2258 人',
    )
    expect(zh).toContain('印的是 2.75%，算出 (16,473 人 − 11,348 人) ÷ (16,473 人 ÷ 8.14%) = 2.53%，对不上')
    const en = checksText(runChecks(published, book), published, book, 'en')
    expect(en).toContain(
      'Jiaole rate: printed 20.68%; 467 persons ÷ 2741 persons = 17.04%; does not agree. To fit: poor people 567 persons, or persons in all 2258 persons',
    )
    // The list at the head of the catalogue's part B, which was made by hand.
    const wrong = [2, 3, 13, 17, 27, 34, 49, 50, 54, 65, 66, 81, 87, 89, 96, 97].map((n) => `AC-${String(n).padStart(2, '0')}`)
    expect(en).toContain(`105 figures computed again; 16 do not add up as printed: ${wrong.join(', ')}.`)
  })
})

describe('the two counts of the poor', () => {
  test('stand beside each other with their difference', () => {
    const { book, published } = opened
    const gaps = countGaps(findCells(published, {}), new Ledger(published, book.figures))
    expect(gaps.map((g) => [g.place, g.year, g.difference])).toEqual([
      ['000000', 2015, '55'],
      ['450000', 2015, '0'],
    ])
  })

  test('are asked for by table, area, year and series', () => {
    const names = (filter: Parameters<typeof findCells>[1]): string[] => findCells(opened.published, filter).map((f) => f.cell.name)
    expect(names({ table: 'F-004', year: '2017' })).toEqual(['poor_filed', 'rate'])
    expect(names({ series: 'poor', year: '2015' })).toEqual(['poor_sample', 'poor_filed'])
    expect(names({ area: '451227102202', table: 'F-036' })).toContain('jiaole_rate')
    expect(names({ series: 'no_such_series' })).toEqual([])
  })
})

test('both versions of the exit plan stand beside what came, by year', () => {
  const { book, published } = opened
  const rows = planRows(published, new Ledger(published, book.figures)).filter((r) => r.measure.startsWith('exit_'))
  const told = rows.map((r) => [r.measure, r.year, r.plans.map((p) => `${p.plan} ${p.cell.amount?.low}`), r.gaps.map((g) => g.gap)])
  expect(told).toContainEqual(['exit_persons', 2016, ['gx-plan-135 120'], ['-9']])
  expect(told).toContainEqual(['exit_persons', 2017, ['gx-plan-135 110'], ['-36', '-10']])
  expect(told).toContainEqual(['exit_villages', 2017, ['gx-plan-135 1300'], ['-244']])
  expect(told).toContainEqual(['exit_counties', 2018, ['gx-plan-135 20', 'gx-opinions-2018 14'], []])
})

test.for([
  [['rules', 'figures', '--checks'], 0, 'AC-96'],
  [['rules', 'figures', '--checks', '--id', 'AC-66', '--json'], 0, '"doesNotAddUp": true'],
  [['rules', 'figures', '--series', 'nat_poor'], 0, '相差 55 万人'],
  [['rules', 'figures', '--table', 'F-999'], 1, '没有这样的数'],
  [['rules', 'figures', '--contradictions', '--id', 'K-16'], 0, '两个序列'],
  [['rules', 'tags', '--county', '田阳县', '--on', '2017-05-01'], 0, 'contiguous'],
  [['rules', 'tags', '--county', '不是县'], 2, '没有“不是县”这个县'],
] as const)('fupin %s ends with %i and says %s', async ([args, status, words]) => {
  const done = await fupin([...args])
  expect(done.status).toBe(status)
  expect(`${done.out}${done.err}`).toContain(words)
})
