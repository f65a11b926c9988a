import { describe, expect, it } from 'vitest'
import { checkedBook } from '../testing/marked.ts'
import { cited, findingsOf, paramsFile, places, rulesFile, tinyBook, words } from '../testing/tiny-book.ts'

const veto = (body: string): string => `- rule: v\n  kind: veto\n  title: {zh: 题, en: t}\n  covers: []\n  versions:\n${body}`
/** Findings of one file with marks; those about missing cases are not what these tests ask. */
const found = (file: string, marked: string) => {
  const { found, marks } = checkedBook(file, marked)
  return { found: found.filter((f) => !/ (cases|coverage)\./.test(f)), marks }
}

describe('reading a book, each fault is found at its place', () => {
  it('a file that is no YAML', () => {
    const { found: all, marks } = found(rulesFile, '- rule: v\n  kind: veto\n «title»: {zh: 题\n')
    expect(all.some((f) => f.endsWith('yaml.syntax'))).toBe(true)
    expect(all[0]).toMatch(/^[234]:\d+ yaml\.syntax$/)
    expect(marks).toHaveLength(1)
  })

  it('a key written twice', () => {
    expect(found(rulesFile, '- rule: v\n  kind: veto\n  kind: item\n').found.map((f) => f.split(' ')[1])).toContain('yaml.syntax')
  })

  it.each([
    [
      'an unknown key of a definition',
      'key.unknown',
      `- {rule: v, kind: veto, ${words}, «wenn»: 1, versions: [{from: 2015-01-01, ${cited}, when: h.poor}]}`,
    ],
    [
      'an unknown key of a version',
      'key.unknown',
      `- {rule: v, kind: veto, ${words}, versions: [{from: 2015-01-01, ${cited}, when: h.poor, «evidenz»: []}]}`,
    ],
    ['a missing key', 'key.missing', `- {rule: v, kind: veto, ${words}, versions: [«{from: 2015-01-01, ${cited}}»]}`],
    ['an unknown kind', 'kind.unknown', `- «{rule: v, kind: vetto, ${words}}»`],
    ['a kind of a later version', 'kind.unknown', `- «{rule: v, kind: alert, ${words}}»`],
    [
      'a title in one language',
      'text.languages',
      `- {rule: v, kind: veto, title: «题», covers: [], versions: [{from: 2015-01-01, ${cited}, when: h.poor}]}`,
    ],
    [
      'an unknown source',
      'cite.unknown',
      `- {rule: v, kind: veto, ${words}, versions: [«{from: 2015-01-01, cite: {doc: gx-0}, confidence: OFF, when: h.poor}»]}`,
    ],
    [
      'an unknown source of a part',
      'cite.unknown',
      `- {rule: s, kind: standard, ${words}, versions: [{from: 2015-01-01, ${cited}, all_of: [«{id: a, title: {zh: 一, en: one}, cite: {doc: gx-0}, when: h.poor}»]}]}`,
    ],
    [
      'an unknown confidence',
      'confidence.unknown',
      `- {rule: v, kind: veto, ${words}, versions: [{from: 2015-01-01, cite: {doc: none}, confidence: «sure», when: h.poor}]}`,
    ],
    [
      'a date that does not exist',
      'value.date',
      `- {rule: v, kind: veto, ${words}, versions: [{from: «2015-02-30», ${cited}, when: h.poor}]}`,
    ],
    ['no version at all', 'versions.none', `- {rule: «v», kind: veto, ${words}, versions: []}`],
    [
      'an end before the start',
      'dates.backward',
      `- {rule: v, kind: veto, ${words}, versions: [«{from: 2015-02-01, to: 2015-01-01, ${cited}, when: h.poor}»]}`,
    ],
    [
      'an id used twice',
      'id.twice',
      `- {rule: v, kind: veto, ${words}, versions: [{from: 2015-01-01, ${cited}, when: h.poor}]}\n- {rule: «v», kind: veto, ${words}, versions: [{from: 2015-01-01, ${cited}, when: h.ill}]}`,
    ],
    [
      'points that are no whole number',
      'value.integer',
      `- {rule: i, kind: item, of_scorecard: s, ${words}, versions: [{from: 2015-01-01, ${cited}, of: h.poor, points: {true: «1.5», false: 0}}]}`,
    ],
    [
      'a criterion without a condition',
      'part.empty',
      `- {rule: s, kind: standard, ${words}, versions: [{from: 2015-01-01, ${cited}, all_of: [«{id: a, title: {zh: 一, en: one}}»]}]}`,
    ],
    [
      'a like that stands nowhere before',
      'like.unknown',
      `- {rule: v, kind: veto, ${words}, versions: [«{id: v2, like: v1, from: 2015-01-01, ${cited}, when: h.poor}»]}`,
    ],
  ])('%s (%s)', (_, code, text) => {
    const { found: all, marks } = found(rulesFile, text)
    expect(all).toContain(`${marks[0]} ${code}`)
  })

  it('a hole between two versions', () => {
    const { found: all, marks } = found(
      rulesFile,
      veto(`  - {from: 2015-01-01, to: 2015-12-30, ${cited}, when: h.poor}\n  - «{from: 2016-01-01, ${cited}, when: h.ill}»\n`),
    )
    expect(all).toEqual([`${marks[0]} dates.hole`])
  })

  it('no hole where a version says that there is no such rule', () => {
    const text = veto(
      `  - {from: 2015-01-01, to: 2015-06-30, ${cited}, when: h.poor}\n  - {from: 2015-07-01, to: 2015-12-31, ${cited}, status: none}\n  - {from: 2016-01-01, ${cited}, when: h.ill}\n`,
    )
    expect(found(rulesFile, text).found).toEqual([])
  })

  it('two versions on one day', () => {
    const { found: all, marks } = found(
      rulesFile,
      veto(`  - {from: 2015-01-01, to: 2016-01-01, ${cited}, when: h.poor}\n  - «{from: 2016-01-01, ${cited}, when: h.ill}»\n`),
    )
    expect(all).toEqual([`${marks[0]} dates.overlap`])
  })

  it.each([
    [
      'more decimals than the parameter has',
      'value.decimals',
      `- {param: q, title: {zh: 题, en: t}, type: money, values: [{from: 2015-01-01, value: «2855.005», ${cited}}]}`,
    ],
    [
      'a value that is no number',
      'value.decimals',
      `- {param: q, title: {zh: 题, en: t}, type: int, values: [{from: 2015-01-01, value: «many», ${cited}}]}`,
    ],
    ['an unknown type', 'type.unknown', `- «{param: q, title: {zh: 题, en: t}, type: float, values: []}»`],
    [
      'a hole in the values',
      'dates.hole',
      `- {param: q, title: {zh: 题, en: t}, type: int, values: [{from: 2015-01-01, to: 2015-06-30, value: 1, ${cited}}, «{from: 2016-01-01, value: 2, ${cited}}»]}`,
    ],
  ])('of a parameter: %s (%s)', (_, code, text) => {
    const { found: all, marks } = found(paramsFile, text)
    expect(all).toContain(`${marks[0]} ${code}`)
  })

  it.each([
    ['a number without range', 'field.range', '  x: «{type: int, label: {zh: 题, en: t}}»'],
    ['an unknown type', 'field.type', '  x: «{type: float, label: {zh: 题, en: t}}»'],
    ['an unknown class', 'field.class', '  x: «{type: bool, class: secret, label: {zh: 题, en: t}}»'],
    ['an enum field that names none', 'field.enum', '  x: «{type: enum, label: {zh: 题, en: t}}»'],
    ['a range the wrong way round', 'field.range', '  x: {type: int, range: «[9, 1]», label: {zh: 题, en: t}}'],
    ['a name in capitals', 'name.form', '  «Xx»: {type: bool, label: {zh: 题, en: t}}'],
  ])('of the dictionary: %s (%s)', (_, code, field) => {
    const file = 'dictionary/entities/plot.yaml'
    const { found: all, marks } = found(file, `entity: plot\nvariable: q\nlabel: {zh: 地, en: plot}\nfields:\n${field}\n`)
    expect(all).toContain(`${marks[0]} ${code}`)
  })

  it('an entity that two lists claim, for its rows can have one parent only', () => {
    const file = 'dictionary/entities/firm.yaml'
    const lists = 'lists: {staff: {entity: member, label: {zh: 员工, en: staff}}}'
    expect(places(findingsOf({ [file]: `entity: firm\nvariable: f\nlabel: {zh: 企业, en: firm}\n${lists}\n` }))).toContain(
      `dictionary/entities/household.yaml:1:1 list.twice`.replace('household', 'firm'),
    )
  })

  it('several faults of several files at once', () => {
    const all = findingsOf({
      [rulesFile]: `- {rule: v, kind: veto, ${words}, wenn: 1, versions: [{from: 2015-01-01, ${cited}, when: h.por || h.rooms / 2 > 1}]}\n`,
      [paramsFile]: `- {param: q, title: {zh: 题, en: t}, type: int, values: [{from: 2015-01-01, value: x, ${cited}}]}\n`,
      'sources.yaml': 'sources:\n- {id: a, title: 一}\n',
    })
    expect(new Set(all.map((f) => f.code))).toEqual(
      new Set(['key.unknown', 'field.unknown', 'expr.division', 'value.decimals', 'text.languages', 'cases.none', 'versions.none']),
    )
  })
})

it('a folder without book.yaml is no book', () => {
  const { book, findings } = tinyBook({ 'book.yaml': '' })
  expect(book).toBeNull()
  expect(findings.map((f) => f.code)).toEqual(['book.missing'])
})

it('money is read to the fen and scaled numbers to their last decimal, never through a float', () => {
  const { book } = tinyBook({
    [paramsFile]: `- {param: a, title: {zh: 题, en: t}, type: money, values: [{from: 2015-01-01, value: 0.29, ${cited}}]}
- {param: b, title: {zh: 题, en: t}, type: int, decimals: 2, values: [{from: 2015-01-01, value: 1.15, ${cited}}]}
- {param: c, title: {zh: 题, en: t}, type: money, values: [{from: 2015-01-01, value: -1.1, ${cited}}]}
`,
  })
  expect(book.parameters.map((p) => p.values[0]!.value)).toEqual([29, 115, -110])
})

describe('like and change', () => {
  const text = `- rule: s
  kind: standard
  title: {zh: 题, en: t}
  covers: []
  versions:
  - id: v1
    from: 2015-01-01
    to: 2015-12-31
    cite: {doc: none}
    confidence: default
    let: {n: size(h.members), w: 'sum(h.members.map(m, m.wage))'}
    all_of:
    - {id: a, title: {zh: 一, en: one}, when: h.poor}
    - {id: b, title: {zh: 二, en: two}, when: h.rooms > n}
    - {id: c, title: {zh: 三, en: three}, when: h.ill}
  - id: v2
    like: v1
    from: 2016-01-01
    to: 2016-12-31
    cite: {doc: none}
    confidence: default
    change:
      let: {n: size(h.vehicles)}
      all_of:
      - {id: c, removed: true}
      - {id: b, title: {zh: 二, en: two}, when: h.rooms > n + 1}
      - {id: d, title: {zh: 四, en: four}, when: h.area > 3}
  - {id: v3, like: v2, from: 2017-01-01, ${cited}}
`
  const { book, findings } = tinyBook({ [rulesFile]: text })
  const parts = (i: number) => {
    const body = book.definitions[0]!.versions[i]!.body
    return body.kind === 'standard' ? body.group.all_of!.map((p) => `${p.id}: ${p.when!.text}`) : []
  }

  it('make a whole version: parts are changed by id, removed, or added', () => {
    expect(findings).toEqual([])
    expect(parts(0)).toEqual(['a: h.poor', 'b: h.rooms > n', 'c: h.ill'])
    expect(parts(1)).toEqual(['a: h.poor', 'b: h.rooms > n + 1', 'd: h.area > 3'])
  })

  it('go on from a version that was itself written short', () => expect(parts(2)).toEqual(parts(1)))

  it('change one let and keep the others', () => {
    expect(book.definitions[0]!.versions[2]!.lets.map((l) => `${l.name}: ${l.expr.text}`)).toEqual([
      'n: size(h.vehicles)',
      'w: sum(h.members.map(m, m.wage))',
    ])
  })
})
