import type { Text } from './definition.ts'
import type { Type } from './types.ts'

/** What a book can ask about: entities with their fields and lists, and the enums their fields use. */
export interface Dictionary {
  entities: Record<string, Entity>
  enums: Record<string, EnumType>
  /** Units that files may write beside those of the fields; a book without them converts nothing. */
  units?: Record<string, UnitType>
}

/** A unit of measure. Two of one kind are converted exactly by their bases. */
export interface UnitType {
  name: string
  /** area, length, money. */
  kind: string
  /** How many of the kind's smallest unit one is: [times, per]. */
  base: [number, number]
  label: Text
  /** What files write beside the label. */
  words: string[]
}

export interface Entity {
  name: string
  /** How expressions call one of it: `h`, `m`, `v`. */
  variable: string
  label: Text
  key?: string
  lists: Record<string, ListField>
  fields: Record<string, Field>
}

/** Children of an entity. A list can be unknown as a whole (a department that was not compared). */
export interface ListField {
  name: string
  entity: string
  variable: string
  label: Text
  department?: string
  /** Least and most rows one parent can have; bounds of counts rest on it. */
  range: [number, number]
}

export type FieldType = 'bool' | 'int' | 'money' | 'date' | 'enum' | 'text' | 'code'
/** Decides masking: open to all with reach, personal (name, number, phone), sensitive (health, money). */
export type FieldClass = 'open' | 'personal' | 'sensitive'

export interface Field {
  name: string
  type: FieldType
  unit?: string
  /** `int` only: 5.2 with two decimals is held as 520. */
  decimals?: number
  /** In the engine's own units: fen, scaled integers, yyyymmdd. Always there for int and money. */
  range?: [number, number]
  /** In the same units: what is beyond counts, and somebody should look. */
  usual?: [number, number]
  enum?: string
  label: Text
  class: FieldClass
  /** Number on the registration card: `A18`. */
  card?: string
  /** The source of a fact where it is not the survey. */
  source?: string
}

export interface EnumType {
  name: string
  label: Text
  /** In declared order; the ordinal (from 1) is what databases hold. */
  values: EnumValue[]
}

export interface EnumValue {
  key: string
  label: Text
  /** What files may say beside the key and the Chinese label. */
  aliases: string[]
}

/** The type of a field in expressions; null for free text, which rules may not read. */
export function fieldType(field: Field): Type | null {
  switch (field.type) {
    case 'int':
      return { kind: 'int', unit: field.unit ?? null, decimals: field.decimals ?? 0 }
    case 'enum':
      return { kind: 'enum', name: field.enum! }
    case 'text':
      return null
    default:
      return { kind: field.type }
  }
}

/** The ordinal (from 1) of an enum key, or 0 where the enum has no such key. */
export function ordinalOf(dictionary: Dictionary, enumName: string, key: string): number {
  return (dictionary.enums[enumName]?.values.findIndex((v) => v.key === key) ?? -1) + 1
}
