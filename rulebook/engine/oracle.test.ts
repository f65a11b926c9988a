import { celEnv, parse as parseBuf, plan } from '@bufbuild/cel'
import { Environment } from '@marcbachmann/cel-js'
import { expect, it } from 'vitest'
import { type Facts, Interpreter } from './run.ts'
import { Random } from './testing/random.ts'
import { Expressions } from './testing/random-expressions.ts'
import { edgesOf, randomFacts, usualGaps } from './testing/random-facts.ts'
import { nodeOf, tinyBook } from './testing/tiny-book.ts'

type Told = boolean | number | 'unknown'
type Ask = (facts: Facts) => unknown

/** Facts as CEL sees them: absent keys are absent, whole numbers are CEL integers. */
function celFacts(facts: Facts): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([key, value]): [string, unknown][] => {
      if (value === null || value === undefined) return []
      if (Array.isArray(value)) return [[key, value.map(celFacts)]]
      return [[key, typeof value === 'number' ? BigInt(value) : value]]
    }),
  )
}

/** Any CEL error is our unknown: an absent key, and an integer that leaves the exact ones. */
function told(ask: Ask, facts: Facts): Told {
  try {
    const value = ask(facts)
    if (typeof value === 'boolean') return value
    return typeof value === 'bigint' ? Number(value) : 'unknown'
  } catch {
    return 'unknown'
  }
}

const bufbuild = (text: string): Ask => {
  const run = plan(celEnv(), parseBuf(text))
  return (facts) => {
    const value = run({ h: celFacts(facts) } as never)
    if (value instanceof Error) throw value
    return value
  }
}
const marcbachmann = (text: string): Ask => {
  const run = new Environment({ unlistedVariablesAreDyn: true }).parse(text)
  return (facts) => run({ h: celFacts(facts) })
}

/** Rulebook 2.3: with an absent key as CEL's error, its logic is ours. Two libraries of others say what each condition means. */
it('both CEL libraries mean the same as the interpreter by plain conditions, gaps included', () => {
  const random = new Random(20151011)
  const make = new Expressions(random, { plain: true })
  const { dictionary } = tinyBook().book
  const interpreter = new Interpreter()
  const seen = { true: 0, false: 0, unknown: 0 }
  const wrong: string[] = []
  for (let i = 0; i < 150; i++) {
    const text = make.bool(3)
    const node = nodeOf(text)
    const oracles = { bufbuild: bufbuild(text), marcbachmann: marcbachmann(text) }
    for (let j = 0; j < 30; j++) {
      const facts = randomFacts(random, dictionary, 'household', edgesOf([node]), { ...usualGaps, field: 0.2 })
      // Integers of CEL end at 2^63, ours at 2^53: that difference is kept out here and tested by overflow guards.
      const small = withSmallNumbers(facts)
      const own = interpreter.evaluate(node, [small]) ?? 'unknown'
      seen[String(own) as keyof typeof seen]++
      for (const [name, ask] of Object.entries(oracles)) {
        const other = told(ask, small)
        if (other !== own) wrong.push(`${name}: ${text} of ${JSON.stringify(small)} is ${other}, ours ${own}`)
      }
    }
  }
  expect(wrong.slice(0, 3)).toEqual([])
  // The comparison means something only where all three values come up often.
  expect(Math.min(seen.true, seen.false, seen.unknown)).toBeGreaterThan(400)
})

function withSmallNumbers(facts: Facts): Facts {
  return Object.fromEntries(
    Object.entries(facts).map(([key, value]) => {
      if (Array.isArray(value)) return [key, value.map(withSmallNumbers)]
      return [key, key === 'huge' && typeof value === 'number' ? value % 1_000_000 : value]
    }),
  )
}
