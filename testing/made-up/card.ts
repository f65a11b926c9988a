import { clamp, type Facts, type Household } from './facts.ts'
import { phone } from './member-life.ts'
import { givenName, surname } from './names.ts'
import type { Dice } from './random.ts'

/** What the household is before the round: class in the old register, in it or not, applied or not. */
export interface Standing {
  householdClass: string
  registered: boolean
  applied: boolean
}

/**
 * The register of 2014 hit three of four poor households and took in others too (the audit of Mashan); outside poor villages only the
 * registered and new applicants are visited. Also marks who draws the living allowance or is supported as destitute.
 */
export function standing(dice: Dice, household: Household): Standing {
  const { members, plan, truth, wealth } = household
  const able = members.filter((member) => ['ordinary', 'skilled'].includes(String(member.facts.labour))).length
  const wubao = members.length === 1 && members[0].age >= 60 && wealth < 0.3 && dice.chance(0.35)
  if (wubao) {
    members[0].facts.wubao = true
    return { householdClass: 'wubao', registered: false, applied: false }
  }
  const pull = plan.poorVillage ? 1 : 1.9
  const registered = dice.chance(truth.poor ? 0.76 : clamp(0.13 * pull * Math.exp(-1.1 * (wealth + 0.9)), 0.002, 0.6))
  const applied =
    !registered && (!plan.poorVillage ? dice.chance(0.985) : dice.chance(truth.poor ? 0.7 : clamp(0.1 * Math.exp(-(wealth + 0.9)), 0, 0.3)))
  const allowance = registered && dice.chance(able === 0 ? 0.8 : truth.poor ? 0.28 : 0.12)
  if (allowance) for (const member of members) member.facts.dibao = dice.chance(able === 0 ? 0.95 : 0.55)
  const householdClass = !registered ? 'none' : !allowance ? 'general' : able > 0 ? 'dibao_labour' : 'dibao'
  return { householdClass, registered, applied }
}

/** 表头与其余各栏: head of the card, marks, causes, needs, helper, vetoes asked on the visit. */
export function fillCard(
  dice: Dice,
  household: Household,
  { householdClass, registered, applied }: Standing,
  living: Facts,
  hamletSize: number,
): Facts {
  const { members, plan, truth, cause, wealth } = household
  const head = members[0]
  const village = plan.village.name.replace(/(村委会|村委委会|社区居委会|居委会|社区)$/, '')
  const children = members.filter((member) => ['03', '04'].includes(member.relation))
  const able = members.some((member) => ['ordinary', 'skilled'].includes(String(member.facts.labour)))
  const others = cause ? otherCauses(dice, cause) : []
  const away = truth.away || truth.shell
  const kept = registered && dice.chance(0.9)
  return {
    village_code: plan.village.code,
    hamlet: household.hamlet,
    address: `${plan.township.name}${village}村${household.hamlet}`,
    house_number: `${household.serial}号`,
    head_name: head.name,
    phone: dice.chance(0.85) ? phone(dice) : null,
    bank_name: registered ? '农村信用合作联社' : null,
    bank_holder: registered ? head.name : null,
    bank_account: registered ? `0000${String(dice.between(0, 99999999)).padStart(8, '0')}` : null,
    record_year: 2015,
    visited_on: 20151021 + dice.between(0, 10),
    village_is_poor_2014: plan.poorVillage,
    registered_2014: registered,
    applied_2015: applied,
    household_class: householdClass,
    left_behind: members.some((member) => member.age < 16) && members.some((member) => member.facts.work_place === 'outside'),
    main_cause: cause,
    other_cause_1: others[0] ?? null,
    other_cause_2: others[1] ?? null,
    military_family: dice.chance(0.012),
    one_child: children.length === 1 && dice.chance(0.08),
    two_daughters: children.length === 2 && children.every((child) => !child.male),
    in_register: registered,
    exited: false,
    exited_on: null,
    planned_exit_year: kept ? dice.between(2016, 2020) : null,
    reservoir_migrant: dice.chance(0.02),
    reservoir_name: null,
    relocated: false,
    resettlement: 'none',
    main_need: cause ? needOf(cause) : null,
    other_need_1: cause && dice.chance(0.5) ? 'products' : null,
    other_need_2: null,
    need_detail: null,
    need_present: null,
    need_difficulty: null,
    relocation_willing: wealth < -0.6 && plan.poorVillage ? dice.chance(0.3) : false,
    relocation_year: null,
    relocation_place: null,
    relocation_reason: 'none',
    hazard_site: dice.chance(0.012),
    surveyor: `填表${String(household.surveyor + 1).padStart(2, '0')}`,
    team_leader: `工作组${String(Math.floor(household.surveyor / 3) + 1).padStart(2, '0')}`,
    hamlet_households: hamletSize,
    helper_name: kept ? surname(dice, '01') + givenName(dice, true, 1975) : null,
    helper_sex: kept ? 'male' : null,
    helper_unit: kept ? dice.pick(['县农业局', '县教育局', '县水利局', '县财政局', '乡镇人民政府', '县林业局']) : null,
    helper_post: kept ? dice.pick(['科员', '副主任科员', '股长', '副局长']) : null,
    helper_unit_level: kept ? 'county' : null,
    help_content: null,
    help_effect: null,
    helper_phone: kept ? phone(dice) : null,
    away_months: away ? dice.between(37, 120) : dice.chance(0.03) ? dice.between(2, 20) : 0,
    anybody_returns: truth.away ? false : !truth.shell,
    refuses_work: truth.refusesWork,
    shell_household: truth.shell,
    split_to_be_listed: truth.split && dice.chance(0.5),
    has_labour: able,
    steady_source: able && (Number(living.wage_income) > 6000 || wealth > -0.4),
    filing_standard: 'national',
    production_means: wealth > -1.6,
    bad_habits: truth.refusesWork && dice.chance(0.8),
    no_worry_food: wealth > -2.3,
    dibao_class: members.some((member) => member.facts.dibao) ? (able ? dice.pick(['B', 'C', 'C']) : dice.pick(['A', 'B'])) : 'none',
  }
}

function otherCauses(dice: Dice, main: string): string[] {
  const count = dice.chance(0.235) ? 2 : dice.chance(0.4) ? 1 : 0
  const pool = ['funds', 'technique', 'illness', 'schooling', 'labour', 'transport'].filter((one) => one !== main)
  const found = new Set<string>()
  while (found.size < count) found.add(dice.pick(pool))
  return [...found]
}

const NEEDS: Record<string, string> = {
  illness: 'medical',
  disability: 'allowance',
  schooling: 'schooling',
  disaster: 'housing',
  land: 'work',
  water: 'water',
  technique: 'training',
  labour: 'allowance',
  funds: 'credit',
  transport: 'road',
  drive: 'training',
}
const needOf = (cause: string): string => NEEDS[cause] ?? 'other'
