import type { Body, Case, Definition, Group, Item, Kind, Lock, Override, Parameter, Part, Points, Version } from '../book.ts'
import type { Cite, Confidence } from '../definition.ts'
import type { Place } from '../finding.ts'
import type { Type } from '../types.ts'
import { bool, date, int, money } from '../types.ts'
import { readCheck } from './read-check.ts'
import { readForm } from './read-form.ts'
import { readScorecard } from './read-scorecard.ts'
import type { Reader } from './reader.ts'
import type { MapTree, Tree } from './yaml-tree.ts'

const kinds: Kind[] = ['code-list', 'form', 'item', 'scorecard', 'veto', 'standard', 'derived', 'check']
/** Kinds whose engines come with their areas; until then a book that uses them is told so. */
const laterKinds = ['programme', 'procedure', 'duty', 'ledger', 'indicator', 'target', 'alert', 'assessment']

const common = [
  'rule',
  'kind',
  'level',
  'title',
  'covers',
  'clock',
  'versions',
  'cases',
  'open',
  'overrides',
  'of_scorecard',
  'category',
  'department',
  'note',
]
const versionKeys = ['id', 'from', 'to', 'cite', 'confidence', 'status', 'like', 'change', 'let', 'monotone', 'note']
const bodyKeys: Record<Kind, string[]> = {
  'code-list': ['values'],
  form: ['sections', 'department', 'entity', 'list', 'file', 'key', 'legal_basis', 'columns', 'matches'],
  derived: ['value', 'type', 'unknown', 'unit', 'decimals'],
  item: ['of', 'per', 'points', 'bands', 'tiers', 'range', 'show', 'other'],
  scorecard: ['direction', 'categories', 'lines', 'line', 'scope', 'persons', 'vetoes', 'classes', 'lookup'],
  veto: ['when', 'unless', 'evidence', 'contest'],
  standard: ['all_of', 'any_of', 'unless', 'unknown'],
  check: ['when', 'severity', 'finds', 'about', 'says'],
}

/** Reads one definition of the given place; gives null where its kind is not known. */
export function readDefinition(reader: Reader, tree: Tree, place: string): Definition | null {
  const map = reader.map(tree, 'rule')
  if (!map) return null
  const kindText = reader.needString(map, 'kind')
  const kind = kinds.find((k) => k === kindText)
  if (!kind) {
    const zh = laterKinds.includes(kindText) ? `“${kindText}”这一类本版还不读。` : `没有“${kindText}”这一类；有：${kinds.join('、')}。`
    const en = laterKinds.includes(kindText)
      ? `Kind "${kindText}" is not read by this version yet.`
      : `There is no kind "${kindText}"; there are ${kinds.join(', ')}.`
    reader.wrong(map.at, 'kind.unknown', zh, en)
    return null
  }
  reader.only(map, common)
  const id = reader.needString(map, 'rule')
  const at = reader.get(map, 'rule')?.at ?? map.at
  const covers = reader.need(map, 'covers')
  const versions = readVersions(reader, map, kind)
  const scorecard = reader.string(map, 'of_scorecard')
  const category = reader.string(map, 'category')
  return {
    id,
    kind,
    level: reader.string(map, 'level') ?? 'household',
    title: reader.text(reader.get(map, 'title'), at),
    covers: reader.strings(covers ?? undefined),
    clock: reader.string(map, 'clock') ?? 'run_date',
    place,
    at,
    ...(scorecard ? { scorecard } : {}),
    ...(category ? { category } : {}),
    open: readLock(reader, reader.get(map, 'open')),
    overrides: readOverride(reader, reader.get(map, 'overrides')),
    versions,
    cases: reader.items(reader.get(map, 'cases')).flatMap((c) => readCase(reader, c) ?? []),
  }
}

function readLock(reader: Reader, tree: Tree | undefined): Lock | null {
  const map = tree && reader.map(tree, 'open')
  if (!map) return null
  reader.only(map, ['level', 'direction'])
  const direction = reader.string(map, 'direction') ?? 'any'
  if (direction !== 'up' && direction !== 'down' && direction !== 'any') {
    reader.wrong(map.at, 'open.direction', '方向只有 up、down、any。', 'A direction is up, down or any.')
    return null
  }
  return { levels: reader.strings(reader.get(map, 'level')), direction }
}

function readOverride(reader: Reader, tree: Tree | undefined): Override | null {
  const map = tree && reader.map(tree, 'overrides')
  if (!map) return null
  reader.only(map, ['place', 'version'])
  return { place: reader.needString(map, 'place'), version: reader.needString(map, 'version'), at: map.at }
}

function readVersions(reader: Reader, map: MapTree, kind: Kind): Version[] {
  const tree = reader.need(map, 'versions')
  const full = new Map<string, MapTree>()
  return reader.items(tree ?? undefined).flatMap((item) => {
    const own = reader.map(item, 'version')
    if (!own) return []
    const id = reader.string(own, 'id') ?? reader.string(own, 'from') ?? ''
    const whole = expand(reader, own, full)
    full.set(id, whole)
    return readVersion(reader, id, own, whole, kind) ?? []
  })
}

/** `like` + `change` to a whole version: lists of parts are changed by id, all else is replaced. */
function expand(reader: Reader, own: MapTree, full: Map<string, MapTree>): MapTree {
  const like = reader.string(own, 'like')
  if (!like) return own
  const base = full.get(like)
  if (!base) {
    reader.wrong(
      own.at,
      'like.unknown',
      `like 的版本“${like}”不在前面。`,
      `The version "${like}" named by like does not stand before this one.`,
    )
    return own
  }
  const entries = new Map([...base.entries].filter(([key]) => !versionKeys.includes(key) || key === 'let'))
  for (const [key, entry] of own.entries) if (key !== 'change' && key !== 'like') entries.set(key, entry)
  const changed = reader.get(own, 'change')
  const change = changed && reader.map(changed, 'change')
  for (const [key, entry] of change?.entries ?? []) {
    const before = entries.get(key)
    entries.set(key, before ? { key: entry.key, value: overlay(before.value, entry.value) } : entry)
  }
  return { ...own, entries }
}

function overlay(before: Tree, after: Tree): Tree {
  if (before.kind === 'map' && after.kind === 'map') return { ...after, entries: new Map([...before.entries, ...after.entries]) }
  if (before.kind !== 'seq' || after.kind !== 'seq') return after
  const idOf = (t: Tree): string | undefined => {
    const id = t.kind === 'map' ? t.entries.get('id')?.value : undefined
    return id?.kind === 'scalar' ? id.text : undefined
  }
  const dropped = (t: Tree): boolean => t.kind === 'map' && t.entries.has('removed')
  const items = before.items.map((old) => after.items.find((t) => idOf(t) !== undefined && idOf(t) === idOf(old)) ?? old)
  const added = after.items.filter((t) => !before.items.some((old) => idOf(old) === idOf(t)))
  return { ...after, items: [...items, ...added].filter((t) => !dropped(t)) }
}

function readVersion(reader: Reader, id: string, own: MapTree, whole: MapTree, kind: Kind): Version | null {
  const fromTree = reader.need(own, 'from')
  const from = fromTree ? reader.date(fromTree) : undefined
  const to = reader.date(reader.get(own, 'to'))
  const cite = reader.cite(reader.need(whole, 'cite') ?? undefined)
  const confidence = reader.confidence(reader.need(whole, 'confidence') ?? undefined)
  if (from === undefined || !cite || !confidence) return null
  const ended = reader.string(own, 'status') === 'none'
  reader.only(whole, [...versionKeys, ...bodyKeys[kind]])
  const lets = reader.get(whole, 'let')
  const letMap = lets && reader.map(lets, 'let')
  const body = ended ? ({ kind: 'code-list', values: [] } as Body) : readBody(reader, whole, kind)
  if (!body) return null
  return {
    id,
    from,
    to: to ?? null,
    cite,
    confidence,
    ended,
    monotone: readMonotone(reader, whole),
    lets: [...(letMap?.entries ?? [])].flatMap(([name, { value }]) => {
      const expr = reader.expr(value)
      return expr ? [{ name, expr }] : []
    }),
    body,
    at: own.at,
  }
}

function readMonotone(reader: Reader, version: MapTree): Version['monotone'] {
  const tree = reader.get(version, 'monotone')
  const map = tree && reader.map(tree, 'monotone')
  if (!map) return {}
  return Object.fromEntries(
    [...map.entries.keys()].flatMap((field): [string, 'up' | 'down'][] => {
      const direction = reader.string(map, field)
      if (direction === 'up' || direction === 'down') return [[field, direction]]
      reader.wrong(map.at, 'monotone.direction', '方向只有 up、down。', 'A direction is up or down.')
      return []
    }),
  )
}

function readBody(reader: Reader, map: MapTree, kind: Kind): Body | null {
  switch (kind) {
    case 'code-list': {
      const values = reader.need(map, 'values')
      const list = values && reader.map(values, 'values')
      return {
        kind,
        values: [...(list?.entries ?? [])].map(([key, { value }]) => ({
          key,
          label: reader.text(value, value.at),
          aliases: value.kind === 'map' ? reader.strings(reader.get(value, 'aliases')) : [],
        })),
      }
    }
    case 'form':
      return { kind, form: readForm(reader, map) }
    case 'derived': {
      const value = reader.expr(reader.need(map, 'value') ?? undefined)
      const type = readType(reader, map)
      return value && type ? { kind, value, type } : null
    }
    case 'item':
      return { kind, item: readItem(reader, map) }
    case 'scorecard': {
      const scorecard = readScorecard(reader, map)
      return scorecard ? { kind, scorecard } : null
    }
    case 'veto': {
      const when = reader.expr(reader.need(map, 'when') ?? undefined)
      const contest = reader.get(map, 'contest')
      const contestMap = contest && reader.map(contest, 'contest')
      if (!when) return null
      return {
        kind,
        when,
        unless: readParts(reader, reader.get(map, 'unless')),
        evidence: reader.strings(reader.get(map, 'evidence')),
        contest: contestMap
          ? {
              to: reader.needString(contestMap, 'to'),
              days: reader.integer(reader.get(contestMap, 'days')) ?? 0,
              confidence: reader.confidence(reader.get(contestMap, 'confidence')) ?? 'default',
            }
          : null,
      }
    }
    case 'check':
      return readCheck(reader, map)
    case 'standard':
      return { kind, group: readGroup(reader, map) }
  }
}

export function readType(reader: Reader, map: MapTree): Type | null {
  const text = reader.needString(map, 'type')
  const enumName = /^enum\((\w+)\)$/.exec(text)?.[1]
  if (enumName) return { kind: 'enum', name: enumName }
  const unit = reader.string(map, 'unit') ?? null
  const decimals = reader.integer(reader.get(map, 'decimals')) ?? 0
  const plain: Record<string, Type> = { bool, int: { kind: 'int', unit, decimals }, money, date, code: { kind: 'code' } }
  const found = plain[text]
  if (!found)
    reader.wrong(
      map.at,
      'type.unknown',
      `类型“${text}”没有；有：${Object.keys(plain).join('、')}、enum(名)。`,
      `There is no type "${text}"; there are ${Object.keys(plain).join(', ')}, enum(name).`,
    )
  return found ?? null
}

const partKeys = ['id', 'title', 'core', 'cite', 'confidence', 'when', 'all_of', 'any_of', 'unless', 'note']

export function readParts(reader: Reader, tree: Tree | undefined): Part[] {
  return reader.items(tree).flatMap((item) => {
    const map = reader.map(item, 'part')
    if (!map) return []
    reader.only(map, partKeys)
    const [core, cite, confidence] = [
      reader.flag(reader.get(map, 'core')),
      reader.cite(reader.get(map, 'cite')),
      reader.confidence(reader.get(map, 'confidence')),
    ]
    const when = reader.expr(reader.get(map, 'when'))
    const grouped = ['all_of', 'any_of', 'unless'].some((k) => map.entries.has(k))
    if (!when && !grouped)
      reader.wrong(
        map.at,
        'part.empty',
        '要写条件（when）或分项（all_of、any_of）。',
        'A condition (when) or parts (all_of, any_of) are needed.',
      )
    return [
      {
        id: reader.needString(map, 'id'),
        title: reader.text(reader.get(map, 'title'), map.at),
        at: map.at,
        ...(core === undefined ? {} : { core }),
        ...(cite ? { cite } : {}),
        ...(confidence ? { confidence } : {}),
        ...(when ? { when } : {}),
        ...(grouped ? { group: readGroup(reader, map) } : {}),
      },
    ]
  })
}

function readGroup(reader: Reader, map: MapTree): Group {
  const group: Group = {}
  for (const key of ['all_of', 'any_of', 'unless'] as const) if (map.entries.has(key)) group[key] = readParts(reader, reader.get(map, key))
  return group
}

/** Points: one number, or a number for each line of the scorecard. */
export function readPoints(reader: Reader, tree: Tree | undefined): Points {
  if (tree?.kind === 'map') return Object.fromEntries([...tree.entries].map(([line, { value }]) => [line, reader.integer(value) ?? 0]))
  return { '': reader.integer(tree) ?? 0 }
}

function readItem(reader: Reader, map: MapTree): Item {
  const points = reader.get(map, 'points')
  const pointMap = points && reader.map(points, 'points')
  const range = reader.items(reader.get(map, 'range')).map((n) => reader.integer(n) ?? 0)
  const rows = (key: 'bands' | 'tiers'): MapTree[] => reader.items(reader.get(map, key)).flatMap((t) => reader.map(t, key) ?? [])
  return {
    of: reader.expr(reader.get(map, 'of')) ?? null,
    per: reader.expr(reader.get(map, 'per')) ?? null,
    points: [...(pointMap?.entries ?? [])].map(([key, { key: at, value }]) => ({ key, points: readPoints(reader, value), at })),
    bands: rows('bands').flatMap((row) => {
      const is = reader.expr(reader.need(row, 'is') ?? undefined)
      return is ? [{ is, points: readPoints(reader, reader.need(row, 'points') ?? undefined), at: row.at }] : []
    }),
    tiers: rows('tiers').map((row) => ({
      when: reader.expr(reader.get(row, 'when')) ?? null,
      points: readPoints(reader, reader.need(row, 'points') ?? undefined),
      at: row.at,
    })),
    range: range.length === 2 ? [range[0]!, range[1]!] : null,
    otherUnknown: reader.string(map, 'other') === 'unknown',
    show: reader.items(reader.get(map, 'show')).flatMap((t) => reader.expr(t) ?? []),
  }
}

const caseKeys = ['name', 'at', 'place', 'given', 'expect', 'missing', 'because', 'income_year', 'line']

function readCase(reader: Reader, tree: Tree): Case | null {
  const map = reader.map(tree, 'case')
  const expectTree = map && reader.need(map, 'expect')
  if (!map || !expectTree) return null
  reader.only(map, caseKeys)
  const expect = reader.scalar(expectTree)
  const list = (key: string): string[] | null => (map.entries.has(key) ? reader.strings(reader.get(map, key)) : null)
  return {
    name: reader.text(reader.get(map, 'name'), map.at, false),
    at: reader.date(reader.get(map, 'at')) ?? null,
    incomeYear: reader.integer(reader.get(map, 'income_year')) ?? null,
    place: reader.string(map, 'place') ?? null,
    given: reader.get(map, 'given') ?? null,
    expect: expect?.text === 'unknown' ? { unknown: true } : { unknown: false, text: expect?.text ?? '', at: expectTree.at },
    missing: list('missing'),
    because: list('because'),
    line: reader.string(map, 'line') ?? null,
    position: map.at,
  }
}

/** Reads one dated parameter. */
export function readParameter(reader: Reader, tree: Tree, place: string): Parameter | null {
  const map = reader.map(tree, 'param')
  if (!map) return null
  reader.only(map, ['param', 'title', 'type', 'unit', 'decimals', 'clock', 'open', 'overrides', 'covers', 'values', 'note'])
  const id = reader.needString(map, 'param')
  const overrides = readOverride(reader, reader.get(map, 'overrides'))
  const at: Place = reader.get(map, 'param')?.at ?? map.at
  const type: Type | null = overrides && !map.entries.has('type') ? int : readType(reader, map)
  if (!type) return null
  return {
    id,
    title: overrides && !map.entries.has('title') ? { zh: id, en: id } : reader.text(reader.get(map, 'title'), at),
    type,
    clock: reader.string(map, 'clock') ?? '',
    covers: reader.strings(reader.get(map, 'covers')),
    place,
    open: readLock(reader, reader.get(map, 'open')),
    overrides,
    values: reader.items(reader.need(map, 'values') ?? undefined).flatMap((v) => readParameterValue(reader, v, type) ?? []),
    at,
  }
}

function readParameterValue(reader: Reader, tree: Tree, type: Type): Parameter['values'][number] | null {
  const map = reader.map(tree, 'value')
  if (!map) return null
  reader.only(map, ['from', 'to', 'value', 'cite', 'confidence', 'note'])
  const from = reader.date(reader.need(map, 'from') ?? undefined)
  const raw = reader.need(map, 'value') ?? undefined
  const value =
    type.kind === 'money'
      ? reader.scaled(raw, 2)
      : type.kind === 'int'
        ? reader.scaled(raw, type.decimals)
        : type.kind === 'date'
          ? reader.date(raw)
          : type.kind === 'bool'
            ? reader.flag(raw)
            : reader.scalar(raw)?.text
  const cite: Cite | undefined = reader.cite(reader.need(map, 'cite') ?? undefined)
  const confidence: Confidence | undefined = reader.confidence(reader.need(map, 'confidence') ?? undefined)
  if (from === undefined || value === undefined || !cite || !confidence) return null
  return { from, to: reader.date(reader.get(map, 'to')) ?? null, value, cite, confidence, at: map.at }
}
