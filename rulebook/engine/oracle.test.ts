import { expect, it } from 'vitest'
import { type Facts, Interpreter } from './run.ts'
import { celFacts, oracles } from './testing/cel-oracles.ts'
import { Random } from './testing/random.ts'
import { Expressions } from './testing/random-expressions.ts'
import { edgesOf, randomFacts, usualGaps } from './testing/random-facts.ts'
import { nodeOf, tinyBook } from './testing/tiny-book.ts'

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
    const ready = Object.entries(oracles).map(([name, make]) => ({ name, ask: make(text) }))
    for (let j = 0; j < 30; j++) {
      const facts = randomFacts(random, dictionary, 'household', edgesOf([node]), { ...usualGaps, field: 0.2 })
      // Integers of CEL end at 2^63, ours at 2^53: that difference is kept out here and tested by overflow guards.
      const small = withSmallNumbers(facts)
      const own = interpreter.evaluate(node, [small]) ?? 'unknown'
      seen[String(own) as keyof typeof seen]++
      for (const { name, ask } of ready) {
        const other = ask({ h: celFacts(small) }) ?? 'unknown'
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
