import { Duck } from '@fupin/platform/database/duckdb.ts'
import { booksFolder, openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { rulesByCounty } from '@fupin/whom/identification/county-rules.ts'
import { afterAll, expect, test } from 'vitest'
import { listsRead } from './relevant-records.ts'

const duck = await Duck.open()
afterAll(() => duck.close())
const book = await openWholeBook(`${booksFolder}fupin`)
const lists = listsRead(book, rulesByCounty(book, book.identify!.scorecard, ['450621'], book.referenceDate))
const relevant = async (list: string, record: string): Promise<boolean> => {
  const { relevant: test } = lists.find((l) => l.list === list)!
  return (await duck.one<{ r: boolean }>(`select coalesce(${test}, true) as r from (select ${record}) e1`))!.r
}
const ordinal = (name: string, key: string): number => book.dictionary.enums[name]!.values.findIndex((v) => v.key === key) + 1

test('every department’s list of the scorecard is read, with the fields that its rules look at', () => {
  expect(lists.map((l) => l.list).sort()).toEqual(
    ['companies', 'land_rights', 'machines', 'payroll', 'posts', 'properties', 'residence', 'tax_records', 'vehicles'].sort(),
  )
  expect(
    lists
      .find((l) => l.list === 'vehicles')!
      .fields.map((f) => f.name)
      .sort(),
  ).toEqual(['kind', 'value', 'working'])
})

test('a record of which every test is certain cannot matter; one with a gap can', async () => {
  const [split, normal] = [ordinal('residence_kind', 'split'), ordinal('residence_kind', 'split') === 1 ? 2 : 1]
  expect(await relevant('residence', `${normal} as kind, 20150101 as since`)).toBe(false)
  expect(await relevant('residence', `${split} as kind, 20150101 as since`)).toBe(true)
  expect(await relevant('residence', `${split} as kind, 20010101 as since`)).toBe(false)
  expect(await relevant('residence', `${split} as kind, null::integer as since`)).toBe(true)
  expect(await relevant('residence', `null::smallint as kind, 20010101 as since`)).toBe(false)
})

test('an exception that looks at all records keeps those it does not cover', async () => {
  const [shop, village] = [ordinal('property_kind', 'shop'), ordinal('property_kind', 'village_house')]
  const places = book.dictionary.entities.property!.fields.place_kind!.enum!
  const [inVillage, town] = [ordinal(places, 'village'), ordinal(places, 'village') === 1 ? 2 : 1]
  expect(await relevant('properties', `${shop} as kind, ${town} as place_kind`)).toBe(true)
  expect(await relevant('properties', `${village} as kind, ${inVillage} as place_kind`)).toBe(false)
})

test('a list that a rule counts is kept whole', () => {
  expect(lists.find((l) => l.list === 'machines')!.relevant).toBe('true')
})
