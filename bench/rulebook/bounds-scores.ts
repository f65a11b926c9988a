import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Duck } from '@fupin/platform/database/duckdb.ts'
import { type Facts, Interpreter } from '@fupin/rulebook/engine/run.ts'
import { ident } from '@fupin/rulebook/engine/sql/dialect.ts'
import { rulesOn } from '@fupin/rulebook/engine/testing/explanation-check.ts'
import { Random } from '@fupin/rulebook/engine/testing/random.ts'
import { fieldsRead } from '@fupin/rulebook/shelf/fact-tables.ts'
import { booksFolder, openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { readFactsFrom } from '@fupin/rulebook/shelf/read-facts.ts'
import { readSurvey } from '@fupin/whom/survey/read-survey.ts'
import { quantile } from '../machine.ts'
import type { Measured } from '../measured.ts'

const survey = join('.fupin', 'bench', 'survey-50000', 'survey')
const households = 4000
const seed = 9

/** Scores of made-up households of which 1 and 3 in a hundred answers are taken away, against a line a quarter of them stand below. */
export async function scoresWithGaps(): Promise<Measured[]> {
  if (!existsSync(survey)) {
    console.log('  no made-up county: run npx tsx bench/main-job.ts once')
    return []
  }
  const book = await openWholeBook(`${booksFolder}fupin`)
  const card = rulesOn(book).rules.find((r) => r.id === book.identify!.scorecard)!
  const { total, known, least, most } = Object.values(card.score!.lines)[0]!
  const interpreter = new Interpreter()
  const all = (await factsOf(book, total)).filter((facts) => interpreter.evaluate(total, [facts]) !== undefined).slice(0, households)
  const score = (node: typeof total, facts: Facts): number => interpreter.evaluate(node, [facts]) as number
  const line = quantile(
    all.map((facts) => score(total, facts)),
    0.25,
  )
  const random = new Random(seed)
  return [1, 3].flatMap((percent): Measured[] => {
    let [strict, open, wrong, contradicted] = [0, 0, 0, 0]
    for (const facts of all) {
      const gappy = thinned(random, facts, percent / 100)
      const truth = score(total, facts) < line
      const [low, high] = [score(least, gappy), score(most, gappy)]
      if (interpreter.evaluate(total, [gappy]) === undefined) strict++
      const told = high < line ? true : low >= line ? false : undefined
      if (told === undefined) open++
      else if (told !== truth) contradicted++
      if (score(known, gappy) < line !== truth) wrong++
    }
    const share = (n: number): number => (100 * n) / all.length
    const what = `${all.length} scores of ${card.score!.items.length} items, ${percent} % of answers missing`
    return [
      {
        id: 'B8',
        question: `${what}: undecided against the line by bounds`,
        value: share(open),
        unit: '%',
        rival: `strict ${share(strict).toFixed(1)} %`,
        seed,
      },
      { id: 'B8', question: `${what}: decided by bounds against the whole answers`, value: contradicted, unit: 'households', aim: 0, seed },
      { id: 'B8', question: `${what}: on the wrong side of the line where a gap counts as nothing`, value: share(wrong), unit: '%', seed },
    ]
  })
}

async function factsOf(book: Awaited<ReturnType<typeof openWholeBook>>, node: Parameters<typeof fieldsRead>[2][number]): Promise<Facts[]> {
  const duck = await Duck.open()
  try {
    await readSurvey(duck, { survey, dictionary: book.dictionary })
    const read = fieldsRead(book.dictionary, 'household', [node])
    const rows = await readFactsFrom(duck, book.dictionary, 'household', { read, table: ident, where: `t._key % 10 = 0` })
    return rows.map((r) => r.facts)
  } finally {
    duck.close()
  }
}

/** The facts with each answer taken away as often as said; members stay, their answers may go. */
const thinned = (random: Random, facts: Facts, share: number): Facts =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => {
      if (Array.isArray(value)) return [name, value.map((row) => thinned(random, row, share))]
      return [name, random.chance(share) ? null : value]
    }),
  )
