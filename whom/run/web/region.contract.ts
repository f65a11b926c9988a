import type { Text } from '@fupin/rulebook/engine/definition.ts'
import type { Pair, RunState, ScoreRow, Verdict } from '@fupin/whom/identification/identification.contract.ts'

/** GET /api/run of any office. `region` stands in the office of a whole region, `within` in that of a county opened from it. */
export interface OfficeState extends Omit<RunState, 'state'> {
  state: RunState['state'] | 'stopped'
  region?: RegionFacts
  within?: { code: string; name: string; city: { code: string; name: string } | null; counties: { code: string; name: string }[] }
}

/** What is said of the run over a region beside what is said of any run. */
export interface RegionFacts {
  code: string
  name: string
  /** The run is worked on here: it can be stopped, and goes on after a stop. */
  deeds: { stop: boolean; goOn: boolean }
  /** A stop was asked for and is on its way. */
  stopping: boolean
  /** Another run to compare with was given. */
  compared: boolean
}

export type AreaLevel = 'region' | 'city' | 'county' | 'township' | 'village'

/** The figures of one area: counted by the run, the same as its lists. */
export interface AreaFigures extends Pair {
  level: AreaLevel
  code: string
  name: string
  /** Code and name of the area above; null for the region. */
  parent: { code: string; name: string } | null
  verdicts: Record<Verdict, Pair>
  /** Households within the band of their county's line. */
  inBand: number
  /** Null below the county: lines are drawn by county. */
  line: AreaLine | null
  /** What reading the survey found; null below the county. */
  findings: { errors: number; doubts: number } | null
  /** Areas directly below. */
  below: number
}

/** Quota and line of a county; of a city or region the sums over its counties. */
export interface AreaLine {
  counties: number
  /** How many of the counties have a line, and a quota. */
  drawn: number
  withQuota: number
  quota: number | null
  /** One county only: its line, or the interval of its draws. */
  line: number | null
  low: number | null
  high: number | null
  /** Persons up to the line, and persons minus quota, over the counties that have both; null where none has. */
  cumulativePersons: number | null
  deviation: number | null
}

/** GET /api/region/areas?area=CODE : an area with those directly below; without `area` the region with its cities. */
export interface AreasAnswer {
  area: AreaFigures
  /** From the region down to the area itself. */
  trail: { level: AreaLevel; code: string; name: string }[]
  rows: AreaFigures[]
  /** In the area, but in none of those below: their township or village is not filled in. */
  unplaced: Pair
}

/** GET /api/region/lines : the lines of all counties. */
export interface CountyLineRow {
  code: string
  name: string
  city: string
  quota: number | null
  line: number | null
  low: number | null
  high: number | null
  /** The six draws: points known, gaps at least, gaps at most; open households left out, taken in. */
  draws: Record<DrawName, number | null>
  set: { reason: string; by: string } | null
  inside: Pair
  undecided: Pair
  cumulative: Pair | null
  deviation: number | null
}

export type DrawName = 'knownOut' | 'knownIn' | 'leastOut' | 'leastIn' | 'mostOut' | 'mostIn'

/** GET /api/region/scores : 一分一档 of the region, all counties together; each county keeps its own line. */
export interface RegionScores {
  direction: 'higher_is_better_off' | 'higher_is_poorer'
  /** Persons at each score who stand inside the line of their own county; outside it; in a county without a line. */
  rows: (ScoreRow & { inside: number; outside: number; open: number })[]
  quota: number | null
  drawn: number
  counties: number
}

/** One household in a list over the region. */
export interface RegionHousehold {
  id: string
  county: string
  countyName: string
  township: string
  village: string
  headName: string
  persons: number
  score: { least: number; most: number } | null
  verdict: Verdict
  missing: number
  leads: number
}

/** GET /api/region/households?text&county&verdict&after&limit : in order of county, village, number. */
export interface RegionHouseholdPage {
  total: Pair
  all: Pair
  rows: RegionHousehold[]
  next: string | null
  previous: string | null
  seconds: number
}

export interface RegionHouseholdQuery {
  /** Part of the household number or of the head's name. */
  text?: string
  /** County, or city by its four digits. */
  area?: string
  verdict?: Verdict[]
  after?: string
  limit: number
}

/** GET /api/region/made : what pins the run, and how to repeat it. */
export interface RunMade {
  id: string
  startedAt: string
  seconds: number
  peakMemoryBytes: number
  resumed: boolean
  steps: { id: string; title: Text; seconds: number }[]
  chunks: { no: number; counties: string[]; households: number; seconds: number; reused: boolean }[]
  snapshot: { id: string; madeAt: string; counties: number; households: number; persons: number; rows: number; leftOut: number }
  book: { id: string; title: Text; scorecard: Text; scorecardId: string; version: string; asOf: string; meaning: string; content: string }
  database: { name: string; version: string; statements: string }
  /** The region's files by name with sha256. */
  inputs: { name: string; sha256: string }[]
  departments: {
    list: string
    title: Text
    basis: Text | null
    state: 'compared' | 'absent' | 'refused'
    asOf: string | null
    rows: number
    goodRows: number
    sha256: string | null
    /** Records kept because they can make a difference to a rule. */
    kept: number | null
    problem: Text | null
  }[]
  comparison: { records: number; members: number; pairs: string }
  vetoes: { id: string; title: Text; true: number; unknown: number }[]
  digests: { name: string; title: Text; value: string }[]
  defaults: { rules: number; of: number }
  band: number
  missing: 'none' | 'undecided'
}
