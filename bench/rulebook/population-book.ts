import type { Book } from '@fupin/rulebook/engine/book.ts'
import { Compiler } from '@fupin/rulebook/engine/compile/compiler.ts'
import { Findings } from '@fupin/rulebook/engine/finding.ts'
import type { Node } from '@fupin/rulebook/engine/ir.ts'
import { lowered, tinyBook } from '@fupin/rulebook/engine/testing/tiny-book.ts'

/** The day of all ages: yyyymmdd. */
export const day = 20171110

/** A field of the made-up population: how its value comes out of a 32-bit number, and how often (per mille) it is missing where gaps are wanted. */
export interface MadeField {
  name: string
  type: string
  /** The value is `low + x % span`; for dates, year and month and day of it. */
  low: number
  span: number
  gap: number
}

const enums = `enums:
  structure: {label: {zh: 结构, en: structure}, values: {none: {zh: 无, en: none}, earth: {zh: 土, en: earth}, timber: {zh: 木, en: timber}, brick_timber: {zh: 砖木, en: brick and timber}, brick_concrete: {zh: 砖混, en: brick and concrete}, steel: {zh: 钢混, en: steel}}}
  grade: {label: {zh: 等级, en: grade}, values: {A: {zh: 甲, en: A}, B: {zh: 乙, en: B}, C: {zh: 丙, en: C}, D: {zh: 丁, en: D}}}
  health: {label: {zh: 健康, en: health}, values: {healthy: {zh: 健康, en: healthy}, chronic: {zh: 慢病, en: chronic}, serious: {zh: 大病, en: serious}, disabled: {zh: 残疾, en: disabled}}}
  labour: {label: {zh: 劳力, en: labour}, values: {ordinary: {zh: 普通, en: ordinary}, skilled: {zh: 技能, en: skilled}, lost: {zh: 丧失, en: lost}, none: {zh: 无, en: none}}}
  relation: {label: {zh: 关系, en: relation}, values: {head: {zh: 户主, en: head}, spouse: {zh: 配偶, en: spouse}, child: {zh: 子女, en: child}, parent: {zh: 父母, en: parent}, other: {zh: 其他, en: other}}}
`

const field = (name: string, type: string, low: number, span: number, gap: number): MadeField => ({ name, type, low, span, gap })

export const householdFields: MadeField[] = [
  field('income', 'money', 200_000, 6_000_000, 60),
  field('pension_income', 'money', 0, 200_000, 40),
  field('oneoff_aid', 'money', 0, 100_000, 40),
  field('med_oop', 'money', 0, 2_000_000, 120),
  field('school_cost', 'money', 0, 800_000, 90),
  field('debt', 'money', 0, 5_000_000, 150),
  field('vehicle_value', 'money', 0, 9_000_000, 80),
  field('area', 'int', 0, 240, 30),
  field('floors', 'int', 0, 4, 20),
  field('built', 'int', 1960, 56, 50),
  field('town_homes', 'int', 0, 3, 70),
  field('town_homes_resettled', 'int', 0, 3, 70),
  field('water_minutes', 'int', 0, 60, 30),
  field('water_litres', 'int', 10, 90, 30),
  field('road_width', 'int', 100, 600, 20),
  field('tier', 'int', 1, 4, 10),
  field('structure', 'enum:structure', 1, 6, 15),
  field('grade', 'enum:grade', 1, 4, 15),
  field('town_shop', 'bool', 0, 8, 70),
  field('tractor_only', 'bool', 0, 3, 60),
  field('approved', 'bool', 0, 2, 5),
  field('power', 'bool', 0, 2, 5),
  field('done', 'date', 2016, 3, 100),
]

export const memberFields: MadeField[] = [
  field('birth', 'date', 1935, 82, 20),
  field('wage', 'money', 0, 1_500_000, 80),
  field('months', 'int', 0, 13, 50),
  field('health', 'enum:health', 1, 4, 20),
  field('labour', 'enum:labour', 1, 4, 20),
  field('relation', 'enum:relation', 1, 5, 10),
  field('insured', 'bool', 0, 2, 30),
  field('in_school', 'bool', 0, 2, 30),
]

const entity = (name: string, variable: string, fields: MadeField[], lists: string): string =>
  `entity: ${name}\nvariable: ${variable}\nlabel: {zh: ${name}, en: ${name}}\n${lists}fields:\n${fields
    .map(({ name: f, type, low, span }) => {
      const [kind, of] = type.split(':')
      const range =
        kind === 'money' || kind === 'int'
          ? `, range: [${low}, ${low + span - 1}]`
          : kind === 'date'
            ? ', range: [1900-01-01, 2030-12-31]'
            : ''
      const money = kind === 'money' ? `, range: [${(low / 100).toFixed(2)}, ${((low + span - 1) / 100).toFixed(2)}]` : range
      return `  ${f}: {type: ${kind}${of ? `, enum: ${of}` : ''}${kind === 'money' ? money : range}, label: {zh: ${f}, en: ${f}}}`
    })
    .join('\n')}\n`

/** 25 kinds of rule, each in four variants (`v` 0 to 3); the same 25 stand in population.py in the same order. */
export const templates: ((v: number) => string)[] = [
  (v) =>
    `h.structure == "none" ? 0 : h.structure == "earth" ? ${2 + v} : h.structure == "timber" ? 3 : h.structure == "brick_timber" ? 5 : h.structure == "brick_concrete" ? 8 : ${10 + v}`,
  (v) => `h.grade in ["A", "B"] ? ${4 + v} : h.grade == "C" ? 2 : 0`,
  (v) =>
    `h.area < ${8 + v} * size(h.members) ? 0 : h.area < ${16 + v} * size(h.members) ? 1 : h.area < ${32 + v} * size(h.members) ? 2 : 3`,
  (v) =>
    `h.income < yuan(${2000 + 100 * v}) * size(h.members) ? 0 : h.income < yuan(${4000 + 100 * v}) * size(h.members) ? 2 : h.income < yuan(${8000 + 100 * v}) * size(h.members) ? 3 : 4`,
  (v) => `(h.town_homes > ${v} || h.town_shop) && !(h.town_homes == h.town_homes_resettled && !h.town_shop)`,
  (v) => `h.vehicle_value >= yuan(${30000 + 5000 * v}) && !h.tractor_only`,
  (v) => `h.grade in ["A", "B"] && h.area >= ${13 + v} * size(h.members)`,
  (v) => `h.members.all(m, m.insured || age(m.birth) < ${v})`,
  (v) => `h.members.all(m, age(m.birth) < ${6 + v} || age(m.birth) > 15 || m.in_school)`,
  (v) => `h.water_minutes <= ${20 + v} && h.water_litres >= ${35 + v} && h.road_width >= ${350 - 50 * v} && h.power`,
  (v) => `h.income - h.pension_income - h.oneoff_aid > yuan(${2952 + 200 * v}) * size(h.members)`,
  (v) =>
    `h.grade in ["A", "B"] && h.area >= ${13 + v} * size(h.members) && h.members.all(m, m.insured || age(m.birth) < ${v}) && h.income - h.pension_income - h.oneoff_aid > yuan(${2952 + 200 * v}) * size(h.members) && h.power`,
  (v) =>
    `!h.approved ? yuan(0) : size(h.members) == 1 && h.tier <= 2 ? yuan(${28000 + 100 * v}) : size(h.members) == 1 ? yuan(${31000 + 100 * v}) : h.tier <= 2 ? yuan(${43000 + 100 * v}) : h.tier == 3 ? yuan(${47000 + 100 * v}) : yuan(${49000 + 100 * v})`,
  (v) =>
    `h.done <= date("2017-0${1 + v}-28") ? yuan(5000) : h.done <= date("2017-0${4 + v}-30") ? yuan(3000) : h.done <= date("2017-12-31") ? yuan(1000) : yuan(0)`,
  (v) => `sum(h.members.map(m, m.wage)) > yuan(${10000 + 5000 * v})`,
  (v) => `sum(h.members.filter(m, age(m.birth) >= ${16 + v}).map(m, m.wage))`,
  (v) => `max(h.members.map(m, age(m.birth)), 0) >= ${60 + 5 * v}`,
  (v) => `size(h.members.filter(m, age(m.birth) >= 60)) >= ${1 + v}`,
  (v) => `h.members.exists(m, m.health == "serious" && age(m.birth) >= ${10 * v})`,
  (v) => `h.members.exists(m, m.relation in ["head", "spouse"] && m.health in ["serious", "disabled"] && m.months < ${3 + 3 * v})`,
  (v) => `size(h.members.filter(m, m.labour in ["ordinary", "skilled"])) * 100 >= ${30 + 10 * v} * size(h.members)`,
  (v) => `h.med_oop * 100 > h.income * ${10 + 10 * v} || h.school_cost * 100 > h.income * ${20 + 10 * v}`,
  (v) => `per(h.income - h.med_oop, size(h.members) + ${v})`,
  (v) => `min(h.members.filter(m, m.months >= ${3 * v}).map(m, m.wage), yuan(0))`,
  (v) =>
    `(h.structure in ["brick_concrete", "steel"] ? ${6 + v} : 1) + (h.members.exists(m, m.health == "serious") ? 0 - 3 : 0) + (h.floors >= 2 ? 2 : 0) + (h.built >= ${1990 + 5 * v} ? 1 : 0) + (h.debt > yuan(20000) ? 0 - 1 : 0) + size(h.members.filter(m, m.labour == "skilled"))`,
]

/** The 100 rules in their typed form. */
export function hundredRules(): { book: Book; rules: { name: string; node: Node }[] } {
  const { book } = tinyBook({
    'dictionary/enums.yaml': enums,
    'dictionary/entities/household.yaml': entity(
      'household',
      'h',
      householdFields,
      'lists:\n  members: {entity: member, variable: m, label: {zh: 成员, en: members}, range: [0, 60]}\n',
    ),
    'dictionary/entities/member.yaml': entity('member', 'm', memberFields, ''),
    'dictionary/entities/village.yaml':
      'entity: village\nvariable: v\nlabel: {zh: 村, en: village}\nfields:\n  products: {type: int, range: [0, 50], label: {zh: 产业, en: products}}\n',
    'dictionary/entities/vehicle.yaml':
      'entity: vehicle\nvariable: r\nlabel: {zh: 车, en: vehicle}\nfields:\n  price: {type: money, range: [0, 10], label: {zh: 价, en: price}}\n',
  })
  const findings = new Findings()
  const compiler = new Compiler(book, book.root, { at: day }, findings)
  const rules = templates.flatMap((template, t) =>
    [0, 1, 2, 3].map((v) => {
      const node = lowered(compiler, template(v))
      if (!node) throw new Error(`rule ${t} variant ${v}: ${findings.all.map((f) => f.en).join('; ')}`)
      return { name: `r${t}_${v}`, node }
    }),
  )
  return { book, rules }
}
