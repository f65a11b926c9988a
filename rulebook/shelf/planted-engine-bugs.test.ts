import { beforeAll, describe, expect, it } from 'vitest'
import { proveBugs, type Verdict } from '../engine/testing/plant-bugs.ts'
import { plantedBugs } from '../engine/testing/planted-bugs.ts'
import { booksFolder, openBook } from './open-book.ts'

/** What all three engines share cannot be found out by comparing them: bugs are planted there, and other proofs must find each. */
let verdicts: Verdict[] = []
beforeAll(async () => {
  const books = await Promise.all(['fupin', 'ppi'].map(async (name) => (await openBook(`${booksFolder}${name}`)).files))
  verdicts = await proveBugs(books, plantedBugs, false)
})

it('the engine as it is has nothing to be found', () => expect(verdicts[0]).toEqual({ bug: null, found: {} }))

describe.each([...new Set(plantedBugs.map((b) => b.by))])('%s', (proof) => {
  it.each(plantedBugs.filter((b) => b.by === proof).map((b) => [b.bug, b.file] as const))('finds that %s (%s)', (bug) => {
    expect(Object.keys(verdicts.find((v) => v.bug === bug)!.found)).toEqual([proof])
  })
})
