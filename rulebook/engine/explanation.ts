import type { Cite, Confidence, Text } from './definition.ts'

/** Kleene's three values as they travel in JSON: a decided boolean, or the word for "cannot be decided". */
export type Told = boolean | number | string | 'unknown'

/** One fact or parameter that a decision looked at. Money is fen, dates are `yyyy-mm-dd`, enums carry their key. */
export interface FactRead {
  /** `h.house_area`, `members[2].insured` (counted from 1), `p.area_min`, or the name of a `let`. */
  path: string
  label: Text
  /** null = unknown. */
  value: boolean | number | string | null
  /** The value as people read it, with its unit: `70 m²`, `砖木`, `未填`. */
  shown: Text
  type: 'bool' | 'int' | 'money' | 'date' | 'enum' | 'code' | 'text'
  unit?: string
  /** Where a fact came from: the survey with its day, a department with its day. */
  source?: Text
  from?: string
  place?: string
  cite?: Cite
  confidence?: Confidence
}

/** A fact that is not there, and would help. */
export interface MissingFact {
  path: string
  label: Text
  /** How many undecided parts this one fact, alone, would settle. */
  settles: number
}

/** What would turn the decision: set these facts, get that value. */
export interface CounterFact {
  set: Record<string, boolean | number | string | null>
  /** In words: `务工 1 人`. */
  label: Text
  value: Told
  /** Scores: the total after the change. */
  score?: number
}

/** One leaf or group of a rule: a criterion, an item, a veto's exception. */
export interface ExplainedPart {
  id: string
  title: Text
  kind: 'item' | 'category' | 'veto' | 'exception' | 'criterion' | 'group' | 'let'
  value: Told
  /** Items and categories: points, or their bounds while a fact is missing, out of the most possible. */
  points?: { least: number; most: number; of: number }
  core?: boolean
  /** The expression as written in the book. */
  expr?: string
  cite?: Cite
  confidence: Confidence
  read: FactRead[]
  missing: string[]
  /** One line per member or record that the expression walked over. */
  each?: { member: number; list: string; value: Told; read: FactRead[] }[]
  parts?: ExplainedPart[]
}

/** One format for every kind of rule (rulebook 3.5). */
export interface Explanation {
  rule: string
  version: string
  kind: string
  title: Text
  /** Civil date and place the version was chosen by. */
  at: string
  place: string
  /** `sha256:` of the book's meaning. */
  book: string
  value: Told
  /** Scores: bounds of the total. */
  score?: { least: number; most: number }
  /** Why unknown, beyond missing facts: `division_by_zero`, `overflow`, `empty`. */
  reasons?: string[]
  missing: MissingFact[]
  /** The weakest of all that was used. */
  confidence: Confidence
  cite: Cite
  parts: ExplainedPart[]
  would_change: CounterFact[]
}
