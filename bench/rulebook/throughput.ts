import type { Node } from '@fupin/rulebook/engine/ir.ts'
import { missingOf } from '@fupin/rulebook/engine/missing.ts'
import { type Facts, Interpreter } from '@fupin/rulebook/engine/run.ts'
import { celFacts, oracles } from '@fupin/rulebook/engine/testing/cel-oracles.ts'
import { rulesOn } from '@fupin/rulebook/engine/testing/explanation-check.ts'
import { asPlainCel } from '@fupin/rulebook/engine/testing/plain-cel.ts'
import { Random } from '@fupin/rulebook/engine/testing/random.ts'
import { edgesOf, type Gaps, randomFacts } from '@fupin/rulebook/engine/testing/random-facts.ts'
import { booksFolder, openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { type Measured, medianProcessorSeconds } from '../measured.ts'

const households = 5000
const rounds = Number(process.env.ROUNDS ?? 5)
const seed = 1

/** B6: how many households a second one core decides by the interpreter: 100 rules (the 98 items and two vetoes of the identification). */
export async function run(): Promise<Measured[]> {
  const book = await openWholeBook(`${booksFolder}fupin`)
  const { rules } = rulesOn(book)
  const card = rules.find((r) => r.id === book.identify!.scorecard)!.score!
  const nodes = [...card.items.map((i) => Object.values(i.item!.lines)[0]!.node), ...card.vetoes.map((v) => v.node)].slice(0, 100)
  const random = new Random(seed)
  const make = (gaps: Gaps, count: number): Facts[] =>
    Array.from({ length: count }, () => randomFacts(random, book.dictionary, 'household', edgesOf(nodes), gaps))
  const complete = make({ field: 0, list: 0, emptyList: 0.2, rows: 6, offered: 1 }, households)
  const gappy = make({ field: 0.03, list: 0.02, emptyList: 0.2, rows: 6, offered: 1 }, households)
  const told = async (
    id: string,
    question: string,
    all: Facts[],
    ask: (facts: Facts) => void,
    more: Partial<Measured> = {},
  ): Promise<Measured> => {
    for (const facts of all.slice(0, 500)) ask(facts)
    const seconds = await medianProcessorSeconds(rounds, () => all.forEach(ask))
    return {
      id,
      question: `${question}, ${nodes.length} rules, a second of processor time`,
      value: Math.round(all.length / seconds),
      unit: 'households/s',
      seed,
      ...more,
    }
  }
  const interpreter = new Interpreter()
  const each = (facts: Facts): void => {
    for (const node of nodes) interpreter.evaluate(node, [facts])
  }
  const withMissing = (facts: Facts): void => {
    for (const node of nodes) if (interpreter.evaluate(node, [facts]) === undefined) missingOf(node, [facts], interpreter)
  }
  return [
    await told('B6', 'interpreter, complete households', complete, each, { aim: 50_000, better: 'more' }),
    await told('B6', 'interpreter, households with gaps', gappy, each, { rival: '31,000 seen in the study' }),
    await told('B6', 'interpreter with missing sets, households with gaps', gappy, withMissing),
    ...(await rivals(nodes, complete.slice(0, 300), told)),
  ]
}

type Tell = (id: string, question: string, all: Facts[], ask: (facts: Facts) => void) => Promise<Measured>

/** The CEL libraries on the same rules, as far as plain CEL can say them, from the same facts in their own form. */
async function rivals(nodes: Node[], all: Facts[], told: Tell): Promise<Measured[]> {
  const plain = nodes.flatMap((n) => asPlainCel(n) ?? [])
  const found: Measured[] = []
  for (const [name, make] of Object.entries(oracles)) {
    const ready = plain.map(make)
    const bindings = new Map(all.map((facts) => [facts, { x0: celFacts(facts) }]))
    found.push(
      await told('B6', `${name}, complete households (${plain.length} of the rules)`, all, (facts) => {
        for (const ask of ready) ask(bindings.get(facts)!)
      }),
    )
  }
  return found
}
