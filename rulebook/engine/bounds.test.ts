import { describe, expect, it } from 'vitest'
import { Explainer } from './explain.ts'
import { missingOf } from './missing.ts'
import { type Facts, Interpreter } from './run.ts'
import { cited, compiled, rulesFile, words } from './testing/tiny-book.ts'

const interpreter = new Interpreter()
const household = (poor: boolean | null, members = 4): Facts => ({ poor, members: Array.from({ length: members }, () => ({})) })
const many = (count: number, one: Facts): Facts[] => Array.from({ length: count }, () => one)

/** Rulebook 2.5 no. 7: above the household, counts and sums are bounds, and a comparison is decided as soon as they do not straddle. */
describe('a village standard over households with gaps', () => {
  const { rule } = compiled(
    {
      [rulesFile]: `- rule: village
  kind: standard
  level: village
  title: {zh: 出列, en: exit}
  covers: []
  versions:
  - from: 2015-01-01
    cite: {doc: none}
    confidence: default
    let:
      people: 'sum(v.households.map(h, size(h.members)))'
      poor: 'sum(v.households.filter(h, h.poor).map(h, size(h.members)))'
    all_of:
    - {id: incidence, title: {zh: 低于3%, en: below 3 %}, when: poor * 100 < people * 3}
    - {id: houses, title: {zh: 九成五有房, en: 95 % housed}, when: 'size(v.households.filter(h, h.rooms >= p.rooms_min)) * 100 >= size(v.households) * 95'}
`,
    },
    'village',
  )
  const part = (id: string, households: Facts[]) => interpreter.evaluate(rule.parts.find((p) => p.id === id)!.node, [{ households }])
  const missing = (id: string, households: Facts[]) => [
    ...missingOf(rule.parts.find((p) => p.id === id)!.node, [{ households }], interpreter),
  ]

  it('holds though two of a hundred have not answered, where strict counting could not say', () => {
    const households = [...many(98, household(false)), ...many(2, household(null))]
    expect(part('incidence', households)).toBe(true)
    expect(missing('incidence', households)).toEqual([])
  })

  it('stays open where the gaps could turn it, and names what is missing', () => {
    const households = [...many(97, household(false)), ...many(3, household(null))]
    expect(part('incidence', households)).toBeUndefined()
    expect(missing('incidence', households)).toEqual(['households.poor'])
  })

  it('fails at once where even the best answers cannot save it', () => {
    const households = [...many(90, household(false)), ...many(3, household(true)), ...many(7, household(null))]
    expect(part('incidence', households)).toBe(false)
  })

  it('is never passed by skipping the gaps: 3 of 97 answered is 3.1 %, but 3 of 100 is not below 3 %', () => {
    expect(part('incidence', [...many(97, household(false)), ...many(3, household(true))])).toBe(false)
  })

  it('counts a household whose size is unknown with the least and the most it can have', () => {
    const [sized, unsized]: Facts[] = [household(false), { poor: true }]
    expect(part('incidence', [...many(99, sized!), unsized!])).toBeUndefined()
    expect(part('incidence', [...many(5, sized!), { poor: false }])).toBe(true)
  })

  it('decides counts against a share of all', () => {
    const [good, bad, open]: Facts[] = [{ rooms: 3 }, { rooms: 2 }, {}]
    expect(part('houses', [...many(95, good!), ...many(5, open!)])).toBe(true)
    expect(part('houses', [...many(94, good!), ...many(6, open!)])).toBeUndefined()
    expect(part('houses', [...many(94, open!), ...many(6, bad!)])).toBe(false)
  })

  it('an unknown list of households decides nothing', () => {
    const node = rule.parts[1]!.node
    expect(interpreter.evaluate(node, [{}])).toBeUndefined()
    expect([...missingOf(node, [{}], interpreter)]).toEqual(['households'])
  })

  it('a village without households is decided', () => {
    expect(part('houses', [])).toBe(true)
    expect(part('incidence', [])).toBe(false)
  })
})

describe('a number above the household', () => {
  const derived = (value: string) =>
    compiled(
      {
        [rulesFile]: `- {rule: n, kind: derived, level: village, ${words}, versions: [{from: 2015-01-01, ${cited}, type: money, value: '${value}'}]}\n`,
      },
      'n',
    ).rule
  const bounds = (value: string, households: Facts[] | null) => {
    const { bounds, node } = derived(value)
    const at = [{ households }]
    return [interpreter.evaluate(bounds!.least, at), interpreter.evaluate(node, at), interpreter.evaluate(bounds!.most, at)]
  }

  it('has a least and a most while facts are missing, which meet where none is', () => {
    expect(bounds('sum(v.households.map(h, h.income))', [{ income: 500 }, { income: 700 }])).toEqual([1200, 1200, 1200])
    expect(bounds('sum(v.households.map(h, h.income))', [{ income: 500 }, {}])).toEqual([500 - 100000000, undefined, 500 + 1000000000])
  })

  it('a household that may not belong adds nothing or its value', () => {
    const text = 'sum(v.households.filter(h, h.poor).map(h, h.income))'
    expect(bounds(text, [{ poor: true, income: 500 }, { income: 700 }, { income: -300 }])).toEqual([200, undefined, 1200])
  })

  it('subtraction and factors turn the ends the right way', () => {
    const text = 'yuan(100) - sum(v.households.filter(h, h.poor).map(h, h.income)) * 2'
    expect(bounds(text, [{ income: 700 }])).toEqual([10000 - 1400, undefined, 10000])
  })
})

describe('the total of a scorecard', () => {
  const item = (id: string, of: string, points: string): string =>
    `- {rule: ${id}, kind: item, of_scorecard: card, category: c, ${words}, versions: [{from: 2015-01-01, ${cited}, of: ${of}, points: {${points}}}]}\n`
  const { rule, compiler } = compiled(
    {
      [rulesFile]: `${item('i1', 'h.grade', 'A: 0, B: 5, C: 10')}${item('i2', 'h.poor', 'true: -2, false: 7')}- {rule: card, kind: scorecard, ${words}, versions: [{from: 2015-01-01, ${cited}, direction: higher_is_better_off, categories: [{id: c, title: {zh: 类, en: c}}]}]}\n`,
    },
    'card',
  )
  const line = rule.score!.lines['']!
  const all = (facts: Facts) => (['total', 'known', 'least', 'most'] as const).map((k) => interpreter.evaluate(line[k], [facts]))

  it('is unknown with a gap, while known, least and most say how far it can be', () => {
    expect(all({ grade: 'B', poor: false })).toEqual([12, 12, 12, 12])
    expect(all({ grade: 'B' })).toEqual([undefined, 5, 3, 12])
    expect(all({})).toEqual([undefined, 0, -2, 17])
    expect(line.range).toEqual([-2, 17])
  })

  it('and the explanation shows the bounds', () => {
    expect(new Explainer(compiler).explain(rule, { grade: 'B' })).toMatchObject({ value: 'unknown', score: { least: 3, most: 12 } })
  })
})
