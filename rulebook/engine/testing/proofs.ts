import { askSql } from '../../shelf/ask-sql.ts'
import type { SqlEngine } from '../../shelf/sql-engine.ts'
import type { Book } from '../book.ts'
import { checkBook } from '../check-book.ts'
import { Compiler } from '../compile/compiler.ts'
import { Findings } from '../finding.ts'
import { type BookFile, loadBook } from '../load/load-book.ts'
import { Interpreter } from '../run.ts'
import { answerOf } from './differences.ts'
import { checkExplanations } from './explanation-check.ts'
import { nothingTried, tryRelations } from './metamorphic.ts'
import { Random } from './random.ts'
import { Expressions } from './random-expressions.ts'
import { edgesOf, randomFacts } from './random-facts.ts'
import { batchesOf } from './rule-batches.ts'
import { holdAgainstSecondReading } from './second-reading.ts'
import { lowered, tinyBook } from './tiny-book.ts'
import { checkTwins } from './twins-check.ts'

/** What a proof is given: the files of real books, and a database to ask the same questions. */
export interface Ground {
  books: BookFile[][]
  engine: SqlEngine
  seed: number
}

/** Each way a wrong engine can be found out, with what it finds: nothing where the engine is right. */
export const proofs = {
  /** Random books of all kinds, held against a second reading of what they say. */
  'second reading': async ({ seed }: Ground) => holdAgainstSecondReading(seed, 4, 1, 1).differences,

  /** Random expressions about the traps, asked of a database too. */
  engines: async ({ seed, engine }: Ground) => againstDatabase(seed, engine),

  /** The examples that stand beside the rules. */
  cases: async (ground: Ground) =>
    booksOf(ground)
      .flatMap((book) => checkBook(book).findings)
      .map((f) => `${f.file}:${f.line} ${f.code} ${f.en}`),

  /** The same examples with another expectation: each of them must fail. */
  'wrong cases': async (ground: Ground) => booksOf(ground).flatMap(unnoticed),

  /** Every rule asked again about changed households. */
  relations: async (ground: Ground) => {
    const told = nothingTried()
    const random = new Random(ground.seed)
    for (const book of booksOf(ground)) for (const batch of batchesOf(book)) tryRelations(random, book.dictionary, batch, 1, told)
    return told.broken
  },

  /** Every explanation held against the facts it explains. */
  explanation: async (ground: Ground) => booksOf(ground).flatMap((book) => checkExplanations(new Random(ground.seed), book, 2)),

  /** A twin at each threshold, and on either side of it. */
  twins: async (ground: Ground) => booksOf(ground).flatMap((book) => checkTwins(checkBook(book)).untried),
} satisfies Record<string, (ground: Ground) => Promise<string[]>>

export type Proof = keyof typeof proofs

const booksOf = ({ books }: Ground): Book[] =>
  books.map((files) => {
    const { book, findings } = loadBook(files)
    if (findings.length) throw new Error(findings.map((f) => `${f.code} ${f.en}`).join('\n'))
    return book!
  })

const traps = [
  'per(h.rooms, 2)',
  'per(h.income, size(h.members))',
  'floorDiv(h.rooms, 3)',
  'max(h.members.map(m, age(m.birth)))',
  'min(h.members.map(m, m.months), 3)',
  'h.huge * h.rooms',
  'h.huge * -3 + h.rooms',
  'h.huge + h.huge',
  'sum(h.members.filter(m, m.insured).map(m, m.months))',
  'addMonths(h.visit, 1, "down")',
  'addMonths(h.visit, -13, "up")',
  'addDays(h.visit, 59)',
  'years(h.visit, asof)',
]

async function againstDatabase(seed: number, engine: SqlEngine): Promise<string[]> {
  const { book } = tinyBook()
  const random = new Random(seed)
  const make = new Expressions(random)
  const compiler = new Compiler(book, book.root, { at: 20151231 }, new Findings())
  const texts = [...traps, ...Array.from({ length: 40 }, () => make.bool(2))]
  const made = texts.flatMap((text) => {
    const node = lowered(compiler, text)
    return node ? [{ text, node }] : []
  })
  const nodes = made.map((m) => m.node)
  const facts = Array.from({ length: 80 }, () => randomFacts(random, book.dictionary, 'household', edgesOf(nodes)))
  const interpreter = new Interpreter()
  const answers = await askSql(engine, book.dictionary, 'household', nodes, facts)
  return answers.flatMap((row, i) =>
    row.flatMap((told, j) => {
      const own = answerOf(interpreter, nodes[j]!, facts[i]!)
      return told.value === own.value && told.missing.join() === own.missing.join()
        ? []
        : [`${made[j]!.text}: ${told.value} for ${own.value}`]
    }),
  )
}

/** Cases whose expectation was turned, and that pass all the same. */
function unnoticed(book: Book): string[] {
  const turned = book.definitions.flatMap((d) => d.cases)
  for (const one of turned) {
    const { expect } = one
    const other = expect.unknown ? 'true' : expect.text === 'true' ? 'false' : null
    one.expect = other === null ? { unknown: true } : { unknown: false, text: other, at: one.position }
    one.missing = null
    one.because = null
  }
  const found = new Set(
    checkBook(book)
      .findings.filter((f) => /^case\./.test(f.code))
      .map((f) => `${f.file}:${f.line}`),
  )
  return turned
    .filter((one) => !found.has(`${one.position.file}:${one.position.line}`))
    .map((one) => `${one.position.file}:${one.position.line}`)
}
