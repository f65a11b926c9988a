import type { CompiledPart, CompiledRule } from './compile/compiled.ts'
import type { Dictionary, Field } from './dictionary.ts'
import type { Explainer } from './explain.ts'
import type { CounterFact } from './explanation.ts'
import { type Node, reachable } from './ir.ts'
import { showField } from './labels.ts'
import { missingOf } from './missing.ts'
import type { Facts, Frames, Interpreter, Result } from './run.ts'
import type { Value } from './types.ts'

/**
 * The smallest single changes that alter a result: for an unknown, each answer to each missing fact; for a decided one, each other
 * value of each fact read that flips it. Only facts of the root entity are tried, and one at a time. Scores get the new total.
 */
export function counterFacts(explainer: Explainer, rule: CompiledRule, facts: Facts, line: string): CounterFact[] {
  const { interpreter } = explainer
  const node = explainer.nodeOf(rule, line)
  const addends = rule.score ? rule.score.items.map((item) => explainer.nodeOf(item, line)) : [node]
  const before = addends.map((n) => interpreter.evaluate(n, [facts]))
  const now = interpreter.evaluate(node, [facts])
  const paths = now === undefined ? missingOf(node, [facts], interpreter) : null
  const found: CounterFact[] = []
  const gaps = before.filter((v) => v === undefined).length
  const known = before.reduce<number>((sum, v) => sum + (typeof v === 'number' ? v : 0), 0)
  // One object over the facts serves all tries: each answer is put in, asked about, and put back.
  const changed: Facts = Object.create(facts)
  const frames: Frames = [changed]
  for (const { field, path, values, edges, readers } of planOf(explainer, rule, node, addends)) {
    if (paths && !paths.has(path)) continue
    const was = facts[field.name]
    for (const value of edges.length ? withSteps(values, edges, field, interpreter, facts) : values) {
      if (value === (was ?? undefined)) continue
      changed[field.name] = value
      const after = addends.length === 1 ? interpreter.evaluate(node, frames) : retried(readers)
      if (after === now) continue
      const shown = showField(field, value, explainer.compiler.book.dictionary)
      found.push({
        set: { [path]: value },
        label: { zh: `${field.label.zh} ${shown.zh}`, en: `${field.label.en}: ${shown.en}` },
        value: after ?? 'unknown',
        ...(rule.score && typeof after === 'number' ? { score: after } : {}),
      })
    }
    changed[field.name] = was
  }
  return rule.score && typeof now === 'number'
    ? found.sort((a, b) => Math.abs((b.score ?? now) - now) - Math.abs((a.score ?? now) - now))
    : found

  /** The total with only those items asked again that read the changed fact. */
  function retried(readers: number[]): Result {
    let [sum, open] = [known, gaps]
    for (const i of readers) {
      const [old, value] = [before[i], interpreter.evaluate(addends[i]!, frames)]
      sum += ((value as number | undefined) ?? 0) - ((old as number | undefined) ?? 0)
      open += (value === undefined ? 1 : 0) - (old === undefined ? 1 : 0)
    }
    return open > 0 ? undefined : sum
  }
}

/** A fact of the root that a rule reads, with the answers worth trying, what it is compared with, and which addends read it. */
interface Candidate {
  field: Field
  path: string
  values: Value[]
  edges: Node[]
  readers: number[]
}

/** What to try depends on the rule alone, so it is worked out once for each. */
const plans = new WeakMap<Node, Candidate[]>()

function planOf(explainer: Explainer, rule: CompiledRule, node: Node, addends: Node[]): Candidate[] {
  const known = plans.get(node)
  if (known) return known
  const { dictionary } = explainer.compiler.book
  const entity = dictionary.entities[rule.definition.level]!
  const found = new Map<string, Candidate>()
  for (const [i, addend] of addends.entries())
    for (const n of reachable([addend])) {
      if (n.op === 'field' && n.depth === 0) {
        const candidate = found.get(n.field) ?? candidateOf(entity.fields[n.field]!, n.path, dictionary)
        if (!candidate.readers.includes(i)) candidate.readers.push(i)
        found.set(n.field, candidate)
      }
    }
  // A number is tried at each threshold it is compared with, and one step to either side.
  for (const n of reachable(addends)) {
    if (n.op !== 'compare') continue
    for (const [a, b] of [
      [n.a, n.b],
      [n.b, n.a],
    ] as const)
      if (a.op === 'field' && a.depth === 0 && a.type.kind !== 'date') found.get(a.field)?.edges.push(b)
  }
  const plan = [...found.values()]
  plans.set(node, plan)
  return plan
}

function candidateOf(field: Field, path: string, dictionary: Dictionary): Candidate {
  const values: Value[] =
    field.type === 'bool' ? [true, false] : field.type === 'enum' ? dictionary.enums[field.enum!]!.values.map((v) => v.key) : []
  return { field, path, values, edges: [], readers: [] }
}

function withSteps(values: Value[], edges: Node[], field: Field, interpreter: Interpreter, facts: Facts): Value[] {
  const all = new Set(values)
  const [low, high] = field.range ?? [-Infinity, Infinity]
  for (const node of edges) {
    const edge = interpreter.evaluate(node, [facts])
    if (typeof edge !== 'number') continue
    for (const value of [edge - 1, edge, edge + 1]) if (value >= low && value <= high) all.add(value)
  }
  return [...all]
}

/** Criteria of a standard that fail: the leaves that must change for it to hold. */
export function failing(explainer: Explainer, parts: CompiledPart[], facts: Facts): string[] {
  return parts.filter((p) => explainer.interpreter.evaluate(p.node, [facts]) === false).map((p) => p.id)
}
