import type { Text } from '@fupin/rulebook/engine/definition.ts'
import type { BookChange } from '@fupin/rulebook/engine/diff.ts'
import type { Explanation } from '@fupin/rulebook/engine/explanation.ts'
import type { Cells, Comparison, LineMove, Move, Origin, Tally, Why } from '@fupin/whom/run/compare/compare-contract.ts'
import type { TouchedRule } from './changed-rules.ts'

/** `simulation.json`: what another book would do to the households of a run. */
export interface Simulation {
  format: 1
  made_up: boolean
  started_at: string
  seconds: number
  run: { folder: string; id: string; snapshot: string }
  before: { meaning: string; content: string; as_of: string }
  after: { meaning: string; content: string; as_of: string; quota: string | null }
  /** What the books say otherwise, rule by rule. */
  changes: BookChange[]
  /** Scorecard, items and vetoes that decide otherwise for somebody or nobody, but are not the same any more. */
  touched: TouchedRule[]
  /** `difference`: only what changed was asked. `whole`: the later book ran as a whole, for the reason given. */
  how: 'difference' | 'whole'
  because: Text | null
  population: { households: number; persons: number }
  cells: Cells
  moves: Record<Move, Tally>
  /** Households whose points rose, fell, or changed otherwise (gaps opened or closed), whatever their verdict. */
  points: { higher: number; lower: number; otherwise: number }
  reasons: Comparison['reasons']
  lines: LineMove[]
  checks: Checks
  steps: Record<string, number>
  peak_memory: number
}

/** What the comparison found when it checked itself. A result with a failed check is never written. */
export interface Checks {
  /** Households whose verdict under the earlier book, worked out again by the same statement, is not that of the run. */
  against_itself: number
  /** Counties whose earlier line, drawn again, is not that of the run. */
  lines_against_itself: number
  /** Cells of counties in which the groups (size, ethnic group, village) do not add up to what was counted directly. */
  cells_against_groups: number
  /** Households asked again of the interpreter under both books, and how many differ. */
  sample: { households: number; differing: number; seed: number }
  /** With `--prove`: households compared with a whole run of the later book, and how many differ. */
  proof: { households: number; differing: number; lines: number } | null
}

/** One household of `explained.json`. */
export interface ExplainedMove {
  household_id: string
  county_code: string
  why: Why
  origin: Origin
  reason: Text
  before: ExplainedSide
  after: ExplainedSide
  /** The changed rules that say otherwise of this household, each under both books; null where a book does not have it. */
  rules: { id: string; title: Text; before: Explanation | null; after: Explanation | null }[]
}

export interface ExplainedSide {
  verdict: string
  score: number | null
  least: number
  most: number
  line: { low: number | null; high: number | null }
}
