import { type Facts, type Household, likely, type Person, sheetOf } from './facts.ts'
import { creditCode } from './id-number.ts'
import { givenName, surname } from './names.ts'
import { birthDay, type IdOffice } from './people.ts'
import type { Dice } from './random.ts'

/** One row of a department's file before errors; `household` is null for townspeople whom no survey visited. */
export interface DepartmentRecord {
  list: string
  idNumber: string
  name: string
  facts: Facts
  household: string | null
  memberNo: number | null
}

/** What the departments hold about one household: from what is true of it, and beside it harmless rows that no veto may take up. */
export function recordsOf(dice: Dice, household: Household, dead: Set<Person>): DepartmentRecord[] {
  const { truth, wealth } = household
  const said = (field: string) => sheetOf(household.card, field)?.[field]
  const records: DepartmentRecord[] = []
  const grown = household.members.filter((member) => member.age >= 20 && member.age < 66)
  const owner = grown.find((member) => member.male) ?? grown[0] ?? household.members[0]
  const anyone = () => (grown.length > 0 ? dice.pick(grown) : owner)
  const tell = (list: string, person: Person, row: Facts) =>
    records.push({ list, idNumber: person.idNumber, name: person.name, facts: row, household: household.id, memberNo: person.no })
  const since = (from: number, to: number) => dice.between(from, to) * 10000 + dice.between(1, 12) * 100 + dice.between(1, 28)

  for (const person of household.members) {
    const split = truth.split && person === household.members[0]
    const elsewhere = truth.shell && dice.chance(0.2)
    const kind = dead.has(person) ? 'dead' : split ? 'split' : elsewhere ? 'registered_elsewhere' : 'resident'
    tell('residence', person, { kind, since: kind === 'resident' ? null : kind === 'split' ? since(2014, 2014) : since(2012, 2014) })
  }
  if (truth.car) {
    const cheap = dice.chance(0.14)
    const value = cheap ? dice.between(6, 28) * 1000 : Math.round(dice.between(32, 60) * Math.exp(0.25 * Math.max(0, wealth))) * 1000
    const kind = dice.pick(['car', 'car', 'car', 'van', 'van', 'truck', 'off_road'])
    tell('vehicles', owner, { kind, value, working: dice.chance(0.96), registered_on: since(2004, 2014), plate: plate(dice) })
  }
  for (let i = 0; i < Number(said('motorcycles')); i++)
    if (dice.chance(0.55))
      tell('vehicles', anyone(), {
        kind: 'motorcycle',
        value: dice.between(8, 70) * 100,
        working: true,
        registered_on: since(2003, 2014),
        plate: plate(dice),
      })
  if (truth.company) business(dice, owner, tell, since, wealth)
  else if (said('cooperative') && dice.chance(0.6))
    tell('companies', owner, {
      ...firm(dice, '农民专业合作社'),
      role: 'cooperative_member',
      status: 'active',
      registered_on: since(2008, 2014),
      cancelled_on: null,
      capital: 0,
    })
  else if (dice.chance(0.004))
    tell('companies', owner, {
      ...firm(dice, '日杂店'),
      role: 'individual_business',
      status: 'cancelled',
      registered_on: since(2003, 2009),
      cancelled_on: since(2011, 2014),
      capital: 10000,
    })
  publicMoney(dice, household, tell, since, anyone)
  if (truth.townHome)
    tell('properties', owner, {
      kind: dice.chance(0.75) ? 'commercial_housing' : 'self_built_town',
      area: dice.between(6800, 16000) / 100,
      place_kind: dice.pick(['county_seat', 'county_seat', 'town', 'city']),
      registered_on: since(2006, 2014),
      address: '县城某小区',
    })
  else if (dice.chance(0.02))
    tell('properties', owner, {
      kind: 'village_house',
      area: dice.between(6000, 20000) / 100,
      place_kind: 'village',
      registered_on: since(2008, 2014),
      address: String(said('address')),
    })
  if (truth.landRight)
    tell('land_rights', owner, {
      kind: 'town_building_land',
      area: dice.between(7000, 20000) / 100,
      registered_on: since(2005, 2014),
      address: '县城规划区',
    })
  else if (dice.chance(0.12))
    tell('land_rights', owner, {
      kind: dice.pick(['farm_homestead', 'farm_homestead', 'forest']),
      area: dice.between(6000, 18000) / 100,
      registered_on: since(2009, 2014),
      address: String(said('address')),
    })
  if (truth.largeMachine)
    tell('machines', owner, {
      kind: dice.pick(['tractor', 'harvester']),
      value: dice.between(31, 120) * 1000,
      working: dice.chance(0.95),
      registered_on: since(2006, 2014),
    })
  else if (Number(said('tillers')) > 0 && dice.chance(0.6))
    tell('machines', owner, {
      kind: dice.pick(['tiller', 'walking_tractor']),
      value: dice.between(18, 60) * 100,
      working: true,
      registered_on: since(2006, 2014),
    })
  return records
}

type Tell = (list: string, person: Person, row: Facts) => void
type Since = (from: number, to: number) => number

function business(dice: Dice, owner: Person, tell: Tell, since: Since, wealth: number): void {
  const small = dice.chance(0.7)
  const own = firm(
    dice,
    small ? dice.pick(['小卖部', '饭店', '农资店', '修理店', '早餐店']) : dice.pick(['种养有限公司', '建材有限公司', '运输有限公司']),
  )
  const role = small ? 'individual_business' : dice.pick(['legal_person', 'legal_person', 'shareholder'])
  tell('companies', owner, {
    ...own,
    role,
    status: 'active',
    registered_on: since(2005, 2014),
    cancelled_on: null,
    capital: small ? dice.between(1, 8) * 10000 : dice.between(10, 300) * 10000,
  })
  if (dice.chance(0.55 * likely(wealth, 0, 1) + 0.25))
    tell('tax_records', owner, {
      kind: small ? 'individual_business' : 'enterprise',
      year: 2014,
      yearly_amount: dice.between(6, small ? 90 : 900) * 100,
      taxpayer: own.business_name,
    })
}

function publicMoney(dice: Dice, { members, truth }: Household, tell: Tell, since: Since, anyone: () => Person): void {
  for (const no of truth.onPayroll) {
    const person = members[no - 1]
    const retired = person.age >= 60
    const kind = retired ? 'retired' : dice.pick(['public_institution', 'public_institution', 'civil_servant', 'state_firm'])
    const unit = dice.pick(['某镇中心小学', '某镇人民政府', '某镇卫生院', '县某局'])
    const from = since(Math.max(1975, 2014 - Math.max(1, person.age - 24)), 2013)
    tell('posts', person, { kind, since: from, unit })
    if (kind !== 'state_firm')
      tell('payroll', person, { kind: retired ? 'retirement' : 'salary', monthly_amount: dice.between(22, 42) * 100, since: from, unit })
    if (dice.chance(0.3))
      tell('tax_records', person, { kind: 'wage', year: 2014, yearly_amount: dice.between(1, 12) * 100, taxpayer: person.name })
  }
  if (truth.onPayroll.length === 0 && dice.chance(0.012)) {
    const person = anyone()
    tell('posts', person, { kind: 'village_cadre', since: since(2008, 2014), unit: '某村村民委员会' })
    tell('payroll', person, {
      kind: 'village_cadre',
      monthly_amount: dice.between(8, 16) * 100,
      since: since(2008, 2014),
      unit: '某镇人民政府',
    })
  }
  if (dice.chance(0.06))
    tell('payroll', anyone(), { kind: 'benefit', monthly_amount: dice.between(2, 15) * 10, since: since(2006, 2014), unit: '某镇财政所' })
  if (dice.chance(0.008))
    tell('tax_records', anyone(), { kind: 'one_off_invoice', year: 2014, yearly_amount: dice.between(1, 8) * 10, taxpayer: '代开发票' })
}

/** The like row of somebody in the town, so that a department's file is not just the surveyed. */
export function townsperson(dice: Dice, office: IdOffice, like: DepartmentRecord): DepartmentRecord {
  const male = dice.chance(0.6)
  const age = dice.between(22, 64)
  const name = surname(dice, dice.chance(0.5) ? '01' : '08') + givenName(dice, male, 2015 - age)
  const { facts } = like
  const own: Facts = { ...facts }
  if (facts.plate) own.plate = plate(dice)
  if (facts.credit_code) Object.assign(own, firm(dice, '商行'))
  if (facts.taxpayer) own.taxpayer = `${name}商行`
  if (facts.area) own.area = Math.round(Number(facts.area) * (80 + dice.between(0, 60))) / 100
  if (facts.value) own.value = Math.round((Number(facts.value) * dice.between(60, 170)) / 10000) * 100
  return {
    list: like.list,
    facts: own,
    idNumber: office.native(dice, birthDay(dice, age), male, true),
    name,
    household: null,
    memberNo: null,
  }
}

const plate = (dice: Dice): string => `桂P${dice.pick(['A', 'B', 'C', 'D', 'E'])}${String(dice.between(0, 9999)).padStart(4, '0')}`

function firm(dice: Dice, kind: string): { business_name: string; credit_code: string } {
  const first17 = `924506${dice.between(10, 99)}MA5${dice.pick(['K', 'L', 'M', 'N'])}${String(dice.between(0, 99999)).padStart(5, '0')}`
  return {
    business_name: `示例${dice.pick(['兴', '旺', '发', '顺', '和', '隆', '丰', '茂'])}${dice.pick(['达', '源', '泰', '盛', '盈', '昌'])}${kind}`,
    credit_code: creditCode(first17),
  }
}
