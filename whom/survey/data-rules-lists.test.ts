import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Duck } from '@fupin/platform/database/duckdb.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import { booksFolder, openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { type ErrorList, makeErrorList, writeErrorList } from './data-rules-lists.ts'
import { readSurvey } from './read-survey.ts'
import { aFolder, csv, temporaryFolder } from './survey-fixture.ts'

const [near, far] = ['450621100001', '450621102203']
const head = [
  'household_id',
  'village_code',
  'head_name',
  'house_dangerous',
  'house_grade',
  'water_safe',
  'power',
  'house_area',
  'paddy_area',
  'paddy_short_area',
  'wage_income',
]
const first = csv(
  head,
  ['A', near, '韦甲', '是', 'A级', '是', '是', '80', '1', '1.5', '299'],
  ['B', near, '韦乙', '否', 'B级', '是', '是', '一百', '1', '0', '0'],
  ['D', far, '韦丁', '否', 'D级', '是', '是', '90', '', '', ''],
)
// A mends its paddy, leaves its grade and blanks its wages; B mends its area and gets a wrong grade; D is not in the second survey.
const second = csv(
  head,
  ['A', near, '韦甲', '是', 'A级', '是', '是', '80', '1', '0.5', ''],
  ['B', near, '韦乙', '否', 'C级', '是', '是', '100', '1', '0', '0'],
)

interface Line {
  state: string
  household_id: string
  code: string
  found_on: string
  due_on: string
  corrected_on: string | null
}

let book: Book
const out = join(temporaryFolder(), 'first')

async function listOf(households: string, foundOn: number, before?: string): Promise<{ duck: Duck; list: ErrorList; lines: Line[] }> {
  const duck = await Duck.open()
  await readSurvey(duck, { survey: await aFolder({ 'households.csv': households }), dictionary: book.dictionary })
  const list = await makeErrorList(duck, book, { at: 20151016, foundOn, before })
  const lines = await duck.rows<Line>('select * from error_line order by household_id, code')
  return { duck, list, lines }
}

beforeAll(async () => {
  book = await openWholeBook(join(booksFolder, 'fupin'))
})

describe('the list of errors', () => {
  test('has every finding with its deadline, the reader’s and the rules’, and rates by area', async () => {
    const { duck, list, lines } = await listOf(first, 20151120)
    expect(lines.map((l) => `${l.household_id} ${l.code} ${l.state}`)).toEqual([
      'A check.danger_against_grade new',
      'A check.short_paddy_too_large new',
      'A check.wages_implausible new',
      'B not_a_number new',
      'D check.danger_against_grade new',
    ])
    expect(list.deadline).toEqual({ days: 15, dueOn: '2015-12-05', confidence: 'default' })
    expect(lines.every((l) => l.due_on === '2015-12-05')).toBe(true)
    const area = await duck.rows(
      'select level, code, households, households_with_findings as hit, errors, doubts, errors_per_100::double as rate from error_area order by level, code',
    )
    expect(area).toContainEqual({ level: 'village', code: near, households: 2, hit: 2, errors: 3, doubts: 1, rate: 150 })
    expect(area).toContainEqual({ level: 'all', code: '', households: 3, hit: 3, errors: 4, doubts: 1, rate: 133.3 })
    const files = await writeErrorList(duck, book, out, { formats: ['csv', 'xlsx'], perVillage: true, note: null })
    expect(files).toEqual([
      'errors.csv',
      'errors.xlsx',
      'areas.csv',
      'areas.xlsx',
      'rules.csv',
      'rules.xlsx',
      'trend.csv',
      'trend.xlsx',
      join('villages', `${near}.xlsx`),
      join('villages', `${far}.xlsx`),
    ])
    expect(files.every((f) => existsSync(join(out, f)))).toBe(true)
    duck.close()
  })

  test.for(['csv', 'xlsx'])(
    'tells against an earlier list (%s) what was corrected, what is open, what is new, and what could not be asked',
    async (format) => {
      const { duck, list, lines } = await listOf(second, 20151210, join(out, `errors.${format}`))
      const told = lines.map((l) => [l.household_id, l.code, l.state, l.found_on, l.due_on, l.corrected_on])
      expect(told).toEqual([
        ['A', 'check.danger_against_grade', 'open', '2015-11-20', '2015-12-05', null],
        ['A', 'check.short_paddy_too_large', 'corrected', '2015-11-20', '2015-12-05', '2015-12-10'],
        ['A', 'check.wages_implausible', 'not_checked', '2015-11-20', '2015-12-05', null],
        ['B', 'check.danger_against_grade', 'new', '2015-12-10', '2015-12-25', null],
        ['B', 'not_a_number', 'corrected', '2015-11-20', '2015-12-05', '2015-12-10'],
        ['D', 'check.danger_against_grade', 'not_checked', '2015-11-20', '2015-12-05', null],
      ])
      expect(list.states).toEqual({ new: 1, open: 1, corrected: 2, not_checked: 2 })
      const village = await duck.one(
        `select new, open, overdue, corrected, findings_per_100::double as now, before_per_100::double as before from error_area where code = ?`,
        [near],
      )
      expect(village).toEqual({ new: 1, open: 1, overdue: 1, corrected: 2, now: 100, before: 200 })
      duck.close()
    },
  )

  test('refuses a file that is no error list', async () => {
    const folder = await aFolder({ 'other.csv': csv(['household_id', 'code'], ['A', 'x']) })
    await expect(listOf(second, 20151210, join(folder, 'other.csv'))).rejects.toMatchObject({ code: 'no_error_list' })
  })
})
