import { Random } from '@fupin/rulebook/engine/testing/random.ts'
import { edgesOf, randomFacts } from '@fupin/rulebook/engine/testing/random-facts.ts'
import { batchesOf } from '@fupin/rulebook/engine/testing/rule-batches.ts'
import type { Measured } from '../measured.ts'
import { AskedEngines } from './asked-engines.ts'
import { allBooks } from './books.ts'

const households = Number(process.env.HOUSEHOLDS ?? 10_000)
const seed = Number(process.env.SEED ?? 3)

/** Every rule of every book, wherever a place has rules of its own, for as many generated households, in three engines. */
export async function run(): Promise<Measured[]> {
  const asked = await AskedEngines.open()
  const random = new Random(seed)
  let rules = 0
  try {
    for (const book of await allBooks())
      for (const place of new Set([book.root, ...[...book.definitions, ...book.parameters].map((d) => d.place)])) {
        // The nation's place stands above the root; its rules are asked at the root too.
        if (place !== book.root && !/[1-9]/.test(place)) continue
        for (const { root, nodes, names, rules: some } of batchesOf(book, place)) {
          const edges = edgesOf(nodes)
          rules += some
          // A village holds several households; as many villages would be as many times more.
          const entities = root === 'village' ? Math.ceil(households / 4) : households
          for (let done = 0; done < entities; done += 1000) {
            const facts = Array.from({ length: Math.min(1000, entities - done) }, () => randomFacts(random, book.dictionary, root, edges))
            await asked.ask(book.dictionary, root, nodes, names, facts)
          }
          console.log(`  ${book.id} ${place} ${root}: ${asked.pairs} pairs, ${asked.differing} differences`)
        }
      }
  } finally {
    await asked.close()
  }
  const question = `differences over ${households} generated households x every rule of every book (${rules} versions, ${asked.pairs} pairs, ${asked.share()}) in three engines`
  return [{ id: 'B1f', question, value: asked.differing, unit: 'differences', aim: 0, seed }]
}
