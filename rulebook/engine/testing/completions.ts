import type { Dictionary } from '../dictionary.ts'
import type { Facts } from '../run.ts'
import type { Value } from '../types.ts'
import type { Random } from './random.ts'
import { type Edges, type Gaps, randomFacts, randomValue } from './random-facts.ts'

const whole: Gaps = { field: 0, list: 0, emptyList: 0.2, rows: 3 }

/** A gap of facts: a field without a value or a list that is not known, in the row that the steps lead to. */
export interface Gap {
  /** Lists and row numbers from the root: `households`, 3, `members`, 0. */
  steps: (string | number)[]
  name: string
  kind: 'field' | 'list'
  entity: string
  /** As missing sets name it. */
  path: string
}

/** Every gap of some facts, the rows of its known lists included. Fields that no rule can read (text) are no gaps. */
export function gapsOf(dictionary: Dictionary, root: string, facts: Facts): Gap[] {
  const found: Gap[] = []
  const walk = (entity: string, at: Facts, steps: Gap['steps'], prefix: string): void => {
    const { fields, lists } = dictionary.entities[entity]!
    const own = steps.length === 0 ? `${dictionary.entities[entity]!.variable}.` : prefix
    for (const f of Object.values(fields))
      if (f.type !== 'text' && (at[f.name] ?? null) === null) found.push({ steps, name: f.name, kind: 'field', entity, path: own + f.name })
    for (const l of Object.values(lists)) {
      const rows = at[l.name]
      if (!Array.isArray(rows)) found.push({ steps, name: l.name, kind: 'list', entity, path: prefix + l.name })
      else for (const [i, row] of rows.entries()) walk(l.entity, row, [...steps, l.name, i], `${prefix}${l.name}.`)
    }
  }
  walk(root, facts, [], '')
  return found
}

/** The facts with one gap filled. */
export function filled(facts: Facts, gap: Gap, value: Value | Facts[]): Facts {
  return altered(facts, gap.steps, (row) => ({ ...row, [gap.name]: value }))
}

/** The facts with one known fact taken away. */
export const removed = (facts: Facts, steps: Gap['steps'], name: string): Facts =>
  altered(facts, steps, (row) => Object.fromEntries(Object.entries(row).filter(([key]) => key !== name)))

function altered(facts: Facts, steps: Gap['steps'], change: (row: Facts) => Facts): Facts {
  if (steps.length === 0) return change(facts)
  const [list, index, ...rest] = steps as [string, number, ...Gap['steps']]
  const rows = facts[list] as Facts[]
  return { ...facts, [list]: rows.map((row, i) => (i === index ? altered(row, rest, change) : row)) }
}

/** Something that a gap could hold: a value of the field, or rows without gaps. `lean` = mostly no, and nothing of a number. */
export function anyOf(random: Random, dictionary: Dictionary, gap: Gap, edges: Edges, lean = false): Value | Facts[] {
  const entity = dictionary.entities[gap.entity]!
  if (gap.kind === 'field') {
    const field = entity.fields[gap.name]!
    if (lean && random.chance(0.9)) {
      if (field.type === 'bool') return false
      if (field.range && field.type !== 'date') return Math.max(field.range[0], Math.min(field.range[1], 0))
    }
    return randomValue(random, dictionary, field, edges)
  }
  const count = random.chance(whole.emptyList) ? 0 : random.whole(1, whole.rows)
  return Array.from({ length: count }, () => randomFacts(random, dictionary, entity.lists[gap.name]!.entity, edges, whole))
}

/** The facts with every gap filled at random, or every gap that `only` takes. */
export function completed(
  random: Random,
  dictionary: Dictionary,
  root: string,
  facts: Facts,
  edges: Edges,
  only: (gap: Gap) => boolean = () => true,
  lean = false,
): Facts {
  return gapsOf(dictionary, root, facts)
    .filter(only)
    .reduce((all, gap) => filled(all, gap, anyOf(random, dictionary, gap, edges, lean)), facts)
}

/** The known fields and lists of some facts, with where they stand. */
export function knownOf(dictionary: Dictionary, root: string, facts: Facts): { steps: Gap['steps']; name: string }[] {
  const found: { steps: Gap['steps']; name: string }[] = []
  const walk = (entity: string, at: Facts, steps: Gap['steps']): void => {
    const { lists } = dictionary.entities[entity]!
    for (const [name, value] of Object.entries(at)) {
      if (value === null || value === undefined) continue
      found.push({ steps, name })
      if (Array.isArray(value)) for (const [i, row] of value.entries()) walk(lists[name]!.entity, row, [...steps, name, i])
    }
  }
  walk(root, facts, [])
  return found
}

/** The facts with the rows of every list in another order. */
export function shuffled(random: Random, facts: Facts): Facts {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => {
      if (!Array.isArray(value)) return [name, value]
      const rows = value.map((row) => shuffled(random, row))
      for (let i = rows.length - 1; i > 0; i--) {
        const j = random.whole(0, i)
        ;[rows[i], rows[j]] = [rows[j]!, rows[i]!]
      }
      return [name, rows]
    }),
  )
}
