import type { Duck } from '@fupin/platform/database/duckdb.ts'
import type { Text } from '@fupin/rulebook/engine/definition.ts'
import { Explainer } from '@fupin/rulebook/engine/explain.ts'
import type { Explanation } from '@fupin/rulebook/engine/explanation.ts'
import type { Facts as EntityFacts } from '@fupin/rulebook/engine/run.ts'
import type { CountyRules } from '@fupin/whom/identification/county-rules.ts'
import type { Origin, Why } from '@fupin/whom/run/compare/compare-contract.ts'
import { standings } from '@fupin/whom/run/compare/standings.ts'
import { sentenceSql } from '@fupin/whom/run/compare/why-moved.ts'
import { type OpenedRun, runList } from '@fupin/whom/run/open-part.ts'
import type { ChangedRules } from './changed-rules.ts'
import type { SampledRow } from './sample-check.ts'
import type { ExplainedMove, ExplainedSide } from './simulate-contract.ts'

/**
 * Explains some households that moved: both verdicts, the reason, and each changed rule that speaks otherwise of them, by the interpreter
 * under both books, side by side.
 */
export async function explainMoves(
  duck: Duck,
  run: OpenedRun,
  changed: readonly ChangedRules[],
  rows: readonly SampledRow[],
  facts: Map<number, EntityFacts>,
  vetoes: readonly { title: Text }[],
): Promise<ExplainedMove[]> {
  if (rows.length === 0) return []
  const keys = rows.map((r) => r.key_b).join(', ')
  const titles = vetoes.map((v) => v.title)
  const named = await duck.rows<{
    key: number
    household_id: string
    county_code: string
    why: Why
    origin: Origin
    zh: string
    en: string
  }>(
    `select m.key_b as key, l.household_id, l.county_code, why, origin, ${sentenceSql('zh', titles)} as zh, ${sentenceSql('en', titles)} as en
     from move m join (select _key, household_id, county_code from ${runList(run)} where _key in (${keys})) l on l._key = m.key_b`,
  )
  const explainers = new Map<CountyRules, Explainer>()
  const explainer = (rules: CountyRules): Explainer => {
    if (!explainers.has(rules)) explainers.set(rules, new Explainer(rules.compiler))
    return explainers.get(rules)!
  }
  return rows.flatMap((row) => {
    const name = named.find((n) => n.key === row.key_b)
    const own = facts.get(row.key_b)
    const c = changed.find((r) => r.counties.includes(String(row.county).padStart(6, '0')))
    if (!name || !own || !c) return []
    const { household_id, county_code, why, origin, zh, en } = name
    return [
      {
        household_id,
        county_code,
        why,
        origin,
        reason: { zh, en },
        before: side(row, 'a'),
        after: side(row, 'b'),
        rules: rulesOf(c, own, explainer),
      },
    ]
  })
}

function rulesOf(c: ChangedRules, facts: EntityFacts, explainer: (rules: CountyRules) => Explainer): ExplainedMove['rules'] {
  return c.touched.flatMap(({ id, kind, title }) => {
    if (kind !== 'item' && kind !== 'veto') return []
    const explain = (rules: CountyRules): Explanation | null => {
      const score = rules.scorecard.score!
      const rule = [...score.items, ...score.vetoes].find((r) => r.id === id)
      return rule ? explainer(rules).explain(rule, facts) : null
    }
    const [before, after] = [explain(c.before), explain(c.after)]
    return before?.value === after?.value ? [] : [{ id, title, before, after }]
  })
}

const side = (row: SampledRow, x: 'a' | 'b'): ExplainedSide => ({
  verdict: standings[Number(row[`verdict_${x}`])]!,
  score: row[`score_${x}`] as number | null,
  least: row[`least_${x}`] as number,
  most: row[`most_${x}`] as number,
  line: { low: row[`low_${x}`] as number | null, high: row[`high_${x}`] as number | null },
})
