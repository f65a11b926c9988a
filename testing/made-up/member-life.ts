import { clamp, type Facts, type Household, likely, type Person, shown } from './facts.ts'
import type { Dice } from './random.ts'

/** Schooling, health, labour and work of one member, by age, wealth and the household's cause of poverty. */
export function liveAs(dice: Dice, household: Household, person: Person, bearer: boolean): void {
  const { cause } = household
  const wealth = shown(household.wealth)
  const { age, male } = person
  const school = schoolStatus(dice, person, wealth, bearer && cause === 'schooling')
  const pupil = school !== 'none' && school !== 'preschool'
  const health = healthOf(dice, age, wealth, bearer ? cause : null)
  const certificate = health === 'disabled' && dice.chance(0.9)
  const grade = certificate ? dice.pick(['g1', 'g2', 'g2', 'g3', 'g3', 'g4']) : 'none'
  const labour = labourOf(dice, age, pupil, health, wealth)
  const able = labour === 'ordinary' || labour === 'skilled'
  const works = able && age <= 60 && dice.chance(clamp(0.48 + 0.1 * wealth - (age > 45 ? 0.2 : 0), 0.1, 0.85))
  const place = works ? dice.pick(['outside', 'outside', 'outside', 'province', 'province', 'county', 'county']) : 'none'
  const months = works ? clamp(Math.round(6.6 + 1.6 * wealth + 2.4 * dice.normal()), 1, 12) : 0
  const employed = works && dice.chance(likely(wealth, 2.2, 0.7))
  const insured = dice.chance(likely(wealth, -4.4, 0.9))
  const draws = age >= 60 && dice.chance(0.88)
  const facts: Facts = {
    name: person.name,
    sex: male ? 'male' : 'female',
    birth: person.birth,
    id_number: person.idNumber,
    phone: age >= 18 && age < 70 && dice.chance(0.6) ? phone(dice) : null,
    relation: person.relation,
    ethnic: person.ethnic,
    education: educationOf(dice, age, wealth, school),
    politics: age >= 18 && dice.chance(age > 40 ? 0.035 : 0.02) ? '01' : age >= 14 && age < 28 && dice.chance(0.3) ? '03' : '13',
    in_army: male && age >= 18 && age <= 24 && !pupil && dice.chance(0.012),
    school_status: school,
    in_school: pupil,
    excused: age >= 6 && age < 16 && health === 'disabled' && !pupil,
    refused_signed: age >= 12 && age < 16 && !pupil && dice.chance(0.1),
    health,
    disability_class: certificate
      ? dice.pick(['sight', 'hearing', 'speech', 'body', 'body', 'body', 'intellect', 'mind', 'multiple'])
      : 'none',
    disability_grade: grade,
    needs_care: (grade === 'g1' && dice.chance(0.7)) || (health === 'serious' && dice.chance(0.15)) || (age >= 80 && dice.chance(0.1)),
    labour,
    training_wish: able && age < 50 && dice.chance(0.25),
    trained: able && dice.chance(likely(wealth, 2, 0.9)),
    training_trade: null,
    work_place: place,
    employer: null,
    work_months: months,
    insured,
    commercial_insured: dice.chance(likely(wealth, 3, 0.7)),
    pension: age >= 16 && !pupil && dice.chance(likely(wealth, -1.6, 1.1)),
    employee_pension: employed,
    pension_paid: draws,
    dibao: false,
    wubao: false,
    school_name: pupil ? schoolName(household, school) : null,
    school_class: pupil ? `${classOf(age, school)}年级` : null,
    school_helper: null,
    school_helper_unit: null,
    school_helper_phone: null,
    school_aid: pupil && wealth < 0 && dice.chance(0.5),
    serious_insured: insured,
    commercial_equal: false,
    treated: health === 'healthy' ? null : dice.chance(0.9),
    medical_aid_due: health === 'serious' && household.truth.poor,
    medical_aid_received: health === 'serious' && household.truth.poor && dice.chance(0.6),
    education_aid_due: pupil && household.truth.poor,
    dropout_poverty: age >= 6 && age < 16 && !pupil && health === 'healthy' && household.truth.poor,
    dropout_visits: age >= 12 && age < 16 && !pupil ? dice.between(0, 3) : 0,
    boards: pupil && school !== 'primary' && dice.chance(0.7),
  }
  person.facts = facts
}

/** A number in a range that no operator gives out (19 followed by 000 stands for invented). */
export const phone = (dice: Dice): string => `19000${String(dice.between(0, 999999)).padStart(6, '0')}`

function schoolStatus(dice: Dice, { age }: Person, wealth: number, needed: boolean): string {
  if (age < 3) return 'none'
  if (age < 6) return dice.chance(likely(wealth, -0.6, 0.9)) ? 'preschool' : 'none'
  if (age < 12) return dice.chance(0.997) ? 'primary' : 'none'
  if (age < 15) return needed || dice.chance(likely(wealth, -4.2, 0.9)) ? 'junior' : 'none'
  if (age < 18)
    return needed || dice.chance(likely(wealth, -1.6, 0.9)) ? (dice.chance(likely(wealth, -0.2, 1)) ? 'senior' : 'vocational') : 'none'
  if (age < 23) return needed || dice.chance(likely(wealth, 0.9, 0.9)) ? (dice.chance(0.5) ? 'college' : 'higher_vocational') : 'none'
  return 'none'
}

function educationOf(dice: Dice, age: number, wealth: number, school: string): string {
  if (age < 6) return 'preschool'
  if (school === 'primary') return 'primary'
  if (school === 'junior') return 'junior'
  if (school === 'senior' || school === 'vocational') return 'senior'
  if (school === 'college' || school === 'higher_vocational') return 'college'
  const level = wealth * 0.7 + dice.normal() + (age >= 60 ? -1.9 : age >= 45 ? -0.7 : age >= 30 ? 0 : 0.5)
  if (level < -1.75) return 'illiterate'
  if (level < -0.35) return 'primary'
  if (level < 1.35) return 'junior'
  return level < 2 ? 'senior' : 'college'
}

function healthOf(dice: Dice, age: number, wealth: number, cause: string | null): string {
  if (cause === 'illness') return dice.chance(0.45) ? 'serious' : 'chronic'
  if (cause === 'disability') return 'disabled'
  const burden = Math.exp(-0.28 * wealth)
  const [chronic, serious, disabled] = age >= 60 ? [0.22, 0.025, 0.05] : age >= 40 ? [0.065, 0.01, 0.022] : [0.012, 0.003, 0.01]
  const at = dice.next() / burden
  if (at < serious) return 'serious'
  if (at < serious + disabled) return 'disabled'
  return at < serious + disabled + chronic ? 'chronic' : 'healthy'
}

function labourOf(dice: Dice, age: number, pupil: boolean, health: string, wealth: number): string {
  if (age < 16 || pupil || age >= 75) return 'none'
  if (health === 'serious') return dice.chance(0.6) ? 'lost' : 'weak'
  if (health === 'disabled') return dice.pick(['lost', 'weak', 'weak', 'ordinary'])
  if (health === 'chronic') return dice.chance(0.5) ? 'weak' : 'ordinary'
  if (age >= 60) return age < 66 && dice.chance(0.5) ? 'ordinary' : dice.chance(0.6) ? 'weak' : 'none'
  return dice.chance(likely(wealth, 2.3, 0.8)) ? 'skilled' : 'ordinary'
}

const classOf = (age: number, school: string): string => {
  if (school === 'primary') return '一二三四五六'[clamp(age - 6, 0, 5)]
  if (school === 'junior') return '七八九'[clamp(age - 12, 0, 2)]
  return '一二三'[clamp(age - (age < 18 ? 15 : 18), 0, 2)]
}

function schoolName({ plan }: Household, school: string): string {
  const village = plan.village.name.replace(/(村委会|村委委会|社区居委会|居委会|社区)$/, '')
  const county = plan.township.name.replace(/(镇|乡|街道)$/, '')
  if (school === 'primary') return `${village}小学`
  if (school === 'junior') return `${county}初级中学`
  return school === 'senior' ? '县高级中学' : school === 'vocational' ? '县职业技术学校' : '区内高校'
}
