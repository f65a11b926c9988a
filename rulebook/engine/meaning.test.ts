import { describe, expect, it } from 'vitest'
import { contentOfBook, meaningOfBook } from './meaning.ts'
import { cited, paramsFile, rulesFile, tinyBook, words } from './testing/tiny-book.ts'

const rules = `- rule: v
  kind: veto
  title: {zh: 有车, en: has a car}
  covers: [W-028]
  versions:
  - from: 2015-01-01
    cite: {doc: paper-1, at: 第二条}
    confidence: OFF
    let: {n: size(h.members), k: h.rooms}
    when: h.income > p.line * n && k > 2
    unless: [{id: x, title: {zh: 除外, en: but}, when: h.ill}]
- {rule: i, kind: item, of_scorecard: card, category: c, ${words}, versions: [{from: 2015-01-01, ${cited}, of: h.grade, points: {A: 0, B: 3, C: 9}}]}
- {rule: card, kind: scorecard, ${words}, versions: [{from: 2015-01-01, ${cited}, direction: higher_is_poorer, categories: [{id: c, title: {zh: 类, en: c}}]}]}
`
const params = `- {param: line, title: {zh: 线, en: line}, type: money, values: [{from: 2015-01-01, value: 2855, ${cited}}]}\n`
const meaning = (text = rules, values = params): string => meaningOfBook(tinyBook({ [rulesFile]: text, [paramsFile]: values }).book)

describe('the meaning of a book', () => {
  it('is a sha256', () => expect(meaning()).toMatch(/^sha256:[0-9a-f]{64}$/))

  it.each([
    ['titles', 'zh: 有车', 'zh: 有机动车'],
    ['comments', '    unless:', '    # 仅此一项例外\n    unless:'],
    ['citations', 'at: 第二条', 'at: 第三条'],
    ['confidence', 'confidence: OFF', 'confidence: NEWS'],
    ['what it covers', '[W-028]', '[W-028, W-029]'],
    ['cases', '- rule: v\n', '- rule: v\n  cases: [{name: 一, given: {income: 1.00}, expect: unknown}]\n'],
    ['the order of keys', '  kind: veto\n  title: {zh: 有车, en: has a car}\n', '  title: {en: has a car, zh: 有车}\n  kind: veto\n'],
    ['the order of answers', '{A: 0, B: 3, C: 9}', '{C: 9, A: 0, B: 3}'],
    ['the order of lets', '{n: size(h.members), k: h.rooms}', '{k: h.rooms, n: size(h.members)}'],
  ])('stays though %s change', (_, from, to) => {
    expect(rules).toContain(from)
    expect(meaning(rules.replace(from, to))).toBe(meaning())
  })

  it.each([
    ['a condition', 'k > 2', 'k > 3'],
    ['a let', 'k: h.rooms', 'k: h.area'],
    ['points', 'B: 3', 'B: 4'],
    ['an exception', 'when: h.ill', 'when: h.poor'],
    ['a date', '- from: 2015-01-01\n    cite', '- from: 2015-01-02\n    cite'],
    ['the id of an exception', 'id: x', 'id: y'],
    ['the direction', 'higher_is_poorer', 'higher_is_better_off'],
    ['a category', 'category: c,', 'category: d,'],
  ])('changes with %s', (_, from, to) => {
    expect(rules).toContain(from)
    expect(meaning(rules.replace(from, to))).not.toBe(meaning())
  })

  it('changes with a threshold, its date, its clock', () => {
    const all = [
      params,
      params.replace('2855', '2855.01'),
      params.replace('from: 2015', 'from: 2014'),
      params.replace('type: money,', 'type: money, clock: income_year,'),
    ]
    expect(new Set(all.map((p) => meaning(rules, p))).size).toBe(4)
  })

  it('does not depend on the order of rules in a file, nor on the file they stand in', () => {
    const [a, ...rest] = rules.split(/^(?=- )/m)
    expect(meaning([...rest, a].join(''))).toBe(meaning())
    const moved = tinyBook({ [rulesFile]: rest.join(''), '450000-guangxi/rules/other.yaml': a!, [paramsFile]: params })
    expect(meaningOfBook(moved.book)).toBe(meaning())
  })

  it('written short with like is that of the version written out', () => {
    const version = (id: string, from: string, rest: string): string => `{id: ${id}, from: ${from}, ${cited}, ${rest}}`
    const whole = 'when: h.poor, unless: [{id: x, title: {zh: 除, en: b}, when: h.ill}]'
    const first = version('a', '2015-01-01', `to: 2015-12-31, ${whole}`)
    const of = (second: string) => meaning(`- {rule: v, kind: veto, ${words}, versions: [${first}, ${second}]}\n`)
    expect(of(version('b', '2016-01-01', 'like: a, change: {when: h.rooms > 1}'))).toBe(
      of(version('b', '2016-01-01', whole.replace('h.poor', 'h.rooms > 1'))),
    )
  })
})

it('the content of a book changes with every letter', () => {
  const content = (text: string) => contentOfBook(tinyBook({ [rulesFile]: text }).book)
  expect(content(rules)).toBe(content(rules))
  expect(content(rules.replace('有车', '有机动车'))).not.toBe(content(rules))
})
