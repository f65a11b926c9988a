import type { Book } from '@fupin/rulebook/engine/book.ts'
import { Compiler } from '@fupin/rulebook/engine/compile/compiler.ts'
import { Findings } from '@fupin/rulebook/engine/finding.ts'
import { Random } from '@fupin/rulebook/engine/testing/random.ts'
import { RandomBook } from '@fupin/rulebook/engine/testing/random-book.ts'
import { Expressions } from '@fupin/rulebook/engine/testing/random-expressions.ts'
import { edgesOf, randomFacts } from '@fupin/rulebook/engine/testing/random-facts.ts'
import { type Batch, batchesOf } from '@fupin/rulebook/engine/testing/rule-batches.ts'
import { lowered, tinyBook } from '@fupin/rulebook/engine/testing/tiny-book.ts'
import type { Measured } from '../measured.ts'
import { AskedEngines } from './asked-engines.ts'
import { allBooks } from './books.ts'

/** How many (rule, household) pairs: half over every rule of every book, a quarter over random books, a quarter over random expressions. */
const wanted = Number(process.env.PAIRS ?? 1_000_000)
const seed = Number(process.env.SEED ?? 1)

/** B1: one meaning everywhere? Values and missing sets of interpreter, DuckDB and PostgreSQL. */
export async function run(): Promise<Measured[]> {
  const asked = await AskedEngines.open()
  const random = new Random(seed)
  const books = await allBooks()
  const start = performance.now()
  const told = (what: string): void =>
    console.log(
      `  ${what}: ${asked.pairs} pairs so far, ${asked.share()}, ${asked.differing} differences, ${((performance.now() - start) / 1000).toFixed(0)} s`,
    )
  try {
    const batches = books.flatMap((book) => batchesOf(book).map((batch) => ({ book, batch })))
    const values = batches.reduce((n, { batch }) => n + batch.nodes.length, 0)
    const households = Math.ceil(wanted / 2 / values)
    for (const { book, batch } of batches) await askBatch(asked, random, book, batch, households)
    told(`${batches.reduce((n, b) => n + b.batch.rules, 0)} rule versions of the books, ${values} values`)
    while (asked.pairs < wanted * 0.75) {
      const { book } = tinyBook(new RandomBook(random).files)
      for (const batch of batchesOf(book, book.root, true)) await askBatch(asked, random, book, batch, 60)
    }
    told('random books')
    const make = new Expressions(random)
    const { book } = tinyBook()
    while (asked.pairs < wanted) {
      const compiler = new Compiler(book, book.root, { at: book.referenceDate }, new Findings())
      const texts = Array.from({ length: 60 }, (_, i) => [make.quotient(2), make.number(2), make.date(2), make.bool(3)][i % 4]!)
      const made = texts.flatMap((text) => {
        const node = lowered(compiler, text)
        return node ? [{ text, node }] : []
      })
      const nodes = made.map((m) => m.node)
      const facts = Array.from({ length: 150 }, () => randomFacts(random, book.dictionary, 'household', edgesOf(nodes)))
      await asked.ask(
        book.dictionary,
        'household',
        nodes,
        made.map((m) => m.text),
        facts,
      )
    }
    told('random expressions')
  } finally {
    await asked.close()
  }
  const question = `differences in ${Math.floor(asked.pairs / 1000) * 1000} (rule, household) pairs with gaps, values and missing sets, between interpreter, DuckDB and PostgreSQL (${asked.share()})`
  return [{ id: 'B1', question, value: asked.differing, unit: 'differences', aim: 0, seed }]
}

async function askBatch(asked: AskedEngines, random: Random, book: Book, { root, nodes, names }: Batch, households: number): Promise<void> {
  const edges = edgesOf(nodes)
  for (let done = 0; done < households; done += 500) {
    const facts = Array.from({ length: Math.min(500, households - done) }, () => randomFacts(random, book.dictionary, root, edges))
    await asked.ask(book.dictionary, root, nodes, names, facts)
  }
}
