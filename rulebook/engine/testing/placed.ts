export interface Span<T> {
  from: number
  to: number | null
  is: T
}
/** Something that stands at places, each with its versions. */
export interface Placed<T> {
  id: string
  clock: 'run_date' | 'income_year'
  at: Map<string, Span<T>[]>
  /** The day from which the override at a place is stale. */
  staleFrom: Map<string, number>
}

/** In this time the county belongs to the set of deep-poverty counties, which stands between county and city. */
export const setSpan = [20150801, 20161231] as const

/** What stands at the nearest place with a version on the day; null where nothing does, or what does is stale. */
export function inForce<T>(placed: Placed<T>, place: string, dates: { at: number; incomeYear: number }): T | null {
  const day = placed.clock === 'income_year' ? dates.incomeYear * 10000 + 1231 : dates.at
  const inSet = place === '450621' && dates.at >= setSpan[0] && dates.at <= setSpan[1]
  const chain = [
    ...(place === '450621' ? ['450621'] : []),
    ...(inSet ? ['deep-poverty'] : []),
    ...(place.startsWith('4506') ? ['450600'] : []),
    '450000',
    '000000',
  ]
  for (const code of chain) {
    const spans = (placed.at.get(code) ?? []).filter((s) => s.from <= day && (s.to === null || day <= s.to))
    const last = spans.at(-1)
    if (!last) continue
    const stale = placed.staleFrom.get(code)
    return stale !== undefined && day >= stale ? null : last.is
  }
  return null
}
