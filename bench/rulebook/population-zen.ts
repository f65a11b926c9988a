import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { Node } from '@fupin/rulebook/engine/ir.ts'
import { Random } from '@fupin/rulebook/engine/testing/random.ts'
import { edgesOf, randomFacts } from '@fupin/rulebook/engine/testing/random-facts.ts'
import { asZen } from './rival-languages.ts'

const sample = 300

/**
 * Seconds that ZEN takes for the rules it has words for, scaled to a number of households and to all rules; null where it is not installed
 * (RIVALS names a folder with its node_modules). Each expression is asked by itself, which is ZEN's slower way; its graphs took 150 to 400 s.
 */
export async function zenSeconds(
  book: Book,
  rules: { node: Node }[],
  households: number,
): Promise<{ seconds: number; rules: number } | null> {
  const folder = process.env.RIVALS ? resolve(process.env.RIVALS) : null
  if (!folder || !existsSync(join(folder, 'node_modules', '@gorules/zen-engine'))) return null
  const from = createRequire(join(folder, 'package.json'))
  const { evaluateExpressionSync } = from('@gorules/zen-engine') as { evaluateExpressionSync(text: string, data: unknown): unknown }
  const texts = rules.flatMap(({ node }) => asZen(node) ?? [])
  if (texts.length === 0) return null
  const random = new Random(1)
  const edges = edgesOf(rules.map((r) => r.node))
  const facts = Array.from({ length: sample }, () =>
    randomFacts(random, book.dictionary, 'household', edges, { field: 0, list: 0, emptyList: 0, rows: 6, offered: 1 }),
  )
  const start = process.cpuUsage()
  for (const one of facts) for (const text of texts) evaluateExpressionSync(text, one)
  const { user, system } = process.cpuUsage(start)
  return { seconds: ((user + system) / 1e6 / sample) * households * (rules.length / texts.length), rules: texts.length }
}
