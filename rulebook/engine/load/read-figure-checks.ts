import { readAmount } from '../figures/amount.ts'
import { amountSigns, type CheckPart, type FigureCheck, outcomes, type PublishedCell, partRoles, verdicts } from '../figures/published.ts'
import { readUnit } from '../figures/units.ts'
import type { Beside } from './read-published-tables.ts'
import type { Reader } from './reader.ts'
import type { MapTree, Tree } from './yaml-tree.ts'

/** Reads one check of a published figure: `check, docs, title, verdict, comes, compares_series, with, parts, note` (docs/formats.md). */
export function readFigureCheck(reader: Reader, tree: Tree, beside: Beside): FigureCheck | null {
  const map = reader.map(tree, 'check')
  if (!map) return null
  reader.only(map, ['check', 'docs', 'title', 'verdict', 'comes', 'compares_series', 'with', 'parts', 'note'])
  const one = <T extends string>(key: string, words: readonly T[]): T | null => {
    const text = reader.string(map, key)
    const found = words.find((word) => word === text) ?? null
    if (text !== undefined && !found)
      reader.wrong(map.at, 'figures.word', `${key} 只有 ${words.join('、')}。`, `${key} is one of ${words.join(', ')}.`)
    return found
  }
  const verdict = one('verdict', verdicts)
  if (!verdict) reader.wrong(map.at, 'key.missing', '缺 verdict。', '"verdict" is missing.')
  const note = reader.get(map, 'note')
  const parts = reader.get(map, 'parts')
  return {
    id: reader.needString(map, 'check'),
    docs: reader.strings(reader.get(map, 'docs')),
    title: reader.text(reader.get(map, 'title'), map.at),
    verdict: verdict ?? 'UNCHECKED',
    outcome: one('comes', outcomes),
    comparesSeries: reader.flag(reader.get(map, 'compares_series')) ?? false,
    inputs: inputsOf(reader, map, beside),
    parts: reader.items(parts).flatMap((item): CheckPart[] => {
      const part = reader.map(item, 'part')
      const read = part && readPart(reader, part)
      return read ? [read] : []
    }),
    note: note ? reader.text(note, map.at) : null,
    at: map.at,
  }
}

/** Numbers that are printed but stand in no table (`with: {wells: over 700 座}`): named here, for this check alone. */
function inputsOf(reader: Reader, map: MapTree, { units }: Beside): PublishedCell[] {
  const tree = reader.get(map, 'with')
  const names = tree && reader.map(tree, 'with')
  const doc = reader.strings(reader.get(map, 'docs'))[0] ?? 'none'
  return [...(names?.entries ?? [])].flatMap(([name, { value }]): PublishedCell[] => {
    const text = reader.scalar(value)?.text ?? ''
    const amount = readAmount(text, '')
    if (!amount || !readUnit(units, amount.unit)) {
      reader.wrong(value.at, 'figures.value', `“${text}”不是带已知单位的数。`, `"${text}" is not a number with a known unit.`)
      return []
    }
    const told = { title: { zh: name, en: name }, says: null, cite: { doc }, confidence: 'OFF' as const, at: value.at }
    const nothing = { year: null, measure: null, count: null, plan: null, base: null, calc: null, figure: null }
    return [{ name, table: reader.string(map, 'check') ?? '', kind: 'series', place: '', amount, ...told, ...nothing }]
  })
}

function readPart(reader: Reader, map: MapTree): CheckPart | null {
  reader.only(map, ['role', 'title', 'is', 'holds', 'unit', 'result', 'printed'])
  const [is, holds] = [reader.expr(reader.get(map, 'is')), reader.expr(reader.get(map, 'holds'))]
  const expr = is ?? holds
  if (!expr) {
    reader.wrong(map.at, 'key.missing', '缺 is 或 holds。', '"is" or "holds" is missing.')
    return null
  }
  const title = reader.get(map, 'title')
  return {
    role: partRoles.find((r) => r === reader.string(map, 'role')) ?? 'main',
    title: title ? reader.text(title, map.at) : null,
    is: expr,
    statement: !is,
    unit: reader.string(map, 'unit') ?? '',
    result: reader.string(map, 'result') ?? null,
    printed: printedOf(reader, map),
    at: map.at,
  }
}

/** `printed: name(2015)` for a cell, `{cell, sign}` where the sign is another one, `{is: 13.4 %}` for a number that stands in no table. */
function printedOf(reader: Reader, map: MapTree): CheckPart['printed'] {
  const tree = reader.get(map, 'printed')
  if (!tree) return null
  if (tree.kind === 'scalar') return { cell: reader.expr(tree)!, sign: null }
  const one = reader.map(tree, 'printed')
  if (!one) return null
  reader.only(one, ['cell', 'sign', 'is'])
  const cell = reader.expr(reader.get(one, 'cell'))
  if (cell) return { cell, sign: amountSigns.find((s) => s === reader.string(one, 'sign')) ?? null }
  const amount = readAmount(reader.string(one, 'is') ?? '', reader.string(map, 'unit') ?? '')
  if (!amount) reader.wrong(one.at, 'figures.value', '印的数读不懂。', 'The printed number cannot be read.')
  return amount && { amount }
}
