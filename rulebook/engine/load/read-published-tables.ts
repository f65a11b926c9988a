import type { Figure } from '../book.ts'
import type { Cite, Confidence, Text } from '../definition.ts'
import { amountValue, readAmount } from '../figures/amount.ts'
import { exactly } from '../figures/fraction.ts'
import {
  type Amount,
  amountSigns,
  type Count,
  type FigureKind,
  figureKinds,
  type PublishedCell,
  type PublishedRow,
  type PublishedTable,
} from '../figures/published.ts'
import { inUnit, readUnit, type Unit } from '../figures/units.ts'
import type { Reader } from './reader.ts'
import type { MapTree, Tree } from './yaml-tree.ts'

/** Keys that say something of a cell; a cell takes what it does not say itself from its column, its row and its table. */
const shared = ['kind', 'place', 'cite', 'confidence', 'unit', 'measure', 'count', 'plan', 'base', 'year'] as const
const own = ['is', 'figure', 'in', 'says', 'calc', 'decimals', 'sign', 'compares_series', 'title'] as const
const rowKeys = ['id', 'type', 'note', 'entries', 'list', 'cells'] as const

/** What a table of the book is read with: the units it knows and the numbers it may point to. */
export interface Beside {
  units: Unit[]
  figures: Figure[]
}

/** Reads one printed table: `table, title, kind, place, cite, confidence, columns, rows` (docs/formats.md). */
export function readPublishedTable(reader: Reader, tree: Tree, beside: Beside): PublishedTable | null {
  const map = reader.map(tree, 'table')
  if (!map) return null
  reader.only(map, ['table', 'title', 'columns', 'rows', 'note', ...shared])
  const columnTree = reader.get(map, 'columns')
  const columns = (columnTree && reader.map(columnTree, 'columns')) ?? null
  const id = reader.needString(map, 'table')
  const rows = reader.items(reader.need(map, 'rows') ?? undefined).flatMap((item): PublishedRow[] => {
    const row = reader.map(item, 'row')
    return row ? [readRow(new CellReader(reader, beside, id, map, columns, row))] : []
  })
  const kind = figureKinds.find((k) => k === reader.string(map, 'kind')) ?? 'series'
  return { id, title: reader.text(reader.get(map, 'title'), map.at), kind, place: reader.string(map, 'place') ?? '', rows, at: map.at }
}

function readRow(cells: CellReader): PublishedRow {
  const { reader, row, table } = cells
  reader.only(row, [...rowKeys, ...shared, ...own])
  const year = reader.integer(reader.get(row, 'year')) ?? null
  const titleTree = reader.get(row, 'title')
  const title = !titleTree && year !== null ? { zh: `${year}年`, en: String(year) } : reader.text(titleTree, row.at)
  const note = reader.get(row, 'note')
  const list = reader.get(row, 'list')
  const id = reader.string(row, 'id') ?? null
  const many = reader.get(row, 'cells')
  const manyMap = many && reader.map(many, 'cells')
  const single = own.some((key) => key !== 'title' && row.entries.has(key))
  if (single && !id) reader.wrong(row.at, 'figures.name', '带数的行要有 id。', 'A row with a number needs an id.')
  return {
    id,
    title,
    year,
    type: reader.string(row, 'type') ?? null,
    note: note ? reader.text(note, row.at) : null,
    entries: reader.strings(reader.get(row, 'entries')),
    cite: cells.cite([row, table]),
    list: list ? reader.strings(list) : null,
    cells: [
      ...(single && id ? [cells.read(id, row, title)] : []),
      ...(manyMap ? [...manyMap.entries].map(([name, { value }]) => cells.read(name, value, title)) : []),
    ],
  }
}

class CellReader {
  constructor(
    readonly reader: Reader,
    private readonly beside: Beside,
    private readonly id: string,
    readonly table: MapTree,
    private readonly columns: MapTree | null,
    readonly row: MapTree,
  ) {}

  /** One cell: a scalar as printed, or a map. `name@2018` gives the year. */
  read(key: string, tree: Tree, rowTitle: Text): PublishedCell {
    const { reader } = this
    const [name, atYear] = key.split('@') as [string, string | undefined]
    const column = this.columns && reader.get(this.columns, name)
    const columnMap = column?.kind === 'map' ? column : null
    const map = tree.kind === 'map' ? tree : null
    if (map && map !== this.row) reader.only(map, [...shared, ...own])
    if (columnMap) reader.only(columnMap, [...shared, 'title', 'decimals', 'compares_series'])
    const layers = [map, columnMap, this.row, this.table].filter((m) => m !== null)
    const find = (name: string, from: MapTree[] = layers): Tree | undefined =>
      from.map((m) => reader.get(m, name)).find((t) => t !== undefined)
    const text = (name: string): string | null => reader.scalar(find(name))?.text ?? null
    if (!/^[a-z][a-z0-9_]*$/.test(name))
      reader.wrong(tree.at, 'figures.name', `名字“${name}”只能用小写字母、数字、下划线。`, `Name "${name}" may have a-z, 0-9 and _ only.`)
    const titleTree = find('title', [map, columnMap].filter((m) => m !== null && m !== this.row) as MapTree[])
    const mine = [map ?? this.row]
    const figure = map ? (reader.string(map, 'figure') ?? null) : null
    const calc = map && reader.expr(reader.get(map, 'calc'))
    const says = map && reader.get(map, 'says')
    const kind = figureKinds.find((k) => k === text('kind')) ?? this.wrongKind(tree)
    const cite = this.cite(layers)
    const base = find('base')
    return {
      name,
      year: atYear ? Number(atYear) : (reader.integer(find('year')) ?? null),
      table: this.id,
      kind,
      title: titleTree ? reader.text(titleTree, tree.at) : rowTitle,
      place: text('place') ?? '',
      measure: text('measure'),
      count: this.count(find('count')),
      plan: kind === 'target' ? (text('plan') ?? cite.doc) : null,
      base: base ? reader.text(base, tree.at) : null,
      amount: this.amount(tree, map, figure, text('unit') ?? ''),
      calc: calc
        ? {
            expr: calc,
            unit: text('unit') ?? '',
            decimals: reader.integer(find('decimals')) ?? 0,
            comparesSeries: reader.flag(find('compares_series')) ?? false,
          }
        : null,
      says: says ? reader.text(says, tree.at) : null,
      figure,
      cite: figure ? (this.beside.figures.find((f) => f.id === figure)?.cite ?? cite) : cite,
      confidence: this.confidence(find('confidence', figure ? mine : layers) ?? find('confidence')),
      at: tree.at,
    }
  }

  cite(layers: MapTree[]): Cite {
    const found = layers.map((m) => this.reader.get(m, 'cite')).find((t) => t !== undefined)
    return this.reader.cite(found) ?? { doc: 'none' }
  }

  private confidence(tree: Tree | undefined): Confidence {
    return this.reader.confidence(tree) ?? 'default'
  }

  private count(tree: Tree | undefined): Count | null {
    const text = this.reader.scalar(tree)?.text
    if (text === undefined || text === 'filing' || text === 'sample') return text ?? null
    this.reader.wrong(tree!.at, 'figures.count', 'count 只能是 filing 或 sample。', 'count is filing or sample.')
    return null
  }

  private wrongKind(tree: Tree): FigureKind {
    this.reader.wrong(tree.at, 'figures.kind', `kind 只有 ${figureKinds.join('、')}。`, `kind is one of ${figureKinds.join(', ')}.`)
    return 'series'
  }

  private amount(tree: Tree, map: MapTree | null, figure: string | null, unit: string): Amount | null {
    const { reader } = this
    const is = map ? reader.get(map, 'is') : tree
    const signText = map ? reader.string(map, 'sign') : undefined
    const sign = amountSigns.find((s) => s === signText)
    if (signText && !sign)
      reader.wrong(tree.at, 'figures.sign', `sign 只有 ${amountSigns.join(' ')}。`, `sign is one of ${amountSigns.join(' ')}.`)
    if (figure) return this.pointed(tree, map!, figure, sign)
    if (!is) return null
    const text = reader.scalar(is)?.text.trim() ?? ''
    const amount = readAmount(text, unit)
    if (!amount) reader.wrong(is.at, 'figures.value', `“${text}”不是数。`, `"${text}" is not a number.`)
    else if (!readUnit(this.beside.units, amount.unit))
      reader.wrong(is.at, 'figures.unit', `units.yaml 没有单位“${amount.unit}”。`, `units.yaml has no unit "${amount.unit}".`)
    return amount
  }

  /** The number of a row of `parameters.csv`, in the unit in which the table prints it. */
  private pointed(tree: Tree, map: MapTree, id: string, sign: Amount['sign'] | undefined): Amount | null {
    const { reader, beside } = this
    const figure = beside.figures.find((f) => f.id === id)
    const amount = figure && readAmount(figure.value, figure.unit)
    const read = amount && amountValue(beside.units, amount)
    const wanted = reader.string(map, 'in') ?? figure?.unit ?? ''
    const measure = readUnit(beside.units, wanted)
    if (reader.get(map, 'is'))
      reader.wrong(tree.at, 'figures.twice', '已指 figure，就不要再写 is。', 'Where "figure" points to the number, leave "is" out.')
    if (!figure || !read || !measure) {
      reader.wrong(tree.at, 'figures.unknown', `数表没有“${id}”，或它的单位读不懂。`, `No figure "${id}", or its unit cannot be read.`)
      return null
    }
    const low = exactly(inUnit(read.value, measure))
    if (low === null) reader.wrong(tree.at, 'figures.unit', `“${id}”不能写成“${wanted}”。`, `"${id}" cannot be written in "${wanted}".`)
    return { sign: sign ?? figure.comparison, low: low ?? figure.value, high: null, unit: wanted }
  }
}
