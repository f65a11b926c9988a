import { describe, expect, test } from 'vitest'
import { Findings } from '../finding.ts'
import { loadBook } from '../load/load-book.ts'
import { loadPublished } from '../load/read-published.ts'

const head = `book: small
title: {zh: 小簿, en: small book}
root: "450000"
reference_date: 2015-12-31
places:
- {code: "450000", level: province, folder: gx, name: {zh: 广西, en: Guangxi}}
`
const units = `- {zh: 人, en: persons, of: person}
- {zh: 万人, en: "×10,000 persons", of: person, times: 10000}
- {zh: 个村, en: villages, of: village}
- {zh: "%", en: "%", times: 1/100}
- {zh: 个百分点, en: percentage points, times: 1/100}
`
const table = `table: F-001
title: {zh: 表, en: table}
kind: series
place: "450000"
cite: {doc: paper}
confidence: OFF
rows:
- {title: {zh: 行, en: row}, cells: {cards: {is: 452 万人, count: filing}, survey: {is: 440 万人, count: sample}, people: 2741 人, poor: 467 人, villages: 5000 个村, share: 17.04 %}}
`
const check = (body: string): string => `check: AC-01\ndocs: [paper]\ntitle: {zh: 题, en: title}\n${body}`

/** The findings of a small book with these checks, as codes. */
function codes(checks: string, tables = table): string[] {
  const files = {
    'book.yaml': head,
    'sources.yaml': 'sources:\n- {id: paper, title: {zh: 文, en: paper}}\n',
    'figures/units.yaml': units,
    'figures/tables/t.yaml': tables,
    'figures/checks/c.yaml': checks,
  }
  const all = Object.entries(files).map(([path, text]) => ({ path, text }))
  const findings = new Findings()
  loadPublished(all, loadBook(all).book!, findings)
  return findings.all.map((f) => f.code)
}

describe('a check of published figures', () => {
  test('that says what comes out has no finding', () => {
    expect(codes(check('verdict: OK\nparts: [{is: poor / people, unit: "%", result: 17.04, printed: share}]'))).toEqual([])
  })

  test('shows a changed number: verdict and result no longer hold', () => {
    const changed = table.replace('467 人', '468 人')
    expect(codes(check('verdict: OK\nparts: [{is: poor / people, unit: "%", printed: share}]'), changed)).toEqual(['figures.verdict'])
    expect(codes(check('verdict: FAIL\nparts: [{is: poor / people, unit: "%", result: 17.04, printed: share}]'), changed)).toEqual([
      'figures.result',
    ])
  })

  test('may not mix the filing count and the sample count in silence', () => {
    const mixed = 'verdict: DERIVED\nparts: [{is: cards - survey, unit: 万人, result: 12}]'
    expect(codes(check(mixed))).toEqual(['figures.expression'])
    expect(codes(check(`compares_series: true\n${mixed}`))).toEqual([])
  })

  test('finds a mix below a cell that is computed itself, and across the parts', () => {
    const deeper = table.replace('share:', 'both: {calc: cards + survey, unit: 万人}, share:')
    expect(codes(check('verdict: DERIVED\nparts: [{is: poor, unit: 人}]'), deeper)).toEqual(['figures.expression'])
    expect(codes(check('verdict: DERIVED\nparts: [{is: cards, unit: 万人}, {is: survey, unit: 万人}]'))).toEqual(['figures.expression'])
  })

  test.for([
    ['adds persons to villages', 'is: people + villages, unit: 人'],
    ['is told in the wrong unit', 'is: poor / people, unit: 人'],
    ['names what is not there', 'is: nobody, unit: 人'],
    ['divides by zero', 'is: people / (poor - poor), unit: 人'],
    ['cannot be parsed', 'is: people +, unit: 人'],
  ])('that %s is a finding', ([, part]) => {
    expect(codes(check(`verdict: DERIVED\nparts: [{${part}}]`))).toEqual(['figures.expression'])
  })

  test('tells points printed as a share', () => {
    expect(codes(check('verdict: UNIT\nparts: [{is: share, unit: 个百分点, printed: share}]'))).toEqual([])
    expect(codes(check('verdict: OK\nparts: [{is: share, unit: 个百分点, printed: share}]'))).toEqual(['figures.verdict'])
  })
})

test('a cell that rests on itself, an unknown unit and a name used twice are findings', () => {
  expect(codes('[]', table.replace('share: 17.04 %', 'share: {calc: share * 2, unit: "%"}'))).toEqual(['figures.expression'])
  expect(codes('[]', table.replace('467 人', '467 头'))).toContain('figures.unit')
  expect(codes('[]', `- ${table.replaceAll('\n', '\n  ')}\n- ${table.replaceAll('\n', '\n  ')}`)).toContain('figures.twice')
})
