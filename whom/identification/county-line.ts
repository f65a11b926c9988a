import { type Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import { classWords } from './class-words.ts'
import type { CountyRules } from './county-rules.ts'
import type { DrawnCounty } from './draw-lines.ts'
import type { CountyLine, Pair, ScoreRow } from './identification.contract.ts'
import { neighbours } from './identification.rules.ts'

/** What a county's line page shows: the line with its neighbours, band, undecided, and the questions that would help most. */
export async function countyLine(
  duck: Duck,
  rules: CountyRules,
  drawn: DrawnCounty,
  name: string,
  bandPoints: number,
): Promise<CountyLine> {
  const { scorecard } = rules
  const body = scorecard.score!.body
  const county = quoteText(drawn.county)
  const count = async (where: string): Promise<Pair> =>
    (await duck.one<Pair>(
      `select count(*) as households, coalesce(sum(persons), 0)::bigint as persons from listed where county_code = ${county} and ${where}`,
    ))!
  const low = drawn.line ?? drawn.interval?.low ?? null
  const around = drawn.line === null ? [] : neighbours(drawn.table, drawn.line, drawn.quota, body.direction)
  const inside = await count("verdict = 'listed'")
  const atLine = around.find((n) => n.score === drawn.line)
  const words = classWords(rules)
  const pick = (points: string): number | null => {
    const lines = new Set(drawn.draws.filter((d) => d.points === points).map((d) => d.line))
    return lines.size === 1 ? [...lines][0]! : null
  }
  const ask = await duck.rows<{ path: string; zh: string; en: string; households: number }>(
    `select g.path, any_value(f.zh) as zh, any_value(f.en) as en, count(distinct g._key) as households
     from gap g join listed l using (_key) join fact_label f using (path) where l.county_code = ${county} and l.verdict = 'undecided' group by 1 order by 4 desc, 1 limit 20`,
  )
  const classes = await Promise.all(
    body.classes.map(async (c) => ({
      id: c.id,
      title: words[c.id]!,
      upTo: c.upTo,
      confidence: c.confidence,
      ...(await count(`class_id = ${quoteText(c.id)}`)),
    })),
  )
  return {
    county: drawn.county,
    name,
    quota: drawn.quota,
    line: drawn.line,
    interval: drawn.interval,
    set: drawn.set && { reason: drawn.set.reason, by: drawn.set.by },
    drawn: { known: pick('known'), least: pick('least'), most: pick('most') },
    inside,
    cumulative: atLine ? { households: atLine.households, persons: atLine.persons } : null,
    deviation: atLine && drawn.quota !== null ? atLine.persons - drawn.quota : null,
    neighbours: around,
    band: { points: bandPoints, ...(await count('in_band')) },
    undecided: await count("verdict = 'undecided'"),
    vetoed: await count("verdict = 'vetoed'"),
    outOfScope: await count("verdict = 'out_of_scope'"),
    sameScore: low === null ? { households: 0, persons: 0 } : await count(`score = ${low} and verdict not in ('vetoed', 'out_of_scope')`),
    distribution: drawn.table.map((step): ScoreRow => ({ ...step })),
    direction: body.direction,
    askFirst: ask.map(({ path, zh, en, households }) => ({ path, label: { zh, en }, households })),
    classes,
    confidence: scorecard.confidence,
  }
}
