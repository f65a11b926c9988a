/** Names of the union of two lists, those of the second first: the places of bits that hold for both. */
export const union = (a: readonly string[], b: readonly string[]): string[] => [...b, ...a.filter((id) => !b.includes(id))]

/** SQL of a bit mask with its bits at other places: bit `i` goes to `places[i]`; null drops it. Bits that move alike move together. */
export function movedBits(mask: string, places: readonly (number | null)[]): string {
  const byShift = new Map<number, number>()
  for (const [i, to] of places.entries()) if (to !== null) byShift.set(to - i, (byShift.get(to - i) ?? 0) + 2 ** i)
  const terms = [...byShift].map(([shift, bits]) => {
    const kept = `((${mask})::bigint & ${bits})`
    return shift === 0 ? kept : shift > 0 ? `(${kept} << ${shift})` : `(${kept} >> ${-shift})`
  })
  return terms.length === 0 ? '0::bigint' : terms.length === 1 ? terms[0]! : `(${terms.join(' | ')})`
}
