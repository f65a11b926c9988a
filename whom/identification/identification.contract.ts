import type { Confidence, Text } from '@fupin/rulebook/engine/definition.ts'
import type { CounterFact, ExplainedPart, Explanation, MissingFact } from '@fupin/rulebook/engine/explanation.ts'

/** What the run says of a household. A proposal: people decide. */
export type Verdict = 'listed' | 'not_listed' | 'vetoed' | 'undecided' | 'out_of_scope'

/** 户 and 人, always together. */
export interface Pair {
  households: number
  persons: number
}

/** GET /api/run: the run shown, and how far it is. */
export interface RunState {
  id: string
  state: 'waiting' | 'running' | 'done' | 'failed'
  /** Everything made from generated people says so. */
  demo: boolean
  title: Text
  book: { id: string; title: Text; meaning: string; scorecard: string; scorecardTitle: Text; asOf: string; place: string }
  /** Limits of the classes in which maps show shares of poor persons, in per cent, from the book; empty = the book has none. */
  shareClasses: number[]
  /** Parts of the result that rest on defaults without a document behind them. */
  defaults: { ids: number; of: number }
  input: {
    households: number
    persons: number
    findings: number
    departments: { id: string; title: Text; state: 'compared' | 'absent' | 'refused'; rows: number; asOf: string | null }[]
  }
  steps: {
    id: string
    title: Text
    state: 'waiting' | 'running' | 'done' | 'failed'
    done: number
    total: number
    seconds: number | null
    note: Text | null
  }[]
  counts: Record<Verdict, Pair> | null
  startedAt: string | null
  finishedAt: string | null
  secondsLeft: number | null
  problem: Text | null
  counties: { code: string; name: string }[]
}

/** One row of 一分一档: a score and how many stand at it and up to it. */
export interface ScoreRow extends Pair {
  score: number
  cumulativeHouseholds: number
  cumulativePersons: number
}

export interface LineNeighbour {
  score: number
  /** Inside the line if it stood here. */
  households: number
  persons: number
  /** persons - quota. */
  deviation: number
}

/** GET /api/lines/:county */
export interface CountyLine {
  county: string
  name: string
  quota: number | null
  /** The line, when known answers, all gaps at least and all gaps at most agree on it. */
  line: number | null
  /** Else the interval it lies in. */
  interval: { low: number; high: number } | null
  /** Drawn from known points only, all gaps at their least, all gaps at their most. */
  drawn: { known: number | null; least: number | null; most: number | null }
  /** Who set the line and why, where a person did instead of the draws. */
  set: { reason: string; by: string } | null
  /** Proposed for the list: decided, inside, no veto. */
  inside: Pair
  /** 一分一档 up to the line, those with an open veto included: what the deviation from the quota is counted on. */
  cumulative: Pair | null
  deviation: number | null
  neighbours: LineNeighbour[]
  /** Who flips when the line moves by one point, or when the score is off by the stated error. */
  band: { points: number; households: number; persons: number }
  /** Score interval straddles the line, or a veto that matters is undecided. */
  undecided: Pair
  vetoed: Pair
  outOfScope: Pair
  sameScore: Pair
  distribution: ScoreRow[]
  direction: 'higher_is_better_off' | 'higher_is_poorer'
  /** Most helpful questions first: which missing fact would settle how many households. */
  askFirst: { path: string; label: Text; households: number }[]
  classes: ({ id: string; title: Text; upTo: number | null; confidence: Confidence } & Pair)[]
  confidence: Confidence
}

/** One household in a list. */
export interface HouseholdLine {
  id: string
  headName: string
  township: string
  village: string
  villageCode: string
  hamlet: string
  persons: number
  score: { least: number; most: number } | null
  verdict: Verdict
  classId: string | null
  classTitle: Text | null
  attribute: Text | null
  cause: Text | null
  missing: number
  leads: number
  inBand: boolean
  reason: Text
}

/** GET /api/households?county&township&village&verdict&scoreFrom&scoreTo&band&gaps&leads&class&text&sort=score|id|persons|-score...&after=CURSOR&limit */
export interface HouseholdPage {
  total: Pair
  all: Pair
  rows: HouseholdLine[]
  next: string | null
  previous: string | null
}

/** GET /api/households/:id : everything the snapshot knows. */
export interface HouseholdFile {
  line: HouseholdLine
  county: string
  countyName: string
  sections: {
    id: string
    title: Text
    facts: { field: string; card: string | null; label: Text; shown: Text; known: boolean; source: Text | null; masked: boolean }[]
  }[]
  members: { no: number; facts: { field: string; label: Text; shown: Text; known: boolean; masked: boolean }[] }[]
  hits: { department: Text; asOf: string; state: 'matched' | 'review'; shown: Text; member: number; veto: string | null }[]
  findings: { column: string; value: string; severity: 'error' | 'doubt'; text: Text }[]
}

/** GET /api/households/:id/why */
export interface Why {
  household: string
  headName: string
  verdict: Verdict
  county: string
  countyName: string
  line: number | null
  score: { least: number; most: number }
  /** One sentence: the verdict and its reason. */
  sentence: Text
  /** Short plain sentences to be read to the family; ends with where to object. */
  plain: { zh: string[]; en: string[] }
  scope: ExplainedPart
  /** Categories with their items. */
  scorecard: Explanation
  vetoes: Explanation[]
  missing: MissingFact[]
  /** Over score and vetoes together: "if the car record is wrong: 58, inside the line". */
  wouldChange: (CounterFact & { verdict: Verdict })[]
  confidence: Confidence
  sources: { doc: string; title: Text; number: string | null; at: string[] }[]
  run: { id: string; book: string; asOf: string; demo: boolean }
}

/** GET /api/map?level=county|village : the same numbers as the lists. */
export interface MapArea extends Pair {
  code: string
  name: string
  parent: string
  parentName: string
  inside: Pair
  vetoed: Pair
  undecided: Pair
  /** Persons inside the line per 1,000 persons surveyed. */
  insidePerMille: number | null
}

/** GET /api/findings?severity&after&limit */
export interface FindingLine {
  file: string
  sheet: string | null
  row: number | null
  column: string | null
  value: string | null
  code: string
  severity: 'error' | 'doubt'
  text: Text
  household: string | null
}

/** GET /api/findings: with the counts of each kind, so that a person mends the commonest first. */
export interface FindingPage {
  total: number
  errors: number
  doubts: number
  kinds: { code: string; severity: 'error' | 'doubt'; count: number; text: Text }[]
  rows: FindingLine[]
  next: string | null
  previous: string | null
}

/** How a list of households may be sorted; `-` is from the highest down. */
export type HouseholdSort = 'id' | '-id' | 'score' | '-score' | 'persons' | '-persons' | 'missing' | '-missing'

/** The filters of a household list, as they stand in the address. Absent = not filtered. */
export interface HouseholdQuery {
  county?: string
  township?: string
  village?: string
  verdict?: Verdict[]
  /** Score bounds, both ends counted; a household with a score interval matches if the interval touches them. */
  scoreFrom?: number
  scoreTo?: number
  /** Only households that flip when the line moves by the band's points. */
  band?: boolean
  /** Only households with (true) or without (false) missing facts. */
  gaps?: boolean
  /** Only households with (true) or without (false) an unproven lead. */
  leads?: boolean
  class?: string
  /** Part of the household number or of the head's name. */
  text?: string
  sort: HouseholdSort
  /** Opaque place to go on from: `next` or `previous` of an earlier answer. */
  after?: string
  limit: number
}

/** The filters of the findings list. */
export interface FindingQuery {
  severity?: 'error' | 'doubt'
  code?: string
  text?: string
  after?: string
  limit: number
}

/** Which areas a map shows: all counties of the run, or the villages of one county. */
export interface MapQuery {
  level: 'county' | 'village'
  county?: string
}
