import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readDivisions } from '@fupin/platform/regions/divisions.ts'
import type { Book } from '../../../../engine/book.ts'
import { calculate } from '../../../../engine/figures/calculate.ts'
import { Ledger } from '../../../../engine/figures/ledger.ts'
import type { Published } from '../../../../engine/figures/published.ts'
import { loadBook } from '../../../../engine/load/load-book.ts'
import { placeChain } from '../../../../engine/resolve.ts'
import { membersOn, tagsOf } from '../../../../engine/tags.ts'
import { openFigures } from '../../../../shelf/open-figures.ts'

const list = join(resolve(process.env.FUPIN_SHARED ?? resolve(import.meta.dirname, '../../../../../../shared')), 'data/admin/gx-poverty-counties.csv')
const here = existsSync(list)
if (!here) console.warn(`skipped: no ${list}; set FUPIN_SHARED to compare the county classes with their list`)

let book: Book
let published: Published
beforeAll(async () => {
  const opened = await openFigures(resolve(import.meta.dirname, '../..'))
  book = opened.book
  published = opened.published
})
const tag = (id: string): Book['tags'][number] => book.tags.find((t) => t.id === id)!
const areas = (id: string, day: number): string[] => membersOn(tag(id), day).map((m) => m.area)

describe('the classes of counties', () => {
  test('national and region class are the 54 poor counties, and no county is both', () => {
    const [nation, region] = [areas('national_class', 20161231), areas('region_class', 20161231)]
    expect([nation.length, region.length]).toEqual([33, 21])
    expect([...nation, ...region].sort()).toEqual([...areas('poor_county', 20160101)].sort())
  })

  test('the key counties and the contiguous ones make up the national class', () => {
    const both = new Set([...areas('national_key', 20161231), ...areas('contiguous', 20161231)])
    expect([...both].sort()).toEqual([...areas('national_class', 20161231)].sort())
  })

  test('as many are left as the documents print', () => {
    const ledger = new Ledger(published, book.figures)
    for (const year of [2016, 2017]) {
      const { quantity } = calculate({ text: `number(counties_left(${year}))`, at: tag('border').at }, ledger)
      expect(quantity).toMatchObject({ kind: 'number', value: { n: BigInt(areas('poor_county', (year + 1) * 10000 + 101).length), d: 1n } })
    }
    expect([2019, 2020, 2021].map((year) => areas('poor_county', year * 10000 + 101).length)).toEqual([29, 8, 0])
  })

  test('every county is one of the divisions, by the code of today and by its old one', () => {
    const { counties, codeChanges } = readDivisions()
    for (const t of book.tags)
      for (const m of t.members) {
        expect(counties.find((c) => c.code === m.area)?.name).toBe(m.name)
        expect(m.was).toEqual(codeChanges.filter((c) => c.newCode === m.area && c.oldCode).map((c) => c.oldCode))
      }
    expect(tagsOf(book.tags, '451021', 20170501).map((f) => f.tag.id)).toEqual(['poor_county', 'national_class', 'contiguous', 'with_tasks'])
    expect(tagsOf(book.tags, '451003', 20190501).map((f) => f.tag.id)).toEqual(['national_class', 'contiguous', 'tourism_key', 'with_tasks'].filter((id) => id !== 'tourism_key'))
  })

  test('a list that is not known stands as a count, never as nobody', () => {
    expect(book.tags.filter((t) => t.list === 'incomplete').map((t) => [t.id, t.count])).toEqual([
      ['deep_poverty', 20], ['karst_planned', 76], ['karst_poor', 43], ['old_revolutionary', null], ['with_tasks', 105], ['relocation', 79], ['treatment', null], ['skylight', null],
    ])
  })

  test('stand in the place chain on their own days, by old and new code', () => {
    expect(placeChain(book, '451021', 20170501)).toEqual(['451021', 'poor_county', 'national_class', 'contiguous', 'with_tasks', '451000', '450000', '000000'])
    expect(placeChain(book, '451003', 20190101)).not.toContain('poor_county')
    expect(placeChain(book, '450103', 20170501)).toEqual(['450103', '450100', '450000', '000000'])
  })
})

describe('a tag that does not fit', () => {
  const codes = (tags: string, more: Record<string, string> = {}): string[] => {
    const files = {
      'book.yaml': 'book: b\ntitle: {zh: 簿, en: book}\nroot: "450000"\nreference_date: 2015-12-31\nplaces:\n- {code: "450000", level: province, folder: gx, name: {zh: 广西, en: Guangxi}}\n- {code: deep, level: set, folder: deep, name: {zh: 深, en: deep}}\n',
      'gx/tags/t.yaml': tags,
      ...more,
    }
    return loadBook(Object.entries(files).map(([path, text]) => ({ path, text }))).findings.map((f) => f.code)
  }
  const one = (rest: string): string => `- {tag: deep, title: {zh: 深, en: deep}, level: county, from: 2018-01-01, to: 2020-12-31, cite: {doc: none}, confidence: default, ${rest}}\n`

  test.for([
    ['tag.count', 'count: {is: "2 个县"}, list: complete, members: [{area: "450621", name: 上思县}]'],
    ['tag.overlap', 'list: complete, members: [{area: "450621", name: 上思县}, {area: "450621", name: 上思县}]'],
    ['tag.span', 'list: complete, members: [{area: "450621", name: 上思县, from: 2017-01-01}]'],
    ['tag.area', 'list: complete, members: [{area: "4506", name: 防城港市}]'],
    ['tag.figure', 'count: {figure: W-002.01}, list: incomplete, members: []'],
  ])('%s', ([code, rest]) => expect(codes(one(rest))).toContain(code))

  test('rules for a class whose names are not known are a finding', () => {
    const param = '- {param: quota, title: {zh: 数, en: quota}, type: int, clock: run_date, covers: [], values: [{from: 2018-01-01, value: 1, cite: {doc: none}, confidence: default}]}\n'
    const known = 'list: complete, members: [{area: "450621", name: 上思县}]'
    expect(codes(one('list: incomplete, members: []'), { 'deep/params.yaml': param })).toContain('tag.incomplete')
    expect(codes(one(known), { 'deep/params.yaml': param })).not.toContain('tag.incomplete')
  })
})
