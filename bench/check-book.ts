import { checkBook } from '@fupin/rulebook/engine/check-book.ts'
import { checkInEngines } from '@fupin/rulebook/shelf/check-in-engines.ts'
import { booksFolder, openBook } from '@fupin/rulebook/shelf/open-book.ts'
import { duckEngine, postgresEngine } from '@fupin/rulebook/shelf/sql-engine.ts'
import { figure, machine } from './machine.ts'

/** Both books read, compiled and checked from nothing, with cases and boundary twins in three engines. Limit (rulebook 4, B9): 10 s. */
const limit = 10

console.log(await machine())
const start = performance.now()
const since = (from: number): number => (performance.now() - from) / 1000
const engines = [await duckEngine(), await postgresEngine()]
console.log(`databases started: ${since(start).toFixed(2)} s`)
try {
  for (const name of ['fupin', 'ppi']) {
    const from = performance.now()
    const { book, findings } = await openBook(`${booksFolder}${name}`)
    const read = since(from)
    const checked = checkBook(book!)
    const own = since(from) - read
    const differing = await checkInEngines([...checked.questions, ...checked.twins], engines)
    const count = findings.length + checked.findings.length + differing.length
    console.log(
      `${name}: ${checked.rules} rule versions, ${checked.questions.length} cases, ${checked.twins.length} twins, ${count} findings; read ${read.toFixed(2)} s, checked ${own.toFixed(2)} s, in databases ${(since(from) - read - own).toFixed(2)} s`,
    )
    if (count) process.exitCode = 1
  }
} finally {
  for (const engine of engines) await engine.close()
}
figure('both books checked cold in three engines', since(start), limit, 's')
