import type { CountyPlan } from './county-plan.ts'
import type { DepartmentRecord } from './department-records.ts'
import { type Household, sheetOf } from './facts.ts'
import targets from './targets.json' with { type: 'json' }

/** Counts by name; counts of several counties are added up in the order of the counties. */
export type Counts = Record<string, number>

/** What a card says before any error is planted, as far as it is counted; income in yuan of the household's year. */
export interface Said {
  income: number
  waterDifficult: boolean
  houseDangerous: boolean
  goodHouse: boolean
  threeCauses: boolean
  /** A department holds something against it. */
  met: boolean
}

/** Reads a card that is still true. */
export function saidOf({ card, members }: Household, records: DepartmentRecord[]): Said {
  const said = (field: string) => sheetOf(card, field)?.[field]
  return {
    income: Number(said('income')),
    waterDifficult: said('water_difficult') === true,
    houseDangerous: said('house_dangerous') === true,
    goodHouse: said('house_good_fittings') === true && Number(said('house_area')) >= targets.good_house_from.value * members.length,
    threeCauses: said('other_cause_2') !== null,
    met: records.some(isMet),
  }
}

const HARMLESS = ['village_cadre', 'village_house']

/** Whether a record is of the kinds that the vetoes mean: what shows wealth, a business or a post; counted here, never used to decide. */
function isMet({ list, facts }: DepartmentRecord): boolean {
  if (list === 'vehicles' || list === 'machines') return facts.working === true && Number(facts.value) >= targets.worth_from.value
  if (list === 'companies') return facts.status === 'active' && facts.role !== 'cooperative_member'
  if (list === 'land_rights') return facts.kind === 'town_building_land'
  return (list === 'posts' || list === 'properties') && !HARMLESS.includes(String(facts.kind))
}

/** Counts what is drawn, to set it beside the targets. */
export class Tally {
  readonly counts: Counts = {}
  private readonly villages = new Map<string, { poor: number; others: number; standsFor: number; named: boolean }>()

  constructor(private readonly plan: CountyPlan) {}

  add(household: Household, said: Said): void {
    const { members, truth, plan } = household
    const persons = members.length
    this.note('households')
    this.note('persons', persons)
    this.note(`visited_${this.plan.county.code}`)
    for (const member of members) {
      if (member.age < 15) this.note('age_0_14')
      if (member.age >= 60) this.note('age_60_up')
      if (member.male) this.note('male')
      this.note(`ethnic_${this.plan.county.code}_${member.ethnic}`)
    }
    const stands = truth.poor ? 1 : plan.standsFor
    this.note('rural', stands * persons)
    for (const member of members) this.note(`rural_ethnic_${member.ethnic}`, stands)
    this.living(household, said, stands * persons)
    this.refused(household, said)
    this.poverty(household, said)
  }

  /** Ends the county: how many villages have which rate. */
  close(): Counts {
    for (const { poor, others, standsFor, named } of this.villages.values()) {
      const rate = poor / (poor + others * standsFor)
      this.note('villages')
      if (named) this.note('poor_villages')
      if (rate >= 0.25) this.note(named ? 'poor_villages_25' : 'other_villages_25')
      if (rate >= 0.5 && named) this.note('poor_villages_50')
    }
    return this.counts
  }

  private note(name: string, by = 1): void {
    this.counts[name] = (this.counts[name] ?? 0) + by
  }

  private living({ members }: Household, said: Said, rural: number): void {
    const income = (said.income / members.length) * rural
    this.note('rural_income', income)
    if (this.plan.national) {
      this.note('key_rural', rural)
      this.note('key_income', income)
    }
    if (said.waterDifficult) this.note('water_difficult')
    if (said.houseDangerous) this.note('house_dangerous')
  }

  private refused({ truth: t }: Household, said: Said): void {
    if (said.met) this.note('compared')
    if (said.goodHouse) this.note('good_house')
    if (said.met || said.goodHouse || t.away || t.refusesWork || t.shell || t.split) this.note('vetoed')
  }

  private poverty(household: Household, said: Said): void {
    const { members, truth, plan, cause } = household
    const persons = members.length
    const code = plan.village.code
    const village = this.villages.get(code) ?? { poor: 0, others: 0, standsFor: plan.standsFor, named: plan.poorVillage }
    this.villages.set(code, village)
    village[truth.poor ? 'poor' : 'others'] += persons
    const stands = truth.poor ? 1 : plan.standsFor
    for (const place of [this.plan.county.code, this.plan.county.parent]) this.note(`rural_${place}`, stands * persons)
    if (!truth.poor) return
    this.note('poor')
    this.note('poor_persons', persons)
    for (const place of [this.plan.county.code, this.plan.county.parent]) this.note(`poor_${place}`, persons)
    if (!cause) return
    this.note('with_cause')
    this.note('with_cause_persons', persons)
    this.note(`cause_${cause}`)
    if (said.threeCauses) this.note('three_causes_persons', persons)
  }
}

/** Adds counts up. */
export function addUp(list: Counts[]): Counts {
  const sum: Counts = {}
  for (const counts of list) for (const name in counts) sum[name] = (sum[name] ?? 0) + counts[name]
  return sum
}
