import type { Cite, Confidence, Text } from '../definition.ts'
import type { Place } from '../finding.ts'
import type { Expr } from '../load/reader.ts'
import type { Unit } from './units.ts'

/** What a book holds of the tables that the policy documents print, and what is asked of them. */
export interface Published {
  units: Unit[]
  tables: PublishedTable[]
  checks: FigureCheck[]
  contradictions: Contradiction[]
}

/** series: what was; target: what a plan wants by a year; norm: what is required or allowed; list: names. */
export const figureKinds = ['series', 'target', 'norm', 'list'] as const
export type FigureKind = (typeof figureKinds)[number]

/** Which count of the poor a figure belongs to: the filing cards, or the sample survey of the statistics bureau. Never mixed in silence. */
export type Count = 'filing' | 'sample'

export interface PublishedTable {
  id: string
  title: Text
  kind: FigureKind
  place: string
  rows: PublishedRow[]
  at: Place
}

export interface PublishedRow {
  id: string | null
  title: Text
  year: number | null
  /** A class of the row as printed: `binding`, `expected`. */
  type: string | null
  note: Text | null
  /** Entries of the catalogue that use the row. */
  entries: string[]
  cite: Cite
  /** The names of a printed list; null where the row is none. */
  list: string[] | null
  cells: PublishedCell[]
}

export interface PublishedCell {
  /** Name in expressions; with a year it is asked as `name(2015)`. */
  name: string
  year: number | null
  table: string
  kind: FigureKind
  title: Text
  place: string
  /** What several counts of the same thing have in common, so that they can be set beside each other. */
  measure: string | null
  count: Count | null
  /** target: the document whose plan it is. */
  plan: string | null
  /** What a share is a share of. */
  base: Text | null
  /** As printed; null where the cell is words or is computed. */
  amount: Amount | null
  /** Computed from other cells and not printed; `decimals` and `unit` say how it is shown. */
  calc: { expr: Expr; unit: string; decimals: number; comparesSeries: boolean } | null
  says: Text | null
  /** Row of `parameters.csv` that holds the number. */
  figure: string | null
  cite: Cite
  confidence: Confidence
  at: Place
}

/** How a number is printed: `=` plain, `about` 约, `over` 多, `nearly` 近, or a limit. */
export const amountSigns = ['=', '>=', '<=', '>', '<', 'about', 'over', 'nearly'] as const
export type AmountSign = (typeof amountSigns)[number]

/** A number as printed: the texts keep every digit, so that the precision stays known. */
export interface Amount {
  sign: AmountSign
  low: string
  /** The other end of a range; null for one number. */
  high: string | null
  unit: string
}

/** What the catalogue says of a published figure. */
export const verdicts = ['OK', 'OK?', 'ROUND', 'UNIT', 'FAIL', 'CONTRA', 'AMBIG', 'NOTE', 'DERIVED', 'UNCHECKED'] as const
export type FigureVerdict = (typeof verdicts)[number]

/** What the machine finds when it computes a figure again. */
export const outcomes = ['agrees', 'last_digit', 'roughly', 'unit', 'differs', 'nothing_printed', 'not_computed'] as const
export type Outcome = (typeof outcomes)[number]

export interface FigureCheck {
  id: string
  docs: string[]
  title: Text
  verdict: FigureVerdict
  /** What must come out, where the verdict leaves several open. */
  outcome: Outcome | null
  comparesSeries: boolean
  inputs: PublishedCell[]
  parts: CheckPart[]
  note: Text | null
  at: Place
}

/** `main` is judged; `other` is another reading; `fits` is what would make the printed figure right. */
export const partRoles = ['main', 'other', 'fits'] as const
export type PartRole = (typeof partRoles)[number]

export interface CheckPart {
  role: PartRole
  title: Text | null
  /** A value, or a statement that should hold. */
  is: Expr
  statement: boolean
  unit: string
  /** What the catalogue computed; compared at its own precision. */
  result: string | null
  printed: { cell: Expr; sign: AmountSign | null } | { amount: Amount } | null
  at: Place
}

/** Where documents or years say different things, and how the rules take it. */
export interface Contradiction {
  id: string
  topic: Text
  positions: { docs: string[]; says: Text }[]
  handling: Text
  entries: string[]
  at: Place
}

/** Which of a book's files hold published figures. A run does not read them: only questions about the figures do (`loadPublished`). */
export const isPublished = (path: string): boolean => path.startsWith('figures/') && path.endsWith('.yaml')
