import { type BookFinding, Findings } from '../engine/finding.ts'
import { missingOf } from '../engine/missing.ts'
import type { Question } from '../engine/questions.ts'
import { Interpreter } from '../engine/run.ts'
import { type Answer, askSql } from './ask-sql.ts'
import type { SqlEngine } from './sql-engine.ts'

/**
 * Asks databases the same questions as the interpreter (cases and boundary twins) and reports every difference in value or
 * missing set. Questions about one place, date and level go to the database together.
 */
export async function checkInEngines(questions: Question[], engines: SqlEngine[]): Promise<BookFinding[]> {
  const findings = new Findings()
  const interpreter = new Interpreter()
  const groups = new Map<string, Question[]>()
  for (const q of questions) {
    const key = `${q.definition.level} ${q.rule.place} ${q.rule.at} ${q.compiler.dates.incomeYear ?? ''}`
    groups.set(key, [...(groups.get(key) ?? []), q])
  }
  for (const group of groups.values()) {
    const { compiler, definition } = group[0]!
    const nodes = [...new Set(group.map((q) => q.node))]
    for (const engine of engines) {
      const answers = await askSql(
        engine,
        compiler.book.dictionary,
        definition.level,
        nodes,
        group.map((q) => q.facts),
      )
      for (const [i, question] of group.entries()) {
        const told = answers[i]![nodes.indexOf(question.node)]!
        const own: Answer = {
          value: interpreter.evaluate(question.node, [question.facts]),
          missing: [...missingOf(question.node, [question.facts], interpreter)].sort(),
        }
        if (told.value === own.value && told.missing.join() === own.missing.join()) continue
        const word = (a: Answer): string => `${a.value ?? 'unknown'} [${a.missing.join(', ')}]`
        findings.add(
          question.source.position,
          'engine.differs',
          `${question.definition.id}“${question.source.name.zh}”${question.twin ? '（临界值）' : ''}：${engine.dialect.name} 得 ${word(told)}，解释器得 ${word(own)}。`,
          `${question.definition.id} "${question.source.name.en}"${question.twin ? ' (boundary)' : ''}: ${engine.dialect.name} says ${word(told)}, the interpreter ${word(own)}.`,
        )
      }
    }
  }
  return findings.all
}
