import type { Text } from '@fupin/rulebook/engine/definition.ts'
import type { Pair } from '@fupin/whom/identification/identification.contract.ts'
import type { LineMove, Move } from '../compare/compare-contract.ts'
import type { Standing } from '../compare/standings.ts'

/** GET /api/region/compare : an earlier run beside this one. */
export interface ComparisonAnswer {
  before: { id: string } & Pair
  after: { id: string } & Pair
  inputs: {
    sameSnapshot: boolean
    countiesChanged: number
    sameRules: boolean
    quotasChanged: number
    linesChanged: number
    departments: { title: Text; before: string | null; after: string | null }[]
  }
  standings: { id: Standing; title: Text }[]
  cells: ({ from: Standing; to: Standing } & Pair)[]
  moves: ({ move: Move } & Pair)[]
  reasons: ({ why: string; title: Text; origin: string | null } & Pair)[]
  counties: { code: string; name: string; city: string; entered: Pair; left: Pair; undecided: Pair; line: LineMove | null }[]
}

/** One household that stands elsewhere than before. */
export interface MovedHousehold {
  county: string
  countyName: string
  township: string
  village: string
  id: string
  headName: string
  persons: number
  before: Standing
  after: Standing
  title: Text
  reason: Text
}

/** GET /api/region/moves?move&why&county&after&limit : in order of county, village, number. */
export interface MovesPage {
  total: Pair
  rows: MovedHousehold[]
  next: string | null
  previous: string | null
}

export interface MovesQuery {
  move?: Move
  why?: string
  county?: string
  after?: string
  limit: number
}
