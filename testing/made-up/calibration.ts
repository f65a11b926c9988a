import type { Divisions } from '@fupin/platform/regions/divisions.ts'
import { cityTargets, countyTargets, type Visits } from './region-plan.ts'
import type { Counts } from './tally.ts'
import targets from './targets.json' with { type: 'json' }

/** One published figure or assumption beside what was made. */
export interface Calibration {
  target: string
  aim: number
  /** Null where too few households were made to tell. */
  made: number | null
  unit: 'persons' | 'households' | 'villages' | 'share' | 'yuan' | 'persons per household'
  /** Whether the aim is printed in a source; else it is derived from one by an assumption that `source` names. */
  published: boolean
  /** What the figure is counted on. */
  base: string
  source: string
}

interface Told {
  value: number
  source: string
  published: boolean
}

const RURAL = 'rural persons: all the poor, and those visited who are not poor weighted up to their village'
const VISITED = { persons: 'persons visited', households: 'households visited' }
/** Villages of fewer visited households, on average, say nothing of a village's rate. */
const ENOUGH = 60

/** Sets every target that the counties made can be held against beside what was made. */
export function calibrate(counts: Counts, codes: string[], divisions: Divisions, visits: Visits): Calibration[] {
  const of = (name: string) => counts[name] ?? 0
  const [households, persons] = [of('households'), of('persons')]
  const list: Calibration[] = []
  const add = (target: string, unit: Calibration['unit'], aim: Told, made: number | null, base: string) =>
    list.push({
      target,
      aim: round(aim.value),
      made: made === null ? null : round(made),
      unit,
      published: aim.published,
      base,
      source: aim.source,
    })
  const whole = codes.length === divisions.counties.length && visits === 'as_in_2015'
  const { region } = targets
  const part = households / region.visited_households.value
  const sized = (told: Told): Told =>
    part === 1 ? told : { ...told, value: told.value * part, source: `${told.source}; by the share of households made` }
  if (whole) {
    add('households', 'households', sized(region.visited_households), households, VISITED.households)
    add('persons', 'persons', sized(region.visited_persons), persons, VISITED.persons)
    add('poor_persons', 'persons', sized(region.poor_persons), of('poor_persons'), VISITED.persons)
    add('rate_region', 'share', region.rate_of_rural, of('poor_persons') / of('rural'), RURAL)
    add('rate_of_visited', 'share', ofVisited(), of('poor_persons') / persons, VISITED.persons)
  }
  add('household_size', 'persons per household', targets.household_size, persons / households, VISITED.households)
  add('age_0_14', 'share', targets.age_0_14, of('age_0_14') / persons, VISITED.persons)
  add('age_60_up', 'share', targets.age_60_up, of('age_60_up') / persons, VISITED.persons)
  add('male', 'share', targets.male, of('male') / persons, VISITED.persons)
  for (const [city, told] of Object.entries(cityTargets))
    if (divisions.childrenOf(city).every((one) => codes.includes(one.code)))
      add(`rate_${city}`, 'share', { ...told, value: told.incidence, published: true }, of(`poor_${city}`) / of(`rural_${city}`), RURAL)
  for (const [county, told] of Object.entries(countyTargets)) {
    if (!codes.includes(county)) continue
    if (told.incidence)
      add(
        `rate_${county}`,
        'share',
        { ...told, value: told.incidence, published: true },
        of(`poor_${county}`) / of(`rural_${county}`),
        RURAL,
      )
    if (told.visitedHouseholds && whole)
      add(
        `visited_${county}`,
        'households',
        sized({ ...told, value: told.visitedHouseholds, published: true }),
        of(`visited_${county}`),
        VISITED.households,
      )
  }
  if (whole) {
    const enough = households / of('villages') >= ENOUGH
    const { poor, poor_25, poor_50, other_25 } = targets.villages
    add('poor_villages', 'villages', poor, enough ? of('poor_villages') : null, 'villages')
    add('poor_villages_25', 'villages', poor_25, enough ? of('poor_villages_25') : null, 'poor villages, by their rural persons')
    add('poor_villages_50', 'villages', poor_50, enough ? of('poor_villages_50') : null, 'poor villages, by their rural persons')
    add('other_villages_25', 'villages', other_25, enough ? of('other_villages_25') : null, 'other villages, by their rural persons')
  }
  for (const [cause, share] of Object.entries(targets.causes.value))
    add(`cause_${cause}`, 'share', { ...targets.causes, value: share }, of(`cause_${cause}`) / of('with_cause'), 'poor households')
  add('three_causes', 'share', targets.three_causes, of('three_causes_persons') / of('with_cause_persons'), 'poor persons')
  for (const [place, groups] of Object.entries(targets.ethnic as Record<string, Record<string, number | string | boolean>>)) {
    if (groups.published !== true || !(place === '450000' ? whole : codes.includes(place))) continue
    const told = Object.entries(groups).filter((one): one is [string, number] => typeof one[1] === 'number' && one[0] !== 'other')
    for (const [group, value] of place === '450000' ? told.filter(([one]) => one === '01') : told) {
      const made =
        place === '450000' ? of(`rural_ethnic_${group}`) / of('rural') : of(`ethnic_${place}_${group}`) / personsOf(counts, place)
      add(
        `ethnic_${place}_${group}`,
        'share',
        { value, source: String(groups.source), published: true },
        made,
        place === '450000' ? RURAL : VISITED.persons,
      )
    }
  }
  if (whole) {
    add('income_rural', 'yuan', targets.income.rural, of('rural_income') / of('rural'), RURAL)
    add('income_key_counties', 'yuan', targets.income.key_counties, of('key_income') / of('key_rural'), RURAL)
    const share = (told: { count: number; source: string; published: boolean }): Told => ({
      ...told,
      value: told.count / region.visited_households.value,
    })
    for (const [gap, told] of Object.entries(targets.gaps)) add(gap, 'share', share(told), of(gap) / households, VISITED.households)
    add('met_by_comparison', 'share', share(targets.vetoes.compared), of('compared') / households, VISITED.households)
    add('vetoed', 'share', share(targets.vetoes.any), of('vetoed') / households, VISITED.households)
  }
  return list
}

/** The share of those visited follows from two published totals. */
function ofVisited(): Told {
  const { poor_persons, visited_persons } = targets.region
  return {
    value: poor_persons.value / visited_persons.value,
    published: false,
    source: '4.52 million poor among the 20 million persons visited: derived',
  }
}

const personsOf = (counts: Counts, county: string): number =>
  Object.keys(counts).reduce((sum, name) => sum + (name.startsWith(`ethnic_${county}_`) ? counts[name] : 0), 0)

/** Relative deviation of what was made from the aim, in parts of one. */
export const deviation = ({ aim, made }: Calibration): number | null => (made === null || aim === 0 ? null : made / aim - 1)

/** The table as CSV. */
export function calibrationCsv(list: Calibration[]): string {
  const quoted = (text: string) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const lines = list.map((one) => {
    const off = deviation(one)
    const cells = [
      one.target,
      one.aim,
      one.made ?? '',
      off === null ? '' : off.toFixed(4),
      one.unit,
      one.published ? 'yes' : 'no',
      one.source,
      one.base,
    ]
    return cells.map((cell) => quoted(String(cell))).join(',')
  })
  return `target,aim,made,deviation,unit,published,source,base\n${lines.map((line) => `${line}\n`).join('')}`
}

const round = (value: number): number => (Math.abs(value) >= 10 ? Math.round(value * 10) / 10 : Math.round(value * 10000) / 10000)
