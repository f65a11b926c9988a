import type { Duck, DuckParameter } from '@fupin/platform/database/duckdb.ts'
import type { Dictionary } from '@fupin/rulebook/engine/dictionary.ts'
import type { ClassWords } from './class-words.ts'
import type { HouseholdLine, HouseholdPage, HouseholdQuery, HouseholdSort, Pair } from './identification.contract.ts'

/** A row of `listed` with the names of its places. */
interface ListedRow {
  _key: number
  household_id: string
  head_name: string | null
  township: string | null
  village: string | null
  village_code: string | null
  hamlet: string | null
  persons: number | null
  least: number | null
  most: number | null
  verdict: HouseholdLine['verdict']
  class_id: string | null
  gaps: number
  leads: number
  in_band: boolean
  reason_zh: string
  reason_en: string
  household_class: number | null
  main_cause: number | null
  sort_value: string | number | null
}

const sortColumns: Record<string, string> = {
  id: 'household_id',
  score: 'coalesce(least, 1000000)',
  persons: 'coalesce(persons, 0)',
  missing: 'gaps',
}

/** One page of the list, by key: what stands before and behind is found again from the cursor, however long the list. */
export async function householdPage(
  duck: Duck,
  query: HouseholdQuery,
  dictionary: Dictionary,
  classes: ClassWords,
): Promise<HouseholdPage> {
  const { where, values } = filter(query)
  const cursor = readCursor(query.after)
  const [name, down] = sortOf(query.sort)
  const column = sortColumns[name]!
  const back = cursor?.back ?? false
  const forward = down === back ? 'asc' : 'desc'
  const sign = forward === 'asc' ? '>' : '<'
  const from = cursor ? `and (${column} ${sign} ? or (${column} = ? and _key ${back ? '<' : '>'} ?))` : ''
  const cursorValues: DuckParameter[] = cursor ? [cursor.value, cursor.value, cursor.key] : []
  const found = await duck.rows<ListedRow>(
    `select *, ${column} as sort_value from household_line where ${where} ${from} order by ${column} ${forward}, _key ${back ? 'desc' : 'asc'} limit ${query.limit + 1}`,
    [...values, ...cursorValues],
  )
  const more = found.length > query.limit
  const rows = found.slice(0, query.limit)
  if (back) rows.reverse()
  const [first, last] = [rows[0], rows.at(-1)]
  const cursorAt = (row: ListedRow | undefined, backwards: boolean): string | null =>
    row ? writeCursor({ value: row.sort_value as string | number, key: row._key, back: backwards }) : null
  return {
    total: await pair(duck, where, values),
    all: await pair(duck, 'true', []),
    rows: rows.map((row) => householdLine(row, dictionary, classes)),
    next: (back ? cursor : more) ? cursorAt(last, false) : null,
    previous: (back ? more : cursor) ? cursorAt(first, true) : null,
  }
}

/** One row as it goes over the wire. */
export function householdLine(row: ListedRow, dictionary: Dictionary, classes: ClassWords): HouseholdLine {
  const household = dictionary.entities.household
  const word = (field: string, ordinal: number | null): HouseholdLine['cause'] =>
    ordinal ? (dictionary.enums[household?.fields[field]?.enum ?? '']?.values[ordinal - 1]?.label ?? null) : null
  return {
    id: row.household_id,
    headName: row.head_name ?? '',
    township: row.township ?? '',
    village: row.village ?? '',
    villageCode: row.village_code ?? '',
    hamlet: row.hamlet ?? '',
    persons: row.persons ?? 0,
    score: row.least === null || row.most === null ? null : { least: row.least, most: row.most },
    verdict: row.verdict,
    classId: row.class_id,
    classTitle: row.class_id ? (classes[row.class_id] ?? null) : null,
    attribute: word('household_class', row.household_class),
    cause: word('main_cause', row.main_cause),
    missing: row.gaps,
    leads: row.leads,
    inBand: row.in_band,
    reason: { zh: row.reason_zh, en: row.reason_en },
  }
}

/** One household by its number. */
export async function householdRow(
  duck: Duck,
  id: string,
): Promise<(ListedRow & { county_code: string; low: number | null; high: number | null; line: number | null }) | undefined> {
  return duck.one('select *, null as sort_value from household_line where household_id = ?', [id])
}

function filter(query: HouseholdQuery): { where: string; values: DuckParameter[] } {
  const parts: string[] = ['true']
  const values: DuckParameter[] = []
  const add = (sql: string, ...more: DuckParameter[]): void => {
    parts.push(sql)
    values.push(...more)
  }
  if (query.county) add('county_code = ?', query.county)
  if (query.township) add('township_code = ?', query.township)
  if (query.village) add('village_code = ?', query.village)
  if (query.verdict?.length) add(`verdict in (${query.verdict.map(() => '?').join(', ')})`, ...query.verdict)
  if (query.scoreFrom !== undefined) add('most >= ?', query.scoreFrom)
  if (query.scoreTo !== undefined) add('least <= ?', query.scoreTo)
  if (query.band) add('in_band')
  if (query.gaps !== undefined) add(query.gaps ? 'gaps > 0' : 'gaps = 0')
  if (query.leads !== undefined) add(query.leads ? 'leads > 0' : 'leads = 0')
  if (query.class) add('class_id = ?', query.class)
  if (query.text) add('(contains(household_id, ?) or contains(head_name, ?))', query.text, query.text)
  return { where: parts.join(' and '), values }
}

async function pair(duck: Duck, where: string, values: DuckParameter[]): Promise<Pair> {
  return (await duck.one<{ households: number; persons: number }>(
    `select count(*) as households, coalesce(sum(persons), 0)::bigint as persons from household_line where ${where}`,
    values,
  ))!
}

function sortOf(sort: HouseholdSort): [string, boolean] {
  return sort.startsWith('-') ? [sort.slice(1), true] : [sort, false]
}

interface Cursor {
  value: string | number
  key: number
  back: boolean
}
const writeCursor = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url')

/** A cursor that was not ours starts the list from its beginning. */
function readCursor(text: string | undefined): Cursor | null {
  if (!text) return null
  try {
    const { value, key, back } = JSON.parse(Buffer.from(text, 'base64url').toString()) as Partial<Cursor>
    return (typeof value === 'string' || typeof value === 'number') && typeof key === 'number' ? { value, key, back: back === true } : null
  } catch {
    return null
  }
}
