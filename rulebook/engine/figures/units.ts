import type { Text } from '../definition.ts'
import { type Fraction, fraction, one, over, times } from './fraction.ts'

/** One unit of published figures: 万人 is ten thousand persons. `of` is what it counts; null for pure numbers such as %. */
export interface Unit {
  zh: string
  en: string
  of: string | null
  times: Fraction
}

/** What a quantity counts, each with its power: yuan a head is `{yuan: 1, person: -1}`. */
export type Dimension = Record<string, number>

/** A unit as read from a text such as `万元/户`. */
export interface Measure {
  times: Fraction
  dimension: Dimension
  label: Text
  /** What a number is multiplied by before the English label: 452 万人 is read as 4,520,000 persons. */
  enScale: bigint
}

/**
 * Reads a unit text: factors with `/` between them, each the Chinese text or the plain name of a unit of the book (`万元/户`, `yuan/person`).
 * Undefined where a factor is not in the book's list. The empty text is a pure number.
 */
export function readUnit(units: Unit[], text: string): Measure | undefined {
  if (text === '') return { times: one, dimension: {}, label: { zh: '', en: '' }, enScale: 1n }
  const found = text.split('/').map((name) => unitOf(units, name.trim()))
  if (found.some((u) => !u)) return undefined
  const all = found as Unit[]
  return {
    times: all.map((u) => u.times).reduce((a, b) => over(a, b)),
    dimension: all.map(dimensionOf).reduce((a, b) => joined(a, b, -1)),
    label: { zh: all.map((u) => u.zh).join('/'), en: [scaled(all[0]!.en).name, ...all.slice(1).map(single)].join(' per ') },
    enScale: scaled(all[0]!.en).scale,
  }
}

/** `×10,000 persons` as its factor and its name. */
function scaled(en: string): { scale: bigint; name: string } {
  const match = /^×([\d,]+) (.+)$/.exec(en)
  return match ? { scale: BigInt(match[1]!.replaceAll(',', '')), name: match[2]! } : { scale: 1n, name: en }
}

/** A unit behind `per`: one person, one month. */
const single = (unit: Unit): string =>
  !unit.en.endsWith('s') ? unit.en : unit.of !== null && unit.times.n === unit.times.d ? unit.of : scaled(unit.en).name.slice(0, -1)

const unitOf = (units: Unit[], name: string): Unit | undefined =>
  units.find((u) => u.zh === name) ?? units.find((u) => u.of === name && u.times.n === 1n && u.times.d === 1n)

const dimensionOf = (unit: Unit): Dimension => (unit.of === null ? {} : { [unit.of]: 1 })

/** Adds powers (`way` 1, for products) or takes them off (-1, for quotients); what comes to nothing is left out. */
export function joined(a: Dimension, b: Dimension, way: 1 | -1): Dimension {
  const sum: Dimension = { ...a }
  for (const [name, power] of Object.entries(b)) {
    const now = (sum[name] ?? 0) + way * power
    if (now === 0) delete sum[name]
    else sum[name] = now
  }
  return sum
}

export const sameDimension = (a: Dimension, b: Dimension): boolean => Object.keys(joined(a, b, -1)).length === 0

/** `yuan/person`, for findings. */
export function printDimension(dimension: Dimension): string {
  const names = Object.entries(dimension).flatMap(([name, power]) => [
    `${power < 0 ? '/' : ''}${name}${Math.abs(power) > 1 ? Math.abs(power) : ''}`,
  ])
  return names.length ? names.sort((a, b) => Number(a.startsWith('/')) - Number(b.startsWith('/'))).join(' ') : '1'
}

export const scaleOf = (n: string, d: string): Fraction => fraction(BigInt(n), BigInt(d))
export const inUnit = (value: Fraction, measure: Measure): Fraction => over(value, measure.times)
export const fromUnit = (value: Fraction, measure: Measure): Fraction => times(value, measure.times)
