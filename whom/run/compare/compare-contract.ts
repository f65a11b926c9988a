import type { Sentence } from '@fupin/platform/problems/problem.ts'
import type { Text } from '@fupin/rulebook/engine/definition.ts'
import type { BookChange } from '@fupin/rulebook/engine/diff.ts'
import type { Standing } from './standings.ts'

/** Households, and their persons in the first and in the second run. */
export interface Tally {
  households: number
  persons_before: number
  persons_after: number
}

/** `listed>vetoed` and so on: how many households went where. */
export type Cells = Partial<Record<`${Standing}>${Standing}`, Tally>>

/** Why a household stands elsewhere than before: what alone would have moved it. */
export type Why =
  | 'scope_left'
  | 'scope_entered'
  | 'veto_proven'
  | 'veto_lifted'
  | 'veto_opened'
  | 'veto_cleared'
  | 'scope_opened'
  | 'scope_cleared'
  | 'gap_closed'
  | 'gap_opened'
  | 'score_changed'
  | 'line_moved'
  | 'direction_turned'
  | 'several'
  | 'new_household'
  | 'gone_household'

/** What the cause itself comes from: other facts, other rules, one of the two (both differ), or the county's line. */
export type Origin = 'facts' | 'rules' | 'either' | 'line' | null

/** Moves that people ask for. One household can be in several: from undecided to listed it entered, and became decidable. */
export const moveNames = [
  'entered',
  'left',
  'became_vetoed',
  'no_longer_vetoed',
  'became_decidable',
  'became_undecided',
  'into_scope',
  'out_of_scope',
  'new_household',
  'gone_household',
] as const
export type Move = (typeof moveNames)[number]

export interface LineMove {
  county: string
  name: string
  quota: { before: number | null; after: number | null }
  /** The line, or the interval it lies in; null where there is none. */
  before: { line: number | null; low: number | null; high: number | null }
  after: { line: number | null; low: number | null; high: number | null }
}

/** What differs in what the two runs were made from. */
export interface InputChanges {
  snapshot: { before: string; after: string; same: boolean }
  counties: { changed: string[]; only_before: string[]; only_after: string[] }
  departments: { list: string; title: Text; before: FileSaid | null; after: FileSaid | null }[]
  book: { before: string; after: string; same: boolean; as_of: { before: string; after: string }; changes: BookChange[] | null }
  quotas: number
  lines: number
}

export interface FileSaid {
  state: string
  file: string | null
  sha256: string | null
  as_of: number | null
}

/** `comparison.json`. */
export interface Comparison {
  format: 1
  made_up: boolean
  started_at: string
  seconds: number
  before: { folder: string; id: string; households: number; persons: number }
  after: { folder: string; id: string; households: number; persons: number }
  inputs: InputChanges
  cells: Cells
  moves: Record<Move, Tally>
  reasons: { why: Why; origin: Origin; households: number; persons: number; title: Text }[]
  lines: LineMove[]
  steps: Record<string, number>
  peak_memory: number
}

export interface StepProgress {
  title: Sentence
  done: number
  of: number
}
