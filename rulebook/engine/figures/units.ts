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
}

/**
 * Reads a unit text: factors with `/` between them, each the Chinese text or the plain name of a unit of the book (`万元/户`, `yuan/person`).
 * Undefined where a factor is not in the book's list. The empty text is a pure number.
 */
export function readUnit(units: Unit[], text: string): Measure | undefined {
  if (text === '') return { times: one, dimension: {}, label: { zh: '', en: '' } }
  const found = text.split('/').map((name) => unitOf(units, name.trim()))
  if (found.some((u) => !u)) return undefined
  const all = found as Unit[]
  return {
    times: all.map((u) => u.times).reduce((a, b) => over(a, b)),
    dimension: all.map(dimensionOf).reduce((a, b) => joined(a, b, -1)),
    label: { zh: all.map((u) => u.zh).join('/'), en: all.map((u) => u.en).join(' per ') },
  }
}

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
