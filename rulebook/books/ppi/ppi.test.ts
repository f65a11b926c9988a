import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Book } from '../../engine/book.ts'
import { checkBook } from '../../engine/check-book.ts'
import type { CompiledRule } from '../../engine/compile/compiled.ts'
import { Compiler } from '../../engine/compile/compiler.ts'
import { Findings } from '../../engine/finding.ts'
import { type Facts, Interpreter } from '../../engine/run.ts'
import { openWholeBook } from '../../shelf/open-book.ts'

const shared = resolve(process.env.FUPIN_SHARED ?? resolve(import.meta.dirname, '../../../../shared'), 'data')
const here = existsSync(join(shared, 'ppi', 'vectors.json'))
if (!here) console.warn(`skipped: no ${join(shared, 'ppi')}; set FUPIN_SHARED to compare the PPI book with its sources`)

interface SourceCard {
  lines?: string[]
  lookup: string | null
  items: { no: number; options: { key: string; points: number | Record<string, number> }[] }[]
}
interface Sheet {
  answers: Record<string, string>
  score: number | Record<string, number>
  likelihood: Record<string, number>
}

const json = <T>(name: string): T => JSON.parse(readFileSync(join(shared, 'ppi', name), 'utf8')) as T
const nowhere = { file: 'ppi.test.ts', line: 1, column: 1, length: 1 }
const interpreter = new Interpreter()
let book: Book
let compiler: Compiler

beforeAll(async () => {
  book = await openWholeBook(import.meta.dirname)
  compiler = new Compiler(book, book.root, { at: book.referenceDate }, new Findings())
})

const card = (id: string): CompiledRule => compiler.rule(id, nowhere)!
const total = (rule: CompiledRule, line: string, facts: Facts): unknown => interpreter.evaluate(rule.score!.lines[line]!.total, [facts])

/** The look-up table's cell as the source writes it: decimals are text, never a float. */
function likelihood(rule: CompiledRule, line: string, score: number): string {
  const { file, columns } = rule.score!.body.lookup!
  const table = book.tables[file]!
  const column = table[0]!.indexOf(columns.find((c) => c.line === line)!.column)
  return table.find((row) => row[0] === String(score))![column]!
}

it('is whole: every case right, every option reached', () => {
  expect(checkBook(book).findings).toEqual([])
})

it('leaves an option that a question does not offer unknown', () => {
  const sheet = { q1: 'A', q2: 'A', q3: 'A', q4: 'A', q5: 'A', q6: 'A', q7: 'A', q8: 'A', q9: 'A', q10: 'F' }
  expect(total(card('ppi.vnm2009'), '', sheet)).toBeUndefined()
})

describe.skipIf(!here)('against the sources', () => {
  it.each(['VNM2009', 'VNM2023', 'MMR2019'])('%s: every point of every option and line, every cell of the look-up table', (name) => {
    const source = json<SourceCard>(`scorecard-${name}.json`)
    const id = `ppi.${name.toLowerCase()}`
    for (const item of source.items) {
      const rule = compiler.rule(`${id}.q${item.no}`, nowhere)!
      for (const { key, points } of item.options) {
        const lines = typeof points === 'number' ? { '': points } : points
        for (const [line, n] of Object.entries(lines)) expect(interpreter.evaluate(rule.item!.lines[line]!.node, [{ [`q${item.no}`]: key }]), `q${item.no} ${key} ${line}`).toBe(n)
      }
      expect(rule.item!.answers).toHaveLength(item.options.length)
    }
    expect(card(id).score!.body.lines).toEqual(source.lines ?? [])
    const cells = (text: string): string[] => text.replaceAll('"', '').trim().split(/\r?\n/)
    const table = book.tables[card(id).score!.body.lookup!.file]!
    expect(table.map((row) => row.join(','))).toEqual(cells(readFileSync(join(shared, 'ppi', source.lookup!), 'utf8')))
  })

  it.each([
    ['VNM2009', 'ppi.vnm2009'],
    ['VNM2023', 'ppi.vnm2023'],
  ])('%s: every answer sheet of the vectors, score and likelihood', (name, id) => {
    const sheets = json<Record<string, Sheet[]>>('vectors.json')[name]!
    expect(sheets).toHaveLength(50)
    for (const { answers, score, likelihood: wanted } of sheets) {
      const facts = Object.fromEntries(Object.entries(answers).map(([no, key]) => [`q${no}`, key]))
      for (const [key, percent] of Object.entries(wanted)) {
        const own = typeof score === 'number' ? score : score[key]!
        expect(total(card(id), typeof score === 'number' ? '' : key, facts)).toBe(own)
        expect(Number(likelihood(card(id), key, own))).toBe(percent)
      }
    }
  })

  it('Peru 2012, three questions: the histogram of 23,152 real households', () => {
    const [head, ...rows] = gunzipSync(readFileSync(join(shared, 'households', 'enaho-proxies.csv.gz')))
      .toString()
      .trim()
      .split(/\r?\n/)
    const names = head!.replaceAll('"', '').split(',')
    const fields = book.dictionary.entities.household!.fields
    expect(names.filter((name) => fields[name]?.type !== 'bool')).toEqual([])
    const histogram: Record<string, number> = {}
    for (const row of rows) {
      const cells = row.split(',')
      const score = String(total(card('ppi.per2012_partial'), '', Object.fromEntries(names.map((name, i) => [name, cells[i] === '1']))))
      histogram[score] = (histogram[score] ?? 0) + 1
    }
    const reference = JSON.parse(readFileSync(join(shared, 'reference', 'enaho-partial-score.json'), 'utf8')) as { score_histogram: Record<string, number> }
    expect(histogram).toEqual(reference.score_histogram)
  })
})
