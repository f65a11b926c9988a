import { fieldsRead } from '../../shelf/fact-tables.ts'
import type { Dictionary } from '../dictionary.ts'
import { type Node, reachable } from '../ir.ts'
import { missingOf } from '../missing.ts'
import { type Facts, Interpreter, type Result } from '../run.ts'
import type { Value } from '../types.ts'
import { anyOf, completed, filled, type Gap, gapsOf, knownOf, removed, shuffled } from './completions.ts'
import type { Random } from './random.ts'
import { edgesOf, randomFacts, randomValue } from './random-facts.ts'
import type { Batch } from './rule-batches.ts'

/** What must hold between the answers to a household and to the same household changed (rulebook 3.4 no. 3). */
export const relations = {
  removed: 'removing a fact never turns a verdict, only into unknown',
  filled: 'filling a gap never contradicts what was decided',
  order: 'the order of members and records does not matter',
  irrelevant: 'a fact that the rule does not read does not matter',
  monotone: 'more of what only helps never hurts, where the book says so',
  bounds: 'least and most contain the value of each completion, and only close in',
  sufficient: 'filling the missing facts, and those they open, decides',
  necessary: 'filling everything but the missing facts decides nothing',
  relevant: 'each missing fact can change the answer',
} as const
export type Relation = keyof typeof relations

/** How often each relation was tried, what broke, and which named facts were never seen to change an answer. */
export interface Metamorphosis {
  tried: Record<Relation, number>
  broken: string[]
  /** Named facts not shown to matter: rule, fact, how often named, how often shown. */
  relevance: Map<string, { named: number; shown: number }>
  /** Values that look at gaps on purpose (`known`, `orElse`): their answer may turn when a gap is filled. */
  lookAtGaps: Set<string>
}

export const nothingTried = (): Metamorphosis => ({
  tried: Object.fromEntries(Object.keys(relations).map((r) => [r, 0])) as Record<Relation, number>,
  broken: [],
  relevance: new Map(),
  lookAtGaps: new Set(),
})

/** Tries every relation on every value of a batch of rules with random households. Only facts that a value reads are changed. */
export function tryRelations(random: Random, dictionary: Dictionary, batch: Batch, households: number, told: Metamorphosis): void {
  for (const [i, node] of batch.nodes.entries()) {
    const one = new Trial(random, dictionary, batch.root, batch.names[i]!, node, told)
    for (let k = 0; k < households; k++) one.go()
  }
  for (const { name, node, field, direction, bases } of batch.monotone) {
    const one = new Trial(random, dictionary, batch.root, name, node, told)
    for (let k = 0; k < households * 10; k++) one.monotone(field, direction, random.pick(bases))
  }
  for (const { name, least, most, node } of batch.bounded) {
    const one = new Trial(random, dictionary, batch.root, name, node, told)
    for (let k = 0; k < households; k++) one.bounds(least, most)
  }
}

const sureOf = (name: string): boolean => !/:(known|least|most)$/.test(name)

class Trial {
  private readonly interpreter = new Interpreter()
  private readonly edges
  private readonly read
  private readonly lookAtGaps: boolean

  constructor(
    private readonly random: Random,
    private readonly dictionary: Dictionary,
    private readonly root: string,
    private readonly name: string,
    private readonly node: Node,
    private readonly told: Metamorphosis,
  ) {
    this.edges = edgesOf([node])
    this.read = fieldsRead(dictionary, root, [node])
    // Bounds are made with orElse: they move when a gap is filled, and are tried as bounds.
    const asks = reachable([node]).some((n) => n.op === 'known')
    this.lookAtGaps = !sureOf(name) || asks
    if (asks) told.lookAtGaps.add(name)
  }

  go(): void {
    const facts = this.facts()
    const value = this.ask(facts)
    this.inAnyOrder(facts, value)
    this.withMore(facts, value)
    if (this.lookAtGaps) return
    this.withLess(facts, value)
    if (value !== undefined) this.withGapsFilled(facts, value)
    else this.settled(facts)
  }

  bounds(least: Node, most: Node): void {
    let facts = this.facts()
    let [low, high] = [this.number(least, facts), this.number(most, facts)]
    const check = (now: Facts, what: string): void => {
      this.told.tried.bounds++
      const [l, h, value] = [this.number(least, now), this.number(most, now), this.ask(now)]
      const inside = typeof value !== 'number' || (l <= value && value <= h)
      if (!inside || l > h || l < low || h > high) this.broke('bounds', now, `${what}: [${low}, ${high}] then [${l}, ${h}], value ${value}`)
      ;[low, high] = [l, h]
    }
    check(facts, 'at once')
    for (let i = 0; i < 4; i++) {
      const gap = this.gaps(facts)[0]
      if (!gap) break
      facts = filled(facts, gap, anyOf(this.random, this.dictionary, gap, this.edges))
      check(facts, `${gap.path} filled`)
    }
    check(completed(this.random, this.dictionary, this.root, facts, this.edges, this.reads), 'all filled')
  }

  /** The household of a case with one other fact changed, and less and more of the fact in question: a random one fails for ten reasons. */
  monotone(field: string, direction: 'up' | 'down', base: Facts): void {
    this.told.tried.monotone++
    const own = this.dictionary.entities[this.root]!.fields[field]!
    const other = this.random.pick(this.read.get(this.root)!.fields)
    const rest = { ...base, [other]: this.facts()[other] ?? base[other] }
    const [x, y] = [0, 1].map(() => randomValue(this.random, this.dictionary, own, this.edges) as number).sort((a, b) => a - b)
    const [less, more] = [this.ask({ ...rest, [field]: x }), this.ask({ ...rest, [field]: y })]
    if (less === undefined || more === undefined || less === more) return
    if (less < more !== (direction === 'up')) this.broke('monotone', rest, `${field} ${x}: ${less}, ${y}: ${more}`)
  }

  private inAnyOrder(facts: Facts, value: Result): void {
    this.told.tried.order++
    const other = shuffled(this.random, facts)
    if (this.ask(other) !== value || this.missing(other) !== this.missing(facts)) this.broke('order', facts, JSON.stringify(other))
  }

  /** Fields that the value does not read, known or not, and a name that no dictionary has. */
  private withMore(facts: Facts, value: Result): void {
    this.told.tried.irrelevant++
    const more: Facts = { ...facts, 'no such field': 1 }
    for (const field of Object.values(this.dictionary.entities[this.root]!.fields)) {
      if (field.type === 'text' || this.read.get(this.root)!.fields.includes(field.name)) continue
      more[field.name] = this.random.chance(0.5) ? randomValue(this.random, this.dictionary, field, this.edges) : null
    }
    if (this.ask(more) !== value || this.missing(more) !== this.missing(facts)) this.broke('irrelevant', facts, JSON.stringify(more))
  }

  private withLess(facts: Facts, value: Result): void {
    const known = knownOf(this.dictionary, this.root, facts)
    for (let i = 0; i < 3 && known.length; i++) {
      this.told.tried.removed++
      const { steps, name } = this.random.pick(known)
      const less = this.ask(removed(facts, steps, name))
      if (value === undefined ? less !== undefined && !Array.isArray(facts[name]) : less !== undefined && less !== value)
        this.broke('removed', facts, `without ${[...steps, name].join('.')}: ${less} for ${value}`)
    }
  }

  private withGapsFilled(facts: Facts, value: Result): void {
    for (const gap of this.gaps(facts).slice(0, 3)) {
      this.told.tried.filled++
      const more = filled(facts, gap, anyOf(this.random, this.dictionary, gap, this.edges))
      if (this.ask(more) !== value) this.broke('filled', more, `${gap.path} filled: ${this.ask(more)} for ${value}`)
    }
    this.told.tried.filled++
    const whole = completed(this.random, this.dictionary, this.root, facts, this.edges, this.reads)
    if (this.ask(whole) !== value) this.broke('filled', whole, `completed: ${this.ask(whole)} for ${value}`)
  }

  private settled(facts: Facts): void {
    const named = this.missingSet(facts)
    this.told.tried.necessary++
    const without = completed(this.random, this.dictionary, this.root, facts, this.edges, (g) => this.reads(g) && !named.has(g.path))
    if (this.ask(without) !== undefined) this.broke('necessary', without, `decided without [${[...named]}]`)
    this.enough(facts)
    for (const path of named) this.relevant(facts, path)
  }

  private enough(from: Facts): void {
    this.told.tried.sufficient++
    let facts = from
    for (let round = 0; round < 20; round++) {
      const named = this.missingSet(facts)
      if (this.ask(facts) !== undefined || named.size === 0) return
      const gaps = gapsOf(this.dictionary, this.root, facts).filter((g) => named.has(g.path))
      const invented = [...named].filter((path) => !gaps.some((g) => g.path === path))
      if (invented.length) {
        this.broke('sufficient', facts, `${invented} is named, and is no gap`)
        return
      }
      facts = completed(this.random, this.dictionary, this.root, facts, this.edges, (g) => named.has(g.path))
    }
    this.broke('sufficient', facts, 'still unknown after 20 rounds')
  }

  /** Some completion of the rest must leave it to this fact: two values of it, two answers. */
  private relevant(facts: Facts, path: string): void {
    this.told.tried.relevant++
    const key = `${this.name} ${path}`
    const seen = this.told.relevance.get(key) ?? { named: 0, shown: 0 }
    seen.named++
    this.told.relevance.set(key, seen)
    // Once shown often enough, a fact need not be shown for each household again.
    if (seen.shown >= 3 || (seen.named > 40 && seen.shown > 0)) {
      seen.shown++
      return
    }
    for (let i = 0; i < 12; i++) {
      const gaps = this.gaps(facts).filter((g) => g.path === path)
      if (gaps.length === 0) return
      const open = gaps[0]!
      const others = (g: Gap): boolean => this.reads(g) && !same(g, open)
      const rest = completed(this.random, this.dictionary, this.root, facts, this.edges, others, i % 2 === 0)
      const values = this.valuesOf(open)
      const answers = new Set(values.map((value) => this.ask(filled(rest, open, value))))
      if (answers.size > 1) {
        seen.shown++
        return
      }
    }
  }

  private valuesOf(gap: Gap): (Value | Facts[])[] {
    const field = gap.kind === 'field' ? this.dictionary.entities[gap.entity]!.fields[gap.name]! : null
    if (field?.type === 'bool') return [true, false]
    if (field?.type === 'enum') return this.dictionary.enums[field.enum!]!.values.map((v) => v.key)
    const ends: Value[] = field?.range ? [...field.range] : []
    return [...ends, ...Array.from({ length: 12 }, () => anyOf(this.random, this.dictionary, gap, this.edges))]
  }

  /** Random facts of what the value reads; some with few gaps, for wide totals are unknown otherwise. */
  private facts(): Facts {
    const share = this.random.pick([0.01, 0.05, 0.15, 0.4])
    const gaps = { field: share, list: share / 2, emptyList: 0.15, rows: 3 }
    const keep = (entity: string, from: Facts): Facts => {
      const { fields, lists } = this.read.get(entity)!
      const { lists: all } = this.dictionary.entities[entity]!
      return Object.fromEntries(
        Object.entries(from).flatMap(([name, value]): [string, Facts[string]][] => {
          if (Array.isArray(value)) return lists.includes(name) ? [[name, value.map((row) => keep(all[name]!.entity, row))]] : []
          return fields.includes(name) ? [[name, value]] : []
        }),
      )
    }
    return keep(this.root, randomFacts(this.random, this.dictionary, this.root, this.edges, gaps))
  }

  private readonly reads = (gap: Gap): boolean => {
    const read = this.read.get(gap.entity)
    return gap.kind === 'field' ? (read?.fields.includes(gap.name) ?? false) : (read?.lists.includes(gap.name) ?? false)
  }

  /** The gaps that the value reads, in random order. */
  private gaps(facts: Facts): Gap[] {
    const all = gapsOf(this.dictionary, this.root, facts).filter(this.reads)
    return all
      .map((gap) => ({ gap, at: this.random.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ gap }) => gap)
  }

  private ask(facts: Facts): Result {
    return this.interpreter.evaluate(this.node, [facts])
  }

  private number(node: Node, facts: Facts): number {
    return this.interpreter.evaluate(node, [facts]) as number
  }

  private missingSet(facts: Facts): Set<string> {
    return missingOf(this.node, [facts], this.interpreter)
  }

  private missing(facts: Facts): string {
    return [...this.missingSet(facts)].sort().join()
  }

  private broke(relation: Relation, facts: Facts, how: string): void {
    this.told.broken.push(`${relation}: ${this.name}: ${how} of ${JSON.stringify(facts)}`)
  }
}

const same = (a: Gap, b: Gap): boolean => a.name === b.name && a.steps.join() === b.steps.join()
