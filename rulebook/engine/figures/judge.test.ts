import { describe, expect, test } from 'vitest'
import { readAmount } from './amount.ts'
import { exactly, fraction, readFraction, root, round } from './fraction.ts'
import { judge } from './judge.ts'

const computed = (text: string): ReturnType<typeof fraction> => readFraction(text)!

describe('a computed number against a printed one', () => {
  test.for([
    ['17/100', '0.17', 'agrees'],
    ['24.557', '24.5', 'last_digit'],
    ['24.557', '24.6', 'agrees'],
    // Half a unit of the last digit agrees on both sides; more than that is the next digit.
    ['8.05', '8.0', 'agrees'],
    ['8.05', '8.1', 'agrees'],
    ['8.0501', '8.0', 'last_digit'],
    ['8.1501', '8.0', 'differs'],
    ['597.5', 'about 600', 'roughly'],
    ['540', 'about 600', 'differs'],
    ['600.4', 'about 600', 'agrees'],
    ['41.40625', '>= 50', 'differs'],
    ['50', '>= 50', 'agrees'],
    ['80', '<= 100', 'agrees'],
    ['641', 'over 600', 'agrees'],
    ['600', 'over 600', 'differs'],
    ['5/14', 'over 1/3', 'agrees'],
    ['-560', '-560', 'agrees'],
    ['-1387.8', '-1388', 'agrees'],
  ] as const)('%s against %s: %s', ([number, printed, outcome]) => {
    const value = readFraction(number)!
    expect(judge(value, readAmount(printed, '')!)).toBe(outcome)
  })
})

describe('exact numbers', () => {
  test('round half away from zero and keep their zeros', () => {
    expect(round(computed('18'), 1)).toBe('18.0')
    expect(round(computed('-0.05'), 1)).toBe('-0.1')
    expect(round(computed('-0.04'), 1)).toBe('0.0')
    expect(round(computed('2/3'), 4)).toBe('0.6667')
    expect(exactly(computed('1/8'))).toBe('0.125')
    expect(exactly(computed('1/3'))).toBeNull()
  })

  test('have roots that close in from both sides', () => {
    const { below, above } = root(computed('2'), 2)
    expect(round(below, 12)).toBe('1.414213562373')
    expect(above.n * below.d - below.n * above.d > 0n).toBe(true)
    const exact = root(computed('32'), 5)
    expect([exact.below, exact.above]).toEqual([fraction(2n), fraction(2n)])
  })
})
