import { Problem } from '@fupin/platform/problems/problem.ts'
import type { Book, Check, Definition } from '@fupin/rulebook/engine/book.ts'
import type { CompiledRule } from '@fupin/rulebook/engine/compile/compiled.ts'
import { Compiler } from '@fupin/rulebook/engine/compile/compiler.ts'
import { Findings, printFinding } from '@fupin/rulebook/engine/finding.ts'
import { sentenceSlots } from '@fupin/rulebook/engine/load/read-check.ts'
import { placeChain, resolveRule } from '@fupin/rulebook/engine/resolve.ts'
import type { Slots } from './data-rule-sentences.ts'

/** One data rule (清洗规则) as it stands at a place on a day. */
export interface DataRule {
  id: string
  level: string
  definition: Definition
  /** Id of the version in force: its first day where it has no name of its own. */
  version: string
  check: Check
  compiled: CompiledRule
}

export interface DataRules {
  /** The counties that share these rules; empty: every household asked about. */
  counties: string[]
  /** The area of households without a county. */
  root: string
  rules: DataRule[]
  parameters: Slots['parameters']
}

/**
 * The data rules in force on a day (yyyymmdd) for each group of counties that share them.
 * @throws Problem `book.unusable` with every finding where one of them cannot be compiled.
 */
export function dataRulesByCounty(book: Book, counties: string[], at: number): DataRules[] {
  const placed = new Set([...book.definitions, ...book.parameters].map((d) => d.place))
  const groups = new Map<string, string[]>()
  for (const county of counties) {
    const key = placeChain(book, county, at)
      .filter((p) => placed.has(p))
      .join(' ')
    groups.set(key, [...(groups.get(key) ?? []), county])
  }
  return [...groups.values()].map((group) => ({ counties: group, root: book.root, ...dataRulesAt(book, group[0]!, at) }))
}

/** The data rules in force at one place on one day. @throws Problem `book.unusable` */
export function dataRulesAt(book: Book, place: string, at: number): Omit<DataRules, 'counties' | 'root'> {
  const findings = new Findings()
  const compiler = new Compiler(book, place, { at }, findings)
  const parameters: Slots['parameters'] = new Map()
  const rules: DataRule[] = []
  for (const id of new Set(book.definitions.filter((d) => d.kind === 'check').map((d) => d.id))) {
    const found = resolveRule(book, id, place, { at })
    // A rule that begins later, or has ended, is no fault of the book: it is not asked.
    if ('why' in found ? found.why === 'date' : found.version.ended) continue
    const compiled = compiler.rule(id, { file: 'book.yaml', line: 1, column: 1, length: 1 })
    if (compiled?.version.body.kind !== 'check') continue
    const { check } = compiled.version.body
    for (const slot of sentenceSlots(check.says.zh + check.says.en).filter((s) => s.startsWith('p.'))) {
      const parameter = compiler.parameter(slot.slice(2), check.saysAt)
      if (parameter) parameters.set(slot.slice(2), { head: parameter.head, value: parameter.value.value })
    }
    const { definition, version } = compiled
    rules.push({ id, level: definition.level, definition, version: version.id, check, compiled })
  }
  if (findings.all.length === 0) return { rules, parameters }
  const text = (language: 'zh' | 'en'): string => findings.all.map((f) => printFinding(f, language)).join('\n')
  throw new Problem('book.unusable', {
    zh: `规则簿“${book.title.zh}”的清洗规则用不了：\n${text('zh')}`,
    en: `The data rules of the book "${book.title.en}" cannot be used:\n${text('en')}`,
  })
}
