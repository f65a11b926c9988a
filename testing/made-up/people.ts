import type { Divisions } from '@fupin/platform/regions/divisions.ts'
import type { CountyPlan, VillagePlan } from './county-plan.ts'
import type { Person } from './facts.ts'
import { drawFamily, type Kin } from './family.ts'
import { civil, dayNumber, idNumber } from './id-number.ts'
import { givenName, surname } from './names.ts'
import type { Dice } from './random.ts'

/** The day of the round: ages and states are as on 2015-10-16. */
export const ROUND = 20151016
export const ROUND_DAY = dayNumber(2015, 10, 16)
const FIRST_DAY = dayNumber(1900, 1, 1)
/** Serials of ID numbers: 0 and 1 are kept for people who stand in two counties, natives of the county are below this, townspeople of the departments' files up to the next, those who married in above. */
const NATIVES = 700
const TOWNSPEOPLE = 800
/** 平桂 was part of 八步 until 2016: its people bear numbers of 八步. */
export const SPLIT = { parent: '451102', child: '451103' }

/** Gives the ID numbers of one county so that none is given twice, in this county or by another. */
export class IdOffice {
  private readonly taken = new Uint32Array(Math.ceil(((ROUND_DAY - FIRST_DAY + 1) * 1000) / 32))
  private readonly foreign = new Set<string>()
  private readonly near: string[]
  private readonly codes = new Map<number, string>()

  constructor(
    private readonly divisions: Divisions,
    private readonly county: CountyPlan,
  ) {
    this.near = divisions.counties.filter((one) => one.parent === county.county.parent).map((one) => one.code)
  }

  /** A number of this county for someone born that day; `town` for people who stand in departments' files only. */
  native(dice: Dice, day: number, male: boolean, town = false): string {
    const [from, count] = town ? this.halved(NATIVES, TOWNSPEOPLE - NATIVES) : this.halved(2, NATIVES - 2)
    let serial = from + 2 * dice.between(0, count / 2 - 1) + (male ? 1 : 0)
    for (let tries = 0; this.isTaken(day, serial); tries++) {
      if (tries > count) throw new Error(`More people born on ${civil(day)} than there are numbers`)
      serial = from + ((serial - from + 2) % count)
    }
    this.take(day, serial)
    return idNumber(this.areaCode(this.county.county.code, day), civil(day), serial)
  }

  /** A number of another county for someone who married in. Their birthdays are the county's own share of days, so counties cannot clash. */
  marriedIn(dice: Dice, day: number, male: boolean): { number: string; day: number } {
    const counties = this.divisions.counties
    const own = day - ((((day - this.county.index) % counties.length) + counties.length) % counties.length)
    const home = dice.chance(0.6) ? dice.pick(this.near) : dice.pick(counties).code
    for (let serial = TOWNSPEOPLE + 2 * dice.between(0, 99) + (male ? 1 : 0), tries = 0; tries < 100; tries++) {
      const number = idNumber(this.areaCode(home, own), civil(own), serial)
      if (home !== this.county.county.code && !this.foreign.has(number)) {
        this.foreign.add(number)
        return { number, day: own }
      }
      serial = TOWNSPEOPLE + ((serial - TOWNSPEOPLE + 2) % 200)
    }
    return { number: this.native(dice, day, male), day }
  }

  /** The number of somebody who stands in two counties; whoever asks gives each of them a day of their own. */
  shared(home: string, day: number, male: boolean): string {
    return idNumber(this.areaCode(home, day), civil(day), male ? 1 : 0)
  }

  /** The code the county bore in the year of birth; a county newly made later stood under the one it was split from (平桂 under 八步). */
  private areaCode(county: string, day: number): string {
    const year = Math.floor(civil(day) / 10000)
    const key = Number(county) * 10000 + year
    let code = this.codes.get(key)
    if (code === undefined) {
      code = this.divisions.countyAt(county, year)?.code ?? SPLIT.parent
      this.codes.set(key, code)
    }
    return code
  }

  /** Two counties that had one code once share its serials, half each. */
  private halved(from: number, count: number): [number, number] {
    const { code } = this.county.county
    const half = Math.floor(count / 4) * 2
    return code === SPLIT.parent ? [from, half] : code === SPLIT.child ? [from + half, half] : [from, count]
  }

  private isTaken(day: number, serial: number): boolean {
    const bit = (day - FIRST_DAY) * 1000 + serial
    return (this.taken[bit >>> 5] & (1 << (bit & 31))) !== 0
  }

  private take(day: number, serial: number): void {
    const bit = (day - FIRST_DAY) * 1000 + serial
    this.taken[bit >>> 5] |= 1 << (bit & 31)
  }
}

/** Full years between a birth and the day of the round. */
export const ageAt = (birth: number): number => Math.floor((ROUND - birth) / 10000)

/** A day on which someone of that age was born. */
export const birthDay = (dice: Dice, age: number): number => ROUND_DAY - Math.floor(age * 365.2425) - dice.between(1, 364)

/** Draws the people of one household: family, names, ethnic groups, birthdays, ID numbers. Facts are filled by others. */
export function drawPeople(dice: Dice, office: IdOffice, plan: VillagePlan): Person[] {
  const ethnic = plan.ethnicCodes[dice.draw(plan.ethnicSums)]
  const family = surname(dice, ethnic)
  return drawFamily(dice).map((kin, i) => person(dice, office, plan, kin, i + 1, ethnic, family))
}

function person(dice: Dice, office: IdOffice, plan: VillagePlan, kin: Kin, no: number, ethnic: string, family: string): Person {
  const wanted = birthDay(dice, kin.age)
  const { number, day } =
    kin.marriedIn && dice.chance(0.22)
      ? office.marriedIn(dice, wanted, kin.male)
      : { number: office.native(dice, wanted, kin.male), day: wanted }
  const own = kin.marriedIn && dice.chance(0.18) ? plan.ethnicCodes[dice.draw(plan.ethnicSums)] : ethnic
  return personOf(dice, kin, no, number, day, own, kin.marriedIn ? surname(dice, own) : family)
}

/** A person with a number and a day of birth; draws the given name. */
export function personOf(dice: Dice, kin: Kin, no: number, idNumber: string, day: number, ethnic: string, family: string): Person {
  const birth = civil(day)
  const name = family + givenName(dice, kin.male, Math.floor(birth / 10000))
  const { male, relation, marriedIn } = kin
  return { male, age: ageAt(birth), relation, marriedIn, no, name, birth, idNumber, ethnic, facts: {} }
}

/** One family as two: the old, and their children with whom they live; undefined where there are not both. */
export function splitFamily(members: Person[]): [old: Person[], young: Person[]] | undefined {
  const above = members.filter((one) => one.relation === '11' || one.relation === '12')
  const sonFirst = members.some((one) => one.relation === '05') && members[0].age >= 60
  const old = above.length > 0 ? above : sonFirst ? members.filter((one) => one.relation === '01' || one.relation === '02') : []
  const young = members.filter((one) => !old.includes(one))
  const son = above.length > 0 ? young[0] : young.find((one) => one.relation === '03')
  if (old.length === 0 || young.length < 2 || !son) return undefined
  if (above.length === 0) {
    const below: Partial<Record<Person['relation'], Person['relation']>> = { '05': '02', '07': '03', '08': '04' }
    for (const one of young) one.relation = one === son ? '01' : (below[one.relation] ?? '99')
    young.sort((a, b) => Number(b === son) - Number(a === son))
  }
  old.forEach((one, i) => {
    one.relation = i === 0 ? '01' : '02'
  })
  for (const half of [old, young])
    half.forEach((one, i) => {
      one.no = i + 1
    })
  return [old, young]
}
