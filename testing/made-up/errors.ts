import type { DepartmentRecord } from './department-records.ts'
import { type Cell, type Facts, type Household, type Person, sheetOf } from './facts.ts'
import { checkCharacter, civil, dayNumber, oldForm } from './id-number.ts'
import { liveAs } from './member-life.ts'
import { miswrite } from './names.ts'
import { type Dice, dice } from './random.ts'
import type { Rates } from './rates.ts'

/** One thing planted: what stands in the files, and what should stand there. */
export interface Planted {
  kind: string
  file: string
  household: string
  memberNo: number | null
  column: string
  truth: Cell
  written: Cell
}

/** A cell that must be written as it is, past the dictionary's formats. */
export const raw = (text: string): string => `\u0001${text}`

/** Rows as they go to the survey's files; a household can stand there twice. */
export interface SurveyRows {
  households: { id: string; card: Facts[] }[]
  members: { household: string; no: number; facts: Facts }[]
}

/** What went wrong in the field and at the desk in one village. Changes the cards in place and tells what it did. */
export class Mishaps {
  /** Of the household at hand. */
  planted: Planted[] = []
  private before: Household | undefined
  readonly dead = new Set<Person>()
  private readonly roll: Dice
  private readonly care = new Map<number, boolean>()
  private openRate = 0
  /** Households of the village visited twice so far. */
  private twice = 0

  constructor(
    seed: number,
    village: string,
    private readonly rates: Rates,
    private readonly asked: { household: string[]; member: string[] },
  ) {
    this.roll = dice(`${seed}/mishaps/${village}`)
  }

  /** Starts with a household: who of it is dead though on the card. */
  begin(household: Household): void {
    this.planted = []
    this.dead.clear()
    for (const person of household.members) {
      if (person.age < 60 || household.members.length === 1 || !this.roll.chance(this.rates.dead)) continue
      this.dead.add(person)
      this.note('dead_on_card', 'members', household, person.no, 'name', 'dead', person.name)
    }
  }

  /** Plants the survey's errors in one household's card and gives its rows. */
  survey(household: Household): SurveyRows {
    const { before, rates } = this
    this.startVisit(household.surveyor)
    for (const person of household.members) this.person(household, person)
    this.household(household)
    const rows: SurveyRows = {
      households: [{ id: household.id, card: household.card }],
      members: household.members.map((person) => ({ household: household.id, no: person.no, facts: person.facts })),
    }
    if (this.roll.chance(rates.duplicateHousehold)) {
      const [first, ...rest] = household.card
      rows.households.push({ id: household.id, card: [{ ...first, phone: null }, ...rest] })
      this.note('duplicate_household', 'households', household, null, 'household_id', null, household.id)
    }
    if (before && this.roll.chance(rates.inTwoHouseholds)) this.alsoIn(before, household, rows)
    this.elsewhere(household, rows)
    if (this.roll.chance(rates.householdTwice)) this.again(household, rows)
    this.before = household
    return rows
  }

  /** A department's clerk types too: name or number of a row may be wrong. */
  department(record: DepartmentRecord): DepartmentRecord {
    const { roll, rates } = this
    const at = roll.next()
    if (at < rates.nameInDepartment) {
      const wrong = miswrite(roll, record.name)
      return wrong ? this.typed(record, `name_${wrong.how}`, { name: wrong.name }) : record
    }
    if (at < rates.nameInDepartment + rates.oldFormInDepartment)
      return Number(record.idNumber.slice(6, 10)) < 1999
        ? this.typed(record, 'id_old_form', { idNumber: oldForm(record.idNumber) })
        : record
    if (at < rates.nameInDepartment + rates.oldFormInDepartment + rates.wrongInDepartment)
      return this.typed(record, 'id_check_digit', { idNumber: wrongCheck(roll, record.idNumber) })
    return roll.chance(rates.cutInDepartment) ? this.typed(record, 'id_cut', { idNumber: cut(record.idNumber) }) : record
  }

  private typed(record: DepartmentRecord, kind: string, change: { name?: string; idNumber?: string }): DepartmentRecord {
    if (record.household) {
      const [column, truth] = change.name ? ['name', record.name] : ['id_number', record.idNumber]
      this.planted.push({
        kind,
        file: record.list,
        household: record.household,
        memberNo: record.memberNo,
        column,
        truth,
        written: change.name ?? change.idNumber ?? null,
      })
    }
    return { ...record, ...change }
  }

  private person(household: Household, person: Person): void {
    const { roll, rates } = this
    const number = this.number(person)
    if (number) this.change(number.kind, 'members', household, person, 'id_number', number.written)
    if (roll.chance(rates.birthDiffers)) {
      const wrong = civil(
        dayNumber(Math.floor(person.birth / 10000), Math.floor(person.birth / 100) % 100, person.birth % 100) +
          roll.pick([-365, -31, 9, 30, 365, 3653]),
      )
      if (wrong < 20151016) this.change('birth_differs', 'members', household, person, 'birth', wrong)
    }
    if (roll.chance(rates.nameOnCard)) {
      const wrong = miswrite(roll, person.name)
      if (wrong) this.change(`name_${wrong.how}`, 'members', household, person, 'name', wrong.name)
    }
    this.leaveOpen(household, person.no, [person.facts], this.asked.member)
  }

  private number(person: Person): { kind: string; written: Cell } | undefined {
    const { rates } = this
    let at = this.roll.next()
    const drawn = (rate: number) => {
      at -= rate
      return at < 0
    }
    if (drawn(rates.wrongCheckDigit)) return { kind: 'id_check_digit', written: wrongCheck(this.roll, person.idNumber) }
    if (drawn(rates.swappedDigits)) {
      const swapped = swap(this.roll, person.idNumber)
      return swapped ? { kind: 'id_swapped_digits', written: swapped } : undefined
    }
    if (drawn(rates.oldForm)) return person.birth < 19990000 ? { kind: 'id_old_form', written: oldForm(person.idNumber) } : undefined
    if (drawn(rates.cutBySpreadsheet)) return { kind: 'id_cut', written: cut(person.idNumber) }
    return drawn(rates.noNumber) ? { kind: 'id_left_out', written: null } : undefined
  }

  private household(household: Household): void {
    const { roll, rates } = this
    if (roll.chance(rates.twoHeads)) {
      const second = household.members.find((member) => member.no > 1 && member.age >= 20)
      if (second) this.change('two_heads', 'members', household, second, 'relation', '01')
    }
    if (roll.chance(rates.negativeArea)) {
      const field = roll.pick(['paddy_area', 'dry_area', 'house_area'])
      const sheet = sheetOf(household.card, field) ?? {}
      const value = Number(sheet[field])
      if (value > 0) {
        this.note('negative_area', 'households', household, null, field, value, -value)
        sheet[field] = -value
      }
    }
    this.leaveOpen(household, null, household.card, this.asked.household)
  }

  /** Answers not given: jumps from gap to gap (geometric distribution). */
  private leaveOpen(household: Household, memberNo: number | null, card: Facts[], fields: string[]): void {
    const rate = this.openRate
    if (rate <= 0) return
    const jump = () => 1 + Math.floor(Math.log(1 - this.roll.next()) / Math.log(1 - rate))
    for (let at = jump() - 1; at < fields.length; at += jump()) {
      const column = fields[at]
      const facts = memberNo === null ? sheetOf(card, column) : card[0]
      const truth = facts?.[column]
      if (!facts || truth === null || truth === undefined || (typeof truth === 'string' && truth.startsWith('\u0001'))) continue
      const words = this.roll.chance(this.rates.missingInWords) ? this.roll.pick(['未填', '未填', '看不清', '拒答']) : null
      facts[column] = words === null ? null : raw(words)
      this.note('missing_answer', memberNo === null ? 'households' : 'members', household, memberNo, column, truth, words)
    }
  }

  /**
   * Gaps cluster: one surveyor in ten brings home three visits of ten half filled, the others six of a thousand; on such a card two answers
   * of five are open, elsewhere one of a thousand. Together that is the mean rate asked for.
   */
  private startVisit(surveyor: number): void {
    let careless = this.care.get(surveyor)
    if (careless === undefined) {
      careless = this.roll.chance(0.1)
      this.care.set(surveyor, careless)
    }
    const scale = this.rates.missing / 0.0152
    const half = this.roll.chance(Math.min(1, (careless ? 0.3 : 0.006) * scale))
    this.openRate = half ? 0.4 : 0.001 * scale
  }

  private alsoIn(from: Household, to: Household, rows: SurveyRows): void {
    const person = from.members.find((member) => member.no > 1 && typeof member.facts.id_number === 'string') ?? from.members[0]
    const no = to.members.length + 1
    rows.members.push({ household: to.id, no, facts: { ...person.facts, relation: '99' } })
    this.note('in_two_households', 'members', to, no, 'id_number', from.id, person.facts.id_number)
  }

  /** Split in order to be listed, or in another county too: one of it, who is written down here as well, or all of it. */
  private elsewhere(household: Household, rows: SurveyRows): void {
    const { splitFrom, shared } = household
    if (splitFrom) this.note('split_household', 'households', household, null, 'household_id', splitFrom, household.id)
    if (!shared) return
    const [first] = shared.people
    if (shared.kind === 'household') {
      this.note('household_in_two_counties', 'members', household, first.no, 'id_number', shared.other, first.idNumber)
      return
    }
    const no = household.members.length + 1
    liveAs(this.roll, household, first, false)
    rows.members.push({ household: household.id, no, facts: { ...first.facts, relation: '99' } })
    this.note('in_two_counties', 'members', household, no, 'id_number', shared.other, first.idNumber)
  }

  /** The same family under a second number: another surveyor came by the other door. */
  private again(household: Household, rows: SurveyRows): void {
    this.twice++
    const id = `${household.plan.village.code}-${String(household.plan.households + this.twice).padStart(4, '0')}`
    const [head, ...rest] = household.card
    rows.households.push({ id, card: [{ ...head, phone: null, house_number: null }, ...rest] })
    for (const person of household.members) rows.members.push({ household: id, no: person.no, facts: person.facts })
    this.planted.push({
      kind: 'household_twice',
      file: 'households',
      household: id,
      memberNo: null,
      column: 'household_id',
      truth: household.id,
      written: id,
    })
  }

  private change(kind: string, file: string, household: Household, person: Person, column: string, written: Cell): void {
    this.note(kind, file, household, person.no, column, person.facts[column], written)
    person.facts[column] = written
  }

  private note(
    kind: string,
    file: string,
    household: Household,
    memberNo: number | null,
    column: string,
    truth: Cell,
    written: Cell,
  ): void {
    this.planted.push({ kind, file, household: household.id, memberNo, column, truth, written })
  }
}

/** What a spreadsheet makes of a number of 18 digits: it keeps fifteen. */
const cut = (number: string): string => `${number.slice(0, 15)}000`

function wrongCheck(roll: Dice, number: string): string {
  const right = number[17]
  const other = roll.pick([...'0123456789'].filter((digit) => digit !== right))
  return number.slice(0, 17) + other
}

/** Two neighbouring digits exchanged, where that makes another number; the check character stays and no longer fits. */
function swap(roll: Dice, number: string): string | undefined {
  const at = roll.between(8, 15)
  if (number[at] === number[at + 1]) return undefined
  const swapped = number.slice(0, at) + number[at + 1] + number[at] + number.slice(at + 2)
  return checkCharacter(swapped.slice(0, 17)) === swapped[17] ? undefined : swapped
}
