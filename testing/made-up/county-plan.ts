import type { Area, Divisions, Village } from '@fupin/platform/regions/divisions.ts'
import { dice, quantile, running } from './random.ts'
import targets from './targets.json' with { type: 'json' }

/** What is fixed for a village before its households are drawn. */
export interface VillagePlan {
  village: Village
  township: Area
  households: number
  poorVillage: boolean
  /** Share of persons who are truly poor that the village aims at. */
  incidence: number
  ethnicCodes: string[]
  ethnicSums: Float64Array
}

export interface CountyPlan {
  county: Area
  /** Place of the county among all counties, from 0. */
  index: number
  households: number
  incidence: number
  incidenceSource: string
  incidencePublished: boolean
  villages: VillagePlan[]
}

const groups: Record<string, { [code: string]: number | string | boolean }> = targets.ethnic
const counties: Record<string, { incidence?: number; poorVillages?: number; source: string }> = targets.counties
const cities: Record<string, { incidence: number; source: string }> = targets.cities

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

/** Households of each county when a number is shared out over several: by its villages, most of them in poor villages. */
export function householdsByCounty(divisions: Divisions, codes: string[], households: number): number[] {
  const weights = codes.map((code) => {
    const share = poorShare(divisions, code)
    return villagesOf(divisions, code).reduce((sum, village) => sum + visited(village, share + (1 - share) * ELSEWHERE), 0)
  })
  return shareOut(households, weights)
}

/** Outside poor villages only the registered and new applicants are visited: about a third of a village. */
const ELSEWHERE = 0.35

const villagesOf = (divisions: Divisions, county: string): Village[] =>
  divisions.villages.filter((village) => village.code.startsWith(county))
/** How many households the round visits, against a poor village's: few farm in towns, on state farms and in parks. */
const visited = (village: Village, rural: number): number =>
  village.kind === 'village' ? rural : village.kind === 'neighbourhood' ? 0.1 : 0.05

function poorShare(divisions: Divisions, code: string): number {
  const level = divisions.povertyCounties.find((county) => county.code === code)?.level
  return targets.poor_village_share[level ?? 'none']
}

/** Plans a county from its code, its number of households and the seed alone, so that counties can be made in any order or at once. */
export function planCounty(divisions: Divisions, code: string, households: number, seed: number): CountyPlan {
  const county = divisions.find(code)
  if (!county || code.length !== 6) throw new Error(`No county has the code ${code}. 没有代码为 ${code} 的县。`)
  const roll = dice(`${seed}/plan/${code}`)
  const villages = villagesOf(divisions, code)
  const { incidence, published, source } = incidenceOf(code)
  const poor = poorVillages(divisions, code, villages, roll)
  const sizes = shareOut(
    households,
    villages.map((village, i) => visited(village, poor.has(i) ? 1 : ELSEWHERE) * Math.exp(0.42 * roll.normal())),
  )
  const raw = villages.map((_, i) => (poor.has(i) ? 1.35 : 0.8) * Math.exp(0.5 * roll.normal()))
  const scale = fit(raw, sizes, incidence)
  return {
    county,
    index: divisions.counties.findIndex((one) => one.code === code),
    households,
    incidence,
    incidenceSource: source,
    incidencePublished: published,
    villages: villages.map((village, i) => {
      const township = divisions.find(village.parent)
      if (!township) throw new Error(`Village ${village.code} has no township`)
      return {
        village,
        township,
        households: sizes[i],
        poorVillage: poor.has(i),
        incidence: Math.min(0.75, raw[i] * scale),
        ...ethnicMix(code, county.name, township.name, roll.normal()),
      }
    }),
  }
}

/**
 * The published rate of the county as it stands; else the share of the persons visited in the whole region, bent by the square root of the
 * city's published rate against the region's, because poor cities have more villages where everybody is visited.
 */
function incidenceOf(code: string): { incidence: number; published: boolean; source: string } {
  const own = counties[code]
  if (own?.incidence) return { incidence: own.incidence, published: true, source: own.source }
  const { visited_incidence, rate_of_region, rate_of_other_cities } = targets
  const rate = cities[code.slice(0, 4)]?.incidence ?? rate_of_other_cities.value
  const bent = visited_incidence.value * Math.sqrt(rate / rate_of_region.value)
  return {
    incidence: Math.round(bent * 10000) / 10000,
    published: false,
    source: `${visited_incidence.source}, bent by the rate of the city (assumption)`,
  }
}

function poorVillages(divisions: Divisions, code: string, villages: Village[], roll: ReturnType<typeof dice>): Set<number> {
  const rural = villages.flatMap((village, i) => (village.kind === 'village' ? [i] : []))
  const count = counties[code]?.poorVillages ?? Math.round(rural.length * poorShare(divisions, code))
  const order = rural.map((i) => ({ i, at: roll.next() })).sort((a, b) => a.at - b.at)
  return new Set(order.slice(0, count).map(({ i }) => i))
}

/** Factor that makes the weighted mean of the village rates the county's rate, with no village above three quarters. */
function fit(raw: number[], sizes: number[], incidence: number): number {
  let low = 0
  let high = 10
  const total = sizes.reduce((a, b) => a + b, 0)
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    const mean = raw.reduce((sum, rate, k) => sum + Math.min(0.75, rate * middle) * sizes[k], 0) / total
    if (mean < incidence) low = middle
    else high = middle
  }
  return Math.round(((low + high) / 2) * 1e9) / 1e9
}

const NAMED: [string, string][] = [
  ['瑶', '13'],
  ['苗', '03'],
  ['侗', '12'],
  ['仫佬', '15'],
  ['毛南', '36'],
  ['壮', '08'],
]

function ethnicMix(code: string, county: string, township: string, bend: number): { ethnicCodes: string[]; ethnicSums: Float64Array } {
  const zone = groups[code] ?? groups[zoneOf(code)]
  const share: Record<string, number> = {}
  for (const [group, value] of Object.entries(zone)) if (typeof value === 'number') share[group === 'other' ? '11' : group] = value
  for (const [word, group] of NAMED) {
    if (township.includes(`${word}族乡`)) share[group] = (share[group] ?? 0) + 1.1
    else if (county.includes(word) && !groups[code]) share[group] = (share[group] ?? 0) + 0.35
  }
  if (share['08']) share['08'] *= Math.exp(0.5 * bend)
  const codes = Object.keys(share).sort()
  return { ethnicCodes: codes, ethnicSums: running(codes.map((group) => share[group])) }
}

const WEST = ['4510', '4512', '4513', '4514']
const EAST = ['4504', '4505', '4507', '4508', '4509', '4511']
const zoneOf = (code: string): string => (WEST.includes(code.slice(0, 4)) ? 'west' : EAST.includes(code.slice(0, 4)) ? 'east' : 'middle')

/** Latent wealth below which a household is truly poor, the same everywhere; village means are set against it. */
export const POOR_BELOW = -0.9

/** Mean of the village's latent wealth (spread 1) that makes `incidence` of its households poor. */
export const villageMean = (incidence: number): number => POOR_BELOW - quantile(incidence)
