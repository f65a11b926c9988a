import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { CompiledRule } from '@fupin/rulebook/engine/compile/compiled.ts'
import type { Text } from '@fupin/rulebook/engine/definition.ts'
import { type Draft, type Node, type Nodes, operands } from '@fupin/rulebook/engine/ir.ts'
import type { CountyRules } from '@fupin/whom/identification/county-rules.ts'

/** An item under one of the books: its points, and the ends of their range. */
export interface PointsOf {
  id: string
  node: Node
  least: number
  most: number
}

/** What differs between the rules of two books in some counties, in nodes of one family, so that one statement can hold both. */
export interface ChangedRules {
  counties: string[]
  before: CountyRules
  after: CountyRules
  /** Items to take away and to add. Items that are in both lists, unchanged, must be asked all the same: their gaps leave no trace in the bounds. */
  items: { away: PointsOf[]; add: PointsOf[] }
  /** For each veto of the later book, by bit: its place in the earlier one, or the node to ask. */
  vetoes: { id: string; from: number | null; node: Node }[]
  /** Vetoes of the earlier book that changed or ended: asked again to prove the statement against the run. */
  asked: { id: string; at: number; node: Node }[]
  scope: { before: Node | null; after: Node | null }
  persons: { before: Node | null; after: Node | null }
  /** Rules that were found to differ, for people. */
  touched: TouchedRule[]
}

export interface TouchedRule {
  id: string
  kind: string
  title: Text
  state: 'changed' | 'new' | 'ended'
}

/** The nodes that decide a household's standing, of each line the first. */
const lineOf = (rule: CompiledRule): { node: Node; range: [number, number] } => Object.values(rule.item!.lines)[0]!

/**
 * Compares the compiled rules of two books for the same counties. Equal meaning is an equal node: parameters, dates, derived rules and
 * `let` are resolved by now, so whatever changed shows in the items, vetoes or scope that read it.
 */
export function changedRules(before: CountyRules, after: CountyRules, counties: string[]): ChangedRules {
  const { nodes } = before.compiler
  const known = new Map<Node, Node>()
  const own = (node: Node): Node => adopt(nodes, node, known)
  const [a, b] = [before.scorecard.score!, after.scorecard.score!]
  const touched: TouchedRule[] = []
  const points = (rule: CompiledRule, node: Node): PointsOf => {
    const [least, most] = lineOf(rule).range
    return { id: rule.id, node, least, most }
  }
  const old = new Map(a.items.map((rule) => [rule.id, rule]))
  const away: PointsOf[] = []
  const add: PointsOf[] = []
  for (const rule of b.items) {
    const was = old.get(rule.id)
    old.delete(rule.id)
    const now = points(rule, own(lineOf(rule).node))
    const then = was && points(was, lineOf(was).node)
    const same = then !== undefined && then.node === now.node && then.least === now.least && then.most === now.most
    if (same && now.least !== now.most) continue
    if (then) away.push(then)
    add.push(now)
    if (!same) touched.push(told(rule, was ? 'changed' : 'new'))
  }
  for (const rule of old.values()) {
    away.push(points(rule, lineOf(rule).node))
    touched.push(told(rule, 'ended'))
  }
  const vetoes = b.vetoes.map((rule) => {
    const at = a.vetoes.findIndex((v) => v.id === rule.id)
    const node = own(rule.node)
    const same = at >= 0 && a.vetoes[at]!.node === node
    if (!same) touched.push(told(rule, at >= 0 ? 'changed' : 'new'))
    return { id: rule.id, from: same ? at : null, node }
  })
  const kept = new Set(vetoes.map((v) => v.from))
  const asked = a.vetoes.flatMap((rule, at) => (kept.has(at) ? [] : [{ id: rule.id, at, node: rule.node }]))
  for (const { id, at } of asked) if (!b.vetoes.some((v) => v.id === id)) touched.push(told(a.vetoes[at]!, 'ended'))
  const scope = { before: a.scope, after: b.scope && own(b.scope) }
  const persons = { before: a.persons, after: b.persons && own(b.persons) }
  const changedScope = scope.before !== scope.after || persons.before !== persons.after
  if (changedScope || a.body.line?.tie !== b.body.line?.tie || a.body.direction !== b.body.direction)
    touched.push(told(after.scorecard, 'changed'))
  return { counties, before, after, items: { away, add }, vetoes, asked, scope, persons, touched }
}

const told = ({ id, definition }: CompiledRule, state: TouchedRule['state']): TouchedRule => ({
  id,
  kind: definition.kind,
  title: definition.title,
  state,
})

/** The same expression among the nodes of another compiler; operands first, so that ids keep their order. */
export function adopt(nodes: Nodes, node: Node, known: Map<Node, Node>): Node {
  const found = known.get(node)
  if (found) return found
  for (const operand of operands(node)) adopt(nodes, operand, known)
  const own = (n: Node): Node => known.get(n)!
  const { id: _, ...bare } = node
  const draft = Object.fromEntries(
    Object.entries(bare).map(([name, value]) => [
      name,
      isNode(value) ? own(value) : Array.isArray(value) && value.some(isNode) ? value.map((v) => own(v as Node)) : value,
    ]),
  ) as Draft
  const made = nodes.make(draft)
  known.set(node, made)
  return made
}

const isNode = (value: unknown): value is Node => value !== null && typeof value === 'object' && 'op' in value

/** Why a change cannot be worked out from the earlier run's points, if so: then the later book must run whole. */
export function wholeBecause(before: CountyRules, after: CountyRules, books: { before: Book; after: Book }): Text | null {
  const [x, y] = [before.scorecard, after.scorecard]
  if (x.definition.level !== y.definition.level) return { zh: '评分表所评的对象变了', en: 'the scorecard is about another entity' }
  if (x.score!.body.direction !== y.score!.body.direction) return { zh: '评分表的方向变了', en: 'the direction of the scorecard changed' }
  if (JSON.stringify(listsOf(books.before)) !== JSON.stringify(listsOf(books.after)))
    return { zh: '部门清单的归属变了', en: 'the dictionary’s lists of departments changed' }
  if (![x, y].every(plainSum)) return { zh: '总分不是各指标得分之和', en: 'the total is not the sum of the items' }
  return null
}

const listsOf = (book: Book): unknown =>
  Object.values(book.dictionary.entities).map((e) => [e.name, Object.values(e.lists).map((l) => [l.name, l.entity, l.department ?? null])])

/** Whether the score is the plain sum of its items, which is what adding and taking away rests on. */
function plainSum(rule: CompiledRule): boolean {
  const score = rule.score!
  const flat = (node: Node): Node[] => (node.op === 'add' ? [...flat(node.a), ...flat(node.b)] : [node])
  const addends = flat(Object.values(score.lines)[0]!.total)
  const items = score.items.flatMap((item) => flat(lineOf(item).node))
  return addends.length === items.length && addends.every((node, i) => node === items[i])
}
