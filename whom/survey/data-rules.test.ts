import { join } from 'node:path'
import { Duck } from '@fupin/platform/database/duckdb.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import { booksFolder, openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applyDataRules, type DataRulesApplied } from './data-rules.ts'
import { readSurvey } from './read-survey.ts'
import { aFolder, csv, idNumber } from './survey-fixture.ts'

const village = '450621100001'
const households = csv(
  [
    'household_id',
    'village_code',
    'head_name',
    'house_dangerous',
    'house_grade',
    'water_safe',
    'power',
    'paddy_area',
    'paddy_short_area',
    'income',
    'income_per_head',
    'wage_income',
  ],
  ['A', village, '韦甲', '是', 'A级', '是', '是', '1', '1.5', '6000', '3000', '299.99'],
  ['B', village, '韦乙', '否', 'B级', '是', '是', '1', '0.5', '3000', '3000', '0'],
  ['C', village, '韦丙', '', '', '', '', '', '', '', '', ''],
  ['D', '450622100001', '韦丁', '否', 'D级', '是', '是', '', '', '2000', '', ''],
)
const members = csv(
  ['household_id', 'member_no', 'name', 'sex', 'birth', 'id_number', 'relation', 'work_place', 'work_months', 'labour', 'dibao', 'wubao'],
  ['A', 1, '韦甲', '男', '1970-05-01', idNumber(19700501, 11), '户主', '省外务工', 0, '普通劳动力', '是', '是'],
  ['A', 2, '韦小', '女', '2000-06-01', idNumber(20000601, 22), '之子', '', 3, '', '否', '否'],
  ['B', 1, '韦乙', '男', '1980-05-01', idNumber(19800501, 13), '户主', '未务工', 0, '普通劳动力', '否', '否'],
  ['C', 1, '韦丙', '', '', '', '', '', '', '', '', ''],
  ['D', 1, '韦丁', '男', '1960-05-01', idNumber(19600501, 15), '户主', '未务工', 0, '', '否', '否'],
)

interface Row {
  household_id: string
  member_no: number | null
  rule: string
  severity: string
  field: string
  value: string | null
  zh: string
  en: string
}

let duck: Duck
let book: Book
let applied: DataRulesApplied
let rows: Row[]

beforeAll(async () => {
  duck = await Duck.open()
  book = await openWholeBook(join(booksFolder, 'fupin'))
  await readSurvey(duck, { survey: await aFolder({ 'households.csv': households, 'members.csv': members }), dictionary: book.dictionary })
  applied = await applyDataRules(duck, book, { at: 20151016, files: { household: 'households.csv', member: 'members.csv' } })
  rows = await duck.rows<Row>('select * from rule_finding order by household_id, member_no nulls first, rule')
})
afterAll(() => duck.close())

const of = (household: string): string[] =>
  rows.filter((r) => r.household_id === household).map((r) => `${r.member_no ?? ''}${r.rule.slice(6)}`)

describe('the data rules of the book', () => {
  test('find what cannot be, and what somebody should look at', () => {
    expect(of('A')).toEqual([
      'danger_against_grade',
      'short_paddy_too_large',
      'wages_implausible',
      '1dibao_and_wubao',
      '1work_place_and_months',
      '2relation_against_sex',
      '2work_half_filled',
    ])
    expect(of('D')).toEqual(['danger_against_grade'])
  })

  test('say nothing of a household that is in order', () => expect(of('B')).toEqual([]))

  test('raise nothing from what is unknown, but for what must not be blank', () =>
    expect(of('C')).toEqual(['conditions_blank', '1member_blank']))

  test('name the field, the value as written, and what to do, in both languages', () => {
    const paddy = rows.find((r) => r.rule === 'check.short_paddy_too_large')!
    expect(paddy).toMatchObject({ field: 'paddy_short_area', value: '1.5', severity: 'error', member_no: null })
    expect(paddy.zh).toBe('水田 1 亩，其中缺水田 1.5 亩，多于总数。请改正。')
    const wages = rows.find((r) => r.rule === 'check.wages_implausible')!
    expect(wages.zh).toBe('工资性收入 299.99 元，不在 300 至 300000 元之间。请核对单位。')
    const relation = rows.find((r) => r.rule === 'check.relation_against_sex')!
    expect(relation).toMatchObject({ member_no: 2, value: '之子' })
    expect(relation.en).toBe('Member 2: The relation is son, the sex female: one of them is wrong. Look at the household register.')
    expect(rows.find((r) => r.rule === 'check.member_blank')).toMatchObject({ field: 'sex', value: null })
  })

  test('stand among the findings of the survey under the rule’s id', async () => {
    const found = await duck.rows<{ file: string; column: string; household_id: string }>(
      `select file, "column", household_id from finding where code = 'check.dibao_and_wubao'`,
    )
    expect(found).toEqual([{ file: 'members.csv', column: 'dibao', household_id: 'A' }])
    const counted = await duck.rows<{ severity: string; n: number }>(
      `select severity, count(*) as n from finding where code like 'check.%' group by 1 order by 1`,
    )
    expect(counted).toEqual([
      { severity: 'doubt', n: applied.doubts },
      { severity: 'error', n: applied.errors },
    ])
    expect(applied.errors + applied.doubts).toBe(rows.length)
  })

  test('change no fact', async () => {
    expect(await duck.one('select house_dangerous as d, house_grade as g from household where household_id = ?', ['A'])).toEqual({
      d: true,
      g: 1,
    })
  })

  test('are those in force on the day: the floor of 2021 is not asked of 2015', async () => {
    expect(applied.rules.some((r) => r.rule === 'check.income_below_floor')).toBe(false)
    const later = await applyDataRules(duck, book, { at: 20210630 })
    expect(later.rules.find((r) => r.rule === 'check.income_below_floor')).toEqual({
      rule: 'check.income_below_floor',
      version: '2021-01-01',
      severity: 'doubt',
      findings: 3,
    })
  })

  test('speak across sources only where the department was compared', async () => {
    await duck.run(`insert into vehicle (_key, _parent, kind, working) select 1, _key, 1, true from household where household_id = 'B'`)
    await duck.run('update household set car_declared = false')
    const asked = async (): Promise<number | undefined> =>
      (await applyDataRules(duck, book, { at: 20151016 })).rules.find((r) => r.rule === 'check.car_not_declared')?.findings
    expect(await asked()).toBe(0)
    await duck.run('update household set vehicles_known = true')
    expect(await asked()).toBe(1)
  })
})
