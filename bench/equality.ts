import { Interpreter } from '@fupin/rulebook/engine/run.ts'
import { differences } from '@fupin/rulebook/engine/testing/differences.ts'
import { Random } from '@fupin/rulebook/engine/testing/random.ts'
import { edgesOf, randomFacts } from '@fupin/rulebook/engine/testing/random-facts.ts'
import { batchesOf } from '@fupin/rulebook/engine/testing/rule-batches.ts'
import { booksFolder, openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { duckEngine, postgresEngine } from '@fupin/rulebook/shelf/sql-engine.ts'
import { machine } from './machine.ts'

/** 100,000 random (rule, household) pairs with gaps: value and missing set of interpreter, DuckDB and PostgreSQL. Limit: 0 differences. */
const wanted = Number(process.env.PAIRS ?? 100_000)
const seed = Number(process.env.SEED ?? 1)

console.log(await machine())
const start = performance.now()
const engines = [await duckEngine(), await postgresEngine()]
const random = new Random(seed)
const interpreter = new Interpreter()
const books = await Promise.all(['fupin', 'ppi'].map((name) => openWholeBook(`${booksFolder}${name}`)))
const batches = books.flatMap((book) => batchesOf(book).map((batch) => ({ book, ...batch, edges: edgesOf(batch.nodes) })))
let [pairs, unknown, differing] = [0, 0, 0]
try {
  while (pairs < wanted)
    for (const { book, root, nodes, names, edges } of batches) {
      const facts = Array.from({ length: 100 }, () => randomFacts(random, book.dictionary, root, edges))
      const found = await differences(engines, book.dictionary, root, nodes, facts, interpreter)
      for (const d of found.slice(0, 3))
        console.log(`${d.engine} ${names[d.index]}: ${d.told.value} [${d.told.missing}] for ${d.own.value} [${d.own.missing}]`)
      for (const node of nodes) for (const one of facts) if (interpreter.evaluate(node, [one]) === undefined) unknown++
      pairs += nodes.length * facts.length
      differing += found.length
    }
} finally {
  for (const engine of engines) await engine.close()
}
const rules = batches.reduce((sum, b) => sum + b.rules, 0)
console.log(
  `${pairs} pairs (${rules} rule versions, ${batches.reduce((sum, b) => sum + b.nodes.length, 0)} values of them; seed ${seed}), ${Math.round((100 * unknown) / pairs)} % unknown: ${differing} differences, limit 0; ${((performance.now() - start) / 1000).toFixed(1)} s`,
)
process.exitCode = differing ? 1 : 0
