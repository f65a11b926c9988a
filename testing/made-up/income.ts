import { clamp, type Facts, type Household, likely } from './facts.ts'
import { sumOf } from './land.ts'
import type { Dice } from './random.ts'

/**
 * 三算 (A50-A53, spending, debt): whole yuan of the year 2014. Net income per head follows wealth (about 2,800 at the edge of poverty,
 * 8,500 in the mean of the countryside); wages and transfers come from the members, the rest is split over what the family grows. The sum
 * on the card is exactly the parts less the costs.
 */
export function earn(dice: Dice, household: Household, farm: Facts): Facts {
  const { wealth, members, cause } = household
  const persons = members.length
  const near = 1 + (household.plan.wages - 1) * likely(wealth, -0.3, 0.3)
  const perHead = near * Math.exp(7.91 + 0.7 * (wealth + 0.9) + 0.2 * dice.normal())
  const aim = perHead * persons
  const months = members.reduce((sum, member) => sum + Number(member.facts.work_months), 0)
  const wages = Math.round(Math.min(0.74 * aim, months * 640 * Math.exp(0.22 * wealth + 0.15 * dice.normal())) / 10) * 10
  const pensions = members.filter((member) => member.facts.pension_paid).length * 1080
  const onAllowance = members.filter((member) => member.facts.dibao).length
  const dibao = onAllowance * dice.between(100, 170) * 12
  const wubao = members.some((member) => member.facts.wubao)
  const grain = Math.round(sumOf(farm, 'paddy_area', 'dry_area') * 68)
  const restored = Math.round(Number(farm.restored_forest_area) * 125)
  const remit = months > 0 && dice.chance(0.25) ? Math.round((0.08 * aim) / 100) * 100 : 0
  const transfers = pensions + dibao + grain + restored + remit + (wubao ? 3000 : 0)
  const net = Math.max(0.12 * aim, aim - wages - transfers)
  const gross = net * 1.32
  const weights = [
    1.6 * Number(farm.paddy_area),
    1.1 * Number(farm.dry_area),
    dice.chance(0.4) ? 0.6 : 0,
    1.4 * sumOf(farm, 'longan_area', 'citrus_area', 'mango_area', 'banana_area', 'grape_area', 'other_orchard_area'),
    1.5 * Number(farm.sugarcane_area),
    0.15,
    dice.chance(0.15) ? 0.3 * sumOf(farm, 'pine_area', 'fir_area', 'eucalyptus_area') : 0,
    0.35 * sumOf(farm, 'anise_area', 'tea_oil_area'),
    0.05 * Number(farm.other_forest_area),
    0.9 * sumOf(farm, 'cattle', 'horses') + 0.3 * Number(farm.sheep),
    0.5 * Number(farm.pigs),
    0.03 * sumOf(farm, 'chickens', 'ducks', 'geese', 'other_poultry'),
    1.8 * Number(farm.mulberry_area),
    2 * Number(farm.fish_pond_area),
    household.truth.company ? 14 : dice.chance(0.06) ? 3 : 0,
  ]
  const total = weights.reduce((a, b) => a + b, 0)
  const tens = (value: number) => Math.round(value / 10) * 10
  const business = weights.map((weight) => tens((gross * weight) / total))
  const costs = [0.42, 0.13, 0.17, 0.16, 0.12].map((part) => tens((gross - net) * part))
  const rent = Math.round(Number(farm.leased_out_area) * 350)
  const property = dice.chance(0.02) ? dice.between(2, 30) * 100 : 0
  const planning = dice.chance(0.04) ? 960 : 0
  const seeds = Math.round(sumOf(farm, 'paddy_area', 'dry_area') * 12)
  const inputs = Math.round(Number(farm.paddy_area) * 30)
  const support = wubao ? 3000 : 0
  const sum = (parts: number[]) => parts.reduce((a, b) => a + b, 0)
  const other = sum([rent, property, planning, pensions, dibao, remit, restored, grain, seeds, inputs, support])
  const income = wages + sum(business) + other - sum(costs)
  const ill = members.filter((member) => member.facts.health === 'serious').length
  const chronic = members.filter((member) => member.facts.health === 'chronic').length
  const students = members.filter((member) =>
    ['senior', 'vocational', 'higher_vocational', 'college'].includes(String(member.facts.school_status)),
  )
  const spending = Math.round((persons * clamp(2100 + 0.42 * perHead + 250 * dice.normal(), 1300, 30000)) / 100) * 100
  const schooling =
    Math.round(students.reduce((cost, one) => cost + (one.age >= 18 ? 11000 : 4200), 0) * (0.8 + 0.4 * dice.next()) * 0.01) * 100
  const medical =
    Math.round((persons * 90 + chronic * 1900 * Math.exp(0.5 * dice.normal()) + ill * 12500 * Math.exp(0.6 * dice.normal())) / 10) * 10
  const strained = cause === 'funds' || cause === 'illness' || cause === 'schooling' || income < spending
  return {
    wage_income: wages,
    rice_income: business[0],
    maize_income: business[1],
    vegetable_income: business[2],
    fruit_income: business[3],
    sugarcane_income: business[4],
    other_crop_income: business[5],
    timber_income: business[6],
    anise_income: business[7],
    other_forest_income: business[8],
    cattle_income: business[9],
    pig_income: business[10],
    other_stock_income: 0,
    poultry_income: business[11],
    silk_income: business[12],
    fishery_income: business[13],
    other_business_income: business[14],
    land_rent_income: rent,
    other_property_income: property,
    family_planning_income: planning,
    pension_income: pensions,
    border_income: 0,
    dibao_income: dibao,
    remittance_income: remit,
    restored_forest_subsidy: restored,
    grain_subsidy: grain,
    seed_subsidy: seeds,
    input_subsidy: inputs,
    machine_subsidy: 0,
    other_transfer_income: support,
    fertiliser_cost: costs[0],
    pesticide_cost: costs[1],
    seed_cost: costs[2],
    hire_cost: costs[3],
    other_cost: costs[4],
    income,
    income_per_head: Math.round((income * 100) / persons) / 100,
    dibao_c_income: 0,
    oneoff_aid: 0,
    living_spending: spending,
    education_spending: schooling,
    med_oop_12m: medical,
    bank_debt: dice.chance(strained ? 0.4 : 0.16) ? dice.between(3, strained ? 40 : 60) * 1000 : 0,
    private_debt: dice.chance(strained ? 0.45 : 0.12) ? dice.between(2, 30) * 1000 : 0,
    savings: dice.chance(clamp(0.18 + 0.22 * wealth, 0.02, 0.9))
      ? Math.round(Math.exp(8.3 + 0.7 * wealth + 0.6 * dice.normal()) / 100) * 100
      : 0,
    disaster_loss: cause === 'disaster' || dice.chance(0.02) ? dice.between(5, 120) * 100 : 0,
    income_steady: wages > 6000 || wealth > -0.3,
    work_main_income: wages + sum(business) > other,
    premises_income: household.truth.landRight,
    self_employed: household.truth.company,
  }
}
