import { addDays, daysInMonth } from '../civil-date.ts'
import type { Dictionary, Field } from '../dictionary.ts'
import { type Node, reachable } from '../ir.ts'
import type { Facts } from '../run.ts'
import type { Value } from '../types.ts'
import type { Random } from './random.ts'

/** How full of holes the facts are, as shares of 1. */
export interface Gaps {
  field: number
  list: number
  emptyList: number
  /** Most rows of a list. */
  rows: number
  /** How often an answer is one that the question offers, where it offers only some; 0.9 where not said. */
  offered?: number
}
export const usualGaps: Gaps = { field: 0.15, list: 0.08, emptyList: 0.12, rows: 4 }

/** Where engines would differ first. */
export interface Edges {
  /** Numbers and dates that rules compare with, and their neighbours. */
  numbers: number[]
  dates: number[]
  /** Answers that have points, by field: a question may offer only some values of its enum. */
  answers: Map<string, Value[]>
}

export function edgesOf(nodes: Node[]): Edges {
  const [numbers, dates] = [new Set<number>([0, 1]), new Set<number>()]
  const answers = new Map<string, Value[]>()
  for (const node of reachable(nodes)) {
    if (node.op === 'lookup' && node.a.op === 'field')
      answers.set(node.a.field, [...(answers.get(node.a.field) ?? []), ...node.table.map(([key]) => key)])
    if ((node.op !== 'const' && node.op !== 'param') || typeof node.value !== 'number') continue
    if (node.type.kind === 'date') for (const days of [-1, 0, 1]) dates.add(addDays(node.value, days))
    else for (const step of [-1, 0, 1]) numbers.add(node.value + step)
  }
  return { numbers: [...numbers], dates: [...dates], answers }
}

/** One entity with everything the dictionary knows of it: values in range and near thresholds, gaps, empty and unknown lists. */
export function randomFacts(random: Random, dictionary: Dictionary, entity: string, edges: Edges, gaps = usualGaps): Facts {
  const { fields, lists } = dictionary.entities[entity]!
  const facts: Facts = {}
  for (const field of Object.values(fields)) {
    if (field.type === 'text' || random.chance(gaps.field)) continue
    facts[field.name] = random.chance(gaps.field / 8) ? null : randomValue(random, dictionary, field, edges, gaps.offered)
  }
  for (const list of Object.values(lists)) {
    if (random.chance(gaps.list)) continue
    const count = random.chance(gaps.emptyList) ? 0 : random.whole(1, gaps.rows)
    facts[list.name] = Array.from({ length: count }, () => randomFacts(random, dictionary, list.entity, edges, gaps))
  }
  return facts
}

/** A value that a field can have, near what rules compare it with more often than not. */
export function randomValue(random: Random, dictionary: Dictionary, field: Field, edges: Edges, often = 0.9): Value {
  const [low, high] = field.range ?? [0, 0]
  switch (field.type) {
    case 'bool':
      return random.chance(0.5)
    case 'enum': {
      const keys = dictionary.enums[field.enum!]!.values.map((v) => v.key)
      const offered = edges.answers.get(field.name)?.filter((key): key is string => keys.includes(String(key))) ?? []
      return random.pick(offered.length && random.chance(often) ? offered : keys)
    }
    case 'code':
      return random.pick(['450621', '450621100200', '4506', '530100', '450'])
    case 'date': {
      const near = edges.dates.filter((d) => !field.range || (d >= low && d <= high))
      return near.length && random.chance(0.3) ? random.pick(near) : randomDay(random, field.range)
    }
    default: {
      const near = edges.numbers.filter((n) => n >= low && n <= high)
      if (near.length && random.chance(0.5)) return random.pick(near)
      // Most numbers of real households are small against their range.
      const most = random.chance(0.5) ? Math.min(high, Math.max(low, 100)) : high
      return random.whole(low, most)
    }
  }
}

/** Any day, the last of a month and 29 February more often than others. */
function randomDay(random: Random, range: readonly [number, number] | undefined): number {
  const [low, high] = range ?? [19000101, 20301231]
  const year = random.whole(Math.trunc(low / 10000), Math.trunc(high / 10000))
  const leap = Math.trunc(year / 4) * 4
  if (random.chance(0.05) && daysInMonth(leap, 2) === 29) return clamp(leap * 10000 + 229, low, high)
  const month = random.whole(1, 12)
  const last = daysInMonth(year, month)
  return clamp(year * 10000 + month * 100 + (random.chance(0.2) ? last : random.whole(1, last)), low, high)
}

const clamp = (day: number, low: number, high: number): number => Math.max(low, Math.min(high, day))
