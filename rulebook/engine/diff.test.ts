import { describe, expect, it } from 'vitest'
import { diffBooks } from './diff.ts'
import { cited, paramsFile, rulesFile, tinyBook, words } from './testing/tiny-book.ts'

const params = `- {param: line, title: {zh: 线, en: line}, type: money, clock: run_date, values: [{from: 2015-01-01, value: 2855, ${cited}}]}
- {param: line_stat, title: {zh: 统计线, en: statistics line}, type: money, values: [{from: 2015-01-01, value: 2800, ${cited}}]}
`
const rules = `- {rule: v, kind: veto, ${words}, versions: [{id: v1, from: 2015-01-01, ${cited}, when: h.income > p.line}]}
- {rule: s, kind: standard, ${words}, versions: [{id: v1, from: 2015-01-01, ${cited}, all_of: [{id: a, title: {zh: 一, en: one}, when: h.poor}, {id: b, title: {zh: 二, en: two}, when: '!rule("v")'}]}]}
- {rule: w, kind: derived, ${words}, versions: [{id: v1, from: 2015-01-01, ${cited}, type: bool, value: h.income > p.line_stat}]}
- {rule: i, kind: item, of_scorecard: card, category: c, ${words}, versions: [{id: v1, from: 2015-01-01, ${cited}, of: h.grade, points: {A: 0, B: 3, C: 9}}]}
- {rule: card, kind: scorecard, ${words}, versions: [{id: v1, from: 2015-01-01, ${cited}, direction: higher_is_poorer, categories: [{id: c, title: {zh: 类, en: c}}]}]}
`
const changes = (edit: { rules?: [string, string]; params?: [string, string] }) => {
  const apply = (text: string, by?: [string, string]): string => {
    if (by && !text.includes(by[0])) throw new Error(`no ${by[0]}`)
    return by ? text.replace(...by) : text
  }
  const before = tinyBook({ [rulesFile]: rules, [paramsFile]: params }).book
  return diffBooks(before, tinyBook({ [rulesFile]: apply(rules, edit.rules), [paramsFile]: apply(params, edit.params) }).book)
}
const said = (edit: Parameters<typeof changes>[0]): string[] => changes(edit).map((c) => `${c.class} ${c.en}`)

describe('what two states of a book say differently', () => {
  it('is nothing where they are the same, or differ in comments only', () => {
    expect(changes({})).toEqual([])
    expect(changes({ rules: ['- {rule: s', '# 注\n- {rule: s'] })).toEqual([])
  })

  it('wording keeps every decision', () => {
    expect(said({ rules: [words, words.replace('en: title', 'en: another title')] })).toEqual(['wording another title: wording only'])
    expect(said({ params: ['en: line}', 'en: the line}'] })).toEqual(['wording the line: wording only'])
  })

  it('a threshold is told in yuan, with its date', () => {
    expect(said({ params: ['value: 2855', 'value: 2952.5'] })).toEqual(['threshold line 2015-01-01: 2855.00 → 2952.50'])
  })

  it('a new value has nothing before it', () => {
    expect(said({ params: [`2855, ${cited}}`, `2855, ${cited}}, {from: 2016-01-01, value: 2952, ${cited}}`] })).toEqual([
      'threshold line 2016-01-01: (none) → 2952.00',
    ])
  })

  it('a parameter that goes by another clock is changed too', () =>
    expect(said({ params: ['clock: run_date', 'clock: income_year'] })).toEqual(['condition line: changed']))

  it('a condition is told by its part', () => {
    expect(said({ rules: ['when: h.poor', 'when: h.ill'] })).toEqual(['condition title v1 a: h.poor -> h.ill'])
  })

  it('points are told by their answer', () =>
    expect(said({ rules: ['B: 3', 'B: 4'] })).toEqual(['points title v1 points B: {"":3} -> {"":4}']))

  it('parts come and go', () => {
    expect(said({ rules: ['{id: a, title: {zh: 一, en: one}, when: h.poor}, ', ''] })).toEqual(['ended title v1 a: h.poor -> (none)'])
    expect(said({ rules: ['{id: a,', '{id: z, title: {zh: 新, en: new}, when: h.ill}, {id: a,'] })).toEqual([
      'new title v1 z: (none) -> h.ill',
    ])
  })

  it('rules come and go', () => {
    expect(said({ rules: [rules.split('\n')[2]!, ''] })).toEqual(['ended gone: title'])
    expect(
      said({
        rules: ['- {rule: w,', `- {rule: n, kind: veto, ${words}, versions: [{from: 2015-01-01, ${cited}, when: h.ill}]}\n- {rule: w,`],
      }),
    ).toEqual(['new new: title'])
  })

  it('dates and locks have classes of their own', () => {
    expect(
      said({ rules: [`{id: v1, from: 2015-01-01, ${cited}, when: h.income`, `{id: v1, from: 2015-02-01, ${cited}, when: h.income`] }),
    ).toEqual(['dates title v1: dates changed'])
    expect(said({ params: ['type: money, clock', 'type: money, open: {level: [county], direction: up}, clock'] })[0]).toMatch(/^loosened /)
  })

  it('what begins before the reference date reaches back', () => {
    expect(changes({ params: ['value: 2855', 'value: 2952'] })[0]!.retroactive).toBe(true)
    expect(changes({ params: [`2855, ${cited}}`, `2855, ${cited}}, {from: 2016-01-01, value: 2952, ${cited}}`] })[0]!.retroactive).toBe(
      false,
    )
  })

  it('names the rules that depend on it, through others too, and no namesakes', () => {
    expect(changes({ params: ['value: 2855', 'value: 2952'] })[0]!.dependants).toEqual(['s', 'v'])
    expect(changes({ params: ['value: 2800', 'value: 2900'] })[0]!.dependants).toEqual(['w'])
    expect(changes({ rules: ['B: 3', 'B: 4'] })[0]!.dependants).toEqual(['card'])
  })
})
