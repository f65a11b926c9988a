import type { BookCheck } from '../check-book.ts'
import { addDays } from '../civil-date.ts'
import { type Node, reachable } from '../ir.ts'
import type { Question } from '../questions.ts'
import type { Facts } from '../run.ts'

/**
 * Holds the boundary twins of a book against its thresholds: wherever a rule that has a case compares a fact of its own entity with
 * a fixed value, there must be twins at the value and one step to either side; for an age, the birthday and the day after it.
 * Gives the thresholds that are not tried, in sentences, and how many are.
 */
export function checkTwins({ questions, twins }: BookCheck): { thresholds: number; untried: string[] } {
  const untried: string[] = []
  let thresholds = 0
  const seen = new Set<string>()
  for (const q of questions)
    for (const node of reachable([q.node])) {
      if (node.op !== 'compare') continue
      const key = `${q.rule.id} ${q.rule.version.id} ${q.rule.place} ${q.rule.at} ${node.id}`
      if (seen.has(key)) continue
      seen.add(key)
      const same = (t: Question): boolean => t.rule.id === q.rule.id && t.rule.version.id === q.rule.version.id && t.node === q.node
      for (const [side, other] of [
        [node.a, node.b],
        [node.b, node.a],
      ] as const) {
        if (other.op !== 'const' && other.op !== 'param') continue
        const wanted = wantedOf(side, other.value as number)
        if (!wanted || wanted.values.length === 0) continue
        const own = twins.filter(same)
        if (
          wanted.list &&
          !questions.some((x) => same(x) && Array.isArray(x.facts[wanted.list!]) && (x.facts[wanted.list!] as Facts[]).length)
        )
          continue
        thresholds++
        const rows = own.map((t) => (wanted.list ? (listOf(t.facts, wanted.list)[0] ?? {}) : t.facts))
        const tried = new Set(rows.map((row) => row[wanted.field]))
        const lacking = wanted.values.filter((v) => !tried.has(v))
        if (lacking.length) untried.push(`${key}: ${wanted.field} is never ${lacking.join(' or ')}`)
      }
    }
  return { thresholds, untried }
}

const listOf = (facts: Facts, list: string): Facts[] => (Array.isArray(facts[list]) ? (facts[list] as Facts[]) : [])

function wantedOf(side: Node, edge: number): { field: string; list: string | null; values: number[] } | null {
  if (typeof edge !== 'number') return null
  const age = side.op === 'call' && side.fn === 'years' && side.args[0]!.op === 'const' ? side.args[1]! : null
  const field = age ?? side
  if (field.op !== 'field' || field.depth > 1) return null
  const [low, high] = field.range ?? [-Infinity, Infinity]
  const birthday = age ? ((side as Node & { op: 'call' }).args[0] as Node & { op: 'const' }) : null
  const born = birthday && (birthday.value as number) - edge * 10000
  if (born !== null && born % 10000 === 229) return null
  const values =
    born !== null
      ? [born, addDays(born, 1)]
      : field.type.kind === 'date'
        ? [-1, 0, 1].map((d) => addDays(edge, d))
        : [edge - 1, edge, edge + 1]
  return {
    field: field.field,
    list: field.depth === 1 ? field.path.split('.')[0]! : null,
    values: values.filter((v) => v >= low && v <= high),
  }
}
