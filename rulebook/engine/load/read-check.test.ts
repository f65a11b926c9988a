import { describe, expect, it } from 'vitest'
import { cited, findingsOf, rulesFile, tinyBook, words } from '../testing/tiny-book.ts'

const good = {
  severity: 'doubt',
  finds: 'logic',
  about: '[income]',
  says: '{zh: "收入 {income}，线 {p.line}。", en: "income {income}, line {p.line}."}',
}
const rule = (change: Partial<Record<keyof typeof good, string>> = {}, cases = ''): string => {
  const body = Object.entries({ ...good, ...change }).map(([key, value]) => `${key}: ${value}`)
  return `- {rule: check.a, kind: check, ${words}, versions: [{from: 2015-01-01, ${cited}, when: h.income < p.line, ${body.join(', ')}}]${cases ? `, cases: [${cases}]` : ''}}\n`
}
const low = '{name: 低, given: {income: 1.00}, expect: true}'
const high = '{name: 高, given: {income: 1000000.00}, expect: false}'
const open = '{name: 未填, given: {}, expect: unknown, missing: [h.income]}'
const codes = (text: string): string[] => findingsOf({ [rulesFile]: text }).map((f) => f.code)

describe('a data rule', () => {
  it('is read with what it says, and its condition is one part to explain', () => {
    const { book, findings } = tinyBook({ [rulesFile]: rule({}, `${low}, ${high}, ${open}`) })
    expect(findings).toEqual([])
    const body = book.definitions.find((d) => d.id === 'check.a')!.versions[0]!.body
    expect(body).toMatchObject({
      kind: 'check',
      check: { severity: 'doubt', finds: 'logic', about: ['income'], says: { zh: '收入 {income}，线 {p.line}。' } },
    })
  })

  it('needs cases that make it true, false and unknown', () => {
    expect(codes(rule({}, `${low}, ${high}`))).toEqual(['coverage.part'])
    expect(codes(rule())).toContain('cases.none')
  })

  it('that asks for a blank is never unknown', () => {
    const blank = `- {rule: check.b, kind: check, ${words}, versions: [{from: 2015-01-01, ${cited}, when: '!known(h.income)', severity: doubt, finds: required, about: [income], says: {zh: 未填。, en: blank.}}],
      cases: [{name: 未填, given: {}, expect: true}, {name: 已填, given: {income: 1.00}, expect: false}]}\n`
    expect(codes(blank)).toEqual([])
  })

  it.for([
    ['check.about', { about: '[nothing]' }],
    ['check.about', { about: '[]' }],
    ['check.slot', { says: '{zh: "{nothing}", en: "x"}' }],
    ['check.slot', { says: '{zh: "{p.nothing}", en: "x"}' }],
    ['check.severity', { severity: 'grave' }],
    ['check.finds', { finds: 'much' }],
  ] as const)('with a fault is found: %s', ([code, change]) => {
    expect(codes(rule(change, `${low}, ${high}, ${open}`))).toContain(code)
  })
})
