import { expect, it } from 'vitest'
import { holdAgainstSecondReading } from './second-reading.ts'

/** Rules of every kind, parameters and overrides by date and place, written at random together with a second reading of what they say. */
it('random books say, anywhere and any day, what a second reading of them says', () => {
  const { answers, unknown, differences } = holdAgainstSecondReading(20151011, 6, 1)
  expect(differences.slice(0, 3)).toEqual([])
  expect(answers).toBeGreaterThan(5000)
  expect(unknown).toBeGreaterThan(answers / 50)
})
