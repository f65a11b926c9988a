import type { FindingQuery, HouseholdQuery, HouseholdSort, MapQuery, Verdict } from '@fupin/whom/identification/identification.contract.ts'
import { moveNames } from '@fupin/whom/run/compare/compare-contract.ts'
import type { MovesQuery } from '@fupin/whom/run/web/comparison.contract.ts'
import type { RegionHouseholdQuery } from '@fupin/whom/run/web/region.contract.ts'
import { badFilter } from './problems.ts'

type Raw = Record<string, string | string[] | undefined>

const verdicts: readonly Verdict[] = ['listed', 'not_listed', 'vetoed', 'undecided', 'out_of_scope']
const sorts: readonly HouseholdSort[] = ['id', '-id', 'score', '-score', 'persons', '-persons', 'missing', '-missing']
const pageRows = { least: 1, usual: 50, most: 200 }

/** Reads the filters of a household list from an address; throws the problem that names the first one it cannot read. */
export function householdQuery(raw: Raw): HouseholdQuery {
  return {
    county: text(raw, 'county'),
    township: text(raw, 'township'),
    village: text(raw, 'village'),
    verdict: list(raw, 'verdict', verdicts),
    scoreFrom: integer(raw, 'scoreFrom'),
    scoreTo: integer(raw, 'scoreTo'),
    band: yesNo(raw, 'band'),
    gaps: yesNo(raw, 'gaps'),
    leads: yesNo(raw, 'leads'),
    class: text(raw, 'class'),
    text: text(raw, 'text'),
    sort: oneOf(raw, 'sort', sorts) ?? 'id',
    after: text(raw, 'after'),
    limit: pageSize(raw),
  }
}

/** Reads the filters of the findings list. */
export const findingQuery = (raw: Raw): FindingQuery => ({
  severity: oneOf(raw, 'severity', ['error', 'doubt'] as const),
  code: text(raw, 'code'),
  text: text(raw, 'text'),
  after: text(raw, 'after'),
  limit: pageSize(raw),
})

/** Reads which areas a map is to show. */
export const mapQuery = (raw: Raw): MapQuery => ({
  level: oneOf(raw, 'level', ['county', 'village'] as const) ?? 'county',
  county: text(raw, 'county'),
})

/** Reads the filters of a list of households over a region. */
export const regionHouseholdQuery = (raw: Raw): RegionHouseholdQuery => ({
  text: text(raw, 'text'),
  area: text(raw, 'area'),
  verdict: list(raw, 'verdict', verdicts),
  after: text(raw, 'after'),
  limit: pageSize(raw),
})

/** Reads which of the households that moved are to be listed. */
export const movesQuery = (raw: Raw): MovesQuery => ({
  move: oneOf(raw, 'move', moveNames),
  why: text(raw, 'why'),
  county: text(raw, 'county'),
  after: text(raw, 'after'),
  limit: pageSize(raw),
})

/** The one word of a filter that takes any text. */
export const wordOf = (raw: Raw, name: string): string | null => text(raw, name) ?? null

const pageSize = (raw: Raw) => Math.min(pageRows.most, Math.max(pageRows.least, integer(raw, 'limit') ?? pageRows.usual))

function text(raw: Raw, name: string): string | undefined {
  const value = raw[name]
  const one = (Array.isArray(value) ? value[0] : value)?.trim()
  if (one && one.length > 200) throw badFilter(name, { zh: '200 字以内的文字', en: 'at most 200 characters' })
  return one === '' ? undefined : one
}

function integer(raw: Raw, name: string): number | undefined {
  const value = text(raw, name)
  if (value === undefined) return undefined
  if (!/^-?\d{1,6}$/.test(value)) throw badFilter(name, { zh: '整数', en: 'a whole number' })
  return Number(value)
}

function yesNo(raw: Raw, name: string): boolean | undefined {
  const value = oneOf(raw, name, ['true', 'false'] as const)
  return value === undefined ? undefined : value === 'true'
}

function oneOf<T extends string>(raw: Raw, name: string, of: readonly T[]): T | undefined {
  const value = text(raw, name)
  if (value === undefined) return undefined
  const found = of.find((known) => known === value)
  if (!found) throw badFilter(name, { zh: `${of.join('、')} 之一`, en: `one of ${of.join(', ')}` })
  return found
}

function list<T extends string>(raw: Raw, name: string, of: readonly T[]): T[] | undefined {
  const parts = text(raw, name)?.split(',').filter(Boolean)
  return parts?.map((part) => oneOf({ [name]: part }, name, of)!)
}
