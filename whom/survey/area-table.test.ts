import { Duck } from '@fupin/platform/database/duckdb.ts'
import { compileOne, evaluateRule } from '@fupin/rulebook/shelf/evaluate-rule.ts'
import { booksFolder, openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeAreaTable } from './area-table.ts'
import { readSurvey } from './read-survey.ts'
import { aFolder, csv } from './survey-fixture.ts'

describe('the poverty rate of a village, from a survey', () => {
  let duck: Duck
  beforeAll(async () => {
    duck = await Duck.open()
  })
  afterAll(() => duck.close())

  test.for(['interpreter', 'duckdb'] as const)('%s counts the poor and all persons of each village', async (engine) => {
    const book = await openWholeBook(`${booksFolder}fupin`)
    const survey = await aFolder({
      'households.csv': csv(
        ['household_id', 'village_code', 'in_register', 'exited'],
        ['H1', '450621204202', '是', '否'],
        ['H2', '450621204202', '否', '否'],
        ['H3', '450621204202', '是', '是'],
        ['H4', '450621204203', '否', '否'],
      ),
      'members.csv': csv(
        ['household_id', 'name'],
        ['H1', '甲'],
        ['H1', '乙'],
        ['H2', '丙'],
        ['H2', '丁'],
        ['H2', '戊'],
        ['H3', '己'],
        ['H3', '庚'],
        ['H3', '辛'],
        ['H4', '壬'],
      ),
    })
    await readSurvey(duck, { survey, dictionary: book.dictionary })
    await makeAreaTable(duck, book.dictionary, book.dictionary.entities.village!)
    const asked = async (id: string) => {
      const { rule } = compileOne(book, id, book.root, 20171110)
      const { columns, rows } = await evaluateRule(duck, book, rule, engine)
      return rows.map((row) => Object.fromEntries(columns.map((c, i) => [c, row[i]])))
    }
    expect(await asked('rate.poor_persons')).toMatchObject([
      { village_code: '450621204202', value: '2', value_least: '2', value_most: '2' },
      { village_code: '450621204203', value: '0' },
    ])
    expect(await asked('rate.persons')).toMatchObject([{ value: '8' }, { value: '1' }])
    // 2 of 8: 25.00 %, told per ten thousand.
    expect(await asked('rate.poverty')).toMatchObject([{ value: '2500', missing: '' }, { value: '0' }])
  })
})
