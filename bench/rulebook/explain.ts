import { booksFolder, openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { quantile } from '../machine.ts'
import type { Measured } from '../measured.ts'
import { type Explained, explainHouseholds } from './explained-households.ts'

const households = Number(process.env.HOUSEHOLDS ?? 1000)

/** B5: one household explained whole. Limit of issue 2: 1 ms for the scorecard with its vetoes. */
export async function run(): Promise<Measured[]> {
  const book = await openWholeBook(`${booksFolder}fupin`)
  const cpu = process.cpuUsage()
  const card = explainHouseholds(book, 'card', households, 300)
  const { user, system } = process.cpuUsage(cpu)
  console.log(`  processor time, all told: ${((user + system) / 1000 / (households + 300)).toFixed(2)} ms a household`)
  return [...figures('B5', 'in Node', card, 1), ...figures('B5a', 'in Node', explainHouseholds(book, 'all', households / 2, 150), null)]
}

/** Median, 99th of a hundred and size of what was explained. */
export function figures(id: string, where: string, { times, rules, items, bytes }: Explained, aim: number | null): Measured[] {
  const what = `one household explained ${where}: ${rules} rules, ${items} items, ${Math.round(bytes / 1000)} kB of JSON`
  return [0.5, 0.99].map((share) => ({
    id,
    question: `${what}, p${share * 100} of ${times.length}`,
    value: quantile(times, share),
    unit: 'ms',
    ...(aim === null || share !== 0.5 ? {} : { aim }),
    seed: 1,
  }))
}
