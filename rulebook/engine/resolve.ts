import type { Book, Definition, Parameter, Version } from './book.ts'
import { printDate } from './civil-date.ts'

/** The day a question is asked for, and the income year where that differs from it. */
export interface Dates {
  at: number
  incomeYear?: number | undefined
}

/** The places whose rules can hold at a place, nearest first: county, its dated sets, city, province, nation (GB/T 2260 prefixes). */
export function placeChain(book: Book, place: string, at: number): string[] {
  const code = place.padEnd(6, '0').slice(0, 6)
  const sets = book.sets.filter((s) => s.members.includes(code) && s.from <= at && (s.to === null || at <= s.to)).map((s) => s.id)
  const chain = [place, code, ...sets, `${code.slice(0, 4)}00`, `${code.slice(0, 2)}0000`, '000000']
  return [...new Set(chain)]
}

/** Which day picks a version: the income year's last day for rules and parameters on that clock, else the day asked for. */
export function clockDate(clock: string, dates: Dates): number {
  return clock === 'income_year' && dates.incomeYear ? dates.incomeYear * 10000 + 1231 : dates.at
}

const validOn = (span: { from: number; to: number | null }, day: number): boolean =>
  span.from <= day && (span.to === null || day <= span.to)

export interface ResolvedRule {
  definition: Definition
  version: Version
}

/** The version of a rule in force: the nearest place that has one, then the one valid on the day. */
export function resolveRule(book: Book, id: string, place: string, dates: Dates): ResolvedRule | Unresolved {
  const all = book.definitions.filter((d) => d.id === id)
  if (all.length === 0) return { why: 'unknown', zh: `没有规则“${id}”。`, en: `There is no rule "${id}".` }
  const day = clockDate(all[0]!.clock, dates)
  for (const code of placeChain(book, place, dates.at)) {
    for (const definition of all.filter((d) => d.place === code)) {
      // A version without an end holds until the next one.
      const version = definition.versions.filter((v) => validOn(v, day)).sort((a, b) => b.from - a.from)[0]
      if (!version) continue
      const stale = staleSince(book, definition)
      if (stale !== null && day >= stale) return staleRefusal(id, code, stale)
      return { definition, version }
    }
  }
  return {
    why: 'date',
    zh: `“${id}”在 ${printDate(day)}、${place} 没有版本。`,
    en: `"${id}" has no version on ${printDate(day)} at ${place}.`,
  }
}

export interface Unresolved {
  why: 'unknown' | 'date' | 'stale'
  zh: string
  en: string
}

export interface ResolvedParameter {
  parameter: Parameter
  value: Parameter['values'][number]
  /** The upper definition, which gives type and title where a lower file only overrides. */
  head: Parameter
}

/** The value of a parameter in force; a value without an end holds until the next one. */
export function resolveParameter(book: Book, id: string, place: string, dates: Dates): ResolvedParameter | Unresolved {
  const all = book.parameters.filter((p) => p.id === id)
  if (all.length === 0) return { why: 'unknown', zh: `没有参数“${id}”。`, en: `There is no parameter "${id}".` }
  const head = all.find((p) => !p.overrides) ?? all[0]!
  const day = clockDate(head.clock, dates)
  for (const code of placeChain(book, place, dates.at)) {
    const parameter = all.find((p) => p.place === code)
    const value = parameter && valueOn(parameter, day)
    if (!parameter || !value) continue
    const stale = staleSince(book, parameter)
    if (stale !== null && day >= stale) return staleRefusal(id, code, stale)
    return { parameter, value, head }
  }
  return {
    why: 'date',
    zh: `参数“${id}”在 ${printDate(day)}、${place} 没有值。`,
    en: `Parameter "${id}" has no value on ${printDate(day)} at ${place}.`,
  }
}

function valueOn(parameter: Parameter, day: number): Parameter['values'][number] | undefined {
  return parameter.values.filter((v) => validOn(v, day)).sort((a, b) => b.from - a.from)[0]
}

/** From which day an override no longer stands: when the upper level has published something newer than what it names. */
export function staleSince(book: Book, lower: Definition | Parameter): number | null {
  if (!lower.overrides) return null
  const { place, version } = lower.overrides
  const upper = upperOf(book, lower, place)
  if (!upper) return null
  const spans: { from: number; id: string }[] = upper.map((v) => ({ from: v.from, id: 'id' in v ? v.id : printDate(v.from) }))
  const named = spans.find((s) => s.id === version || printDate(s.from) === version)
  if (!named) return null
  const newer = spans.filter((s) => s.from > named.from).sort((a, b) => a.from - b.from)[0]
  return newer?.from ?? null
}

/** The versions or values that an override speaks of. */
export function upperOf(book: Book, lower: Definition | Parameter, place: string): (Version | Parameter['values'][number])[] | null {
  if ('values' in lower) return book.parameters.find((p) => p.id === lower.id && p.place === place)?.values ?? null
  return book.definitions.find((d) => d.id === lower.id && d.place === place)?.versions ?? null
}

const staleRefusal = (id: string, place: string, since: number): Unresolved => ({
  why: 'stale',
  zh: `${place} 对“${id}”的改动已过时：上级自 ${printDate(since)} 有新规定。请重新确认。`,
  en: `What ${place} changed of "${id}" is stale: the upper level has a newer one from ${printDate(since)}. Someone must confirm it again.`,
})
