import type { Scorecard } from '../book.ts'
import type { Reader } from './reader.ts'
import type { MapTree } from './yaml-tree.ts'

const directions = ['higher_is_better_off', 'higher_is_poorer'] as const

/** Reads the body of a scorecard: categories, direction, line and tie rule, scope, vetoes, classes, look-up table. */
export function readScorecard(reader: Reader, map: MapTree): Scorecard | null {
  const directionText = reader.needString(map, 'direction')
  const direction = directions.find((d) => d === directionText)
  if (!direction) {
    reader.wrong(map.at, 'scorecard.direction', `方向只有 ${directions.join('、')}。`, `A direction is one of ${directions.join(', ')}.`)
    return null
  }
  const vetoes = reader.get(map, 'vetoes')
  return {
    direction,
    categories: reader.items(reader.get(map, 'categories')).flatMap((item) => {
      const one = reader.map(item, 'category')
      return one ? [{ id: reader.needString(one, 'id'), title: reader.text(reader.get(one, 'title'), one.at), at: one.at }] : []
    }),
    lines: reader.strings(reader.get(map, 'lines')),
    line: readLine(reader, map),
    scope: reader.expr(reader.get(map, 'scope')) ?? null,
    persons: reader.expr(reader.get(map, 'persons')) ?? null,
    vetoes: reader.strings(vetoes),
    vetoesAt: vetoes?.at ?? map.at,
    classes: reader.items(reader.get(map, 'classes')).flatMap((item) => {
      const one = reader.map(item, 'class')
      if (!one) return []
      const upTo = reader.integer(reader.get(one, 'up_to'))
      return [
        {
          id: reader.needString(one, 'id'),
          title: reader.text(reader.get(one, 'title'), one.at),
          upTo: upTo ?? null,
          confidence: reader.confidence(reader.get(one, 'confidence')) ?? 'default',
        },
      ]
    }),
    lookup: readLookup(reader, map),
  }
}

function readLine(reader: Reader, map: MapTree): Scorecard['line'] {
  const tree = reader.get(map, 'line')
  const line = tree && reader.map(tree, 'line')
  if (!line) return null
  reader.only(line, ['rule', 'tie', 'cite', 'confidence', 'counts', 'note'])
  const tie = reader.string(line, 'tie') ?? 'lower'
  if (tie !== 'lower' && tie !== 'higher')
    reader.wrong(line.at, 'line.tie', '同差时只有 lower 或 higher。', 'A tie goes to lower or higher.')
  const rule = reader.needString(line, 'rule')
  if (rule !== 'closest_to_quota')
    reader.wrong(
      line.at,
      'line.rule',
      `不认识划线办法“${rule}”；有：closest_to_quota。`,
      `Unknown line rule "${rule}"; there is closest_to_quota.`,
    )
  return {
    rule,
    tie: tie === 'higher' ? 'higher' : 'lower',
    cite: reader.cite(reader.get(line, 'cite')) ?? null,
    confidence: reader.confidence(reader.get(line, 'confidence')) ?? 'default',
  }
}

function readLookup(reader: Reader, map: MapTree): Scorecard['lookup'] {
  const tree = reader.get(map, 'lookup')
  const lookup = tree && reader.map(tree, 'lookup')
  if (!lookup) return null
  const columns = reader.get(lookup, 'columns')
  const columnMap = columns && reader.map(columns, 'columns')
  return {
    file: reader.needString(lookup, 'file'),
    score: reader.string(lookup, 'score') ?? 'score',
    columns: [...(columnMap?.entries ?? [])].map(([line, { value }]) => ({ line, column: reader.scalar(value)?.text ?? line })),
    at: lookup.at,
  }
}
