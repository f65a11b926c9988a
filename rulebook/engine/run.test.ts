import { describe, expect, it } from 'vitest'
import { ask, told } from './testing/tiny-book.ts'

const members = (...insured: (boolean | null)[]) => ({ members: insured.map((i) => ({ insured: i })) })
const wages = (...all: (number | null)[]) => ({ members: all.map((wage) => ({ wage })) })

/** Rulebook 2.4, row by row: traps in which other engines fall. */
describe('a gap in a condition', () => {
  it.each([
    ['h.poor && h.rooms > 99', { rooms: 1 }, false],
    ['h.rooms > 99 && h.poor', { rooms: 1 }, false],
    ['h.poor || h.rooms < 99', { rooms: 1 }, true],
    ['h.poor && h.rooms < 99', { rooms: 1 }, 'unknown'],
    ['h.poor || h.rooms > 99', { rooms: 1 }, 'unknown'],
    ['h.poor && h.ill', {}, 'unknown'],
  ])('is decided where the other side decides it: %s is %3$s', (text, facts, value) => {
    expect(told(text, facts)).toBe(value)
  })

  it('stays unknown under not', () => {
    expect(told('!(h.rooms == 3)', {})).toBe('unknown')
    expect(told('h.rooms != 3', {})).toBe('unknown')
  })

  it('is not less than anything', () => expect(told('h.rooms < 3', {})).toBe('unknown'))

  it('does not take the else branch', () => {
    expect(told('h.poor ? 1 : 2', {})).toBe('unknown')
    expect(told('orElse(h.poor, false) ? 1 : 2', {})).toBe(2)
  })

  it('in the branch not taken does not matter', () => expect(told('h.poor ? h.rooms : 2', { poor: false })).toBe(2))

  it('written as null is a gap like an absent one', () => expect(told('h.rooms == 3', { rooms: null })).toBe('unknown'))

  it('in the tested value of in is unknown', () => {
    expect(told('h.grade in ["A", "B"]', {})).toBe('unknown')
    expect(told('h.grade in ["A", "B"]', { grade: 'C' })).toBe(false)
  })
})

describe('a list of members', () => {
  it.each([
    ['exists', [false, null], 'unknown'],
    ['exists', [true, null], true],
    ['exists', [false, false], false],
    ['exists', [], false],
    ['all', [true, null], 'unknown'],
    ['all', [false, null], false],
    ['all', [true, true], true],
    ['all', [], true],
  ])('%s over %j is %s', (by, insured, value) => {
    expect(told(`h.members.${by}(m, m.insured)`, members(...(insured as (boolean | null)[])))).toBe(value)
  })

  it('with an unanswered test cannot be counted', () => {
    expect(told('size(h.members.filter(m, m.insured))', members(true, null))).toBe('unknown')
    expect(told('size(h.members.filter(m, m.insured))', members(true, false))).toBe(1)
    expect(told('size(h.members)', members(true, null))).toBe(2)
  })

  it('with an unknown addend has no sum', () => {
    expect(told('sum(h.members.map(m, m.wage))', wages(100, null))).toBe('unknown')
    expect(told('sum(h.members.map(m, m.wage))', wages(100, 200))).toBe(300)
  })

  it('adds only the chosen, whatever the others leave open', () => {
    const facts = { members: [{ insured: true, wage: 100 }, { insured: false }] }
    expect(told('sum(h.members.filter(m, m.insured).map(m, m.wage))', facts)).toBe(100)
  })

  it('that is empty counts 0, sums to 0, and has no least and no most', () => {
    const none = { members: [] }
    expect(told('size(h.members)', none)).toBe(0)
    expect(told('sum(h.members.map(m, m.wage))', none)).toBe(0)
    expect(ask('max(h.members.map(m, m.wage))', none)).toEqual({ value: 'unknown', missing: [], reasons: ['empty'] })
    expect(ask('min(h.members.map(m, m.wage))', none)).toEqual({ value: 'unknown', missing: [], reasons: ['empty'] })
    expect(told('max(h.members.map(m, m.wage), yuan(5))', none)).toBe(500)
    expect(told('min(h.members.filter(m, m.insured).map(m, m.wage), yuan(5))', members(false))).toBe(500)
  })

  it('that is unknown is not an empty one', () => {
    for (const text of ['h.members.exists(m, m.insured)', 'h.members.all(m, m.insured)', 'size(h.members) == 0'])
      expect(told(text, {})).toBe('unknown')
    expect(told('max(h.members.map(m, m.wage), yuan(5))', {})).toBe('unknown')
  })

  it('reads the household beside the member', () => {
    const facts = { income: 500, members: [{ wage: 400 }, { wage: 600 }] }
    expect(told('size(h.members.filter(m, m.wage > h.income))', facts)).toBe(1)
  })

  it('adds up exactly, whatever the order of its rows', () => {
    const most = Number.MAX_SAFE_INTEGER
    for (const huge of [
      [most, 2, -5],
      [-5, most, 2],
      [2, most, -5],
    ])
      expect(told('sum(h.members.map(m, m.huge))', { members: huge.map((h) => ({ huge: h })) })).toBe(most - 3)
  })
})

describe('arithmetic', () => {
  it('compares an amount crosswise, where a rounded mean would say the wrong thing', () => {
    const facts = { income: 1180801, members: [{}, {}, {}, {}] }
    expect(told('h.income > yuan(2952) * size(h.members)', facts)).toBe(true)
    expect(told('per(h.income, size(h.members))', facts)).toBe(295200)
  })

  it.each([
    [5, 2, 3],
    [-5, 2, -3],
    [5, -2, -3],
    [-5, -2, 3],
    [7, 2, 4],
    [1, 3, 0],
    [2, 3, 1],
    [0, -7, 0],
    [Number.MAX_SAFE_INTEGER, 1, Number.MAX_SAFE_INTEGER],
    [Number.MAX_SAFE_INTEGER, 2, 4503599627370496],
    [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, -1],
  ])('per(%d, %d) is %d: half away from zero', (a, n, value) => {
    expect(told(`per(h.huge, ${n})`, { huge: a })).toBe(value)
  })

  it.each([
    [7, 2, 3],
    [-7, 2, -4],
    [7, -2, -4],
    [-7, -2, 3],
    [6, -3, -2],
    [Number.MAX_SAFE_INTEGER, -2, -4503599627370496],
  ])('floorDiv(%d, %d) is %d: towards minus infinity', (a, n, value) => {
    expect(told(`floorDiv(h.huge, ${n})`, { huge: a })).toBe(value)
  })

  it('divided by zero is unknown with nothing missing', () => {
    expect(ask('floorDiv(h.rooms, h.area)', { rooms: 7, area: 0 })).toEqual({
      value: 'unknown',
      missing: [],
      reasons: ['division_by_zero'],
    })
    expect(ask('per(h.rooms, h.area)', { rooms: 7, area: 0 })).toEqual({ value: 'unknown', missing: [], reasons: ['division_by_zero'] })
  })

  it('counts money in fen, so that 0.1 + 0.2 is 0.3', () => {
    expect(
      told('h.income + sum(h.members.map(m, m.wage)) == h.income + sum(h.members.map(m, m.wage))', { income: 10, members: [{ wage: 20 }] }),
    ).toBe(true)
    expect(told('h.income + sum(h.members.map(m, m.wage))', { income: 10, members: [{ wage: 20 }] })).toBe(30)
  })

  it('beyond 2^53 - 1 is unknown with reason overflow', () => {
    expect(told('h.huge + 1', { huge: Number.MAX_SAFE_INTEGER - 1 })).toBe(Number.MAX_SAFE_INTEGER)
    expect(ask('h.huge + 1', { huge: Number.MAX_SAFE_INTEGER })).toEqual({ value: 'unknown', missing: [], reasons: ['overflow'] })
    expect(told('h.huge * 2', { huge: -Number.MAX_SAFE_INTEGER })).toBe('unknown')
    expect(ask('sum(h.members.map(m, m.huge))', { members: [{ huge: Number.MAX_SAFE_INTEGER }, { huge: 1 }] }).reasons).toEqual([
      'overflow',
    ])
  })
})

describe('dates', () => {
  const age = (birth: number, at: number) => ask('max(h.members.map(m, age(m.birth)))', { members: [{ birth }] }, 'household', at).value

  it('born on 29 February, one is a year older on 1 March of common years', () => {
    expect(age(20040229, 20220228)).toBe(17)
    expect(age(20040229, 20220301)).toBe(18)
    expect(age(20040229, 20240229)).toBe(20)
  })

  it('an age is full years, not New Year days', () => expect(age(20101231, 20150101)).toBe(4))

  it('adding months says what happens at the end of a month', () => {
    expect(told('addMonths(h.visit, 1, "down")', { visit: 20160131 })).toBe(20160229)
    expect(told('addMonths(h.visit, 1, "up")', { visit: 20160131 })).toBe(20160301)
    expect(told('addMonths(h.visit, -1, "down")', { visit: 20160331 })).toBe(20160229)
    expect(told('addMonths(h.visit, -14, "up")', { visit: 20160430 })).toBe(20150301)
    expect(told('addMonths(h.visit, 12, "down")', { visit: 20160229 })).toBe(20170228)
  })

  it('days are civil days', () => {
    expect(told('addDays(h.visit, 1)', { visit: 20160228 })).toBe(20160229)
    expect(told('daysBetween(h.visit, date("2015-12-31"))', { visit: 20160301 })).toBe(61)
  })

  it('that leave the calendar are unknown, never a failure', () => {
    expect(ask('addDays(h.visit, h.huge)', { visit: 20160228, huge: 1e12 })).toEqual({
      value: 'unknown',
      missing: [],
      reasons: ['overflow'],
    })
    expect(told('addMonths(h.visit, h.huge, "down")', { visit: 20160228, huge: -1e12 })).toBe('unknown')
    expect(told('addDays(date("9999-12-31"), 1)', {})).toBe('unknown')
    expect(told('addDays(date("0001-01-01"), -1)', {})).toBe('unknown')
    expect(told('addDays(date("0001-01-02"), -1)', {})).toBe(10101)
  })
})

/** Rulebook 2.5 no. 8: the only ways to look at a gap. */
describe('looking at gaps', () => {
  it('known() says whether there is an answer', () => {
    expect(told('known(h.rooms)', {})).toBe(false)
    expect(told('known(h.rooms)', { rooms: 0 })).toBe(true)
    expect(told('known(h.poor && h.ill)', { poor: false })).toBe(true)
  })

  it('orElse() puts a value in the gap, and only there', () => {
    expect(told('orElse(h.rooms, 7)', {})).toBe(7)
    expect(told('orElse(h.rooms, 7)', { rooms: 0 })).toBe(0)
    expect(told('orElse(h.poor, true)', { poor: false })).toBe(false)
  })
})

it('reads a code by its prefix', () => {
  expect(told('h.code.startsWith("4506")', { code: '450621' })).toBe(true)
  expect(told('h.code.startsWith("4506")', { code: '450' })).toBe(false)
  expect(told('h.code.startsWith("4506")', {})).toBe('unknown')
})
