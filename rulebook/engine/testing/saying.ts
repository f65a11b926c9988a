import type { Facts } from '../run.ts'
import type { Value } from '../types.ts'

/** What a saying means for given facts: a value or unknown (undefined), and the facts that could settle an unknown. */
export interface Told {
  value: Value | undefined
  missing: Set<string>
}

/** Where facts stand, as missing sets name them: `h.` and no list in front for the household itself, `households.` inside a village. */
export interface Standing {
  field: string
  list: string
}

/** What a saying is asked against besides the facts: the day, the parameters in force and the other rules. */
export interface World {
  at: number
  param(name: string): number
  /** What another rule says, by name: `value`, `part/<id>`, `value@<line>`. */
  reading(id: string, name: string): Saying | undefined
}

/**
 * An expression as an author writes it, with a second reading of what it means: written from the rules of meaning (rulebook 2.5)
 * and not from the engine, so that one can be held against the other.
 */
export interface Saying {
  text: string
  read(facts: Facts, world: World, at: Standing): Told
  /** Parameters and rules that it names. */
  params: string[]
  rules: string[]
}

export const household: Standing = { field: 'h.', list: '' }
export const village: Standing = { field: 'v.', list: '' }

export const known = (value: Value): Told => ({ value, missing: new Set() })
const union = (all: Told[]): Set<string> => new Set(all.flatMap((t) => [...t.missing]))
const say = (text: string, of: Saying[], read: Saying['read']): Saying => ({
  text,
  read,
  params: [...new Set(of.flatMap((s) => s.params))],
  rules: [...new Set(of.flatMap((s) => s.rules))],
})

/** A fact of the entity at hand: `h.poor`. */
export const fact = (variable: string, field: string): Saying =>
  say(`${variable}.${field}`, [], (facts, _, at) => {
    const value = facts[field]
    return value === null || value === undefined || Array.isArray(value)
      ? { value: undefined, missing: new Set([at.field + field]) }
      : known(value)
  })

export const constant = (text: string, value: Value): Saying => say(text, [], () => known(value))

export const parameter = (name: string): Saying => ({ ...say(`p.${name}`, [], (_, world) => known(world.param(name))), params: [name] })

/** Another rule, or a part of it, about the same entity. */
export const reference = (id: string, part: string | null = null): Saying => ({
  ...say(part ? `sub("${id}", "${part}")` : `rule("${id}")`, [], (facts, world, at) =>
    world.reading(id, part ? `part/${part}` : 'value')!.read(facts, world, at),
  ),
  rules: [id],
})

/** Unknown as soon as one operand is; undefined from `apply` is unknown for another reason than a missing fact. */
export const strict = (text: string, of: Saying[], apply: (...values: never[]) => Value | undefined): Saying =>
  say(text, of, (facts, world, at) => {
    const all = of.map((s) => s.read(facts, world, at))
    if (all.some((t) => t.value === undefined)) return { value: undefined, missing: union(all) }
    return { value: apply(...(all.map((t) => t.value) as never[])), missing: new Set() }
  })

export type Sign = '<' | '<=' | '>' | '>=' | '==' | '!='
export const holds: Record<Sign, (x: Value, y: Value) => boolean> = {
  '<': (x, y) => x < y,
  '<=': (x, y) => x <= y,
  '>': (x, y) => x > y,
  '>=': (x, y) => x >= y,
  '==': (x, y) => x === y,
  '!=': (x, y) => x !== y,
}
export const compared = (by: Sign, a: Saying, b: Saying): Saying => strict(`${a.text} ${by} ${b.text}`, [a, b], holds[by])

/** True or false as soon as one operand says so; else unknown where one is (Kleene). */
function decided(all: Told[], stop: boolean): Told {
  if (all.some((t) => t.value === stop)) return known(stop)
  const open = all.filter((t) => t.value === undefined)
  return open.length ? { value: undefined, missing: union(open) } : known(!stop)
}

export const every = (...of: Saying[]): Saying => junction('&&', of, false)
export const some = (...of: Saying[]): Saying => junction('||', of, true)
const junction = (sign: string, of: Saying[], stop: boolean): Saying =>
  say(`(${of.map((s) => s.text).join(` ${sign} `)})`, of, (facts, world, at) => {
    return decided(
      of.map((s) => s.read(facts, world, at)),
      stop,
    )
  })

export const not = (of: Saying): Saying => strict(`!(${of.text})`, [of], (x: boolean) => !x)

export const choose = (test: Saying, yes: Saying, no: Saying): Saying =>
  say(`(${test.text} ? ${yes.text} : ${no.text})`, [test, yes, no], (facts, world, at) => {
    const told = test.read(facts, world, at)
    return told.value === undefined ? told : (told.value ? yes : no).read(facts, world, at)
  })

export const orElse = (of: Saying, spare: Saying): Saying =>
  say(`orElse(${of.text}, ${spare.text})`, [of, spare], (facts, world, at) => {
    const [first, second] = [of.read(facts, world, at), spare.read(facts, world, at)]
    if (first.value !== undefined) return first
    return second.value !== undefined ? second : { value: undefined, missing: union([first, second]) }
  })

export const isKnown = (of: Saying): Saying =>
  say(`known(${of.text})`, [of], (facts, world, at) => known(of.read(facts, world, at).value !== undefined))

/** The rows of a list, each with where its facts stand; null = the list is not known. */
function rowsOf(facts: Facts, list: string, at: Standing): { rows: Facts[]; at: Standing } | null {
  const rows = facts[list]
  const prefix = `${at.list}${list}.`
  return Array.isArray(rows) ? { rows, at: { field: prefix, list: prefix } } : null
}
const listUnknown = (list: string, at: Standing): Told => ({ value: undefined, missing: new Set([at.list + list]) })

/** exists and all: `||` and `&&` over the rows. */
export const anyRow = (
  owner: string,
  list: string,
  row: string,
  test: Saying,
  by: 'exists' | 'all',
  among: Saying | null = null,
): Saying => {
  const chosen = `${owner}.${list}${among ? `.filter(${row}, ${among.text})` : ''}`
  // Among the rows that a filter takes: one that is taken and passes; none that is taken and does not.
  const whole = !among ? test : by === 'exists' ? every(among, test) : some(not(among), test)
  return say(`${chosen}.${by}(${row}, ${test.text})`, [whole], (facts, world, at) => {
    const found = rowsOf(facts, list, at)
    if (!found) return listUnknown(list, at)
    return decided(
      found.rows.map((r) => whole.read(r, world, found.at)),
      by === 'exists',
    )
  })
}

/** How many rows pass a test, or what they add up to: unknown as soon as one test or one chosen number is. */
export const total = (
  owner: string,
  list: string,
  row: string,
  first: Saying | null,
  number: Saying | null,
  second: Saying | null = null,
): Saying => {
  const filters = [first, second].filter((s) => s !== null)
  const chosen = `${owner}.${list}${filters.map((f) => `.filter(${row}, ${f.text})`).join('')}`
  const test = second && first ? every(first, second) : first
  const of = [test, number].filter((s) => s !== null)
  return say(number ? `sum(${chosen}.map(${row}, ${number.text}))` : `size(${chosen})`, of, (facts, world, at) => {
    const found = rowsOf(facts, list, at)
    if (!found) return listUnknown(list, at)
    let sum = 0
    const open: Told[] = []
    for (const r of found.rows) {
      const chosen = test ? test.read(r, world, found.at) : known(true)
      if (chosen.value === undefined) open.push(chosen)
      if (!chosen.value) continue
      const one = number ? number.read(r, world, found.at) : known(1)
      if (one.value === undefined) open.push(one)
      else sum += one.value as number
    }
    return open.length ? { value: undefined, missing: union(open) } : known(sum)
  })
}
