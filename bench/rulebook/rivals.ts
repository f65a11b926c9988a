import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { Node } from '@fupin/rulebook/engine/ir.ts'
import { type Facts, Interpreter } from '@fupin/rulebook/engine/run.ts'
import { Random } from '@fupin/rulebook/engine/testing/random.ts'
import { edgesOf, type Gaps, randomFacts } from '@fupin/rulebook/engine/testing/random-facts.ts'
import { batchesOf } from '@fupin/rulebook/engine/testing/rule-batches.ts'
import type { Value } from '@fupin/rulebook/engine/types.ts'
import type { Measured } from '../measured.ts'
import { asFeel, asJsonLogic, asZen } from './rival-languages.ts'

/** A language of others that a value can be said in: its text or tree ready to be asked; null where it has no words for it. */
interface Rival {
  package: string
  ready(module: never, node: Node): ((facts: Facts) => unknown) | null
}

const rivals: Rival[] = [
  {
    package: 'json-logic-js',
    ready(module: { apply(rule: unknown, data: unknown): unknown }, node) {
      const rule = asJsonLogic(node)
      return rule === null ? null : (facts) => module.apply(rule, facts)
    },
  },
  {
    package: 'feelin',
    ready(module: { evaluate(text: string, data: unknown): { value?: unknown } }, node) {
      const text = asFeel(node)
      return text === null ? null : (facts) => module.evaluate(text, { x0: facts }).value
    },
  },
  {
    package: '@gorules/zen-engine',
    ready(module: { evaluateExpressionSync(text: string, data: unknown): unknown }, node) {
      const text = asZen(node)
      return text === null ? null : (facts) => module.evaluateExpressionSync(text, facts)
    },
  },
]

/** Where rivals are looked for: a folder with a `node_modules`, named by RIVALS. Nothing of ours needs them. */
const folder = process.env.RIVALS ? resolve(process.env.RIVALS) : null

/** The same values asked of other rule languages: how often they say something where the facts do not. */
export async function askRivals(books: Book[], each: number, gaps: Gaps, seed: number): Promise<Measured[]> {
  const told: Measured[] = []
  for (const rival of rivals) {
    if (!folder || !existsSync(join(folder, 'node_modules', rival.package))) {
      console.log(`  ${rival.package}: not installed (RIVALS names a folder with its node_modules)`)
      continue
    }
    const from = createRequire(join(folder, 'package.json'))
    const loaded = (await import(from.resolve(rival.package))) as { default?: unknown }
    const { version } = from(join(folder, 'node_modules', rival.package, 'package.json')) as { version: string }
    const tally = ask(rival, (loaded.default ?? loaded) as never, books, each, gaps, seed)
    const question = `${rival.package} ${version}: says something where we say unknown, of ${tally.asked} pairs with gaps (another value ${tally.other}, nothing where we know ${tally.lacking})`
    told.push({ id: 'B2r', question, value: tally.silent, unit: 'pairs', rival: `${tally.unknown} of them unknown`, seed })
  }
  return told
}

interface Tally {
  asked: number
  unknown: number
  silent: number
  other: number
  lacking: number
}

function ask(rival: Rival, module: never, books: Book[], each: number, gaps: Gaps, seed: number): Tally {
  const random = new Random(seed)
  const interpreter = new Interpreter()
  const tally: Tally = { asked: 0, unknown: 0, silent: 0, other: 0, lacking: 0 }
  for (const book of books)
    for (const { root, nodes } of batchesOf(book))
      for (const node of nodes) {
        const evaluate = rival.ready(module, node)
        if (!evaluate) continue
        const edges = edgesOf([node])
        for (let i = 0; i < each; i++) {
          const facts = withoutNulls(randomFacts(random, book.dictionary, root, edges, gaps))
          const own = interpreter.evaluate(node, [facts])
          const other = answer(evaluate, facts)
          tally.asked++
          if (own === undefined) tally.unknown++
          if (other === own) continue
          tally[own === undefined ? 'silent' : other === undefined ? 'lacking' : 'other']++
        }
      }
  return tally
}

/** An error or null of theirs is taken for unknown, in their favour. */
function answer(evaluate: (facts: Facts) => unknown, facts: Facts): Value | undefined {
  try {
    const value = evaluate(facts)
    return typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

/** What is not known is absent: the same for all. */
const withoutNulls = (facts: Facts): Facts =>
  Object.fromEntries(
    Object.entries(facts).flatMap(([k, v]): [string, Facts[string]][] =>
      v === null ? [] : [[k, Array.isArray(v) ? v.map(withoutNulls) : v]],
    ),
  )
