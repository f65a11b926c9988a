import { checkExplanations } from '@fupin/rulebook/engine/testing/explanation-check.ts'
import { nothingTried, relations, tryRelations } from '@fupin/rulebook/engine/testing/metamorphic.ts'
import { Random } from '@fupin/rulebook/engine/testing/random.ts'
import { batchesOf } from '@fupin/rulebook/engine/testing/rule-batches.ts'
import { holdAgainstSecondReading } from '@fupin/rulebook/engine/testing/second-reading.ts'
import type { Measured } from '../measured.ts'
import { allBooks } from './books.ts'

const each = Number(process.env.EACH ?? 60)
const seed = Number(process.env.SEED ?? 5)

/** What must hold between a household and the same one changed, for every value of every book; explanations; the second reading. */
export async function run(): Promise<Measured[]> {
  const told = nothingTried()
  const random = new Random(seed)
  const books = await allBooks()
  for (const book of books) for (const batch of batchesOf(book)) tryRelations(random, book.dictionary, batch, each, told)
  for (const [relation, count] of Object.entries(told.tried))
    console.log(`  ${relations[relation as keyof typeof relations]}: tried ${count} times`)
  for (const broken of told.broken.slice(0, 5)) console.log(`  BROKEN ${broken}`)
  const never = [...told.relevance].filter(([, r]) => r.shown === 0)
  for (const [what, r] of never.filter(([, r]) => r.named > 3).slice(0, 20))
    console.log(`  never seen to matter: ${what} (named ${r.named} times)`)
  console.log(`  values that look at gaps on purpose, and may turn: ${[...told.lookAtGaps].join(', ')}`)
  const explained = Math.ceil(each / 4)
  const wrong = books.flatMap((book) => checkExplanations(random, book, explained))
  for (const one of wrong.slice(0, 5)) console.log(`  EXPLAINED WRONG ${one}`)
  const reading = holdAgainstSecondReading(seed, each, 2, 5)
  for (const one of reading.differences) console.log(`  READ OTHERWISE ${one}`)
  const total = Object.values(told.tried).reduce((a, b) => a + b, 0)
  const shown = told.relevance.size - never.length
  return [
    {
      id: 'B1m',
      question: `metamorphic relations broken, of ${total} tried over every value of every book`,
      value: told.broken.length,
      unit: 'broken',
      aim: 0,
      seed,
    },
    {
      id: 'B1r',
      question: `share of (value, named missing fact) pairs whose fact was seen to change the answer, ${shown} of ${told.relevance.size}; the rest needs sums that meet a threshold exactly, or is settled by facts a strict sum does not look at`,
      value: (100 * shown) / told.relevance.size,
      unit: '%',
      seed,
    },
    {
      id: 'B1e',
      question: `things that explanations say and the facts do not, every rule x ${explained} households`,
      value: wrong.length,
      unit: 'wrong',
      aim: 0,
      seed,
    },
    {
      id: 'B1s',
      question: `differences from a second reading of ${each} random books of all kinds by date and place (${reading.answers} answers, ${reading.unknown} unknown)`,
      value: reading.differences.length,
      unit: 'differences',
      aim: 0,
      seed,
    },
  ]
}
