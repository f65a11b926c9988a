import { describe, expect, it } from 'vitest'
import { clockDate, placeChain, resolveParameter, resolveRule } from './resolve.ts'
import { cited, paramsFile, rulesFile, tinyBook, words } from './testing/tiny-book.ts'

const title = 'title: {zh: 题, en: t}'
const value = (from: string, v: number, more = ''): string => `{from: ${from}, value: ${v}, ${cited}${more}}`
const param = (values: string, more = ''): string =>
  `- {param: q, ${more.includes('overrides') ? '' : `${title}, `}type: int, ${more}values: [${values}]}\n`

describe('a parameter is looked up from the nearest place outwards', () => {
  const open = 'open: {level: [province, city, set, county], direction: any}, '
  const over = 'overrides: {place: "000000", version: 2015-01-01}, '
  const { book, findings } = tinyBook({
    '000000-national/params.yaml': param(value('2015-01-01', 1), open),
    [paramsFile]: param(value('2015-06-01', 2), over),
    '450600-city/params.yaml': param(value('2015-07-01', 3), over),
    'deep-poverty/params.yaml': param(value('2015-08-01', 4), over),
    '450621-county/params.yaml': param(value('2015-09-01', 5), over),
    '000000-national/sets.yaml':
      '- {set: deep-poverty, title: {zh: 深贫, en: deep}, from: 2015-08-01, to: 2016-12-31, members: ["450621"]}\n',
  })
  const at = (place: string, day: number) => {
    const found = resolveParameter(book, 'q', place, { at: day })
    return 'why' in found ? found.why : found.value.value
  }

  it('and the book has no faults', () => expect(findings).toEqual([]))

  it.each([
    [20150101, 1],
    [20150531, 1],
    [20150601, 2],
    [20150701, 3],
    [20150801, 4],
    [20150901, 5],
    [20200101, 5],
  ])('in the county on %d: %d (nation, province, city, set, county as each begins)', (day, v) => expect(at('450621', day)).toBe(v))

  it('a village code counts as its county', () => expect(at('450621100200', 20150901)).toBe(5))
  it('another county of the city has the city value', () => expect(at('450602', 20150901)).toBe(3))
  it('another city has that of the province, another province that of the nation', () => {
    expect(at('450100', 20150901)).toBe(2)
    expect(at('530100', 20150901)).toBe(1)
  })
  it('before the first value there is none', () => expect(at('450621', 20141231)).toBe('date'))
  it('a set holds only in its time', () => {
    expect(placeChain(book, '450621', 20150731)).not.toContain('deep-poverty')
    expect(placeChain(book, '450621', 20150801)).toEqual(['450621', 'deep-poverty', '450600', '450000', '000000'])
    expect(placeChain(book, '450621', 20170101)).not.toContain('deep-poverty')
  })
})

describe('a version in force', () => {
  const versions = (...all: string[]) =>
    tinyBook({ [rulesFile]: `- {rule: v, kind: veto, ${words}, versions: [${all.join(', ')}]}\n` }).book
  const version = (id: string, from: string, more = ''): string => `{id: ${id}, from: ${from}, ${cited}, when: h.poor${more}}`
  const on = (book: ReturnType<typeof versions>, day: number) => {
    const found = resolveRule(book, 'v', '450000', { at: day })
    return 'why' in found ? found.why : found.version.id
  }

  it('holds on its first and on its last day', () => {
    const book = versions(version('a', '2015-01-01', ', to: 2015-12-31'), version('b', '2016-01-01'))
    expect([20141231, 20150101, 20151231, 20160101].map((d) => on(book, d))).toEqual(['date', 'a', 'a', 'b'])
  })

  it('without an end holds until the next one, in whatever order they are written', () => {
    for (const book of [
      versions(version('a', '2015-01-01'), version('b', '2016-01-01')),
      versions(version('b', '2016-01-01'), version('a', '2015-01-01')),
    ])
      expect([20151231, 20160101].map((d) => on(book, d))).toEqual(['a', 'b'])
  })

  it('an unknown rule is unknown, not undated', () =>
    expect(resolveRule(versions(version('a', '2015-01-01')), 'w', '450000', { at: 20150101 })).toMatchObject({ why: 'unknown' }))
})

describe('clocks', () => {
  it('the income year picks by its last day, all others by the day asked for', () => {
    expect(clockDate('income_year', { at: 20160301, incomeYear: 2015 })).toBe(20151231)
    expect(clockDate('income_year', { at: 20160301 })).toBe(20160301)
    expect(clockDate('assessment_date', { at: 20160301, incomeYear: 2015 })).toBe(20160301)
  })

  it('a poverty line is that of the income year, though the visit was in the next', () => {
    const { book } = tinyBook({ [paramsFile]: param(`${value('2015-01-01', 2855)}, ${value('2016-01-01', 2952)}`, 'clock: income_year, ') })
    const found = (incomeYear?: number) => resolveParameter(book, 'q', '450000', { at: 20160301, ...(incomeYear ? { incomeYear } : {}) })
    expect(found(2015)).toMatchObject({ value: { value: 2855 } })
    expect(found()).toMatchObject({ value: { value: 2952 } })
  })
})

describe('a stale override', () => {
  const { book } = tinyBook({
    '000000-national/params.yaml': param(
      `${value('2015-01-01', 1)}, ${value('2016-01-01', 2)}`,
      'open: {level: [province], direction: any}, ',
    ),
    [paramsFile]: param(value('2015-01-01', 7), 'overrides: {place: "000000", version: 2015-01-01}, '),
  })

  it('still holds until the upper level has something newer, and from then on nothing holds', () => {
    expect(resolveParameter(book, 'q', '450000', { at: 20151231 })).toMatchObject({ value: { value: 7 } })
    expect(resolveParameter(book, 'q', '450000', { at: 20160101 })).toMatchObject({ why: 'stale' })
  })
})
