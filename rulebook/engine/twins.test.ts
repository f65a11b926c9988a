import { expect, it } from 'vitest'
import { checkBook } from './check-book.ts'
import { cited, rulesFile, tinyBook, words } from './testing/tiny-book.ts'

/** Facts of all boundary twins made for a veto with one case. */
const twins = (when: string, given: string) => {
  const { book } = tinyBook({
    [rulesFile]: `- {rule: v, kind: veto, ${words}, versions: [{from: 2015-01-01, ${cited}, when: '${when}'}], cases: [{name: 1, at: 2015-12-31, given: ${given}, expect: true}]}\n`,
  })
  return checkBook(book).twins.map((t) => t.facts)
}

it('a threshold gets its own value and one step to either side, the rest as in the case', () => {
  expect(twins('h.area >= p.area_min && h.poor', '{area: 50, poor: true}')).toEqual([12, 13, 14].map((area) => ({ area, poor: true })))
})

it('a threshold per head is reckoned for the household of the case', () => {
  const found = twins('h.income > p.line * size(h.members)', '{income: 90000, members: [{}, {}]}')
  expect(found.map((f) => f.income)).toEqual([570999, 571000, 571001])
})

it('a step beyond the range of the field is left out', () => expect(twins('h.area >= 0', '{area: 1}').map((f) => f.area)).toEqual([0, 1]))

it('a threshold of members is tried on the first one', () => {
  expect(twins('h.members.exists(m, m.months >= 6)', '{members: [{months: 7}, {months: 1}]}').map((f) => f.members)).toEqual(
    [5, 6, 7].map((months) => [{ months }, { months: 1 }]),
  )
})

it('an age is tried with the birthday itself and the days beside it', () => {
  expect(twins('h.members.exists(m, age(m.birth) >= 60)', '{members: [{birth: 1940-01-01}]}').map((f) => f.members)).toEqual(
    [19551230, 19551231, 19560101].map((birth) => [{ birth }]),
  )
})

it('a date is tried with the days beside it', () => {
  expect(twins('h.visit < date("2015-03-01")', '{visit: 2015-01-01}').map((f) => f.visit)).toEqual([20150228, 20150301, 20150302])
})
