import type { Divisions } from '@fupin/platform/regions/divisions.ts'
import { type CountyPlan, householdsByCounty } from './county-plan.ts'
import type { Person } from './facts.ts'
import type { Kin } from './family.ts'
import { surname } from './names.ts'
import { type IdOffice, personOf, ROUND_DAY, SPLIT } from './people.ts'
import { type Dice, dice } from './random.ts'
import targets from './targets.json' with { type: 'json' }

/** Somebody, or a whole household, that stands in the cards of two counties. */
export interface Shared {
  kind: 'person' | 'household'
  /** Code of the other county. */
  other: string
  /** Whether this is the county whose number they bear. */
  home: boolean
  people: Person[]
}

/** Each county shares people with those so many places further on in the list, and with those so many places back. */
const STEPS = [1, 7, 29]
/** At most so many for two counties; and so many persons in each. */
const MOST = 100
const FAMILY = 4

/**
 * 跨县重复: who stands in this county and in another too, by village and serial of the household. Both counties draw them from a stream
 * that is named after the pair, so neither needs to know what is made of the other. A county made with every household visited has none.
 */
export function sharedOf(divisions: Divisions, plan: CountyPlan, office: IdOffice, seed: number, rate: number): Map<string, Shared> {
  const found = new Map<string, Shared>()
  if (plan.visits === 'every' || rate <= 0 || plan.households === 0) return found
  const { counties } = divisions
  const codes = counties.map((county) => county.code)
  const full = householdsByCounty(divisions, codes, targets.region.visited_households.value, seed, plan.visits)
  const place = dice(`${seed}/shared-places/${plan.county.code}`)
  for (const [step, distance] of STEPS.entries())
    for (const home of [true, false]) {
      const at = (plan.index + (home ? distance : codes.length - distance)) % codes.length
      const [first, other] = home ? [plan.index, at] : [at, at]
      if (codes[first] === SPLIT.child) continue
      const smaller = Math.min(full[plan.index], full[at])
      const count = Math.min(MOST, Math.round(((smaller * rate) / (2 * STEPS.length)) * (plan.households / full[plan.index])))
      for (let item = 0; item < count; item++) {
        const roll = dice(`${seed}/shared/${codes[first]}/${step}/${item}`)
        const kind = item % 4 === 0 ? 'household' : 'person'
        const slot = (step * MOST + item) * FAMILY
        const people = kind === 'household' ? family(roll, office, codes[first], slot) : [single(roll, office, codes[first], slot)]
        const key = somewhere(place, plan)
        if (!found.has(key)) found.set(key, { kind, other: codes[other], home, people })
      }
    }
  return found
}

function somewhere(roll: Dice, plan: CountyPlan): string {
  let at = roll.between(0, plan.households - 1)
  for (const { village, households } of plan.villages) {
    if (at < households) return `${village.code}/${at + 1}`
    at -= households
  }
  throw new Error('No such household')
}

function single(roll: Dice, office: IdOffice, home: string, slot: number): Person {
  const ethnic = roll.chance(0.6) ? '01' : '08'
  const kin: Kin = { male: roll.chance(0.5), age: roll.between(19, 58), relation: '99', marriedIn: false }
  return born(roll, office, home, slot, kin, ethnic, surname(roll, ethnic), 1)
}

function family(roll: Dice, office: IdOffice, home: string, slot: number): Person[] {
  const ethnic = roll.chance(0.6) ? '01' : '08'
  const name = surname(roll, ethnic)
  const age = roll.between(32, 58)
  const kin: Kin[] = [
    { male: true, age, relation: '01', marriedIn: false },
    { male: false, age: age - roll.between(-2, 4), relation: '02', marriedIn: true },
  ]
  for (let child = age - roll.between(25, 28); child >= 1 && kin.length < FAMILY; child -= 3) {
    const male = roll.chance(0.517)
    kin.push({ male, age: child, relation: male ? '03' : '04', marriedIn: false })
  }
  return kin.map((one, i) => born(roll, office, home, slot + i, one, ethnic, one.marriedIn ? surname(roll, ethnic) : name, i + 1))
}

/** Everybody has a day of birth of their own, so that numbers kept for the shared, 000 and 001 of each day, are given once. */
function born(roll: Dice, office: IdOffice, home: string, slot: number, kin: Kin, ethnic: string, family: string, no: number): Person {
  const slots = STEPS.length * MOST * FAMILY
  const wanted = ROUND_DAY - Math.floor((kin.age + roll.next()) * 365.2425)
  const day = Math.min(wanted + slots - 1, ROUND_DAY - 1)
  const own = day - ((((day - slot) % slots) + slots) % slots)
  return personOf(roll, kin, no, office.shared(home, own, kin.male), own, ethnic, family)
}
