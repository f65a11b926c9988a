import type { CountyLineRow } from '@fupin/whom/run/web/region.contract.ts'

/** How far the draws of a county lie apart, in points; null where there are none. */
export function spread({ draws }: CountyLineRow): number | null {
  const drawn = Object.values(draws).filter((one) => one !== null)
  return drawn.length ? Math.max(...drawn) - Math.min(...drawn) : null
}

/** What the table of lines can be sorted by. */
export const lineSort: Record<string, (line: CountyLineRow) => number | string | null> = {
  code: (line) => line.code,
  quota: (line) => line.quota,
  line: (line) => line.low,
  known: (line) => line.draws.knownOut,
  least: (line) => line.draws.leastOut,
  most: (line) => line.draws.mostOut,
  spread,
  inside: (line) => line.inside.persons,
  deviation: (line) => line.deviation,
  undecided: (line) => line.undecided.persons,
}

/** Sorts lines by a column, `-` from the highest down; what has no value comes last either way. */
export function sortLines(lines: readonly CountyLineRow[], sort: string): CountyLineRow[] {
  const down = sort.startsWith('-')
  const value = lineSort[down ? sort.slice(1) : sort] ?? lineSort.code!
  return [...lines].sort((a, b) => {
    const [x, y] = [value(a), value(b)]
    if (x === null || y === null) return (x === null ? 1 : 0) - (y === null ? 1 : 0) || a.code.localeCompare(b.code)
    return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1) || a.code.localeCompare(b.code)
  })
}
