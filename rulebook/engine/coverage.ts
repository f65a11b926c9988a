import type { CompiledPart } from './compile/compiled.ts'
import type { Findings } from './finding.ts'
import { type Node, operands } from './ir.ts'
import { missingOf } from './missing.ts'
import type { Question } from './questions.ts'
import { Interpreter } from './run.ts'

/** What the cases of a book never reach: a criterion never seen true, false or unknown; an answer whose points nobody gets. */
export function checkCoverage(questions: Question[], findings: Findings): void {
  const interpreter = new Interpreter()
  const byRule = new Map<string, Question[]>()
  for (const q of questions) {
    const key = `${q.definition.place} ${q.definition.id} ${q.rule.version.id}`
    byRule.set(key, [...(byRule.get(key) ?? []), q])
  }
  for (const group of byRule.values()) {
    const { rule } = group[0]!
    if (rule.item) answers(group, interpreter, findings)
    else if (rule.parts.length) for (const i of rule.parts.keys()) leaves(group, (q) => q.rule.parts[i], interpreter, findings)
  }
}

/** A condition that only asks whether answers are there is never unknown. */
function alwaysKnown(node: Node): boolean {
  if (node.op === 'known' || node.op === 'const' || node.op === 'param') return true
  if (node.op === 'orElse') return alwaysKnown(node.a) || alwaysKnown(node.b)
  return ['and', 'or', 'not'].includes(node.op) && operands(node).every(alwaysKnown)
}

function leaves(group: Question[], pick: (q: Question) => CompiledPart | undefined, interpreter: Interpreter, findings: Findings): void {
  const part = pick(group[0]!)
  if (!part) return
  const seen = new Set(group.map((q) => pick(q) && interpreter.evaluate(pick(q)!.node, [q.facts])))
  const lacking = [
    [true, '成立', 'true'],
    [false, '不成立', 'false'],
    [undefined, '不能判定', 'unknown'],
  ].filter(([value]) => !seen.has(value as boolean | undefined) && (value !== undefined || !alwaysKnown(part.node)))
  if (lacking.length)
    findings.add(
      part.at,
      'coverage.part',
      `“${part.title.zh}”没有例子让它${lacking.map((l) => l[1]).join('、')}。`,
      `No case makes "${part.title.en}" ${lacking.map((l) => l[2]).join(', ')}.`,
    )
  for (const i of part.parts.keys()) leaves(group, (q) => pick(q)?.parts[i], interpreter, findings)
}

function answers(group: Question[], interpreter: Interpreter, findings: Findings): void {
  const { rule } = group[0]!
  const item = rule.item!
  const reached = new Set<number>()
  let unknown = false
  for (const q of group) {
    const value = interpreter.evaluate(q.node, [q.facts])
    // An answer that no rule of the item offers is unknown too, but it is not a gap.
    if (value === undefined) unknown ||= missingOf(q.node, [q.facts], interpreter).size > 0
    else reached.add(chosen(q, interpreter))
  }
  for (const [i, answer] of item.answers.entries())
    if (!reached.has(i))
      findings.add(
        answer.at,
        'coverage.answer',
        `没有例子得到这一档的分${answer.key ? `（${answer.key}）` : ''}。`,
        `No case gets the points of this answer${answer.key ? ` (${answer.key})` : ''}.`,
      )
  if (!unknown) findings.add(rule.definition.at, 'coverage.unknown', '没有“未填”的例子。', 'No case leaves the answer out.')
}

/** Which answer of an item the facts take. */
function chosen(q: Question, interpreter: Interpreter): number {
  const item = q.rule.item!
  const of = item.of ? interpreter.evaluate(item.of, [q.facts]) : undefined
  return item.answers.findIndex((a) =>
    a.key !== null ? String(of) === a.key : !a.test || interpreter.evaluate(a.test, [q.facts]) === true,
  )
}
