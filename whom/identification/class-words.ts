import type { Text } from '@fupin/rulebook/engine/definition.ts'
import type { CountyRules } from './county-rules.ts'

/** How each class of the scorecard is called. */
export type ClassWords = Record<string, Text>

export const classWords = ({ scorecard }: CountyRules): ClassWords =>
  Object.fromEntries(scorecard.score!.body.classes.map((c) => [c.id, c.title]))
