import { describe, expect, it } from 'vitest'
import { type Facts, Interpreter } from '../run.ts'
import { checkedBook } from '../testing/marked.ts'
import { cited, compiled, rulesFile, words } from '../testing/tiny-book.ts'
import { faults, type Interval, readCell } from './cells.ts'

const card = `- {rule: card, kind: scorecard, ${words}, versions: [{from: 2015-01-01, ${cited}, direction: higher_is_poorer, categories: [{id: c, title: {zh: 类, en: c}}]}]}\n`
const item = (body: string): string =>
  `- {rule: i, kind: item, of_scorecard: card, category: c, ${words}, versions: [{from: 2015-01-01, ${cited}, ${body}}]}\n${card}`
const interpreter = new Interpreter()
const points = (body: string, ...all: Facts[]) => {
  const { node } = compiled({ [rulesFile]: item(body) }, 'i').rule
  return all.map((facts) => interpreter.evaluate(node, [facts]) ?? 'unknown')
}
const found = (body: string) => {
  const { found, marks } = checkedBook(rulesFile, item(body))
  return { found: found.filter((f) => !/ (cases|coverage)\./.test(f)), marks }
}

describe('points by answer', () => {
  it('each answer has its own, and no answer has none', () => {
    expect(points('of: h.grade, points: {A: 0, B: 3, C: 9}', { grade: 'A' }, { grade: 'C' }, {})).toEqual([0, 9, 'unknown'])
    expect(points('of: h.poor, points: {true: 4, false: 0}', { poor: true }, { poor: false }, {})).toEqual([4, 0, 'unknown'])
  })

  it('an answer that the question does not offer is unknown where the item says so', () => {
    expect(points('of: h.grade, points: {A: 0, B: 3}, other: unknown', { grade: 'B' }, { grade: 'C' })).toEqual([3, 'unknown'])
  })

  it.each([
    ['an enum key without points', 'enum.withoutPoints', 'of: «h.grade», points: {A: 0, B: 3}'],
    ['points for an answer that is none', 'enum.key', 'of: h.grade, points: {A: 0, B: 3, C: 4, «D»: 5}'],
    ['points for a number', 'item.points.type', 'of: «h.rooms», points: {A: 0}'],
    ['a range that the answers do not have', 'item.range', 'of: h.poor, points: {true: 4, false: 0}, range: [0, 5]'],
    ['no answers at all', 'item.form', 'of: h.poor'],
    ['two kinds of answers', 'item.form', 'of: h.poor, points: {true: 4, false: 0}, tiers: [{else: true, points: 0}]'],
  ])('finds %s (%s)', (_, code, body) => {
    const { found: all, marks } = found(body)
    expect(all.map((f) => f.split(' ')[1])).toEqual([code])
    if (marks.length) expect(all).toEqual([`${marks[0]} ${code}`])
  })
})

describe('points by band', () => {
  it('are those of the first band that holds', () => {
    const body = "of: h.area, bands: [{is: '< 13', points: 9}, {is: '[13..20)', points: 5}, {is: '20', points: 4}, {is: else, points: 0}]"
    expect(points(body, { area: 12 }, { area: 13 }, { area: 19 }, { area: 20 }, { area: 21 }, {})).toEqual([9, 5, 5, 4, 0, 'unknown'])
  })

  it('per head are compared crosswise, never with a rounded mean', () => {
    const body = "of: h.income, per: size(h.members), bands: [{is: '<= 2952', points: 9}, {is: '> 2952', points: 0}]"
    const four = [{}, {}, {}, {}]
    expect(points(body, { income: 1180800, members: four }, { income: 1180801, members: four }, { income: 1 })).toEqual([9, 0, 'unknown'])
  })

  it('have bounds in the unit of what is looked at: 1.5 mu is 150 hundredths', () => {
    expect(
      points("of: h.paddy, bands: [{is: '<= 1.5', points: 1}, {is: '> p.land_min', points: 0}]", { paddy: 150 }, { paddy: 151 }),
    ).toEqual([1, 0])
  })

  it.each([
    ['a gap', 'band.gap', "of: «h.area», bands: [{is: '< 13', points: 1}, {is: '> 13', points: 2}]"],
    ['a gap at the end of the range', 'band.gap', "of: «h.area», bands: [{is: '[0..1999]', points: 1}]"],
    [
      'a band that is never reached',
      'band.unreached',
      "of: h.area, bands: [{is: '< 13', points: 1}, «{is: '5', points: 3}», {is: '>= 13', points: 2}]",
    ],
    ['an else that is not last', 'band.else', "of: h.area, bands: [«{is: else, points: 1}», {is: '< 13', points: 3}]"],
    ['what is no band', 'band.form', "of: h.area, bands: [«{is: '< ', points: 1}», {is: else, points: 2}]"],
    ['a bound that is a fact', 'band.bound', "of: h.area, bands: [{is: '< «h.area»', points: 1}, {is: else, points: 2}]"],
    ['a bound of another type', 'type.mix', "of: h.area, bands: [{is: '< «p.line»', points: 1}, {is: else, points: 2}]"],
    ['a bound with too many decimals', 'value.decimals', "of: h.paddy, bands: [{is: '< «1.555»', points: 1}, {is: else, points: 2}]"],
    ['bands of something that is no number', 'item.bands.type', 'of: «h.grade», bands: [{is: else, points: 2}]'],
    ['bands of a rounded quotient', 'expr.perCompared', "of: '«per(h.income, 3)»', bands: [{is: '< 3', points: 1}, {is: else, points: 2}]"],
  ])('find %s (%s)', (_, code, body) => {
    const { found: all, marks } = found(body)
    expect(all).toContain(`${marks[0]} ${code}`)
  })

  it('leave no gap where whole numbers follow each other', () => {
    expect(found("of: h.area, bands: [{is: '[0..12]', points: 1}, {is: '>= 13', points: 2}]").found).toEqual([])
  })
})

describe('points by tier', () => {
  const body = "tiers: [{when: 'h.poor', points: 5}, {when: 'h.ill', points: 3}, {else: true, points: 0}]"

  it('are those of the first tier that holds, and unknown where an earlier one may', () => {
    expect(points(body, { poor: true }, { poor: false, ill: true }, { poor: false, ill: false }, { ill: true })).toEqual([
      5,
      3,
      0,
      'unknown',
    ])
  })

  it.each([
    ['no else at the end', 'tiers.else', 'tiers: [{when: h.poor, points: 5}, «{when: h.ill, points: 3}»]'],
    ['tiers behind the else', 'tiers.unreachable', 'tiers: [«{else: true, points: 5}», {else: true, points: 3}]'],
  ])('find %s (%s)', (_, code, text) => {
    const { found: all, marks } = found(text)
    expect(all).toEqual([`${marks[0]} ${code}`])
  })
})

describe('cells of a table', () => {
  const at = { file: 'f', line: 7, column: 10, length: 1 }

  it.each([
    ['5', '[5..5]'],
    ['[2..5]', '[2..5]'],
    ['(2..5]', '(2..5]'],
    ['[2..5)', '[2..5)'],
    ['< 13', '..13)'],
    ['<= 13', '..13]'],
    ['>= p.area_min', '[p.area_min..'],
    ['> 3', '(3..'],
    ['== 4', '[4..4]'],
  ])('%s reads as %s', (text, said) => {
    const cell = readCell({ text, at })
    if (cell?.kind !== 'range') throw new Error('no range')
    const low = cell.low ? `${cell.low.closed ? '[' : '('}${cell.low.expr.text}` : ''
    const high = cell.high ? `${cell.high.expr.text}${cell.high.closed ? ']' : ')'}` : ''
    expect(`${low}..${high}`).toBe(said)
  })

  it('know where each bound stands', () => {
    const cell = readCell({ text: '[ 2 .. p.x]', at })
    expect(cell).toMatchObject({ low: { expr: { at: { line: 7, column: 12 } } }, high: { expr: { at: { line: 7, column: 17 } } } })
  })

  it('gaps and bands never reached are found between any ends', () => {
    const band = (low: number | null, high: number | null): Interval => ({
      low: low === null ? null : { value: low, closed: true },
      high: high === null ? null : { value: high, closed: true },
    })
    expect(faults([band(0, 4), band(5, null)], [0, 10], true)).toEqual({ gap: null, unreached: [] })
    expect(faults([band(0, 4), band(5, null)], [0, 10], false).gap).toBe(4.5)
    expect(faults([band(0, 9), band(2, 3), band(10, null)], [0, 10], true)).toEqual({ gap: null, unreached: [1] })
    expect(faults([band(1, null)], [0, 10], true).gap).toBe(0)
  })
})
