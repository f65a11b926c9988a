import type { Book } from '../book.ts'
import type { CompiledPart, CompiledRule } from '../compile/compiled.ts'
import { Compiler } from '../compile/compiler.ts'
import { readFacts } from '../facts.ts'
import { Findings } from '../finding.ts'
import type { Node } from '../ir.ts'
import type { Facts } from '../run.ts'
import { nowhere } from './tiny-book.ts'

/** Nodes of rules about one entity on one day, that can be asked together. */
export interface Batch {
  root: string
  at: number
  /** Which rule (and which of its values) each node is. */
  names: string[]
  nodes: Node[]
  /** Items of scorecards: what the main job computes once. */
  stages: Node[]
  rules: number
  /** Numbers that may have gaps with what they are at least and at most: totals of scorecards, counts of areas. */
  bounded: { name: string; node: Node; least: Node; most: Node }[]
  /** Facts of which the book says that more only helps, or only hurts; `bases` are the facts of the rule's cases, where one fact decides. */
  monotone: { name: string; node: Node; field: string; direction: 'up' | 'down'; bases: Facts[] }[]
}

/**
 * Every version of every rule of a book at a place, on the reference date where it holds then, else on its first day.
 * @throws where one does not compile; `lenient` leaves it out, for random books in which overrides go stale.
 */
export function batchesOf(book: Book, place = book.root, lenient = false): Batch[] {
  const compilers = new Map<number, Compiler>()
  const batches = new Map<string, Batch>()
  for (const definition of book.definitions) {
    if (definition.kind === 'code-list' || definition.kind === 'form') continue
    for (const version of definition.versions) {
      if (version.ended) continue
      const now = version.from <= book.referenceDate && (version.to === null || book.referenceDate <= version.to)
      const at = now ? book.referenceDate : version.from
      if (!compilers.has(at)) compilers.set(at, new Compiler(book, place, { at }, new Findings()))
      const rule = compilers.get(at)!.rule(definition.id, nowhere)
      if (!rule && lenient) continue
      if (!rule) throw new Error(`${definition.id} does not compile on ${at}`)
      const key = `${definition.level} ${at}`
      if (!batches.has(key))
        batches.set(key, { root: definition.level, at, names: [], nodes: [], stages: [], rules: 0, bounded: [], monotone: [] })
      const batch = batches.get(key)!
      batch.rules++
      for (const [name, node] of valuesOf(rule)) {
        if (batch.nodes.includes(node)) continue
        batch.names.push(name)
        batch.nodes.push(node)
      }
      batch.bounded.push(...boundedOf(rule))
      const entity = book.dictionary.entities[definition.level]!
      const bases = definition.cases.map((c) => readFacts(c.given, entity, book.dictionary, new Findings()))
      for (const [field, direction] of Object.entries(version.monotone))
        batch.monotone.push({ name: rule.id, node: rule.node, field, direction, bases })
      if (rule.score) batch.stages.push(...rule.score.items.flatMap((i) => Object.values(i.item!.lines).map((l) => l.node)))
    }
  }
  return [...batches.values()]
}

/** Everything a rule says: its value, its parts, its points line by line, its bounds, its scope. */
function valuesOf(rule: CompiledRule): [string, Node][] {
  const parts = (all: CompiledPart[]): [string, Node][] => all.flatMap((p) => [[`${rule.id}/${p.id}`, p.node], ...parts(p.parts)])
  const score = rule.score
  return [
    [rule.id, rule.node],
    ...parts(rule.parts),
    ...Object.entries(rule.item?.lines ?? {}).map(([line, l]): [string, Node] => [`${rule.id}@${line}`, l.node]),
    ...Object.entries(score?.lines ?? {}).flatMap(([line, l]) =>
      (['total', 'known', 'least', 'most'] as const).map((k): [string, Node] => [`${rule.id}@${line}:${k}`, l[k]]),
    ),
    ...(rule.bounds && !score
      ? ([
          [`${rule.id}:least`, rule.bounds.least],
          [`${rule.id}:most`, rule.bounds.most],
        ] as [string, Node][])
      : []),
    ...(score?.scope ? ([[`${rule.id}:scope`, score.scope]] as [string, Node][]) : []),
    ...(score?.persons ? ([[`${rule.id}:persons`, score.persons]] as [string, Node][]) : []),
  ]
}

function boundedOf(rule: CompiledRule): Batch['bounded'] {
  if (rule.score)
    return Object.entries(rule.score.lines).map(([line, l]) => ({
      name: `${rule.id}@${line}`,
      node: l.total,
      least: l.least,
      most: l.most,
    }))
  return rule.bounds ? [{ name: rule.id, node: rule.node, ...rule.bounds }] : []
}
