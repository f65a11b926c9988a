import { fillCard, standing } from './card.ts'
import { POOR_BELOW, type VillagePlan, villageMean } from './county-plan.ts'
import { dwell } from './dwelling.ts'
import { type Household, likely, type Person } from './facts.ts'
import type { Kin } from './family.ts'
import { earn } from './income.ts'
import { farm } from './land.ts'
import { liveAs } from './member-life.ts'
import { hamletNames } from './names.ts'
import { drawPeople, type IdOffice, splitFamily } from './people.ts'
import { type Dice, dice, quantile, running } from './random.ts'
import type { Rates } from './rates.ts'
import type { Shared } from './shared-people.ts'
import targets from './targets.json' with { type: 'json' }

/** Draws the households of one village one by one, true and complete, before any error is planted. */
export function* drawVillage(
  plan: VillagePlan,
  office: IdOffice,
  seed: number,
  rates: Rates,
  shared: Map<string, Shared>,
): Generator<Household> {
  const roll = dice(`${seed}/village/${plan.village.code}`)
  const hamlets = hamletNames(roll, Math.max(1, Math.round(plan.households / 38)))
  const mean = villageMean(plan.incidence)
  const surveyors = Math.max(1, Math.ceil(plan.households / 45))
  const hamletSize = Math.round(plan.households / hamlets.length)
  const order = shuffled(roll, plan.households)
  const placeOf = (serial: number): Place => {
    const part = (serial - 1) / plan.households
    return { serial, hamlet: hamlets[Math.floor(part * hamlets.length)], hamletSize, surveyor: Math.floor(part * surveyors) }
  }
  for (let serial = 1; serial <= plan.households; serial++) {
    const wealth = mean + quantile((order[serial - 1] + roll.next() * 0.998 + 0.001) / plan.households)
    const also = shared.get(`${plan.village.code}/${serial}`) ?? null
    const members = also?.kind === 'household' ? also.people : drawPeople(roll, office, plan)
    const halves = also === null && serial < plan.households && roll.chance(rates.splitInTwo) ? splitFamily(members) : undefined
    const first = drawHousehold(roll, plan, rates, wealth, placeOf(serial), halves?.[1] ?? members, { splitFrom: null, shared: also })
    yield first
    if (halves) yield drawHousehold(roll, plan, rates, wealth, placeOf(++serial), halves[0], { splitFrom: first.id, shared: null })
  }
}

/** Wealth is drawn from one slice of the distribution for each household, so that a village has the share of poor it aims at. */
function shuffled(roll: Dice, count: number): number[] {
  const list = Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = roll.between(0, i)
    ;[list[i], list[j]] = [list[j], list[i]]
  }
  return list
}

/** Where a household lives and who visits it. */
interface Place {
  serial: number
  hamlet: string
  hamletSize: number
  surveyor: number
}

function drawHousehold(
  roll: Dice,
  plan: VillagePlan,
  rates: Rates,
  wealth: number,
  place: Place,
  members: Person[],
  origin: Pick<Household, 'splitFrom' | 'shared'>,
): Household {
  const poor = wealth < POOR_BELOW
  const cause = poor || roll.chance(0.04) ? causeFor(roll, members) : null
  const household: Household = {
    id: `${plan.village.code}-${String(place.serial).padStart(4, '0')}`,
    plan,
    hamlet: place.hamlet,
    serial: place.serial,
    wealth,
    cause,
    members,
    surveyor: place.surveyor,
    card: [],
    ...origin,
    truth: {
      poor,
      car: roll.chance(likely(wealth, rates.carMiddle, 0.5) + rates.carAmongPoor),
      company: roll.chance(likely(wealth, 3.1, 0.5) + 0.01),
      onPayroll: payroll(roll, members, wealth),
      townHome: roll.chance(likely(wealth, 3.4, 0.5) + 0.005),
      landRight: roll.chance(likely(wealth, 3.7, 0.5) + 0.001),
      largeMachine: roll.chance(likely(wealth, 3.4, 0.5) + 0.001),
      away: roll.chance(rates.away * (poor ? 0.4 : 1.2)),
      refusesWork: roll.chance(wealth < -0.5 ? rates.refusesWork * 3 : rates.refusesWork * 0.3),
      shell: roll.chance(rates.shell),
      split: origin.splitFrom !== null || (members.length <= 3 && roll.chance(rates.split * (poor ? 0.5 : 1.2))),
    },
  }
  const bearer = bearerOf(members, cause)
  for (const member of members) liveAs(roll, household, member, member === bearer)
  const before = standing(roll, household)
  const land = farm(roll, household)
  const money = earn(roll, household, land)
  household.card = [fillCard(roll, household, before, money, place.hamletSize), dwell(roll, household), land, money]
  return household
}

function payroll(roll: Dice, members: Person[], wealth: number): number[] {
  if (!roll.chance(likely(wealth, 3.2, 0.55) + 0.003)) return []
  const grown = members.filter((member) => member.age >= 24 && member.age < 80)
  return grown.length > 0 ? [roll.pick(grown).no] : []
}

const causes = Object.entries(targets.causes.value)
const multiples: Record<string, number> = targets.causes.multiples

/**
 * The main cause by the published shares among those that this family can have: a pupil for schooling, few hands for labour. The multiples
 * make up for the families that cannot have a cause, so that the shares come out as published (fitted on 400,000 families).
 */
function causeFor(roll: Dice, members: Person[]): string {
  return causes[roll.draw(running(causeWeights(members)))][0]
}

/** Weight of each cause for a family, in the order of the targets. */
export function causeWeights(members: Kin[]): number[] {
  const hands = members.filter((member) => member.age >= 16 && member.age < 60).length
  const pupils = members.some((member) => member.age >= 12 && member.age < 23)
  return causes.map(([cause, share]) => {
    const weight = share * (multiples[cause] ?? 1)
    if (cause === 'schooling') return pupils ? weight : 0
    if (cause === 'labour') return hands <= 1 ? weight : hands === 2 ? weight * 0.085 : 0
    return hands === 0 && (cause === 'funds' || cause === 'technique' || cause === 'land') ? weight * 0.33 : weight
  })
}

/** Who in the family bears the cause: the ill or disabled one, the pupil whose schooling costs. */
function bearerOf(members: Person[], cause: string | null): Person | undefined {
  if (cause === 'schooling')
    return members.find((member) => member.age >= 15 && member.age < 23) ?? members.find((member) => member.age >= 12 && member.age < 23)
  if (cause === 'illness' || cause === 'disability') return members.find((member) => member.age >= 30) ?? members[0]
  return undefined
}
