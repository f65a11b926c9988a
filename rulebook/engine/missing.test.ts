import { describe, expect, it } from 'vitest'
import { missingOf } from './missing.ts'
import { type Facts, Interpreter } from './run.ts'
import { ask, nodeOf } from './testing/tiny-book.ts'

const missing = (text: string, facts: Facts, about: 'household' | 'village' = 'household'): string[] => ask(text, facts, about).missing

/** Rulebook 2.5 no. 2 to 6: what a missing set holds. */
describe('the missing set', () => {
  it('is empty where the value is known', () => {
    expect(missing('h.poor && h.rooms > 99', { rooms: 1 })).toEqual([])
    expect(missing('orElse(h.rooms, 1) + h.area', { area: 3 })).toEqual([])
    expect(missing('known(h.rooms)', {})).toEqual([])
  })

  it('of a strict operation is the union of its operands', () => {
    expect(missing('h.rooms + h.huge > 3', {})).toEqual(['h.huge', 'h.rooms'])
    expect(missing('per(h.rooms, h.huge)', { rooms: 1 })).toEqual(['h.huge'])
  })

  it('of && and || leaves out the operands that are decided', () => {
    expect(missing('h.poor && h.ill && h.rooms > 1', { ill: true })).toEqual(['h.poor', 'h.rooms'])
    expect(missing('h.poor || (h.ill && h.rooms > 1)', { ill: false })).toEqual(['h.poor'])
  })

  it('of a choice is that of its test, then of the chosen branch alone', () => {
    expect(missing('h.poor ? h.rooms : h.huge', {})).toEqual(['h.poor'])
    expect(missing('h.poor ? h.rooms : h.huge', { poor: true })).toEqual(['h.rooms'])
    expect(missing('h.poor ? h.rooms : h.huge', { poor: false })).toEqual(['h.huge'])
  })

  it('of orElse holds both sides where both are unknown', () => {
    expect(missing('orElse(h.rooms, h.huge)', {})).toEqual(['h.huge', 'h.rooms'])
  })

  it('names a list that is unknown as a whole by itself', () => {
    expect(missing('size(h.vehicles) > 0', {})).toEqual(['vehicles'])
    expect(missing('h.vehicles.exists(r, r.kind == "car") || h.poor', {})).toEqual(['h.poor', 'vehicles'])
  })

  it('names the fields of rows that leave a list test open', () => {
    expect(missing('h.members.all(m, m.insured)', { members: [{ insured: true }, {}] })).toEqual(['members.insured'])
    expect(missing('h.members.all(m, m.insured)', { members: [{ insured: false }, {}] })).toEqual([])
  })

  it('names the test of rows that may belong, and the value of rows that do', () => {
    const text = 'sum(h.members.filter(m, m.insured).map(m, m.wage))'
    expect(missing(text, { members: [{ wage: 1 }] })).toEqual(['members.insured'])
    expect(missing(text, { members: [{ insured: true }] })).toEqual(['members.wage'])
    expect(missing(text, { members: [{ insured: false }] })).toEqual([])
  })

  it('looks at what stands in for nothing only where nothing is chosen', () => {
    const text = 'max(h.members.filter(m, m.insured).map(m, m.months), h.rooms)'
    expect(missing(text.replace('h.rooms', 'h.area'), { members: [] })).toEqual(['h.area'])
    expect(missing(text.replace('h.rooms', 'h.area'), { members: [{ insured: false }] })).toEqual(['h.area'])
    expect(missing(text.replace('h.rooms', 'h.area'), { members: [{ insured: true }] })).toEqual(['members.months'])
    expect(missing(text.replace('h.rooms', 'h.area'), { members: [{}] })).toEqual(['members.insured'])
  })

  it('names facts two lists down by both', () => {
    const village = { households: [{ members: [{}] }, {}] }
    expect(missing('sum(v.households.map(h, size(h.members.filter(m, m.insured)))) > 5', village, 'village')).toEqual([
      'households.members',
      'households.members.insured',
    ])
  })
})

it('with rows asked for, each name carries its row, counted from 1', () => {
  const node = nodeOf('sum(v.households.map(h, size(h.members.filter(m, m.insured))))', 'village')
  const facts = { households: [{ members: [] }, { members: [{ insured: true }, {}] }, {}] }
  expect([...missingOf(node, [facts], new Interpreter(), [])].sort()).toEqual(['households[2].members[2].insured', 'households[3].members'])
})
