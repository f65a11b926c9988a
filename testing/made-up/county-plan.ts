import type { Area, Divisions, Village } from '@fupin/platform/regions/divisions.ts'
import { dice, quantile, running } from './random.ts'
import { planRegion, type VillageShare, type Visits } from './region-plan.ts'
import targets from './targets.json' with { type: 'json' }

/** What is fixed for a village before its households are drawn. */
export interface VillagePlan {
  village: Village
  township: Area
  households: number
  poorVillage: boolean
  /** Share of the persons visited who are truly poor that the village aims at. */
  incidence: number
  /** Share of the rural persons who are visited. */
  visited: number
  /** How many rural persons one visited person who is not poor stands for; all the poor are visited. */
  standsFor: number
  /** What work brings the well-off here against a poverty county of national level. */
  wages: number
  ethnicCodes: string[]
  ethnicSums: Float64Array
}

export interface CountyPlan {
  county: Area
  /** Place of the county among all counties, from 0. */
  index: number
  households: number
  visits: Visits
  /** Poverty county of national level. */
  national: boolean
  /** Poor of the persons visited. */
  incidence: number
  /** Poor of all rural persons. */
  rateOfRural: number
  villages: VillagePlan[]
}

const groups: Record<string, { [code: string]: number | string | boolean }> = targets.ethnic

/** Shares a total out by weights in whole numbers that add up (largest remainder, ties to the earlier). */
export function shareOut(total: number, weights: number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0)
  const exact = weights.map((weight) => (total * weight) / sum)
  const shares = exact.map(Math.floor)
  const left = total - shares.reduce((a, b) => a + b, 0)
  const order = exact.map((value, i) => ({ i, rest: value - Math.floor(value) })).sort((a, b) => b.rest - a.rest || a.i - b.i)
  for (let k = 0; k < left; k++) shares[order[k].i]++
  return shares
}

/** Households of each county when a number is shared out over several, by the persons whom the round visits in each. */
export function householdsByCounty(divisions: Divisions, codes: string[], households: number, seed: number, visits: Visits): number[] {
  const region = planRegion(divisions, seed)
  const persons = (code: string) => region.get(code)!.reduce((sum, one) => sum + one.persons * visitedShare(one, visits), 0)
  return shareOut(households, codes.map(persons))
}

const visitedShare = (one: VillageShare, visits: Visits): number => (visits === 'every' ? 1 : one.visited)

/** Plans a county from its code, its number of households, the seed and whom the round visits, so that counties can be made in any order. */
export function planCounty(divisions: Divisions, code: string, households: number, seed: number, visits: Visits = 'every'): CountyPlan {
  const county = divisions.find(code)
  if (!county || code.length !== 6) throw new Error(`No county has the code ${code}. 没有代码为 ${code} 的县。`)
  const shares = planRegion(divisions, seed).get(code)!
  const persons = shares.map((one) => one.persons * visitedShare(one, visits))
  const sizes = shareOut(households, persons)
  const total = persons.reduce((a, b) => a + b, 0)
  const poor = shares.reduce((sum, one) => sum + one.persons * one.rate, 0)
  const national = divisions.povertyCounties.some((one) => one.code === code && one.level === 'national')
  const roll = dice(`${seed}/plan/${code}`)
  const mixes = shares.map(({ village }) => ethnicMix(code, county.name, divisions.find(village.parent)!.name, roll.normal()))
  if (groups[code]) rake(groups[code], mixes, persons)
  return {
    county,
    index: divisions.counties.findIndex((one) => one.code === code),
    households,
    visits,
    national,
    incidence: poor / total,
    rateOfRural: poor / shares.reduce((sum, one) => sum + one.persons, 0),
    villages: shares.map((one, i) => {
      const township = divisions.find(one.village.parent)
      if (!township) throw new Error(`Village ${one.village.code} has no township`)
      const visited = visitedShare(one, visits)
      const incidence = Math.min(0.92, one.rate / visited)
      const codes = Object.keys(mixes[i]).sort()
      return {
        village: one.village,
        township,
        households: sizes[i],
        poorVillage: one.poorVillage,
        incidence,
        visited,
        standsFor: (1 - visited * incidence) / (visited * (1 - incidence)),
        wages: national ? 1 : targets.income.wages_elsewhere.value,
        ethnicCodes: codes,
        ethnicSums: running(codes.map((group) => mixes[i][group])),
      }
    }),
  }
}

const NAMED: [string, string][] = [
  ['瑶', '13'],
  ['苗', '03'],
  ['侗', '12'],
  ['仫佬', '15'],
  ['毛南', '36'],
  ['壮', '08'],
]

function ethnicMix(code: string, county: string, township: string, bend: number): Record<string, number> {
  const zone = groups[code] ?? groups[zoneOf(code)]
  const share: Record<string, number> = {}
  for (const [group, value] of Object.entries(zone)) if (typeof value === 'number') share[group === 'other' ? '11' : group] = value
  for (const [word, group] of NAMED) {
    if (township.includes(`${word}族乡`)) share[group] = (share[group] ?? 0) + 1.1
    else if (county.includes(word) && !groups[code]) share[group] = (share[group] ?? 0) + 0.35
  }
  if (share['08']) share['08'] *= Math.exp(0.5 * bend)
  const total = Object.values(share).reduce((a, b) => a + b, 0)
  for (const group in share) share[group] /= total
  return share
}

/** Bends the villages' shares until the county as a whole has the groups it is told to have (iterative proportional fitting). */
function rake(aim: { [code: string]: number | string | boolean }, mixes: Record<string, number>[], persons: number[]): void {
  const wanted = Object.entries(aim).flatMap(([group, value]) =>
    typeof value === 'number' ? [[group === 'other' ? '11' : group, value] as const] : [],
  )
  const all = wanted.reduce((sum, [, value]) => sum + value, 0)
  const people = persons.reduce((a, b) => a + b, 0)
  for (let round = 0; round < 30; round++) {
    for (const [group, value] of wanted) {
      const made = mixes.reduce((sum, mix, i) => sum + (mix[group] ?? 0) * persons[i], 0) / people
      for (const mix of mixes) if (mix[group]) mix[group] *= value / all / made
    }
    for (const mix of mixes) {
      const total = Object.values(mix).reduce((a, b) => a + b, 0)
      for (const group in mix) mix[group] /= total
    }
  }
}

const WEST = ['4510', '4512', '4513', '4514']
const EAST = ['4504', '4505', '4507', '4508', '4509', '4511']
const zoneOf = (code: string): string => (WEST.includes(code.slice(0, 4)) ? 'west' : EAST.includes(code.slice(0, 4)) ? 'east' : 'middle')

/** Latent wealth below which a household is truly poor, the same everywhere; village means are set against it. */
export const POOR_BELOW = -0.9

/** Mean of the village's latent wealth (spread 1) that makes `incidence` of its households poor. */
export const villageMean = (incidence: number): number => POOR_BELOW - quantile(incidence)
