import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { type CodeChange, type CountyThen, countyThen } from './county-codes.ts'

export interface Area {
  /** 4, 6, 9 or 12 digits. */
  code: string
  name: string
  /** Code of the area above; the region's own code for a city. */
  parent: string
}

/** What the last three digits of a village code say: 居委会, 村委会, or a farm, forest or park that stands beside villages. */
export type VillageKind = 'neighbourhood' | 'village' | 'special'

export interface Village extends Area {
  kind: VillageKind
}

export interface PovertyCounty {
  code: string
  /** 国家级 or 自治区级. */
  level: 'national' | 'regional'
  exitYear: number
}

/** 行政区划: the tree of Guangxi on the codes of 2023, with what changed before. */
export interface Divisions {
  region: Area
  cities: Area[]
  counties: Area[]
  townships: Area[]
  villages: Village[]
  povertyCounties: PovertyCounty[]
  codeChanges: CodeChange[]
  /** The county that bears or bore this code, as it was at the end of the year; undefined where there was none. */
  countyAt(code: string, year: number): CountyThen | undefined
  /** Areas directly below. */
  childrenOf(code: string): Area[]
  /** Any area of the tree by its code of 2023. */
  find(code: string): Area | undefined
}

const FOLDER = new URL('./guangxi/', import.meta.url)
let kept: Divisions | undefined

/** Reads the divisions of Guangxi that come with the program; read once, then kept. */
export function readDivisions(): Divisions {
  kept ??= plantTree()
  return kept
}

function plantTree(): Divisions {
  const region: Area = { code: '450000', name: '广西壮族自治区', parent: '000000' }
  const cities = rows('cities.csv').map(([code, name]) => ({ code, name, parent: region.code }))
  const counties = areas('counties.csv')
  const townships = areas('townships.csv')
  const villages = areas('villages.csv.gz').map((area) => ({ ...area, kind: kindOf(area.code) }))
  const povertyCounties = rows('poverty-counties.csv').map(([code, , level, year]) => ({
    code,
    level: level === '国家级' ? ('national' as const) : ('regional' as const),
    exitYear: Number(year),
  }))
  const codeChanges = rows('county-code-changes.csv').map(([oldCode, oldName, newCode, newName, year]) => ({
    oldCode: oldCode || null,
    oldName,
    newCode,
    newName,
    year: Number(year),
  }))
  const byCode = new Map<string, Area>()
  const below = new Map<string, Area[]>()
  for (const area of [region, ...cities, ...counties, ...townships, ...villages]) {
    byCode.set(area.code, area)
    const siblings = below.get(area.parent)
    if (siblings) siblings.push(area)
    else below.set(area.parent, [area])
  }
  return {
    region,
    cities,
    counties,
    townships,
    villages,
    povertyCounties,
    codeChanges,
    countyAt: (code, year) => countyThen(counties, codeChanges, code, year),
    childrenOf: (code) => below.get(code) ?? [],
    find: (code) => byCode.get(code),
  }
}

function kindOf(villageCode: string): VillageKind {
  const serial = Number(villageCode.slice(9))
  if (serial < 200) return 'neighbourhood'
  return serial < 400 ? 'village' : 'special'
}

const areas = (file: string): Area[] => rows(file).map(([code, name, parent]) => ({ code, name, parent }))

/** Our own files: no quotes, no commas inside a cell. */
function rows(file: string): string[][] {
  const bytes = readFileSync(new URL(file, FOLDER))
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  return text
    .split(/\r?\n/)
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => line.split(','))
}
