import type { Text } from './definition.ts'
import type { Dictionary, Field } from './dictionary.ts'
import { printScaled } from './facts.ts'
import type { Value } from './types.ts'

/** Units as people read them. */
const units: Record<string, Text> = {
  m2: { zh: 'm²', en: 'm²' },
  mu: { zh: '亩', en: 'mu' },
  km: { zh: '公里', en: 'km' },
  cm: { zh: '厘米', en: 'cm' },
  m: { zh: '米', en: 'm' },
  min: { zh: '分钟', en: 'min' },
  month: { zh: '个月', en: 'months' },
  year: { zh: '年', en: 'years' },
  day: { zh: '天', en: 'days' },
  person: { zh: '人', en: 'persons' },
  head: { zh: '头（只）', en: 'head' },
  percent: { zh: '%', en: '%' },
  'L/person/day': { zh: '升/人/日', en: 'L per person and day' },
  kg: { zh: '公斤', en: 'kg' },
  set: { zh: '台', en: 'sets' },
  dwelling: { zh: '套', en: 'dwellings' },
  floor: { zh: '层', en: 'floors' },
  household: { zh: '户', en: 'households' },
  piece: { zh: '件', en: 'pieces' },
  visit: { zh: '次', en: 'visits' },
  yuan: { zh: '元', en: 'yuan' },
  'yuan/person/year': { zh: '元/人/年', en: 'yuan per person and year' },
}

export const notAnswered: Text = { zh: '未填', en: 'not answered' }
export const notCompared: Text = { zh: '未比对', en: 'not compared' }

/** A value of a field as people read it, with its unit: `70 m²`, `砖木`, `26,000.00 元`, `未填`. */
export function showField(field: Field, value: Value | null | undefined, dictionary: Dictionary): Text {
  if (value === null || value === undefined) return notAnswered
  if (field.type === 'enum')
    return dictionary.enums[field.enum!]?.values.find((v) => v.key === value)?.label ?? { zh: String(value), en: String(value) }
  return showValue(field.type, value, field.unit, field.decimals ?? 0)
}

/** A plain value as people read it. */
export function showValue(type: string, value: Value, unit: string | undefined | null, decimals: number): Text {
  if (typeof value === 'boolean') return value ? { zh: '是', en: 'yes' } : { zh: '否', en: 'no' }
  if (type === 'money') {
    const text = grouped(printScaled(value as number, 2, 2))
    return { zh: `${text} 元`, en: `${text} yuan` }
  }
  if (type === 'date') {
    const text = String(value)
    const iso = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
    return { zh: iso, en: iso }
  }
  if (typeof value === 'number') {
    // 2015 年 is a year, not a count: it has no thousands.
    const text = unit === 'year' ? printScaled(value, decimals) : grouped(printScaled(value, decimals))
    const name = unit ? (units[unit] ?? { zh: unit, en: unit }) : null
    return name
      ? { zh: `${text}${name.zh === '%' ? '' : ' '}${name.zh}`, en: `${text}${name.en === '%' ? '' : ' '}${name.en}` }
      : { zh: text, en: text }
  }
  return { zh: String(value), en: String(value) }
}

/** Thousands separated, as the office writes numbers. */
function grouped(text: string): string {
  const [whole, fraction] = text.split('.')
  const spaced = whole!.length < 4 ? whole! : whole!.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return fraction === undefined ? spaced : `${spaced}.${fraction}`
}

/** The label of a fact by its path: `h.house_area`, `members[2].insured`, `vehicles`. */
export function labelOf(path: string, root: string, dictionary: Dictionary): Text {
  let entity = dictionary.entities[root]!
  const parts = path.split('.')
  if (parts[0] === entity.variable && parts.length > 1) parts.shift()
  const words: Text[] = []
  for (const part of parts) {
    const [, name, row] = /^([a-z_0-9]+)(?:\[(\d+)\])?$/i.exec(part) ?? [null, part, undefined]
    const list = entity.lists[name!]
    if (list) {
      words.push(row ? { zh: `${list.label.zh}${row}`, en: `${list.label.en} ${row}` } : list.label)
      entity = dictionary.entities[list.entity]!
    } else words.push(entity.fields[name!]?.label ?? { zh: name!, en: name! })
  }
  return { zh: words.map((w) => w.zh).join('·'), en: words.map((w) => w.en).join(': ') }
}
