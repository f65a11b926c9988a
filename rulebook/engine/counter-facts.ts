import type { CompiledPart, CompiledRule } from './compile/compiled.ts'
import type { Field } from './dictionary.ts'
import type { Explainer } from './explain.ts'
import type { CounterFact } from './explanation.ts'
import { type Node, reachable } from './ir.ts'
import { showField } from './labels.ts'
import { missingOf } from './missing.ts'
import type { Facts, Frames } from './run.ts'
import type { Value } from './types.ts'

/**
 * The smallest single changes that alter a result: for an unknown, each answer to each missing fact; for a decided one, each other
 * value of each fact read that flips it. Only facts of the root entity are tried, and one at a time. Scores get the new total.
 */
export function counterFacts(explainer: Explainer, rule: CompiledRule, facts: Facts, line: string): CounterFact[] {
  const { interpreter } = explainer
  const node = explainer.nodeOf(rule, line)
  const before = interpreter.evaluate(node, [facts])
  const paths = before === undefined ? [...missingOf(node, [facts], interpreter)] : null
  const found: CounterFact[] = []
  for (const { field, values, path } of candidates(explainer, rule, node, facts)) {
    if (paths && !paths.includes(path)) continue
    for (const value of values) {
      if (value === (facts[field.name] ?? undefined)) continue
      const changed: Frames = [{ ...facts, [field.name]: value }]
      const after = interpreter.evaluate(node, changed)
      if (after === before) continue
      const shown = showField(field, value, explainer.compiler.book.dictionary)
      found.push({
        set: { [path]: value },
        label: { zh: `${field.label.zh} ${shown.zh}`, en: `${field.label.en}: ${shown.en}` },
        value: after ?? 'unknown',
        ...(rule.score && typeof after === 'number' ? { score: after } : {}),
      })
    }
  }
  return rule.score && typeof before === 'number'
    ? found.sort((a, b) => Math.abs((b.score ?? before) - before) - Math.abs((a.score ?? before) - before))
    : found
}

interface Candidate {
  field: Field
  path: string
  values: Value[]
}

/** Facts of the root that the rule reads, with the values worth trying: every answer of a question, each side of each threshold. */
function candidates(explainer: Explainer, rule: CompiledRule, node: Node, facts: Facts): Candidate[] {
  const { dictionary } = explainer.compiler.book
  const entity = dictionary.entities[rule.definition.level]!
  const nodes = reachable([node])
  const found = new Map<string, Candidate>()
  for (const n of nodes) {
    if (n.op !== 'field' || n.depth !== 0) continue
    const field = entity.fields[n.field]!
    const values: Value[] =
      field.type === 'bool' ? [true, false] : field.type === 'enum' ? dictionary.enums[field.enum!]!.values.map((v) => v.key) : []
    found.set(field.name, { field, path: n.path, values })
  }
  // A number is tried at each threshold it is compared with, and one step to either side.
  for (const n of nodes) {
    if (n.op !== 'compare') continue
    for (const [a, b] of [
      [n.a, n.b],
      [n.b, n.a],
    ] as const) {
      if (a.op !== 'field' || a.depth !== 0) continue
      const edge = explainer.interpreter.evaluate(b, [facts])
      const candidate = found.get(a.field)
      if (typeof edge !== 'number' || !candidate || a.type.kind === 'date') continue
      const range = candidate.field.range
      for (const value of [edge - 1, edge, edge + 1])
        if (!candidate.values.includes(value) && (!range || (value >= range[0] && value <= range[1]))) candidate.values.push(value)
    }
  }
  return [...found.values()]
}

/** Criteria of a standard that fail: the leaves that must change for it to hold. */
export function failing(explainer: Explainer, parts: CompiledPart[], facts: Facts): string[] {
  return parts.filter((p) => explainer.interpreter.evaluate(p.node, [facts]) === false).map((p) => p.id)
}
