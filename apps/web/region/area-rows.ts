import type { AreaFigures, AreasAnswer } from '@fupin/whom/run/web/region.contract.ts'
import { useQueries } from '@tanstack/react-query'
import { askAreas } from '../wire/questions-region.ts'
import { type AreaRow, sortValues } from './area-columns.tsx'

/** Sorts areas by a column; what has no value comes last either way. */
export function sortAreas(areas: readonly AreaFigures[], sort: string): AreaFigures[] {
  const down = sort.startsWith('-')
  const value = sortValues[down ? sort.slice(1) : sort] ?? sortValues.name!
  const order = (a: AreaFigures, b: AreaFigures): number => {
    const [x, y] = [value(a), value(b)]
    if (x === null || y === null) return (x === null ? 1 : 0) - (y === null ? 1 : 0) || a.code.localeCompare(b.code)
    return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1) || a.code.localeCompare(b.code)
  }
  return [...areas].sort(order)
}

/** The rows of the table: the children of the area, and under each that is open its own, asked for only then. */
export function useAreaRows(answer: AreasAnswer, open: ReadonlySet<string>, sort: string): AreaRow[] {
  const codes = [...open].sort()
  const asked = useQueries({ queries: codes.map((code) => askAreas(code)) })
  const children = new Map(codes.map((code, index) => [code, asked[index]?.data?.rows]))
  const rows: AreaRow[] = []
  const add = (areas: readonly AreaFigures[], depth: number): void => {
    for (const area of sortAreas(areas, sort)) {
      const own = open.has(area.code)
      rows.push({ area, depth, open: area.below > 0 ? own : null })
      const below = own ? children.get(area.code) : undefined
      if (below) add(below, depth + 1)
    }
  }
  add(answer.rows, 0)
  return rows
}
