import type { CountyPlan } from './county-plan.ts'
import type { Household } from './facts.ts'
import targets from './targets.json' with { type: 'json' }

/** One published figure or assumption beside what was made. Shares are parts of one. */
export interface Calibration {
  target: string
  aim: number
  made: number
  published: boolean
  source: string
}

/** Counts by name; counts of several counties are added up in the order of the counties. */
export type Counts = Record<string, number>

/** Counts what is drawn, to set it beside the targets. */
export class Tally {
  readonly counts: Counts = {}
  private poorVillages = new Set<string>()

  add(household: Household, plan: CountyPlan): void {
    const { counts } = this
    const note = (name: string, by = 1) => {
      counts[name] = (counts[name] ?? 0) + by
    }
    const persons = household.members.length
    note('households')
    note('persons', persons)
    note('aimed_poor', plan.incidence * persons)
    if (!plan.incidencePublished) note('assumed_incidence')
    if (household.plan.poorVillage && !this.poorVillages.has(household.plan.village.code)) {
      this.poorVillages.add(household.plan.village.code)
      note('poor_villages')
    }
    if (household.truth.car) note('cars')
    for (const member of household.members) {
      if (member.age < 15) note('age_0_14')
      if (member.age >= 60) note('age_60_up')
      if (member.male) note('male')
      note(`ethnic_${member.ethnic}`)
    }
    const { ethnicCodes, ethnicSums } = household.plan
    ethnicCodes.forEach((code, i) => {
      note(`expected_${code}`, ((ethnicSums[i] - (i > 0 ? ethnicSums[i - 1] : 0)) / ethnicSums[ethnicSums.length - 1]) * persons)
    })
    if (!household.truth.poor) return
    note('poor')
    note('poor_persons', persons)
    if (household.cause) {
      note('with_cause')
      note(`cause_${household.cause}`)
    }
  }
}

/** Adds counts up. */
export function addUp(list: Counts[]): Counts {
  const sum: Counts = {}
  for (const counts of list) for (const name in counts) sum[name] = (sum[name] ?? 0) + counts[name]
  return sum
}

/** Targets beside what the counts say was made. */
export function calibrate(counts: Counts, incidenceSources: string[]): Calibration[] {
  const of = (name: string) => counts[name] ?? 0
  const line = (target: string, aim: number, made: number, published: boolean, source: string): Calibration => ({
    target,
    aim: round(aim),
    made: round(made),
    published,
    source,
  })
  const { household_size, age_0_14, age_60_up, male, causes } = targets
  const persons = of('persons')
  const list = [
    line('household_size', household_size.value, persons / of('households'), true, household_size.source),
    line('age_0_14', age_0_14.value, of('age_0_14') / persons, true, age_0_14.source),
    line('age_60_up', age_60_up.value, of('age_60_up') / persons, true, age_60_up.source),
    line('male', male.value, of('male') / persons, false, male.source),
    line(
      'incidence',
      of('aimed_poor') / persons,
      of('poor_persons') / persons,
      of('assumed_incidence') === 0,
      [...new Set(incidenceSources)].sort().join('; '),
    ),
  ]
  for (const [cause, share] of Object.entries(causes.value))
    list.push(line(`cause_${cause}`, share, of(`cause_${cause}`) / Math.max(1, of('with_cause')), true, causes.source))
  for (const name of Object.keys(counts)
    .filter((one) => one.startsWith('expected_'))
    .sort())
    list.push(
      line(
        name.replace('expected', 'ethnic'),
        of(name) / persons,
        of(name.replace('expected', 'ethnic')) / persons,
        false,
        'shares of the villages planned from targets.json',
      ),
    )
  list.push(line('car_share', 0.12, of('cars') / of('households'), false, 'assumption: one household in eight'))
  return list
}

const round = (value: number): number => Math.round(value * 10000) / 10000
