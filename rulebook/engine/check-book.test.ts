import { describe, expect, it } from 'vitest'
import { checkBook } from './check-book.ts'
import { checkedBook } from './testing/marked.ts'
import { cited, type Files, findingsOf, paramsFile, places, rulesFile, tinyBook, words } from './testing/tiny-book.ts'

const title = 'title: {zh: 题, en: t}'
const about = (id: string, kind: string, body: string, cases = ''): string =>
  `- {rule: ${id}, kind: ${kind}, ${words}, versions: [{id: v1, from: 2015-01-01, ${cited}, ${body}}]${cases ? `, cases: [${cases}]` : ''}}\n`
const found = (marked: string, files: Files = {}) => {
  const { found, marks } = checkedBook(rulesFile, marked, files)
  return { found: found.filter((f) => !/ cases\./.test(f)), marks }
}

describe('rules that refer to each other', () => {
  it('in a circle are found where the circle closes', () => {
    const { found: all, marks } = found(
      `${about('a', 'derived', 'type: bool, value: \'rule("b") && h.poor\'')}${about('b', 'derived', 'type: bool, value: \'«rule("a")»\'')}`,
    )
    expect(all).toEqual([`${marks[0]} rule.cycle`])
  })

  it('by an id that nobody has', () => {
    const { found: all, marks } = found(about('a', 'derived', 'type: bool, value: \'h.poor && «rule("b")»\''))
    expect(all).toEqual([`${marks[0]} rule.unknown`])
  })

  it('by a part that the rule has not', () => {
    const standard = about('s', 'standard', 'all_of: [{id: a, title: {zh: 一, en: one}, when: h.poor}]')
    const { found: all, marks } = found(`${standard}${about('a', 'derived', 'type: bool, value: \'«sub("s", "b")»\'')}`)
    expect(all).toContain(`${marks[0]} rule.part`)
  })

  it('by one that is about something not in reach', () => {
    const village = `- {rule: w, kind: derived, level: village, ${words}, versions: [{from: 2015-01-01, ${cited}, type: bool, value: v.products > 1}]}\n`
    const { found: all, marks } = found(`${village}${about('a', 'derived', 'type: bool, value: \'«rule("w")»\'')}`)
    expect(all).toContain(`${marks[0]} rule.level`)
  })

  it('by one that does not exist at the time', () => {
    const ended = `- {rule: e, kind: derived, ${words}, versions: [{from: 2015-01-01, ${cited}, status: none}]}\n`
    const { found: all, marks } = found(`${ended}${about('a', 'derived', 'type: bool, value: \'«rule("e")»\'')}`)
    expect(all).toEqual([`${marks[0]} rule.ended`])
  })

  it('and compare what the other one has rounded', () => {
    const { found: all, marks } = found(
      `${about('a', 'derived', "type: money, value: 'per(h.income, size(h.members))'")}${about('b', 'derived', 'type: bool, value: \'«rule("a")» > p.line\'')}`,
    )
    expect(all).toEqual([`${marks[0]} expr.perCompared`])
  })
})

describe('a parameter', () => {
  it('that has no value at the time is found where it is read', () => {
    const { found: all, marks } = found(
      `- {rule: a, kind: derived, ${words}, versions: [{from: 2014-01-01, ${cited}, type: bool, value: h.income > «p.line»}]}\n`,
    )
    expect(all).toEqual([`${marks[0]} param.date`])
  })

  it('is checked on every day on which a value changes', () => {
    const params = `- {param: line, ${title}, type: money, values: [{from: 2015-01-01, to: 2015-12-31, value: 1, ${cited}}, {from: 2017-01-01, value: 2, ${cited}}]}\n`
    expect(
      places(
        findingsOf({ [paramsFile]: params, [rulesFile]: about('a', 'derived', 'type: bool, value: h.income > p.line') }),
        'dates.hole',
      ),
    ).toHaveLength(1)
  })

  it('a let that refers to itself', () => {
    const { found: all, marks } = found(about('a', 'derived', "let: {n: '«n + 1»'}, type: int, value: n"))
    expect(all).toEqual([`${marks[0]} let.cycle`])
  })

  it('a value of another type than declared', () => {
    const { found: all, marks } = found(about('a', 'derived', 'type: bool, value: «h.rooms»'))
    expect(all).toEqual([`${marks[0]} derived.type`])
  })
})

describe('overriding an upper level', () => {
  const upper = (open: string): string => `- {param: q, ${title}, type: int, ${open}values: [{from: 2015-01-01, value: 10, ${cited}}]}\n`
  const lower = (head: string, value = 11, more = ''): string =>
    `- {param: q, type: int, ${title}, ${head}values: [«{from: 2015-02-01, value: ${value}, ${cited}}»${more}]}\n`
  const over = 'overrides: {place: "000000", version: 2015-01-01}, '
  const check = (open: string, text: string) => {
    const { found, marks } = checkedBook(paramsFile, text, { '000000-national/params.yaml': upper(open) })
    return { found, marks }
  }
  const up = 'open: {level: [province], direction: up}, '

  it('is fine where it is open to the level and goes the allowed way', () => expect(check(up, lower(over)).found).toEqual([]))

  it('what is locked may not be changed', () => expect(check('', lower(over)).found).toEqual(['1:11 override.locked']))

  it('what is open to counties only may not be changed by a province', () =>
    expect(check('open: {level: [county], direction: any}, ', lower(over)).found).toEqual(['1:11 override.level']))

  it('what may only be raised may not be lowered', () => {
    const { found, marks } = check(up, lower(over, 9))
    expect(found).toEqual([`${marks[0]} override.direction`])
  })

  it('what may only be lowered may not be raised', () => {
    const { found, marks } = check('open: {level: [province], direction: down}, ', lower(over))
    expect(found).toEqual([`${marks[0]} override.direction`])
  })

  it('must name the version it replaces', () => expect(check(up, lower('')).found).toEqual(['1:11 override.unnamed']))

  it('must replace something', () => {
    const { found } = checkedBook(paramsFile, lower(over))
    expect(found.map((f) => f.split(' ')[1])).toEqual(['override.nothing'])
  })

  const newer = upper(up).replace(']}', `, {from: 2016-01-01, value: 12, ${cited}}]}`)

  it('is stale once the upper level has a newer version', () => {
    const text = `- {param: q, type: int, ${title}, overrides: «{place: "000000", version: 2015-01-01}», values: [{from: 2015-02-01, value: 13, ${cited}}]}\n`
    const { found, marks } = checkedBook(paramsFile, text, { '000000-national/params.yaml': newer })
    expect(found).toEqual([`${marks[0]} override.stale`])
  })

  it('is not stale where it ended before', () => {
    const text = `- {param: q, type: int, ${title}, ${over}values: [{from: 2015-02-01, to: 2015-12-31, value: 13, ${cited}}]}\n`
    expect(checkedBook(paramsFile, text, { '000000-national/params.yaml': newer }).found).toEqual([])
  })
})

describe('cases', () => {
  const veto = (cases: string): string => about('v', 'veto', "when: 'h.poor && h.rooms > p.rooms_min', evidence: []", cases)
  const all =
    '{name: 是, given: {poor: true, rooms: 4}, expect: true}, {name: 否, given: {poor: false}, expect: false}, {name: 缺, given: {poor: true}, expect: unknown, missing: [h.rooms]}'

  it('that are right and reach everything leave nothing to say', () => expect(found(veto(all)).found).toEqual([]))

  it.each([
    ['a wrong value', 'case.wrong', '«{name: 错, given: {poor: true, rooms: 3}, expect: true}»'],
    ['a value where nothing can be said', 'case.wrong', '«{name: 错, given: {poor: true}, expect: false}»'],
    ['a wrong missing set', 'case.missing', '«{name: 错, given: {poor: true}, expect: unknown, missing: [h.poor]}»'],
    ['a value the rule cannot have', 'case.expect', '«{name: 错, given: {poor: true}, expect: 3}»'],
    ['a fact that the dictionary lacks', 'field.unknown', '{name: 错, given: {«pore»: true, poor: false}, expect: false}'],
    ['a fact of the wrong type', 'case.value', '{name: 错, given: {rooms: «many», poor: false}, expect: false}'],
  ])('%s (%s)', (_, code, one) => {
    const { found: all_, marks } = found(veto(`${all}, ${one}`))
    expect(all_).toEqual([`${marks[0]} ${code}`])
  })

  it('that fail for another reason than they say', () => {
    const parts = 'all_of: [{id: a, title: {zh: 一, en: one}, when: h.poor}, {id: b, title: {zh: 二, en: two}, when: h.ill}]'
    const rest = '{name: 1, given: {poor: true, ill: true}, expect: true}, {name: 2, given: {}, expect: unknown}'
    const { found: wrong, marks } = found(
      about('s', 'standard', parts, `${rest}, «{name: 3, given: {poor: false, ill: false}, expect: false, because: [a]}»`),
    )
    expect(wrong).toEqual([`${marks[0]} case.because`])
  })

  it('are demanded of every rule', () => {
    expect(places(findingsOf({ [rulesFile]: about('v', 'veto', 'when: h.poor') }))).toEqual([`${rulesFile}:1:10 cases.none`])
  })
})

describe('coverage', () => {
  it('of a veto: its condition and each exception must be seen true, false and unknown', () => {
    const text = about(
      'v',
      'veto',
      'when: «h.poor», unless: [«{id: x, title: {zh: 除, en: but}, when: h.ill}»]',
      '{name: 1, given: {poor: true, ill: false}, expect: true}, {name: 2, given: {poor: false}, expect: false}',
    )
    const { found: all, marks } = found(text)
    expect(all).toEqual(marks.map((m) => `${m} coverage.part`))
  })

  it('of a standard: every part, however deep', () => {
    const text = about(
      's',
      'standard',
      'all_of: [{id: g, title: {zh: 组, en: group}, any_of: [{id: a, title: {zh: 一, en: one}, when: h.poor}, «{id: b, title: {zh: 二, en: two}, when: h.ill}»]}]',
      '{name: 1, given: {poor: true}, expect: true}, {name: 2, given: {poor: false, ill: false}, expect: false}, {name: 3, given: {}, expect: unknown}',
    )
    const { found: all, marks } = found(text)
    expect(all).toEqual([`${marks[0]} coverage.part`])
    expect(findingsOf({ [rulesFile]: text.replaceAll(/[«»]/g, '') })[0]!.en).toBe('No case makes "two" true.')
  })

  it('of an item: every answer must get its points, and one case leave it out', () => {
    const card = about(
      'card',
      'scorecard',
      'direction: higher_is_poorer, categories: [{id: c, title: {zh: 类, en: c}}]',
      '{name: 1, given: {grade: A}, expect: 0}',
    )
    const item = `- {rule: «i», kind: item, of_scorecard: card, category: c, ${words}, versions: [{from: 2015-01-01, ${cited}, of: h.grade, points: {A: 0, B: 1, «C»: 2}}], cases: [{name: 1, given: {grade: A}, expect: 0}, {name: 2, given: {grade: B}, expect: 1}]}\n`
    const { found: all, marks } = found(item + card)
    expect(all.sort()).toEqual([`${marks[0]} coverage.unknown`, `${marks[1]} coverage.answer`].sort())
  })
})

describe('a whole book', () => {
  it('gives every finding at once, in cases, rules and parameters', () => {
    const text = [
      about('a', 'derived', "type: bool, value: 'h.incme > yuan(3)'"),
      about('b', 'derived', 'type: bool, value: \'h.grade == "D"\''),
      about('c', 'veto', "when: 'h.rooms / 2 > 1'"),
      about('d', 'standard', 'all_of: [{id: x, title: {zh: 一, en: one}, when: h.income > 4000}]'),
    ].join('')
    const codes = findingsOf({ [rulesFile]: text }).map((f) => `${f.line} ${f.code}`)
    expect(codes).toEqual(expect.arrayContaining(['1 field.unknown', '2 enum.key', '3 expr.division', '4 type.mix']))
  })

  it('compiles a rule as it stands on each of its days: a version without an end gives way to the next', () => {
    const text = `- {rule: v, kind: veto, ${words}, versions: [{id: a, from: 2015-01-01, ${cited}, when: h.poor}, {id: b, from: 2016-01-01, ${cited}, when: h.ill}], cases: [
      {name: 1, at: 2015-12-31, given: {poor: true, ill: false}, expect: true}, {name: 2, at: 2016-01-01, given: {poor: true, ill: false}, expect: false}]}\n`
    expect(places(findingsOf({ [rulesFile]: text }), 'case.wrong')).toEqual([])
  })

  it('counts the rules it has checked', () => {
    const { book } = tinyBook({ [rulesFile]: about('a', 'veto', 'when: h.poor') + about('b', 'veto', 'when: h.ill') })
    expect(checkBook(book).rules).toBe(2)
  })
})
