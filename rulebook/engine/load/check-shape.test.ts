import { describe, expect, it } from 'vitest'
import { checkedBook } from '../testing/marked.ts'
import { cited, paramsFile, rulesFile, words } from '../testing/tiny-book.ts'

const title = 'title: {zh: 题, en: t}'
const nation = (type: string): string =>
  `- {param: q, ${title}, ${type}, open: {level: [province], direction: any}, values: [{from: 2015-01-01, value: 3, ${cited}}]}\n`
const province = (type: string): string =>
  `- {param: q, ${type}overrides: «{place: "000000", version: 2015-01-01}», values: [{from: 2015-01-01, value: 4, ${cited}}]}\n`

/** Found by random books: 3000 yuan overridden by "4000" without a type was forty yuan. */
describe('an override of a parameter', () => {
  it.each([
    ['money without its type', 'type: money', ''],
    ['a number without its decimals', 'type: int, unit: mu, decimals: 2', 'type: int, unit: mu, '],
    ['a number in another unit', 'type: int, unit: m2', 'type: int, unit: mu, '],
  ])('is refused where it is %s', (_, upper, lower) => {
    const { found, marks } = checkedBook(paramsFile, province(lower), { '000000-national/params.yaml': nation(upper) })
    expect(found.filter((f) => f.endsWith('override.type'))).toEqual([`${marks[0]} override.type`])
  })

  it('is taken where the type is repeated', () => {
    const { found } = checkedBook(paramsFile, province('type: money, '), { '000000-national/params.yaml': nation('type: money') })
    expect(found.filter((f) => f.includes('override.'))).toEqual([])
  })
})

describe('a claim that more only helps', () => {
  const rule = (claim: string): string =>
    `- {rule: a, kind: derived, ${words}, versions: [{from: 2015-01-01, ${cited}, ${claim}type: bool, value: h.rooms > 3}]}\n`
  const codes = (claim: string): string[] => checkedBook(rulesFile, rule(claim)).found.flatMap((f) => f.split(' ')[1] ?? [])

  it('stands for a number of the own level', () =>
    expect(codes('monotone: {rooms: up}, ').filter((c) => c.startsWith('monotone'))).toEqual([]))
  it.each([
    ['monotone.field', 'monotone: {wage: up}, '],
    ['monotone.field', 'monotone: {poor: up}, '],
    ['monotone.direction', 'monotone: {rooms: more}, '],
  ])('%s: %s', (code, claim) => expect(codes(claim)).toContain(code))
})
