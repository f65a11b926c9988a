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

/** Counts what is drawn, to set it beside the targets. */
export class Tally {
  persons = 0
  households = 0
  poor = 0
  poorPersons = 0
  withCar = 0
  private young = 0
  private old = 0
  private men = 0
  private readonly causes: Record<string, number> = {}
  private withCause = 0
  private readonly ethnic: Record<string, number> = {}
  private readonly expected: Record<string, number> = {}
  private aimedPoor = 0
  private published = true
  private readonly sources = new Set<string>()
  private poorVillages = new Set<string>()

  add(household: Household, plan: CountyPlan): void {
    this.households++
    this.persons += household.members.length
    this.aimedPoor += plan.incidence * household.members.length
    this.sources.add(plan.incidenceSource)
    this.published &&= plan.incidencePublished
    if (household.plan.poorVillage) this.poorVillages.add(household.plan.village.code)
    if (household.truth.car) this.withCar++
    for (const member of household.members) {
      if (member.age < 15) this.young++
      if (member.age >= 60) this.old++
      if (member.male) this.men++
      this.ethnic[member.ethnic] = (this.ethnic[member.ethnic] ?? 0) + 1
    }
    const { ethnicCodes, ethnicSums } = household.plan
    ethnicCodes.forEach((code, i) => {
      const share = (ethnicSums[i] - (i > 0 ? ethnicSums[i - 1] : 0)) / ethnicSums[ethnicSums.length - 1]
      this.expected[code] = (this.expected[code] ?? 0) + share * household.members.length
    })
    if (!household.truth.poor) return
    this.poor++
    this.poorPersons += household.members.length
    if (household.cause) {
      this.withCause++
      this.causes[household.cause] = (this.causes[household.cause] ?? 0) + 1
    }
  }

  report(): Calibration[] {
    const line = (target: string, aim: number, made: number, published: boolean, source: string): Calibration => ({
      target,
      aim: round(aim),
      made: round(made),
      published,
      source,
    })
    const { household_size, age_0_14, age_60_up, male, causes } = targets
    const list = [
      line('household_size', household_size.value, this.persons / this.households, true, household_size.source),
      line('age_0_14', age_0_14.value, this.young / this.persons, true, age_0_14.source),
      line('age_60_up', age_60_up.value, this.old / this.persons, true, age_60_up.source),
      line('male', male.value, this.men / this.persons, false, male.source),
      line(
        'incidence',
        this.aimedPoor / this.persons,
        this.poorPersons / this.persons,
        this.published,
        [...this.sources].sort().join('; '),
      ),
    ]
    for (const [cause, share] of Object.entries(causes.value))
      list.push(line(`cause_${cause}`, share, (this.causes[cause] ?? 0) / Math.max(1, this.withCause), true, causes.source))
    for (const code of Object.keys(this.expected).sort())
      list.push(
        line(
          `ethnic_${code}`,
          this.expected[code] / this.persons,
          (this.ethnic[code] ?? 0) / this.persons,
          false,
          'shares of the villages planned from targets.json',
        ),
      )
    list.push(line('car_share', 0.12, this.withCar / this.households, false, 'assumption: one household in eight'))
    return list
  }

  get villagesNamedPoor(): number {
    return this.poorVillages.size
  }
}

const round = (value: number): number => Math.round(value * 10000) / 10000
