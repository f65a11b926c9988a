import { describe, expect, it } from 'vitest'
import { checked } from '../testing/marked.ts'

/** Each finding must point at what is enclosed in «marks», to the character. */
describe('the checker refuses', () => {
  it.each([
    ['an unknown name', 'name.unknown', '«x» > 3'],
    ['an unknown field', 'field.unknown', 'h.poor && «h.incme» > yuan(3)'],
    ['an unknown field of a member', 'field.unknown', 'h.members.exists(m, «m.insred»)'],
    ['an unknown list', 'list.unknown', 'size(«h.oxen») > 1'],
    ['an unknown parameter', 'param.unknown', 'h.income > «p.lien»'],
    ['a key that the enum has not', 'enum.key', 'h.grade == «"D"»'],
    ['a key that the enum has not, in a list', 'enum.key', 'h.grade in ["A", «"D"»]'],
    ['money against a bare number', 'type.mix', '«h.income > 4000»'],
    ['money plus a bare number', 'type.mix', 'known(«h.income + 1»)'],
    ['money times money', 'type.number', 'known(«h.income * h.income»)'],
    ['a division sign', 'expr.division', '«h.rooms / 2» > 1'],
    ['a remainder', 'expr.division', '«h.rooms % 2» == 1'],
    ['a rounded quotient in a comparison', 'expr.perCompared', '«per(h.income, 3)» > yuan(2855)'],
    ['a rounded quotient deep in a comparison', 'expr.perCompared', 'h.income > least(«per(h.income, 3)», p.line)'],
    ['a decimal fraction', 'expr.float', 'h.rooms > «2.5»'],
    ['null', 'expr.null', 'h.rooms == «null»'],
    ['an order of enum keys', 'type.order', '«h.grade < "B"»'],
    ['an order of codes', 'type.order', '«h.code < "45"»'],
    ['an order of booleans', 'type.order', '«h.poor < h.ill»'],
    ['a bare string', 'expr.string', 'h.poor && «"A"»'],
    ['text', 'field.text', '«h.note» == "x"'],
    ['different decimals', 'type.mix', '«h.paddy > h.rooms»'],
    ['a literal against a scaled field', 'type.mix', '«h.paddy >= 2»'],
    ['different units', 'type.mix', '«h.area == age(h.visit)»'],
    ['an enum against a number', 'type.mix', '«h.grade == h.rooms»'],
    ['a list as a value', 'expr.listValue', '«h.members» == 3'],
    ['a filter as a value', 'expr.listValue', '«h.members.filter(m, m.insured)» == 3'],
    ['a map without sum, min or max', 'expr.listValue', '«h.members.map(m, m.wage)» == 3'],
    ['a sum without map', 'expr.map', '«sum(h.members)» > 3'],
    ['a sum of booleans', 'type.number', '«sum(h.members.map(m, m.insured))» > 3'],
    ['a whole record', 'expr.entity', '«h» == 3'],
    ['counting the outer list inside a list test', 'expr.outerList', 'h.members.exists(m, «m.months > size(h.members)»)'],
    ['an unknown function', 'fn.unknown', '«round(h.rooms)» > 1'],
    ['a regular expression', 'fn.unknown', '«h.code.matches("45.*")»'],
    ['adding months without rounding', 'expr.rounding', '«addMonths(h.visit, 1, "near")» > h.visit'],
    ['a day that does not exist', 'expr.date', 'h.visit > «date("2015-02-30")»'],
    ['an argument of another type', 'type.argument', 'floorDiv(«h.poor», 2) > 1'],
    ['too few arguments', 'expr.arguments', '«years(h.visit)» > 1'],
    ['dates added together', 'type.number', 'known(«h.visit + h.visit»)'],
    ['a number where yes or no is needed', 'type.bool', 'h.poor && «h.rooms»'],
    ['a number as the test of a choice', 'type.bool', '«h.rooms» ? h.poor : h.ill'],
    ['in without a written list', 'expr.in', 'h.grade in «h.grade»'],
    ['in with an empty list', 'expr.in', 'h.grade in «[]»'],
    ['a fraction of a yuan without cents', 'expr.yuan', 'h.income > «yuan(h.rooms)»'],
    ['a number beyond 2^53 - 1', 'expr.large', 'h.huge > «9007199254740993»'],
    ['amounts beyond 2^53 - 1 fen', 'expr.yuan', 'h.income > «yuan(90071992547410)»'],
    ['a prefix of something that is no code', 'type.prefix', '«h.grade.startsWith("A")»'],
  ])('%s (%s)', (_, code, expression) => {
    const { found, marked } = checked(expression)
    expect(found).toEqual([`${code} ${marked[0]}`])
  })

  it('what cannot be read, at the place where reading stops', () => {
    expect(checked('h.poor && && h.ill').found[0]).toMatch(/^expr\.syntax 11\+/)
  })

  it('several things in one expression at once', () => {
    const { found, marked } = checked('«h.incme» > yuan(3) && h.grade == «"D"» || «h.rooms / 2» > 1')
    expect(found).toEqual([`field.unknown ${marked[0]}`, `enum.key ${marked[1]}`, `expr.division ${marked[2]}`])
  })
})

describe('the checker accepts', () => {
  it.each([
    'h.income > p.line * size(h.members)',
    'h.paddy + h.dry >= p.land_min',
    'h.paddy > 0',
    'h.income > 0 && 0 <= h.income',
    'per(h.income, size(h.members))',
    'sum(h.members.map(m, per(m.wage, 12))) > yuan(3)',
    'least(0, h.income) < yuan(1)',
    'h.members.filter(m, m.insured).all(m, m.months >= 6)',
    'h.grade in ["A", "C"] && h.code == "450621"',
    'max(h.members.map(m, m.birth)) < asof',
    'orElse(h.poor, false) ? h.area : h.area * 2',
  ])('%s', (expression) => expect(checked(expression).found).toEqual([]))

  it('counting members of each household of a village', () => {
    expect(checked('sum(v.households.filter(h, h.poor).map(h, size(h.members))) > 3', 'village').found).toEqual([])
  })
})
