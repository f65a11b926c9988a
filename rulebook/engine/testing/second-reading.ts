import type { CompiledPart, CompiledRule } from '../compile/compiled.ts'
import { Compiler } from '../compile/compiler.ts'
import { Findings, printFinding } from '../finding.ts'
import type { Node } from '../ir.ts'
import { missingOf } from '../missing.ts'
import { Interpreter } from '../run.ts'
import { Random } from './random.ts'
import { RandomBook } from './random-book.ts'
import { edgesOf, randomFacts, usualGaps } from './random-facts.ts'
import { nowhere, tinyBook } from './tiny-book.ts'

/** How much was held against the second reading, and what differed. */
export interface Held {
  answers: number
  unknown: number
  differences: string[]
}

/**
 * Holds the engine against the second reading of random books (`saying.ts`): items, scorecards with bounds, vetoes, standards, derived
 * rules and rules of areas, with parameters and overrides by date and place, as compiled and interpreted.
 * @param most stop after so many differences.
 */
export function holdAgainstSecondReading(seed: number, books: number, households: number, most = 1): Held {
  const random = new Random(seed)
  const held: Held = { answers: 0, unknown: 0, differences: [] }
  for (let i = 0; i < books && held.differences.length < most; i++)
    holdBook(random, new RandomBook(random), households, held, `book ${i}`, most)
  return held
}

function holdBook(random: Random, made: RandomBook, households: number, held: Held, name: string, most: number): void {
  const { book, findings } = tinyBook(made.files)
  for (const f of findings) held.differences.push(`${name}: ${f.file}:${f.line} ${printFinding(f, 'en')}`)
  const interpreter = new Interpreter()
  for (const { place, ...dates } of RandomBook.moments()) {
    const compiler = new Compiler(book, place, dates, new Findings())
    for (const { id, level } of made.rules) {
      const where = `${name} ${id} at ${place} on ${dates.at}`
      const expected = made.expected(id, place, dates)
      if (held.differences.length >= most) return
      const rule = compiler.rule(id, nowhere)
      if (!rule !== !expected) {
        const why = compiler.findings.all.map((f) => `${f.code} ${f.en}`).join('; ')
        held.differences.push(`${where}: ${rule ? 'compiles' : `does not compile (${why})`}, the second reading says otherwise`)
      }
      if (!rule || !expected) continue
      const nodes = nodesOf(rule)
      const edges = edgesOf([...nodes.values()])
      const gaps = random.chance(0.3) ? { ...usualGaps, field: 0, list: 0 } : usualGaps
      for (let k = 0; k < households * (level === 'village' ? 3 : 1); k++) {
        const facts = randomFacts(random, book.dictionary, level, edges, gaps)
        for (const [what, saying] of Object.entries(expected.readings)) {
          const node = nodes.get(what)
          if (!node) {
            if (!/^(low|high)@/.test(what)) held.differences.push(`${where}: has no ${what}`)
            continue
          }
          const told = saying.read(facts, expected.world, RandomBook.standing(level))
          const own = interpreter.evaluate(node, [facts])
          const missing = [...missingOf(node, [facts], interpreter)].sort().join()
          held.answers++
          if (own === undefined) held.unknown++
          if (own !== told.value || missing !== [...told.missing].sort().join())
            held.differences.push(
              `${where} ${what}: ${own} [${missing}], second reading ${told.value} [${[...told.missing].sort()}] of ${JSON.stringify(facts)}: ${saying.text}`,
            )
        }
      }
    }
  }
}

/** Everything a compiled rule says, by the names that readings have. */
function nodesOf(rule: CompiledRule): Map<string, Node> {
  const nodes = new Map<string, Node>([['value', rule.node]])
  const parts = (all: CompiledPart[]): void => {
    for (const p of all) {
      nodes.set(`part/${p.id}`, p.node)
      parts(p.parts)
    }
  }
  parts(rule.parts)
  for (const [line, { node, range }] of Object.entries(rule.item?.lines ?? {})) {
    nodes.set(`value@${line}`, node)
    for (const [end, value] of [
      ['low', range[0]],
      ['high', range[1]],
    ] as const)
      nodes.set(`${end}@${line}`, { ...node, op: 'const', value, range: null })
  }
  for (const [line, l] of Object.entries(rule.score?.lines ?? {}))
    for (const k of ['total', 'known', 'least', 'most'] as const) nodes.set(`${k}@${line}`, l[k])
  if (rule.score?.scope) nodes.set('scope', rule.score.scope)
  if (rule.bounds && !rule.score) {
    nodes.set('least', rule.bounds.least)
    nodes.set('most', rule.bounds.most)
  }
  return nodes
}
