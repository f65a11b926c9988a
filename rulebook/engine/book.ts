import type { Cite, Confidence, Text } from './definition.ts'
import type { Dictionary } from './dictionary.ts'
import type { Place } from './finding.ts'
import type { Expr } from './load/reader.ts'
import type { Tree } from './load/yaml-tree.ts'
import type { Tag } from './tags.ts'
import type { Type, Value } from './types.ts'

/** A rulebook as read from its files. Nothing is resolved yet: every place and date is still in it. */
export interface Book {
  id: string
  title: Text
  /** Place and date used when none is given. */
  root: string
  referenceDate: number
  places: BookPlace[]
  sets: AreaSet[]
  /** Classes that areas belong to for a time; their members stand in `sets` too. */
  tags: Tag[]
  sources: Record<string, Source>
  dictionary: Dictionary
  definitions: Definition[]
  parameters: Parameter[]
  /** CSV tables that scorecards look up, by path inside the book. */
  tables: Record<string, string[][]>
  /** Every number of the policy documents, each with its sentence's place: thresholds, amounts, targets, counts. */
  figures: Figure[]
  identify: { scorecard: string } | null
  /** sha256 of each file. */
  files: Record<string, string>
}

export interface BookPlace {
  code: string
  level: string
  folder: string
  name: Text
}

/** A dated list of areas (deep-poverty counties) that stands between county and province when a rule is looked up. */
export interface AreaSet {
  id: string
  title: Text
  from: number
  to: number | null
  members: string[]
}

export interface Source {
  id: string
  title: Text
  number: string | null
  issuer: string | null
  issued: string | null
  url: string | null
}

/** One number of the policy documents as `figures/*.csv` hold it (`docs/formats.md`). The value stays text, so that nothing is rounded. */
export interface Figure {
  /** Catalogue id and running number: `M-220.02`. */
  id: string
  title: Text
  value: string
  unit: string
  comparison: '<=' | '>=' | '=' | '<' | '>'
  appliesTo: string[]
  from: number | null
  to: number | null
  place: string
  cite: Cite
  kind: string
}

export type Kind = 'code-list' | 'form' | 'item' | 'scorecard' | 'veto' | 'standard' | 'derived' | 'check'

/** One rule with all its versions at one place. */
export interface Definition {
  id: string
  kind: Kind
  level: string
  title: Text
  covers: string[]
  clock: string
  /** Place it is written for. */
  place: string
  at: Place
  /** item: which scorecard, which category. */
  scorecard?: string
  category?: string
  open: Lock | null
  overrides: Override | null
  versions: Version[]
  cases: Case[]
}

/** Which levels may change it, and in which direction. Absent = locked. */
export interface Lock {
  levels: string[]
  direction: 'up' | 'down' | 'any'
}

export interface Override {
  place: string
  version: string
  at: Place
}

export interface Version {
  id: string
  from: number
  to: number | null
  cite: Cite
  confidence: Confidence
  /** `none`: no such rule in this time, said on purpose. */
  ended: boolean
  /** Facts of the rule's own entity of which more can only help (`up`: never from yes to no, never fewer points) or only hurt (`down`). Checked, not obeyed. */
  monotone: Record<string, 'up' | 'down'>
  lets: { name: string; expr: Expr }[]
  body: Body
  at: Place
}

export type Body =
  | { kind: 'code-list'; values: { key: string; label: Text; aliases: string[] }[] }
  | { kind: 'form'; form: Form }
  | { kind: 'derived'; value: Expr; type: Type }
  | { kind: 'item'; item: Item }
  | { kind: 'scorecard'; scorecard: Scorecard }
  | { kind: 'veto'; when: Expr; unless: Part[]; evidence: string[]; contest: { to: string; days: number; confidence: Confidence } | null }
  | { kind: 'standard'; group: Group }
  | { kind: 'check'; when: Expr; check: Check }

/** What a data rule (清洗规则) says where its condition holds; it only tells, it changes no fact. */
export interface Check {
  /** `error`: the facts cannot all be right. `doubt`: they may be, but somebody should look. */
  severity: 'error' | 'doubt'
  finds: CheckClass
  /** Fields of the rule's own level that the finding stands at; the first one is where it is shown. */
  about: string[]
  /** What is wrong and what to do. `{field}` stands for the value found, `{p.name}` for a parameter. */
  says: Text
  saysAt: Place
}

export const checkClasses = ['required', 'range', 'logic', 'cross_source'] as const
export type CheckClass = (typeof checkClasses)[number]

/** A criterion, exception or group of them. */
export interface Part {
  id: string
  title: Text
  core?: boolean
  cite?: Cite
  confidence?: Confidence
  at: Place
  when?: Expr
  group?: Group
}

export interface Group {
  all_of?: Part[]
  any_of?: Part[]
  unless?: Part[]
}

/** Points of one answer: one number, or one per line of a scorecard whose lines have their own points. */
export type Points = Record<string, number>

export interface Item {
  of: Expr | null
  per: Expr | null
  points: { key: string; points: Points; at: Place }[]
  bands: { is: Expr; points: Points; at: Place }[]
  tiers: { when: Expr | null; points: Points; at: Place }[]
  range: [number, number] | null
  /** Keys of the enum that have no points are not offered by this question; such an answer is unknown. */
  otherUnknown: boolean
  show: Expr[]
}

export interface Scorecard {
  direction: 'higher_is_better_off' | 'higher_is_poorer'
  categories: { id: string; title: Text; at: Place }[]
  lines: string[]
  line: { rule: string; tie: 'lower' | 'higher'; cite: Cite | null; confidence: Confidence } | null
  scope: Expr | null
  persons: Expr | null
  vetoes: string[]
  vetoesAt: Place
  classes: { id: string; title: Text; upTo: number | null; confidence: Confidence }[]
  lookup: { file: string; score: string; columns: { line: string; column: string }[]; at: Place } | null
}

export interface Form {
  department: string | null
  entity: string
  list: string | null
  file: string | null
  legalBasis: Text | null
  columns: { column: string; aliases: string[]; field: string | null; role: 'id_number' | 'name' | 'other' }[]
  sections: {
    id: string
    title: Text
    entity: string
    repeat: string | null
    fields: { field: string; card: string | null; label: Text | null; ask: Text | null; required: boolean }[]
  }[]
}

export interface Case {
  name: Text
  at: number | null
  incomeYear: number | null
  place: string | null
  given: Tree | null
  expect: { unknown: true } | { unknown: false; text: string; at: Place }
  missing: string[] | null
  because: string[] | null
  line: string | null
  position: Place
}

export interface Parameter {
  id: string
  title: Text
  type: Type
  clock: string
  covers: string[]
  place: string
  open: Lock | null
  overrides: Override | null
  values: { from: number; to: number | null; value: Value; cite: Cite; confidence: Confidence; at: Place }[]
  at: Place
}
