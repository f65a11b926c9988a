import { checkOracles } from '@fupin/rulebook/engine/testing/oracle-check.ts'
import { Random } from '@fupin/rulebook/engine/testing/random.ts'
import type { Measured } from '../measured.ts'
import { allBooks } from './books.ts'
import { askRivals } from './rivals.ts'

const wanted = Number(process.env.PAIRS ?? 40_000)
const seed = Number(process.env.SEED ?? 11)
/** About 9 % of the answers are unknown with these. */
const gaps = { field: 0.05, list: 0.03, emptyList: 0.15, rows: 4, offered: 0.99 }

/** B2: who says something where nothing can be said? The CEL libraries, and others where they are installed, on every value that they can express. */
export async function run(): Promise<Measured[]> {
  const random = new Random(seed)
  const books = await allBooks()
  const tallies = new Map<string, { asked: number; silent: number; other: number; lacking: number }>()
  const all = { values: 0, expressions: 0, unknown: 0, asked: 0 }
  const plain = (await Promise.all(books.map((b) => checkOracles(new Random(1), b, 0, gaps)))).reduce(
    (n, c) => n + c.printed.plain + c.written.plain,
    0,
  )
  const each = Math.ceil(wanted / plain)
  for (const book of books) {
    const check = checkOracles(random, book, each, gaps)
    for (const line of check.wrong.slice(0, 3)) console.log(`  ${line}`)
    console.log(
      `  ${book.id}: plain CEL says ${check.printed.plain} of ${check.printed.of} values, and ${check.written.plain} of ${check.written.of} expressions as written`,
    )
    all.values += check.printed.plain
    all.expressions += check.written.plain
    all.unknown += check.unknown
    for (const [name, t] of Object.entries(check.tallies)) {
      const sum = tallies.get(name) ?? { asked: 0, silent: 0, other: 0, lacking: 0 }
      tallies.set(name, {
        asked: sum.asked + t.asked,
        silent: sum.silent + t.silent,
        other: sum.other + t.other,
        lacking: sum.lacking + t.lacking,
      })
    }
  }
  const asked = [...tallies.values()][0]!.asked
  const share = `${((100 * all.unknown) / asked).toFixed(1)} % unknown`
  const ours = [...tallies].map(([name, t]): Measured => {
    const question = `${name}: answers other than ours on ${all.values} values and ${all.expressions} expressions of the books, ${t.asked} pairs, ${share} (${t.silent} silent, ${t.other} wrong, ${t.lacking} lacking)`
    return { id: 'B2', question, value: t.silent + t.other + t.lacking, unit: 'pairs', aim: 0, seed }
  })
  return [...ours, ...(await askRivals(books, Math.ceil(each / 8), gaps, seed))]
}
