import { quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Field, UnitType } from '@fupin/rulebook/engine/dictionary.ts'

/** A unit that cells or columns may be written in: one of it is `times / per` of the field's own. */
export interface OtherUnit {
  unit: UnitType
  times: number
  per: number
}

/** How numbers of one field may be written: in its own unit, in others of its kind, and what the whole column says. */
export interface UnitReading {
  own: UnitType
  others: OtherUnit[]
  /** The unit of the column where it is not the field's own. */
  column: OtherUnit | null
}

export type Units = Record<string, UnitType>

/** The unit of a number field: as the dictionary says, yuan for money; null where the book knows no such unit. */
export const unitOf = (field: Field, units: Units): UnitType | null =>
  (field.type === 'money' ? units.yuan : field.type === 'int' && field.unit ? units[field.unit] : undefined) ?? null

/** All ways to write a unit. */
export const wordsOfUnit = (unit: UnitType): string[] => [unit.label.zh, unit.label.en, unit.name, ...unit.words]

/** The unit of a kind that a word names, or null. */
export function unitNamed(word: string, units: Units, kind?: string): UnitType | null {
  const form = word.normalize('NFKC').trim().toLowerCase()
  const named = (unit: UnitType) => wordsOfUnit(unit).some((w) => w.normalize('NFKC').toLowerCase() === form)
  return Object.values(units).find((unit) => (kind === undefined || unit.kind === kind) && named(unit)) ?? null
}

/** How a field's numbers are read where the column says `word` (null: nothing); undefined where the word is no unit of the field's kind. */
export function unitReading(field: Field, units: Units, word: string | null): UnitReading | null | undefined {
  const own = unitOf(field, units)
  if (!own) return word === null ? null : undefined
  const others = Object.values(units)
    .filter((unit) => unit.kind === own.kind && unit !== own)
    .map((unit): OtherUnit => ({ unit, times: unit.base[0] * own.base[1], per: unit.base[1] * own.base[0] }))
  const named = word === null ? own : unitNamed(word, units, own.kind)
  if (!named) return undefined
  return { own, others, column: others.find((o) => o.unit === named) ?? null }
}

/** SQL: the words of units as a list; an `in (...)` of many words would become a join. */
const wordList = (units: readonly UnitType[]): string =>
  `[${[...new Set(units.flatMap(wordsOfUnit).map((w) => w.toLowerCase()))].map(quoteText).join(', ')}]`

/** SQL: the text `x` as a number in the field's own unit, rounded half away from zero to its decimals; null where it is none. */
export function unitNumberSql(x: string, { own, others, column }: UnitReading, decimals: number): string {
  const number = `unit_number(unit_digits(${x}))`
  const arms = others.map((o) => `when list_contains(${wordList([o.unit])}, unit_word(${x})) then ${convertSql(number, o, decimals)}`)
  const asWritten = `when list_contains(${wordList([own])}, unit_word(${x})) then try_cast(${number} as decimal(18,4))`
  const bare = column ? columnNumberSql(x, column, decimals) : `cell_number(${x})`
  return `coalesce(${bare}, case when ${x} is null then null ${asWritten} ${arms.join(' ')} end)`
}

/** SQL: the plain number `x` of a column that is all in another unit. */
export const columnNumberSql = (x: string, column: OtherUnit, decimals: number): string => convertSql(`unit_number(${x})`, column, decimals)

/** SQL: is the text `x` a number with a unit other than the field's? */
export function writtenInOtherUnit(x: string, { others }: UnitReading): string {
  return `case when try_cast(${x} as decimal(18,4)) is not null then false else list_contains(${wordList(others.map((o) => o.unit))}, unit_word(${x})) end`
}

/** Whole numbers all the way: `times / per` is exact for up to eight decimals, and the rounding is at the last decimal of the field. */
function convertSql(number: string, { times, per }: OtherUnit, decimals: number): string {
  const scale = 10 ** decimals
  return `try_cast(unit_convert(${number}, ${times * scale}, ${per * 100_000_000})::decimal(18,0) * ${decimals === 0 ? '1' : (1 / scale).toFixed(decimals)} as decimal(18,4))`
}

/** SQL: which unit would make the number `p`, too large for the field, an ordinary one: a piece of a sentence, or ''. */
export function likelyUnitSql(p: string, field: Field, reading: UnitReading, language: 'zh' | 'en'): string {
  const [low, high] = field.usual ?? field.range ?? [0, 0]
  const scale = field.type === 'money' ? 100 : 10 ** (field.decimals ?? 0)
  const arms = reading.others.map(({ unit, times, per }) => {
    const value = `(${p}::double * ${times} / ${per})`
    const shown = `rtrim(rtrim(printf('%.2f', ${value}), '0'), '.')`
    const [before, after] =
      language === 'zh'
        ? [`若写的是${unit.label.zh}，应为 `, ` ${reading.own.label.zh}。`]
        : [` If it is in ${unit.label.en}, it makes `, ` ${reading.own.label.en}.`]
    return `when ${value} between ${Math.max(low / scale, 0.01)} and ${high / scale} then concat(${quoteText(before)}, ${shown}, ${quoteText(after)})`
  })
  return arms.length ? `(case ${arms.join(' ')} else '' end)` : `''`
}

/** 1 公顷 = 15 亩, as far as whole and short numbers can say it. */
export function ratioSaid({ unit, times, per }: OtherUnit, own: UnitType, language: 'zh' | 'en'): string {
  const divisor = gcd(times, per)
  const [n, d] = [times / divisor, per / divisor]
  const [one, other] = [unit.label[language], own.label[language]]
  return d === 1 ? `1 ${one} = ${n} ${other}` : `${d} ${one} = ${n} ${other}`
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))
