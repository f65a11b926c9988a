/** Types of the rule language (rulebook 2.5). `int` may carry a unit and a number of decimals: 5.2 亩 with two decimals is held as 520. */
export type Type =
  | { kind: 'bool' }
  | { kind: 'int'; unit: string | null; decimals: number }
  | { kind: 'money' }
  | { kind: 'date' }
  | { kind: 'enum'; name: string }
  | { kind: 'code' }
  | { kind: 'list'; entity: string }
  | { kind: 'entity'; entity: string }

/** A known value: boolean; integer, fen or yyyymmdd; enum key or area code. */
export type Value = boolean | number | string

export const bool: Type = { kind: 'bool' }
export const int: Type = { kind: 'int', unit: null, decimals: 0 }
export const money: Type = { kind: 'money' }
export const date: Type = { kind: 'date' }
export const code: Type = { kind: 'code' }

/** The largest integer that every back end and every browser holds exactly: 2^53 - 1. */
export const largest = Number.MAX_SAFE_INTEGER

/** How a type is called in findings. */
export function typeName(type: Type): string {
  if (type.kind === 'int') return `int${type.unit ? ` ${type.unit}` : ''}${type.decimals ? ` .${'0'.repeat(type.decimals)}` : ''}`
  if (type.kind === 'enum') return `enum ${type.name}`
  if (type.kind === 'list' || type.kind === 'entity') return `${type.kind} ${type.entity}`
  return type.kind
}

export const isNumber = (type: Type): boolean => type.kind === 'int' || type.kind === 'money'
