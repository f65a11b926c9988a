import type { Duck } from '@fupin/platform/database/duckdb.ts'
import type { Book } from '../engine/book.ts'
import type { CompiledRule } from '../engine/compile/compiled.ts'
import type { Text } from '../engine/definition.ts'
import { type BookChange, diffBooks } from '../engine/diff.ts'
import { canonical } from '../engine/hash.ts'
import { meaningOfBook } from '../engine/meaning.ts'
import type { Type, Value } from '../engine/types.ts'
import { type AskedRules, askEveryHousehold, askSample, type SimulatedHousehold } from './ask-households.ts'

/** One state of the rules with the households as that book reads them. */
export interface Side {
  book: Book
  duck: Duck
}

export interface Pair {
  households: number
  persons: number
}

/** Where households go. Yes/no rules: `true>false` and so on, nine cells; others: same, up, down, changed, becomes_known, becomes_unknown, unknown. */
export type Cells = Record<string, Pair>

export interface RuleEffect {
  id: string
  title: Text
  /** Whether both books have the rule. A side without it counts as unknown. */
  state: 'changed' | 'new' | 'ended'
  answers: 'yes_no' | 'number' | 'choice'
  type: Type
  cells: Cells
  /** Sums over households known on both sides, in the rule's unit (money: fen); null where there is nothing to add up. */
  sums: { before: number; after: number } | null
  counties: Record<string, Cells>
  villages: Record<string, Cells>
}

/** A household for which a rule says otherwise; null = unknown. */
export interface HouseholdChange {
  household: SimulatedHousehold
  rule: string
  before: Value | null
  after: Value | null
}

export interface Simulation {
  from: string
  to: string
  changes: BookChange[]
  population: Pair
  /** Households that only one of the books' dictionaries could read; they are not compared. */
  unmatched: number
  rules: RuleEffect[]
  changed: HouseholdChange[]
  checks: { cellsAddUp: boolean; sameAgainstSame: boolean; sample: { households: number; differing: number } }
}

const sampleSize = 200

/**
 * Asks two states of the rules about the same households and tells who gains and who loses, rule by rule and area by area.
 * Only rules touched by the difference are asked: those whose meaning differs, and those that read them.
 */
export async function simulateRules(before: Side, after: Side, at: number, incomeYear?: number): Promise<Simulation> {
  const { book: a } = before
  const { book: b } = after
  const changes = diffBooks(a, b)
  const ids = touchedRules(a, b, changes)
  const dates = { at, incomeYear }
  const told = [await askEveryHousehold(before.duck, a, ids, dates), await askEveryHousehold(after.duck, b, ids, dates)] as const
  const again = await askEveryHousehold(before.duck, a, ids, dates)
  const rules = effects(ids, ...told)
  const same = effects(ids, told[0], again)
  const population = sum([...told[0].households.values()].filter((h) => told[1].households.has(h.id)))
  const changed = changesOf(ids, ...told)
  return {
    from: meaningOfBook(a),
    to: meaningOfBook(b),
    changes,
    population,
    unmatched: told[0].households.size + told[1].households.size - 2 * population.households,
    rules,
    changed,
    checks: {
      cellsAddUp: rules.every((r) =>
        [[r.cells], Object.values(r.counties), Object.values(r.villages)].every((parts) => {
          const all = sum(parts.flatMap((cells) => Object.values(cells)))
          return all.households === population.households && all.persons === population.persons
        }),
      ),
      sameAgainstSame: same.every((r) => Object.entries(r.cells).every(([cell, pair]) => stays(cell) || pair.households === 0)),
      sample: await checkSample(before, after, ids, told, changed),
    },
  }
}

/** Rules whose meaning differs and rules that read what differs; all rules where dictionary, sets or tables differ. */
function touchedRules(a: Book, b: Book, changes: BookChange[]): string[] {
  const real = changes.filter((c) => c.class !== 'wording' && c.class !== 'loosened')
  const bases = (book: Book): unknown => [book.dictionary, book.sets, book.tables]
  const everything = canonical(bases(a)) !== canonical(bases(b))
  const touched = everything ? [...a.definitions, ...b.definitions].map((d) => d.id) : real.flatMap((c) => [c.id, ...c.dependants])
  const asked = new Set(['derived', 'item', 'veto', 'standard', 'scorecard'])
  const household = (id: string): boolean =>
    [...a.definitions, ...b.definitions].some((d) => d.id === id && d.level === 'household' && asked.has(d.kind))
  return [...new Set(touched)].filter(household).sort()
}

function effects(ids: string[], before: AskedRules, after: AskedRules): RuleEffect[] {
  return ids.flatMap((id) => {
    const [x, y] = [before.rules.get(id), after.rules.get(id)]
    const rule = y ?? x
    if (!rule) return []
    return [effect(rule, x ? (y ? 'changed' : 'ended') : 'new', before, after)]
  })
}

function effect(rule: CompiledRule, state: RuleEffect['state'], before: AskedRules, after: AskedRules): RuleEffect {
  const kind = rule.node.type.kind
  const answers = kind === 'bool' ? 'yes_no' : kind === 'int' || kind === 'money' ? 'number' : 'choice'
  const made: RuleEffect = {
    id: rule.id,
    title: rule.definition.title,
    state,
    answers,
    type: rule.node.type,
    cells: empty(answers),
    sums: null,
    counties: {},
    villages: {},
  }
  let [sumBefore, sumAfter] = [0, 0]
  for (const household of after.households.values()) {
    if (!before.households.has(household.id)) continue
    const [x, y] = [before.value(rule.id, household.id), after.value(rule.id, household.id)]
    const cell = cellOf(answers, x, y)
    made.counties[household.county] ??= empty(answers)
    made.villages[household.village] ??= empty(answers)
    for (const cells of [made.cells, made.counties[household.county]!, made.villages[household.village]!]) add(cells, cell, household)
    if (typeof x === 'number' && typeof y === 'number') {
      sumBefore += x
      sumAfter += y
    }
  }
  return { ...made, sums: answers === 'number' ? { before: sumBefore, after: sumAfter } : null }
}

function cellOf(answers: RuleEffect['answers'], x: Value | undefined, y: Value | undefined): string {
  if (answers === 'yes_no') return `${x ?? 'unknown'}>${y ?? 'unknown'}`
  if (x === undefined || y === undefined) return x === y ? 'unknown' : x === undefined ? 'becomes_known' : 'becomes_unknown'
  if (x === y) return 'same'
  return answers === 'number' ? (y > x ? 'up' : 'down') : 'changed'
}

const words = ['true', 'false', 'unknown']
const cellNames: Record<RuleEffect['answers'], string[]> = {
  yes_no: words.flatMap((x) => words.map((y) => `${x}>${y}`)),
  number: ['same', 'up', 'down', 'becomes_known', 'becomes_unknown', 'unknown'],
  choice: ['same', 'changed', 'becomes_known', 'becomes_unknown', 'unknown'],
}

const empty = (answers: RuleEffect['answers']): Cells =>
  Object.fromEntries(cellNames[answers].map((name) => [name, { households: 0, persons: 0 }]))

/** Whether a cell holds households for which nothing changes. */
export const stays = (cell: string): boolean => {
  const [x, y] = cell.split('>')
  return y === undefined ? cell === 'same' || cell === 'unknown' : x === y
}

function add(cells: Cells, name: string, { persons }: SimulatedHousehold): void {
  const cell = cells[name]!
  cell.households += 1
  cell.persons += persons
}

const sum = (all: (Pair | SimulatedHousehold)[]): Pair => ({
  households: all.reduce((n, p) => n + ('households' in p ? p.households : 1), 0),
  persons: all.reduce((n, p) => n + p.persons, 0),
})

function changesOf(ids: string[], before: AskedRules, after: AskedRules): HouseholdChange[] {
  const found: HouseholdChange[] = []
  for (const household of after.households.values()) {
    if (!before.households.has(household.id)) continue
    for (const rule of ids) {
      const [x, y] = [before.value(rule, household.id), after.value(rule, household.id)]
      if (x !== y) found.push({ household, rule, before: x ?? null, after: y ?? null })
    }
  }
  return found
}

/** Asks the interpreter about a sample, half of it households that change, and counts where its difference is not that of the SQL. */
async function checkSample(
  before: Side,
  after: Side,
  ids: string[],
  told: readonly [AskedRules, AskedRules],
  changed: HouseholdChange[],
): Promise<{ households: number; differing: number }> {
  const common = [...told[1].households.keys()].filter((id) => told[0].households.has(id))
  const evenly = (all: string[], n: number): string[] => all.filter((_, i) => i % Math.max(1, Math.ceil(all.length / n)) === 0)
  const moving = evenly([...new Set(changed.map((c) => c.household.id))], sampleSize / 2)
  const sample = [...new Set([...moving, ...evenly(common, sampleSize)])].slice(0, sampleSize)
  const spoken = [
    await askSample(before.duck, before.book, told[0], sample),
    await askSample(after.duck, after.book, told[1], sample),
  ] as const
  const differs = (id: string): boolean =>
    ids.some((rule) => [0, 1].some((side) => spoken[side as 0 | 1](rule, id) !== told[side as 0 | 1].value(rule, id)))
  return { households: sample.length, differing: sample.filter(differs).length }
}
