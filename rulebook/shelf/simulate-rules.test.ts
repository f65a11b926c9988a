import { Duck } from '@fupin/platform/database/duckdb.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Book } from '../engine/book.ts'
import { loadBook } from '../engine/load/load-book.ts'
import { type RuleEffect, type Side, type Simulation, simulateRules, stays } from './simulate-rules.ts'

const words = (zh: string): string => `{zh: ${zh}, en: ${zh === '户' ? 'household' : 'word'}}`
const cited = 'cite: {doc: none}, confidence: default'

/** A small book of three levels of place with a limit, a yes/no rule that reads it, a sum, and a rule that reads neither. */
function book(limit: number, more = '', county = ''): Book {
  const rule = (id: string, type: string, value: string): string =>
    `- rule: ${id}\n  kind: derived\n  level: household\n  title: ${words('规则')}\n  covers: []\n  versions:\n  - {from: 2010-01-01, ${cited}, type: ${type}, value: '${value}'}\n`
  const files = {
    'book.yaml': `book: small\ntitle: ${words('簿')}\nroot: "450000"\nreference_date: 2015-12-31\nplaces:\n- {code: "000000", level: nation, folder: n, name: ${words('国')}}\n- {code: "450000", level: province, folder: g, name: ${words('省')}}\n- {code: "450621", level: county, folder: c, name: ${words('县')}}\n`,
    'sources.yaml': 'sources: []\n',
    'dictionary/enums.yaml': 'enums: {}\n',
    'dictionary/entities/household.yaml': `entity: household\nvariable: h\nlabel: ${words('户')}\nkey: household_id\nlists:\n  members: {entity: member, variable: m, label: ${words('人')}}\nfields:\n  area: {type: int, unit: m2, range: [0, 2000], label: ${words('面积')}, class: open}\n  rooms: {type: int, unit: m2, range: [0, 90], label: ${words('间')}, class: open}\n`,
    'dictionary/entities/member.yaml': `entity: member\nvariable: m\nlabel: ${words('人')}\nfields:\n  poor: {type: bool, label: ${words('贫')}, class: open}\n`,
    'n/params.yaml': `- param: limit\n  title: ${words('限')}\n  type: int\n  unit: m2\n  clock: survey_date\n  covers: []\n  open: {level: [county], direction: any}\n  values:\n  - {from: 2010-01-01, value: ${limit}, ${cited}}\n`,
    'c/params.yaml': county || '[]\n',
    'n/rules/all.yaml': `${rule('wide', 'bool', 'h.area >= p.limit')}${rule('spare', 'int', 'h.area - p.limit')}${rule('aside', 'bool', 'h.rooms > 3')}${rule('reads', 'bool', 'rule("wide") && h.members.exists(m, m.poor)')}${more}`,
  }
  const { book: loaded, findings } = loadBook(Object.entries(files).map(([path, text]) => ({ path, text })))
  expect(findings).toEqual([])
  return loaded!
}

let duck: Duck
const side = (of: Book): Side => ({ book: of, duck })
const simulate = (a: Book, b: Book): Promise<Simulation> => simulateRules(side(a), side(b), 20151231)
const filled = (rule: RuleEffect): Record<string, number> =>
  Object.fromEntries(Object.entries(rule.cells).flatMap(([cell, { households }]) => (households ? [[cell, households]] : [])))

beforeAll(async () => {
  duck = await Duck.open()
  await duck.run(`create table household (_key bigint, household_id varchar, county_code varchar, township_code varchar, village_code varchar, area bigint, rooms bigint, members_known boolean);
    insert into household values (1, 'a', '450621', '450621001', '450621001201', 50, 1, true), (2, 'b', '450621', '450621001', '450621001202', 80, 1, true),
      (3, 'c', '450102', '450102001', '450102001001', 70, 1, true), (4, 'd', '450102', '450102001', '450102001001', null, 1, true), (5, 'e', '450102', '450102001', '450102001001', 90, null, false);
    create table member (_key bigint, _parent bigint, member_no integer, poor boolean);
    insert into member values (1, 1, 1, true), (2, 1, 2, false), (3, 2, 1, true), (4, 3, 1, null), (5, 4, 1, true)`)
})
afterAll(() => duck.close())

describe('a limit raised from 60 to 75', () => {
  it('touches what reads it, directly or through another rule, and nothing else', async () => {
    const { rules, checks, population } = await simulate(book(60), book(75))
    expect(rules.map((r) => r.id)).toEqual(['reads', 'spare', 'wide'])
    expect(population).toEqual({ households: 5, persons: 5 })
    expect(checks).toEqual({ cellsAddUp: true, sameAgainstSame: true, sample: { households: 5, differing: 0 } })
    const [reads, spare, wide] = rules as [RuleEffect, RuleEffect, RuleEffect]
    expect(filled(wide)).toEqual({ 'true>true': 2, 'true>false': 1, 'false>false': 1, 'unknown>unknown': 1 })
    expect(filled(reads)).toEqual({ 'true>true': 1, 'unknown>false': 1, 'false>false': 1, 'unknown>unknown': 2 })
    expect(filled(spare)).toEqual({ down: 4, unknown: 1 })
    expect(spare.sums).toEqual({ before: 50 + 80 + 70 + 90 - 4 * 60, after: 50 + 80 + 70 + 90 - 4 * 75 })
  })

  it('is told by county and village, and household by household with both values', async () => {
    const { rules, changed } = await simulate(book(60), book(75))
    const wide = rules.find((r) => r.id === 'wide')!
    expect(wide.counties['450102']!['true>false']).toEqual({ households: 1, persons: 1 })
    expect(wide.counties['450621']!['true>false']).toEqual({ households: 0, persons: 0 })
    expect(Object.keys(wide.villages).sort()).toEqual(['450102001001', '450621001201', '450621001202'])
    expect(changed.filter((c) => c.rule !== 'spare').map((c) => [c.household.id, c.rule, c.before, c.after])).toEqual([
      ['c', 'reads', null, false],
      ['c', 'wide', true, false],
    ])
  })

  it('leaves a county alone that has its own', async () => {
    const own = `- param: limit\n  title: ${words('限')}\n  type: int\n  unit: m2\n  clock: survey_date\n  covers: []\n  overrides: {place: "000000", version: 2010-01-01}\n  values:\n  - {from: 2010-01-01, value: 60, ${cited}}\n`
    const { rules } = await simulate(book(60, '', own), book(75, '', own))
    const wide = rules.find((r) => r.id === 'wide')!
    expect(Object.entries(wide.counties['450621']!).filter(([cell, c]) => !stays(cell) && c.households)).toEqual([])
    expect(wide.counties['450102']!['true>false']!.households).toBe(1)
  })
})

it('A against A changes nothing', async () => {
  const { rules, changed, from, to } = await simulate(book(60), book(60))
  expect([rules, changed, from === to]).toEqual([[], [], true])
})

it('a rule that only one book has is unknown on the other side', async () => {
  const more = `- rule: extra\n  kind: derived\n  level: household\n  title: ${words('规则')}\n  covers: []\n  versions:\n  - {from: 2010-01-01, ${cited}, type: bool, value: 'h.rooms == 1'}\n`
  const added = (await simulate(book(60), book(60, more))).rules
  expect(added.map((r) => [r.id, r.state, filled(r)])).toEqual([['extra', 'new', { 'unknown>true': 4, 'unknown>unknown': 1 }]])
  const gone = (await simulate(book(60, more), book(60))).rules
  expect(gone.map((r) => [r.id, r.state, filled(r)])).toEqual([['extra', 'ended', { 'true>unknown': 4, 'unknown>unknown': 1 }]])
})
