import { Compiler } from '@fupin/rulebook/engine/compile/compiler.ts'
import { Explainer } from '@fupin/rulebook/engine/explain.ts'
import { Findings } from '@fupin/rulebook/engine/finding.ts'
import { meaningOfBook } from '@fupin/rulebook/engine/meaning.ts'
import { Random } from '@fupin/rulebook/engine/testing/random.ts'
import { edgesOf, randomFacts } from '@fupin/rulebook/engine/testing/random-facts.ts'
import { booksFolder, openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { figure, machine, quantile } from './machine.ts'

/** One household explained whole: the scorecard with every item, every veto, and what would change. Limit of issue 2: 1 ms. */
const households = 1000
const limit = 1

console.log(await machine())
const book = await openWholeBook(`${booksFolder}fupin`)
const compiler = new Compiler(book, book.root, { at: book.referenceDate }, new Findings())
const card = compiler.rule(book.identify!.scorecard, { file: 'bench', line: 1, column: 1, length: 1 })!
const explainer = new Explainer(compiler, undefined, meaningOfBook(book))
const random = new Random(1)
const edges = edgesOf([card.node])
const all = Array.from({ length: households }, () =>
  randomFacts(random, book.dictionary, 'household', edges, { field: 0.02, list: 0.05, emptyList: 0.5, rows: 5 }),
)
const explain = (i: number): unknown[] => [card, ...card.score!.vetoes].map((rule) => explainer.explain(rule, all[i]!))
for (let i = 0; i < 300; i++) explain(i)
let bytes = 0
const cpu = process.cpuUsage()
const times = all.map((_, i) => {
  const start = performance.now()
  const told = explain(i)
  const took = performance.now() - start
  bytes += JSON.stringify(told).length
  return took
})
const { user, system } = process.cpuUsage(cpu)
const each = ((user + system) / 1000 / households).toFixed(2)
const kilobytes = Math.round(bytes / households / 1000)
console.log(`${card.score!.items.length} items, ${card.score!.vetoes.length} vetoes, ${kilobytes} kB of JSON each`)
console.log(`processor time, with garbage and with writing the JSON: ${each} ms each`)
figure(`one household explained, p50 of ${households}`, quantile(times, 0.5), limit, 'ms')
figure(`one household explained, p99 of ${households}`, quantile(times, 0.99), limit, 'ms')
