import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Book } from '../engine/book.ts'
import { Compiler } from '../engine/compile/compiler.ts'
import { Findings } from '../engine/finding.ts'
import type { Node } from '../engine/ir.ts'
import { type Facts, Interpreter } from '../engine/run.ts'
import { compileSelect } from '../engine/sql/select.ts'
import { Random } from '../engine/testing/random.ts'
import { edgesOf, randomFacts } from '../engine/testing/random-facts.ts'
import { nowhere } from '../engine/testing/tiny-book.ts'
import { decode } from './ask-sql.ts'
import { createFactTables } from './fact-tables.ts'
import { booksFolder, openWholeBook } from './open-book.ts'
import { duckEngine, postgresEngine, type SqlEngine } from './sql-engine.ts'

/** The form of the province run: values without masks, totals and bounds read from one packed sum. */
let engines: SqlEngine[]
let book: Book
let nodes: Node[]
let facts: Facts[]

beforeAll(async () => {
  engines = [await duckEngine(), await postgresEngine()]
  book = await openWholeBook(`${booksFolder}fupin`)
  const compiler = new Compiler(book, book.root, { at: book.referenceDate }, new Findings())
  const score = compiler.rule(book.identify!.scorecard, nowhere)!.score!
  const line = Object.values(score.lines)[0]!
  nodes = [line.total, line.known, line.least, line.most, score.persons!, score.scope!, ...score.vetoes.map((v) => v.node)]
  const random = new Random(4500)
  const edges = edgesOf(nodes)
  // Half of them with most facts known, as surveys are: a hundred gaps at once hide what one of them does.
  facts = Array.from({ length: 160 }, (_, i) => {
    const made = randomFacts(random, book.dictionary, 'household', edges)
    return i % 2 ? made : filled(made, randomFacts(random, book.dictionary, 'household', edges))
  })
})
afterAll(async () => {
  for (const engine of engines) await engine.close()
})

/** Facts whose gaps are closed from others, lists from each other's rows. */
function filled(some: Facts, others: Facts): Facts {
  const all: Facts = { ...others }
  for (const [name, value] of Object.entries(some)) if (value !== null && value !== undefined) all[name] = value
  return all
}

async function differences(engine: SqlEngine, alter: (sql: string) => string = (sql) => sql): Promise<string[]> {
  const table = await createFactTables(engine, book.dictionary, 'household', facts, nodes)
  const outputs = nodes.map((node, i) => ({ name: `r${i}`, node, missing: false }))
  const { sql } = compileSelect(book.dictionary, 'household', outputs, [], engine.dialect, { table })
  const rows = await engine.rows(`SELECT * FROM (${alter(sql)}) q ORDER BY _key`)
  const interpreter = new Interpreter()
  return rows.flatMap((row, i) =>
    nodes.flatMap((node, j) => {
      const [told, own] = [decode(book.dictionary, node, row[`r${j}`]), interpreter.evaluate(node, [facts[i]!])]
      return told === own ? [] : [`household ${i}, output ${j}: ${told} for ${own}`]
    }),
  )
}

it('scorecard, bounds and vetoes without masks are those of the interpreter, in both databases', async () => {
  for (const engine of engines) expect(await differences(engine)).toEqual([])
})

it('the statement without masks has none of their work', () => {
  const outputs = nodes.map((node, i) => ({ name: `r${i}`, node, missing: false }))
  const { sql, masks } = compileSelect(book.dictionary, 'household', outputs, [], engines[0]!.dialect, { table: (e) => e })
  expect(sql).not.toContain('__m')
  expect([...masks.values()].flat()).toEqual([])
})

describe('the comparison finds a bug in the packed sum', () => {
  it.each([
    ['a lane that begins a bit too late', />> 8\)/g, '>> 9)'],
    ['a lane that is a bit too narrow', /& 255\)/g, '& 63)'],
    ['a gap that is not counted', /THEN 2113\d+ ELSE/g, 'THEN 0 ELSE'],
    ['what members add is forgotten', / \+ e0\._s0_members/g, ''],
    ['an empty family adds nothing', /(_known" THEN) -?\d+( ELSE -?\d+ END\) AS _s0_members)/g, '$1 0$2'],
    ['an unknown family adds nothing', /( ELSE) -?\d+( END\) AS _s0_members)/g, '$1 0$2'],
    ['a record that may count is left out before the grouped pass', /, TRUE\)/g, ', FALSE)'],
    ['the rest of a band begins with the band', /ELSE 3 END/g, 'ELSE 2 END'],
  ])('%s', async (_, pattern, by) => {
    const found = await differences(engines[0]!, (sql) => {
      const changed = sql.replaceAll(pattern, by)
      if (changed === sql) throw new Error(`${pattern} is nowhere in the SQL`)
      return changed
    })
    expect(found.length).toBeGreaterThan(0)
  })
})
