import type { Divisions, Village } from '@fupin/platform/regions/divisions.ts'
import { shareOut } from './county-plan.ts'
import { dice, quantile } from './random.ts'
import targets from './targets.json' with { type: 'json' }

/** Every household is visited, or as in 2015: outside poor villages only the registered and new applicants. */
export type Visits = 'every' | 'as_in_2015'

/** What is fixed for a village before anybody lives there; the same for any number of households. */
export interface VillageShare {
  village: Village
  poorVillage: boolean
  /** Rural persons, as the village would have in the full region. */
  persons: number
  /** Poor persons of the rural persons. */
  rate: number
  /** Share of the rural persons that the round of 2015 visits. */
  visited: number
}

interface CountyTarget {
  incidence?: number
  persons?: number
  poorVillages?: number
  visitedHouseholds?: number
  source: string
}
export const countyTargets: Record<string, CountyTarget> = targets.counties
export const cityTargets: Record<string, { incidence: number; persons?: number; source: string }> = targets.cities
const { region, villages: wanted, visits } = targets
const RURAL = region.poor_persons.value / region.rate_of_rural.value
/** Rounds of fitting: after twenty the rates of cities stand still to a ten-thousandth. */
const ROUNDS = 20

interface Draft extends VillageShare {
  county: string
  /** Logarithm of the rate before it is bent. */
  leaning: number
  /** County or city whose rate is published, else the region. */
  group: string
}

const plans = new Map<number, Map<string, VillageShare[]>>()

/**
 * Plans all villages of the region from the seed: which are poor, how many live there, what share is poor. Poor villages are ranked by how
 * they lean and take the rates of a distribution that has the published numbers above 25 % and 50 %; other villages likewise; the leaning
 * of each city is moved until its published rate is met, and the rest until the region's poor are.
 */
export function planRegion(divisions: Divisions, seed: number): Map<string, VillageShare[]> {
  const kept = plans.get(seed)
  if (kept) return kept
  const villages = draw(divisions, seed)
  settlePersons(villages)
  settleRates(villages)
  settleVisits(villages)
  const plan = new Map<string, VillageShare[]>()
  for (const { village, poorVillage, persons, rate, visited, county } of villages) {
    const list = plan.get(county) ?? []
    list.push({ village, poorVillage, persons, rate, visited })
    plan.set(county, list)
  }
  plans.set(seed, plan)
  return plan
}

function draw(divisions: Divisions, seed: number): Draft[] {
  const byCounty = new Map(divisions.counties.map(({ code }) => [code, [] as Village[]]))
  for (const village of divisions.villages) byCounty.get(village.code.slice(0, 6))?.push(village)
  const level = new Map(divisions.povertyCounties.map((county) => [county.code, county.level]))
  const rural = (code: string) => byCounty.get(code)!.filter((village) => village.kind === 'village').length
  const free = divisions.counties.map(({ code }) => code).filter((code) => countyTargets[code]?.poorVillages === undefined)
  const told = divisions.counties.reduce((sum, { code }) => sum + (countyTargets[code]?.poorVillages ?? 0), 0)
  const shared = shareOut(
    wanted.poor.value - told,
    free.map((code) => rural(code) * wanted.poor_share[level.get(code) ?? 'none']),
  )
  return divisions.counties.flatMap(({ code }) => {
    const roll = dice(`${seed}/region/${code}`)
    const count = countyTargets[code]?.poorVillages ?? shared[free.indexOf(code)]
    const order = byCounty.get(code)!.map((village) => ({ village, at: village.kind === 'village' ? roll.next() : 2 }))
    const poor = new Set([...order].sort((a, b) => a.at - b.at).slice(0, count))
    const bent = { national: 0.3, regional: 0.15, none: 0 }[level.get(code) ?? 'none'] + 0.15 * roll.normal()
    const city = code.slice(0, 4)
    const group = countyTargets[code]?.incidence ? code : cityTargets[city] ? city : ''
    return order.map((one): Draft => {
      const poorVillage = poor.has(one)
      const persons = size(one.village) * (poorVillage ? wanted.size_of_poor.value : 1) * Math.exp(0.42 * roll.normal())
      const leaning = bent + 0.5 * roll.normal()
      return { village: one.village, county: code, group, poorVillage, persons, leaning, rate: 0, visited: 1 }
    })
  })
}

/** Rural persons of a place against a village's: few farm in towns, on state farms and in parks. */
const size = ({ kind }: Village): number => (kind === 'village' ? 1 : kind === 'neighbourhood' ? 0.1 : 0.05)

const sum = (villages: Draft[], value: (one: Draft) => number): number => villages.reduce((total, one) => total + value(one), 0)
const scale = (villages: Draft[], factor: number): void => {
  for (const one of villages) one.persons *= factor
}

/** Rural persons of the counties and cities that are published, the others as much larger or smaller as the region asks. */
function settlePersons(villages: Draft[]): void {
  const left = new Set(villages)
  let open = RURAL
  const settle = (some: Draft[], persons: number) => {
    scale(some, persons / sum(some, (one) => one.persons))
    for (const one of some) left.delete(one)
    open -= persons
  }
  for (const [code, { persons }] of Object.entries(countyTargets))
    if (persons)
      settle(
        villages.filter((one) => one.county === code),
        persons,
      )
  for (const [code, { persons }] of Object.entries(cityTargets)) {
    if (!persons) continue
    const counties = Object.entries(countyTargets).filter(([county]) => county.startsWith(code))
    const settled = counties.reduce((total, [, one]) => total + (one.persons ?? 0), 0)
    settle(
      [...left].filter((one) => one.county.startsWith(code)),
      persons - settled,
    )
  }
  settle([...left], open)
}

function settleRates(villages: Draft[]): void {
  const poor = villages.filter((one) => one.poorVillage)
  const others = villages.filter((one) => !one.poorVillage)
  const groups = new Map<string, Draft[]>()
  for (const one of villages) {
    const some = groups.get(one.group)
    if (some) some.push(one)
    else groups.set(one.group, [one])
  }
  const aims = new Map([...groups.keys()].map((group) => [group, aimOf(group, villages)]))
  const lean = new Map([...groups.keys()].map((group) => [group, 0]))
  const ofPoor = distribution(poor.length)
  let middle = Math.log(0.05)
  const poorOf = (some: Draft[]) => sum(some, (one) => one.persons * one.rate)
  const rateOf = (some: Draft[]) => poorOf(some) / sum(some, (one) => one.persons)
  for (let round = 0; round < ROUNDS; round++) {
    const place = (one: Draft) => one.leaning + lean.get(one.group)!
    rank(poor, place).forEach((one, at) => {
      one.rate = ofPoor(at)
    })
    const ofOthers = distributionOfOthers(others.length, middle)
    rank(others, place).forEach((one, at) => {
      one.rate = ofOthers(at)
    })
    for (const [group, some] of groups) {
      const aim = aims.get(group)
      if (aim) lean.set(group, lean.get(group)! + 0.7 * Math.log(aim / rateOf(some)))
    }
    middle += Math.log(region.poor_persons.value / poorOf(villages))
  }
  for (const [group, some] of groups) {
    const aim = aims.get(group)
    if (!aim) continue
    const factor = aim / rateOf(some)
    for (const one of some) one.rate *= factor
  }
}

/** What a group's rate is to be: of a county its own, of a city what its own counties leave to the rest of it. */
function aimOf(group: string, villages: Draft[]): number | undefined {
  if (group.length === 6) return countyTargets[group].incidence
  if (!group) return undefined
  const [inside, own] = [
    villages.filter((one) => one.county.startsWith(group)),
    villages.filter((one) => one.county.startsWith(group) && one.group !== group),
  ]
  const all = sum(inside, (one) => one.persons)
  const told = sum(own, (one) => one.persons * countyTargets[one.county].incidence!)
  return (cityTargets[group].incidence * all - told) / (all - sum(own, (one) => one.persons))
}

const rank = (villages: Draft[], place: (one: Draft) => number): Draft[] =>
  villages
    .map((one) => ({ one, at: place(one) }))
    .sort((a, b) => a.at - b.at || (a.one.village.code < b.one.village.code ? -1 : 1))
    .map(({ one }) => one)

/** Rate of the n-th poor village from below: log-normal through the two published shares. */
function distribution(count: number): (at: number) => number {
  const [z25, z50] = [quantile(1 - wanted.poor_25.value / wanted.poor.value), quantile(1 - wanted.poor_50.value / wanted.poor.value)]
  const slope = Math.log(2) / (z50 - z25)
  return (at) => Math.min(0.85, 0.25 * Math.exp(slope * (quantile((at + 0.5) / count) - z25)))
}

/** Rate of the n-th other village from below: the published number stands between 25 % and 45 %, the rest is log-normal below. */
function distributionOfOthers(count: number, middle: number): (at: number) => number {
  const high = wanted.other_25.value
  return (at) =>
    at >= count - high
      ? 0.25 * Math.exp((0.6 * (at - count + high + 0.5)) / high)
      : Math.min(0.24, Math.exp(middle + 0.75 * quantile((at + 0.5) / (count - high))))
}

/** Whom the round visits: all in poor villages; elsewhere a few always, and a multiple of the poor that makes the region's total. */
function settleVisits(villages: Draft[]): void {
  const set = (some: Draft[], multiple: number) => {
    for (const one of some) one.visited = one.poorVillage ? 1 : Math.min(1, visits.always + multiple * one.rate)
    return sum(some, (one) => one.persons * one.visited)
  }
  const persons = region.visited_households.value * targets.household_size.value
  set(
    villages,
    bisect((multiple) => set(villages, multiple) < persons),
  )
  for (const [code, { visitedHouseholds, persons: known }] of Object.entries(countyTargets)) {
    if (!visitedHouseholds) continue
    const own = villages.filter((one) => one.county === code)
    const aim = visitedHouseholds * targets.household_size.value
    if (known)
      set(
        own,
        bisect((multiple) => set(own, multiple) < aim),
      )
    else scale(own, aim / sum(own, (one) => one.persons * one.visited))
  }
}

function bisect(tooLittle: (value: number) => boolean): number {
  let [low, high] = [0, 50]
  for (let i = 0; i < 50; i++) {
    const value = (low + high) / 2
    if (tooLittle(value)) low = value
    else high = value
  }
  return high
}
