import { describe, expect, it } from 'vitest'
import { Explainer } from './explain.ts'
import type { Facts } from './run.ts'
import { cited, compiled, rulesFile, words } from './testing/tiny-book.ts'

const text = `- rule: s
  kind: standard
  title: {zh: 脱贫, en: exit}
  covers: []
  versions:
  - id: v2
    from: 2015-01-01
    cite: {doc: paper-1, at: 附件}
    confidence: FORM
    let: {n: size(h.members)}
    all_of:
    - {id: house, title: {zh: 住房, en: housing}, cite: {at: 第2项}, when: 'h.grade in ["A", "B"] && h.area >= p.area_min * n'}
    - {id: medical, title: {zh: 医保, en: insurance}, when: 'h.members.all(m, m.insured)', core: true}
    - {id: money, title: {zh: 收入, en: income}, any_of: [{id: enough, title: {zh: 够, en: enough}, when: h.income > p.line * n}, {id: wages, title: {zh: 工资, en: wages}, when: 'sum(h.members.map(m, m.wage)) > p.line * n'}]}
- {rule: v, kind: veto, ${words}, versions: [{from: 2015-01-01, ${cited}, when: 'h.vehicles.exists(r, r.kind == "car")', unless: [{id: sick, title: {zh: 病, en: ill}, when: h.ill}]}]}
- {rule: i1, kind: item, of_scorecard: card, category: c1, ${words}, versions: [{from: 2015-01-01, ${cited}, of: h.grade, points: {A: 0, B: 3, C: 9}}]}
- {rule: i2, kind: item, of_scorecard: card, category: c2, ${words}, versions: [{from: 2015-01-01, ${cited}, of: h.income, per: size(h.members), bands: [{is: '<= p.line', points: 5}, {is: else, points: 0}]}]}
- {rule: card, kind: scorecard, ${words}, versions: [{from: 2015-01-01, ${cited}, direction: higher_is_poorer, categories: [{id: c1, title: {zh: 甲类, en: first}}, {id: c2, title: {zh: 乙类, en: second}}]}]}
`
const survey = { zh: '入户调查 2015-10-23', en: 'survey 2015-10-23' }
const explain = (id: string, facts: Facts) => {
  const { rule, compiler } = compiled({ [rulesFile]: text }, id)
  return new Explainer(compiler, (path) => (path === 'h.area' ? survey : undefined)).explain(rule, facts)
}
const facts: Facts = { grade: 'B', area: 26, income: 900000, members: [{ insured: true, wage: 0 }, { wage: 0 }] }

describe('the explanation of a standard', () => {
  const told = explain('s', facts)
  const part = (id: string) => told.parts.find((p) => p.id === id)!

  it('says which version of which rule, where, when, by which book and how sure', () => {
    expect(told).toMatchObject({
      rule: 's',
      version: 'v2',
      kind: 'standard',
      at: '2015-12-31',
      place: '450000',
      value: 'unknown',
      confidence: 'default',
      cite: { doc: 'paper-1', at: '附件' },
    })
    expect(told.book).toMatch(/^sha256:/)
  })

  it('names each missing fact with its row and what it alone would settle', () => {
    expect(told.missing).toEqual([{ path: 'members[2].insured', label: { zh: '成员2·参保', en: 'members 2: insured' }, settles: 1 }])
  })

  it('shows every part with its citation, inherited where it has none of its own', () => {
    expect(told.parts.map((p) => [p.id, p.value])).toEqual([
      ['house', true],
      ['medical', 'unknown'],
      ['money', true],
    ])
    expect(part('house')).toMatchObject({
      cite: { doc: 'paper-1', at: '第2项' },
      confidence: 'FORM',
      expr: 'h.grade in ["A", "B"] && h.area >= p.area_min * n',
    })
    expect(part('medical')).toMatchObject({ cite: { doc: 'paper-1', at: '附件' }, core: true, missing: ['members[2].insured'] })
  })

  it('shows the facts read, with source and unit, and parameters with where they come from', () => {
    expect(part('house').read).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ path: 'h.grade', value: 'B', shown: { zh: '乙', en: 'B' } }),
        expect.objectContaining({
          path: 'h.area',
          value: 26,
          unit: 'm2',
          source: survey,
          shown: { zh: '26 m²', en: '26 m²' },
        }),
        expect.objectContaining({ path: 'p.area_min', value: 13, from: '2015-01-01', place: '450000', confidence: 'default' }),
        expect.objectContaining({ path: 'members', value: 2 }),
      ]),
    )
  })

  it('walks list tests row by row', () => {
    expect(part('medical').each!.map((row) => [row.member, row.list, row.value])).toEqual([
      [1, 'members', true],
      [2, 'members', 'unknown'],
    ])
    expect(part('medical').each![1]!.read[0]).toMatchObject({
      path: 'members[2].insured',
      value: null,
      shown: { zh: '未填', en: 'not answered' },
    })
  })

  it('shows groups with their parts', () => {
    expect(part('money')).toMatchObject({
      kind: 'group',
      value: true,
      parts: [
        { id: 'enough', value: true },
        { id: 'wages', value: false },
      ],
    })
  })

  it('counts how many undecided parts one fact would settle, the most helpful first', () => {
    const { missing } = explain('s', { ...facts, members: undefined })
    expect(missing.map((m) => [m.path, m.settles])).toEqual([['members', 4]])
    const several = explain('s', { grade: 'B', members: [{ insured: true }] }).missing
    expect(several.map((m) => [m.path, m.settles])).toEqual([
      ['h.area', 1],
      ['h.income', 1],
      ['members[1].wage', 1],
    ])
  })
})

describe('what would change', () => {
  it('of a failed standard: the values that make it hold', () => {
    const told = explain('s', { ...facts, area: 25, members: [{ insured: true }, { insured: true }] })
    expect(told.value).toBe(false)
    expect(told.would_change).toContainEqual({ set: { 'h.area': 26 }, label: { zh: '面积 26 m²', en: 'area: 26 m²' }, value: true })
    expect(told.would_change.map((c) => Object.keys(c.set)[0])).not.toContain('h.grade')
  })

  it('of an undecided one: each answer to what is missing', () => {
    const { would_change } = explain('v', { vehicles: [{ kind: 'car' }] })
    expect(would_change.map((c) => [c.set, c.value])).toEqual([
      [{ 'h.ill': true }, false],
      [{ 'h.ill': false }, true],
    ])
  })

  it('of a score: the new total, the largest change first', () => {
    const { would_change, value } = explain('card', { grade: 'B', income: 1, members: [{}] })
    expect(value).toBe(8)
    expect(would_change.slice(0, 3).map((c) => [c.set, c.score])).toEqual([
      [{ 'h.grade': 'C' }, 14],
      [{ 'h.income': 285501 }, 3],
      [{ 'h.grade': 'A' }, 5],
    ])
  })
})

describe('the explanation of a veto and of a score', () => {
  it('a department that was not compared is missing as a whole', () => {
    const told = explain('v', { ill: false })
    expect(told.missing).toEqual([{ path: 'vehicles', label: { zh: '车', en: 'vehicles' }, settles: 1 }])
    expect(told.parts[0]!.read).toContainEqual(
      expect.objectContaining({ path: 'vehicles', value: null, shown: { zh: '未比对', en: 'not compared' } }),
    )
  })

  it('an exception that holds is shown as what lifted the veto', () => {
    expect(explain('v', { ill: true, vehicles: [{ kind: 'car' }] })).toMatchObject({
      value: false,
      parts: [
        { id: 'when', value: true },
        { id: 'sick', kind: 'exception', value: true },
      ],
    })
  })

  it('categories add up their items, and say least and most where an answer is missing', () => {
    const told = explain('card', { income: 1, members: [{}] })
    expect(told).toMatchObject({ value: 'unknown', score: { least: 5, most: 14 } })
    expect(told.parts.map((p) => [p.id, p.value, p.points])).toEqual([
      ['c1', 'unknown', { least: 0, most: 9, of: 9 }],
      ['c2', 5, { least: 5, most: 5, of: 5 }],
    ])
  })

  it('reasons beyond missing facts are named', () => {
    const file = `- {rule: d, kind: derived, ${words}, versions: [{from: 2015-01-01, ${cited}, type: money, value: 'per(h.income, size(h.members))'}]}\n`
    const { rule, compiler } = compiled({ [rulesFile]: file }, 'd')
    expect(new Explainer(compiler).explain(rule, { income: 5, members: [] })).toMatchObject({
      value: 'unknown',
      missing: [],
      reasons: ['division_by_zero'],
    })
  })
})
