import type { Definition, Scorecard, Version } from '../book.ts'
import type { Cite, Confidence, Text } from '../definition.ts'
import type { ExplainedPart } from '../explanation.ts'
import type { Place } from '../finding.ts'
import type { Node } from '../ir.ts'

/** A rule for one place and date, in the typed form that every back end reads. */
export interface CompiledRule {
  id: string
  definition: Definition
  version: Version
  place: string
  at: number
  /** The rule's value: verdict of a veto or standard, points of an item, value of a derived rule, total of a scorecard. */
  node: Node
  /** Numbers above the household, and score totals: what they are at least and at most. */
  bounds: { least: Node; most: Node } | null
  parts: CompiledPart[]
  lets: { name: string; node: Node }[]
  item: CompiledItem | null
  score: CompiledScore | null
  /** The weakest of the version, its parts and the parameters it reads. */
  confidence: Confidence
}

export interface CompiledPart {
  id: string
  title: Text
  kind: ExplainedPart['kind']
  core?: boolean
  cite: Cite
  confidence: Confidence
  expr?: string
  node: Node
  parts: CompiledPart[]
  at: Place
}

export interface CompiledItem {
  category: string
  /** What is looked at, where the item has one thing to look at. */
  of: Node | null
  per: Node | null
  /** Facts to show beside those read. */
  show: Node[]
  /** Points and their range for each line of the scorecard; one line `''` where all lines share the points. */
  lines: Record<string, { node: Node; range: [number, number] }>
  /** Each answer with its points, for counter-facts and papers. */
  answers: { test: Node | null; key: string | null; points: Record<string, number>; at: Place }[]
}

export interface CompiledScore {
  body: Scorecard
  items: CompiledRule[]
  vetoes: CompiledRule[]
  scope: Node | null
  persons: Node | null
  /** `known` counts answered items only; `least` and `most` put every gap at the ends of its range. */
  lines: Record<string, { total: Node; known: Node; least: Node; most: Node; range: [number, number] }>
}
