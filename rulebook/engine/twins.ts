import { addDays, readDate } from './civil-date.ts'
import { type Node, reachable } from './ir.ts'
import type { Question } from './questions.ts'
import { type Facts, Interpreter } from './run.ts'

/**
 * Boundary twins: for each threshold of a rule, the facts of a case with the compared fact set to the threshold itself and to one
 * step on either side. Nobody writes them; every engine must agree on them.
 */
export function twinsOf(questions: Question[]): Question[] {
  const interpreter = new Interpreter()
  const seen = new Set<string>()
  return questions.flatMap((question) =>
    reachable([question.node]).flatMap((node) => {
      if (node.op !== 'compare') return []
      const key = `${question.rule.id} ${question.rule.version.id} ${question.rule.place} ${question.rule.at} ${node.id}`
      if (seen.has(key)) return []
      const made = [...aside(question, node.a, node.b, interpreter), ...aside(question, node.b, node.a, interpreter)]
      if (made.length) seen.add(key)
      return made.map((facts): Question => ({ ...question, facts, twin: true }))
    }),
  )
}

/** Facts in which the field on one side meets the value of the other side, and its two neighbours. */
function aside(question: Question, side: Node, other: Node, interpreter: Interpreter): Facts[] {
  const age = side.op === 'call' && side.fn === 'years' && side.args[0]!.op === 'const' ? side.args[1]! : null
  const field = age ?? side
  if (field.op !== 'field' || field.depth > 1) return []
  const list = field.depth === 1 ? field.path.split('.')[0]! : null
  const rows = list ? question.facts[list] : null
  if (list && (!Array.isArray(rows) || rows.length === 0)) return []
  const frames = list ? [question.facts, (rows as Facts[])[0]!] : [question.facts]
  const edge = interpreter.evaluate(other, frames)
  if (typeof edge !== 'number') return []
  const values = age
    ? birthdays((side as Node & { op: 'call' }).args[0]!, edge)
    : field.type.kind === 'date'
      ? [addDays(edge, -1), edge, addDays(edge, 1)]
      : [edge - 1, edge, edge + 1]
  const [low, high] = field.range ?? [-Infinity, Infinity]
  return values
    .filter((v) => v >= low && v <= high)
    .map((value) => {
      if (!list) return { ...question.facts, [field.field]: value }
      const [first, ...rest] = rows as Facts[]
      return { ...question.facts, [list]: [{ ...first, [field.field]: value }, ...rest] }
    })
}

/** Births that make someone exactly so many years old on the day, a day older and a day younger. */
function birthdays(day: Node, years: number): number[] {
  const at = (day as Node & { op: 'const' }).value as number
  const born = at - years * 10000
  const text = String(born).padStart(8, '0')
  // A 29 February that the birth year lacks has no exact birthday; the days round it are enough.
  const exact = readDate(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`)
  const near = exact ?? Math.trunc(born / 100) * 100 + 28
  return [addDays(near, -1), near, addDays(near, 1)]
}
