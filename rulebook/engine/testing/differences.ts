import { type Answer, askSql } from '../../shelf/ask-sql.ts'
import type { SqlEngine } from '../../shelf/sql-engine.ts'
import type { Dictionary } from '../dictionary.ts'
import type { Node } from '../ir.ts'
import { missingOf } from '../missing.ts'
import { type Facts, Interpreter } from '../run.ts'

/** A question two engines answer differently. */
export interface Difference {
  engine: string
  node: Node
  index: number
  facts: Facts
  own: Answer
  told: Answer
}

/** What the interpreter says of a node. */
export const answerOf = (interpreter: Interpreter, node: Node, facts: Facts): Answer => ({
  value: interpreter.evaluate(node, [facts]),
  missing: [...missingOf(node, [facts], interpreter)].sort(),
})

/** Asks databases and interpreter about every (node, facts) pair; gives each pair whose value or missing set is not the same. */
export async function differences(
  engines: SqlEngine[],
  dictionary: Dictionary,
  root: string,
  nodes: Node[],
  facts: Facts[],
  interpreter = new Interpreter(),
  stages: Node[] = [],
): Promise<Difference[]> {
  const found: Difference[] = []
  for (const engine of engines) {
    const answers = await askSql(engine, dictionary, root, nodes, facts, stages)
    for (const [i, row] of answers.entries())
      for (const [j, told] of row.entries()) {
        const own = answerOf(interpreter, nodes[j]!, facts[i]!)
        if (told.value !== own.value || told.missing.join() !== own.missing.join())
          found.push({ engine: engine.dialect.name, node: nodes[j]!, index: j, facts: facts[i]!, own, told })
      }
  }
  return found
}
