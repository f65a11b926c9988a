import type { Measured } from '../measured.ts'
import { scoresWithGaps } from './bounds-scores.ts'
import { villagesWithGaps } from './bounds-villages.ts'

/** B8: how much stays undecided while facts are missing: strict, by bounds, and what plain SQL would pass wrongly. */
export const run = async (): Promise<Measured[]> => [...(await villagesWithGaps()), ...(await scoresWithGaps())]
