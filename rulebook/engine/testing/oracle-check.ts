import type { Book } from '../book.ts'
import { Compiler } from '../compile/compiler.ts'
import { Findings } from '../finding.ts'
import { type Node, reachable } from '../ir.ts'
import { type Facts, Interpreter } from '../run.ts'
import type { Value } from '../types.ts'
import { celFacts, celValue, type Oracle, oracles } from './cel-oracles.ts'
import { asPlainCel, expressionsOf, plainNames } from './plain-cel.ts'
import type { Random } from './random.ts'
import { edgesOf, type Gaps, randomFacts } from './random-facts.ts'
import { batchesOf } from './rule-batches.ts'
import { lowered } from './tiny-book.ts'

/** How often one library was asked, and how it was wrong by our meaning. */
export interface OracleTally {
  asked: number
  /** It says something where we say unknown; something else; unknown where we know. */
  silent: number
  other: number
  lacking: number
}

export interface OracleCheck {
  /** Values of rules that have a form in plain CEL, of all values. */
  printed: { plain: number; of: number }
  /** Expressions that are plain CEL as they are written, names of `let` put in, of all that stand in the book. */
  written: { plain: number; of: number }
  unknown: number
  tallies: Record<string, OracleTally>
  wrong: string[]
}

interface Asked {
  name: string
  root: string
  node: Node
  text: string
  bind(facts: Facts): Record<string, unknown>
}

/** Asks both CEL libraries everything in a book that plain CEL can say, about random entities with gaps. */
export function checkOracles(random: Random, book: Book, each: number, gaps: Gaps): OracleCheck {
  const [printed, written] = [printedOf(book), writtenOf(book)]
  const check: OracleCheck = {
    printed: { plain: printed.asked.length, of: printed.of },
    written: { plain: written.asked.length, of: written.of },
    unknown: 0,
    tallies: Object.fromEntries(Object.keys(oracles).map((name) => [name, { asked: 0, silent: 0, other: 0, lacking: 0 }])),
    wrong: [],
  }
  const interpreter = new Interpreter()
  for (const one of [...printed.asked, ...written.asked]) {
    const ready = Object.entries(oracles).map(([name, make]): [string, Oracle] => [name, make(one.text)])
    const edges = edgesOf([one.node])
    for (let i = 0; i < each; i++) {
      const facts = randomFacts(random, book.dictionary, one.root, edges, gaps)
      const own = interpreter.evaluate(one.node, [facts])
      if (own === undefined) check.unknown++
      const bindings = one.bind(facts)
      for (const [name, oracle] of ready) tally(check, name, one, own, oracle(bindings))
    }
  }
  return check
}

function tally(check: OracleCheck, name: string, { name: rule, text }: Asked, own: Value | undefined, told: Value | undefined): void {
  const t = check.tallies[name]!
  t.asked++
  if (told === own) return
  t[own === undefined ? 'silent' : told === undefined ? 'lacking' : 'other']++
  check.wrong.push(`${name}: ${rule} is ${told}, ours ${own}: ${text}`)
}

function printedOf(book: Book): { asked: Asked[]; of: number } {
  const asked: Asked[] = []
  let of = 0
  for (const { root, names, nodes } of batchesOf(book))
    for (const [i, node] of nodes.entries()) {
      of++
      const text = asPlainCel(node)
      if (text) asked.push({ name: names[i]!, root, node, text, bind: (facts) => ({ x0: celFacts(facts) }) })
    }
  return { asked, of }
}

function writtenOf(book: Book): { asked: Asked[]; of: number } {
  const asked: Asked[] = []
  let of = 0
  for (const { text, definition, version } of expressionsOf(book)) {
    of++
    const entity = book.dictionary.entities[definition.level]
    const whole = entity && withLets(text, version.lets)
    const names = whole && plainNames(whole)
    if (!names || [...names].some((n) => n !== entity.variable && n !== 'p' && n !== 'asof')) continue
    const at = version.to && version.to < book.referenceDate ? version.to : Math.max(version.from, book.referenceDate)
    const compiler = new Compiler(book, definition.place, { at: version.ended ? version.from : at }, new Findings())
    const node = lowered(compiler, whole, definition.level)
    if (!node || node.type.kind === 'list') continue
    const p = Object.fromEntries(reachable([node]).flatMap((n) => (n.op === 'param' ? [[n.name, celValue(n.value)]] : [])))
    asked.push({
      name: definition.id,
      root: definition.level,
      node,
      text: whole,
      bind: (facts) => ({ [entity.variable]: celFacts(facts), p, asof: BigInt(compiler.dates.at) }),
    })
  }
  return { asked, of }
}

/** The expression with what `let` names put in, as often as they name each other. */
function withLets(text: string, lets: { name: string; expr: { text: string } }[]): string {
  let whole = text
  for (const { name, expr } of lets.toReversed())
    whole = whole.replaceAll(new RegExp(`(?<![\\w."])${name}(?![\\w("])`, 'g'), `(${expr.text})`)
  return whole
}
