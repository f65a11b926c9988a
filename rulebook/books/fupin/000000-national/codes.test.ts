import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Book } from '../../../engine/book.ts'
import { resolveParameter } from '../../../engine/resolve.ts'
import { openBook } from '../../../shelf/open-book.ts'

const codes = join(resolve(process.env.FUPIN_SHARED ?? resolve(import.meta.dirname, '../../../../../shared')), 'data/codes')
const here = existsSync(codes)
if (!here) console.warn(`skipped: no ${codes}; set FUPIN_SHARED to compare the code lists with their source`)

let book: Book
beforeAll(async () => {
  book = (await openBook(resolve(import.meta.dirname, '..'))).book!
})

const valuesOf = (id: string): [string, string][] => {
  const body = book.definitions.find((d) => d.id === id)!.versions[0]!.body
  return body.kind === 'code-list' ? body.values.map((v) => [v.key, v.label.zh]) : []
}

describe.skipIf(!here)('national code lists', () => {
  it.each(['gbt2261.1-sex', 'gbt2261.2-marital', 'gbt2261.3-health', 'gbt3304-ethnic', 'gbt4658-education', 'gbt4761-family-relation', 'gbt4761-family-relation-1digit'])('%s has every value of its standard, in order', (id) => {
    const [, ...rows] = readFileSync(join(codes, `${id}.csv`), 'utf8').trim().split(/\r?\n/)
    const unquoted = (row: string): string[] => row.replaceAll('"', '').split(',')
    expect(valuesOf(id)).toEqual(rows.map((row) => unquoted(row).slice(0, 2)))
  })

  it.each(['class', 'grade'])('the %s of disability', (kind) => {
    const rows = readFileSync(join(codes, 'gbt26341-disability.csv'), 'utf8').trim().split(/\r?\n/).map((row) => row.split(','))
    expect(valuesOf(`gbt26341-disability-${kind}`)).toEqual(rows.filter((row) => row[0] === kind).map((row) => row.slice(1, 3)))
  })
})

describe('poverty lines', () => {
  const line = (id: string, place: string, at: number): unknown => {
    const found = resolveParameter(book, id, place, { at })
    return 'why' in found ? found.why : [found.value.value, found.value.confidence]
  }

  it('keeps the two series apart: statistics by the income year, filing a year behind', () => {
    expect(line('line_stat', '450000', 20151016)).toEqual([285500, 'OFF'])
    expect(line('line_filing', '000000', 20151016)).toEqual([280000, 'OFF'])
    expect(line('line_filing', '000000', 20161016)).toEqual([285500, 'OFF'])
  })

  it("uses Guangxi's own working line in the round of 2015, and the nation's again after it", () => {
    expect(line('line_filing', '450000', 20151016)).toEqual([280000, 'FORM'])
    expect(line('line_filing', '450621', 20151231)).toEqual([280000, 'FORM'])
    expect(line('line_filing', '450000', 20160101)).toEqual([285500, 'OFF'])
  })

  it('has no line before the first one known', () => {
    expect(line('line_stat', '450000', 20091231)).toBe('date')
  })
})
