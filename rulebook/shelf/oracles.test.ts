import { expect, it } from 'vitest'
import { checkOracles } from '../engine/testing/oracle-check.ts'
import { Random } from '../engine/testing/random.ts'
import { usualGaps } from '../engine/testing/random-facts.ts'
import { booksFolder, openWholeBook } from './open-book.ts'

/** Rulebook 2.3 on the real books: whatever plain CEL can say, two CEL libraries of others must decide as we do. */
it.each([
  ['fupin', 0.4],
  ['ppi', 0.4],
])('%s: both CEL libraries mean the same by every expression and value that plain CEL has words for', async (name, least) => {
  const book = await openWholeBook(`${booksFolder}${name}`)
  const { printed, written, unknown, tallies, wrong } = checkOracles(new Random(2015), book, 1, usualGaps)
  console.info(`${name}: ${printed.plain} of ${printed.of} values, ${written.plain} of ${written.of} expressions as written`)
  expect(wrong.slice(0, 3)).toEqual([])
  expect(printed.plain).toBeGreaterThan(printed.of * least)
  expect(written.plain).toBeGreaterThan(written.of * least)
  const asked = Object.values(tallies)[0]!.asked
  expect(Math.min(unknown, asked - unknown)).toBeGreaterThan(asked / 25)
})
