import type { Dictionary } from '../dictionary.ts'
import type { Node, Nodes } from '../ir.ts'
import type { Ast } from '../parse.ts'
import type { Type, Value } from '../types.ts'

/** A variable in reach of an expression. `prefix` begins the names of its facts in missing sets. */
export interface Variable {
  entity: string
  depth: number
  prefix: string
}

/** What lowering needs to know from outside: words, parameters, other rules; and where findings go. */
export interface LowerContext {
  dictionary: Dictionary
  nodes: Nodes
  /** yyyymmdd: the only "today" a rule has. */
  asof: number
  variables: Map<string, Variable>
  lets: Map<string, () => Node | null>
  param(name: string, at: Ast): { value: Value; type: Type } | null
  /** The node of a rule, or of one of its parts, about the innermost entity of that rule's level. */
  rule(id: string, part: string | null, at: Ast, variables: Map<string, Variable>): Node | null
  report(at: Ast, code: string, zh: string, en: string): void
}
