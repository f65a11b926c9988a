import type { Duck } from '@fupin/platform/database/duckdb.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import { rulesByCounty } from './county-rules.ts'
import { drawLines } from './draw-lines.ts'
import type { Pair, Verdict } from './identification.contract.ts'
import { listHouseholds } from './list-households.ts'
import { scoreHouseholds } from './score-households.ts'
import { settleCounties } from './settle-counties.ts'

/** One state of the rules, with survey and departments' files read into `duck`. */
export interface ListSide {
  book: Book
  duck: Duck
}

export interface CountyMoves {
  county: string
  quota: number | null
  /** The line, or the interval it lies in. */
  before: { low: number | null; high: number | null }
  after: { low: number | null; high: number | null }
  enters: Pair
  leaves: Pair
}

export interface ListMove {
  household: string
  county: string
  village: string
  persons: number
  before: Verdict
  after: Verdict
}

export interface ComparedLists {
  /** `listed>vetoed` and so on: how many households went where. */
  verdicts: Record<string, Pair>
  counties: CountyMoves[]
  moves: ListMove[]
}

interface ListedRow {
  id: string
  county: string
  village: string | null
  persons: number
  verdict: Verdict
}

/** Draws the lines and proposes the lists of two states of the rules at the same quotas, and tells who enters and who leaves. */
export async function compareLists(before: ListSide, after: ListSide, quotas: Map<string, number>, at: number): Promise<ComparedLists> {
  const [a, b] = [await propose(before, quotas, at), await propose(after, quotas, at)]
  const old = new Map(a.rows.map((r) => [r.id, r]))
  const verdicts: Record<string, Pair> = {}
  const moves: ListMove[] = []
  for (const row of b.rows) {
    const was = old.get(row.id)
    if (!was) continue
    const cell = `${was.verdict}>${row.verdict}`
    verdicts[cell] ??= nobody()
    count(verdicts[cell], row.persons)
    const { id, county, village, persons } = row
    if (was.verdict !== row.verdict)
      moves.push({ household: id, county, village: village ?? '', persons, before: was.verdict, after: row.verdict })
  }
  const counties = b.drawn.map((drawn): CountyMoves => {
    const earlier = a.drawn.find((d) => d.county === drawn.county)
    const made: CountyMoves = {
      county: drawn.county,
      quota: drawn.quota,
      before: span(earlier),
      after: span(drawn),
      enters: nobody(),
      leaves: nobody(),
    }
    for (const move of moves.filter((m) => m.county === drawn.county)) {
      if (move.after === 'listed') count(made.enters, move.persons)
      if (move.before === 'listed') count(made.leaves, move.persons)
    }
    return made
  })
  return { verdicts, counties, moves }
}

const nobody = (): Pair => ({ households: 0, persons: 0 })

function count(pair: Pair, persons: number): void {
  pair.households += 1
  pair.persons += persons
}

const span = (drawn: { line: number | null; interval: { low: number; high: number } | null } | undefined): CountyMoves['before'] => ({
  low: drawn?.line ?? drawn?.interval?.low ?? null,
  high: drawn?.line ?? drawn?.interval?.high ?? null,
})

async function propose({ book, duck }: ListSide, quotas: Map<string, number>, at: number) {
  const scorecard = book.identify?.scorecard
  if (!scorecard)
    throw new Problem('call.scorecard', {
      zh: `规则簿“${book.title.zh}”没有写明用哪张评分表。`,
      en: `The book "${book.title.en}" names no scorecard.`,
    })
  const counties = await settleCounties(duck, book, 'households')
  const groups = rulesByCounty(book, scorecard, counties.length ? counties : [book.root], at)
  const scored = await scoreHouseholds(duck, book, groups)
  const drawn = await drawLines(duck, scored, groups[0]!.scorecard.score!.body, quotas)
  await listHouseholds(duck, book, groups, scored, drawn, 0)
  const rows = await duck.rows<ListedRow>(
    'select household_id as id, county_code as county, village_code as village, coalesce(persons, 0)::bigint as persons, verdict from listed',
  )
  return { drawn, rows }
}
