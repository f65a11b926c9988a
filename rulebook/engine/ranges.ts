import type { Range } from './ir.ts'
import { largest } from './types.ts'

/** Interval arithmetic: what a number can be at least and at most, from the ranges of the dictionary. */
export const addRanges = (a: Range, b: Range): Range => [a[0] + b[0], a[1] + b[1]]
export const subRanges = (a: Range, b: Range): Range => [a[0] - b[1], a[1] - b[0]]
export const mulRanges = (a: Range, b: Range): Range => {
  const all = [a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1]]
  return [Math.min(...all), Math.max(...all)]
}
export const joinRanges = (a: Range | null, b: Range | null): Range | null => (a && b ? [Math.min(a[0], b[0]), Math.max(a[1], b[1])] : null)

/** The range of a quotient whose divisor is a whole number, so never below 1 in size. */
export const divRanges = (a: Range): Range => {
  const most = Math.max(Math.abs(a[0]), Math.abs(a[1]))
  return [a[0] < 0 ? -most : 0, most]
}

export const everything: Range = [-largest, largest]
export const overflows = (r: Range): boolean => r[0] < -largest || r[1] > largest
export const clampRange = (r: Range): Range => [Math.max(r[0], -largest), Math.min(r[1], largest)]
