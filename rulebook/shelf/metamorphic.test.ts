import { describe, expect, it } from 'vitest'
import { checkBook } from '../engine/check-book.ts'
import { checkExplanations } from '../engine/testing/explanation-check.ts'
import { nothingTried, tryRelations } from '../engine/testing/metamorphic.ts'
import { Random } from '../engine/testing/random.ts'
import { batchesOf } from '../engine/testing/rule-batches.ts'
import { checkTwins } from '../engine/testing/twins-check.ts'
import { booksFolder, openWholeBook } from './open-book.ts'

/** Rulebook 3.4 no. 3, over every rule of every book; the bench asks many more households. */
describe.each(['fupin', 'ppi'])('%s', async (name) => {
  const book = await openWholeBook(`${booksFolder}${name}`)

  it('keeps to what must hold between a household and the same one changed', () => {
    const told = nothingTried()
    const random = new Random(450621)
    for (const batch of batchesOf(book)) tryRelations(random, book.dictionary, batch, 2, told)
    expect(told.broken.slice(0, 3)).toEqual([])
    const { monotone, ...always } = told.tried
    expect(Math.min(...Object.values(always))).toBeGreaterThan(10)
    if (name === 'fupin') expect(monotone).toBeGreaterThan(100)
    // What looks at gaps on purpose is left out of some of them; that must stay the exception.
    expect(told.lookAtGaps.size).toBeLessThan(40)
  })

  it('finds a claim that more only helps where more hurts', () => {
    const told = nothingTried()
    const random = new Random(1)
    for (const batch of batchesOf(book)) {
      for (const m of batch.monotone) m.direction = m.direction === 'up' ? 'down' : 'up'
      tryRelations(random, book.dictionary, { ...batch, nodes: [], bounded: [] }, 6, told)
    }
    const claimed = new Set(batchesOf(book).flatMap((b) => b.monotone.map((m) => m.field)))
    const caught = [...claimed].filter((field) => told.broken.some((b) => b.includes(`${field} `)))
    expect(caught.length).toBeGreaterThanOrEqual(claimed.size / 2)
  })

  it('explains every rule as it decides: parts, points, missing facts and what would change', () => {
    expect(checkExplanations(new Random(2015), book, 1).slice(0, 3)).toEqual([])
  })

  it('has boundary twins at each threshold and beside it', () => {
    const { thresholds, untried } = checkTwins(checkBook(book))
    expect(untried).toEqual([])
    if (name === 'fupin') expect(thresholds).toBeGreaterThan(100)
  })
})
