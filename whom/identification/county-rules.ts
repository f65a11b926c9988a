import { Problem } from '@fupin/platform/problems/problem.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { CompiledRule } from '@fupin/rulebook/engine/compile/compiled.ts'
import { Compiler } from '@fupin/rulebook/engine/compile/compiler.ts'
import { Findings, printFinding } from '@fupin/rulebook/engine/finding.ts'
import { placeChain } from '@fupin/rulebook/engine/resolve.ts'

/** The scorecard as it stands in some counties: they share one set of resolved rules, and so one SQL statement. */
export interface CountyRules {
  counties: string[]
  compiler: Compiler
  scorecard: CompiledRule
}

/**
 * Compiles the scorecard for each group of counties with the same rules (resolve first, compile after; rulebook 3.3).
 * @throws Problem with every finding where the book cannot be used for a county on the day.
 */
export function rulesByCounty(book: Book, scorecard: string, counties: string[], at: number): CountyRules[] {
  const written = new Set([...book.definitions, ...book.parameters].map((d) => d.place))
  const groups = new Map<string, string[]>()
  for (const county of counties) {
    const key = placeChain(book, county, at)
      .filter((p) => written.has(p))
      .join(' ')
    groups.set(key, [...(groups.get(key) ?? []), county])
  }
  return [...groups.values()].map((group) => ({ counties: group, ...compile(book, scorecard, group[0]!, at) }))
}

/** The rules of one county: for explaining one household. */
export const rulesOf = (groups: CountyRules[], county: string): CountyRules | undefined => groups.find((g) => g.counties.includes(county))

function compile(book: Book, id: string, county: string, at: number): { compiler: Compiler; scorecard: CompiledRule } {
  const findings = new Findings()
  const compiler = new Compiler(book, county, { at }, findings)
  const scorecard = compiler.rule(id, { file: 'book.yaml', line: 1, column: 1, length: 1 })
  if (scorecard?.score && findings.all.length === 0) return { compiler, scorecard }
  const text = (language: 'zh' | 'en'): string =>
    findings.all
      .slice(0, 20)
      .map((f) => printFinding(f, language))
      .join('\n')
  throw new Problem('book.unusable', {
    zh: `规则簿“${book.title.zh}”的评分表“${id}”用不了：\n${text('zh')}`,
    en: `Scorecard "${id}" of the book "${book.title.en}" cannot be used:\n${text('en')}`,
  })
}
