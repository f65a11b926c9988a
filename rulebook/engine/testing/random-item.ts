import type { Random } from './random.ts'
import type { RandomSayings } from './random-sayings.ts'
import { choose, compared, constant, every, fact, type Saying, strict, total } from './saying.ts'

/** What a rule is expected to say: its values by name (`value`, `value@line`, `known@line`, `least`, `most`, `part/<id>`). */
export type Readings = Record<string, Saying>

/** A rule as the book has it, and what it must say. */
export interface RuleText {
  body: Record<string, unknown>
  readings: Readings
  /** Parameters and rules it cannot do without. */
  needs: Saying[]
}

/** Points by answer, by band (also a head, and of numbers with decimals) or by tier; one number, or one for each line. */
export function randomItem(random: Random, sayings: RandomSayings, index: number): RuleText {
  const byLine = index % 2 === 0
  const points = (): Record<string, number> => (byLine ? { a: random.whole(-3, 9), b: random.whole(0, 20) } : { '': random.whole(0, 9) })
  const written = (p: Record<string, number>): unknown => (byLine ? p : p[''])
  const lines = byLine ? ['a', 'b'] : ['']
  const needs: Saying[] = []
  const all: Record<string, number>[] = []
  const scored = (yaml: Record<string, unknown>, reading: (line: string) => Saying): RuleText => {
    const readings: Readings = {}
    for (const line of lines) {
      readings[`value@${line}`] = reading(line)
      const values = all.map((p) => p[line]!)
      readings[`low@${line}`] = constant('', Math.min(...values))
      readings[`high@${line}`] = constant('', Math.max(...values))
    }
    readings.value = readings[`value@${lines[0]}`]!
    return { body: yaml, readings, needs }
  }
  const chain = (tests: (Saying | null)[], of: Record<string, number>[]) => (line: string) =>
    tests.reduceRight<Saying>(
      (rest, test, i) => (test ? choose(test, constant('', of[i]![line]!), rest) : constant('', of[i]![line]!)),
      constant('', of.at(-1)![line]!),
    )
  if (index === 1) {
    const keys = ['A', 'B', 'C'].slice(0, random.whole(2, 3))
    for (const _ of keys) all.push(points())
    const of = fact('h', 'grade')
    needs.push(of)
    return scored(
      {
        of: of.text,
        points: Object.fromEntries(keys.map((k, i) => [k, written(all[i]!)])),
        ...(keys.length < 3 ? { other: 'unknown' } : {}),
      },
      (line) => strict('', [of], (x: string) => (keys.includes(x) ? all[keys.indexOf(x)]![line] : undefined)),
    )
  }
  if (index === 4) {
    const tests = Array.from({ length: random.whole(1, 3) }, () => sayings.condition(1))
    for (let i = 0; i <= tests.length; i++) all.push(points())
    needs.push(...tests)
    const tiers = [...tests.map((t, i) => ({ when: t.text, points: written(all[i]!) })), { else: true, points: written(all.at(-1)!) }]
    return scored({ tiers }, chain([...tests, null], all))
  }
  const head = index === 3
  const land = !head && random.chance(0.5)
  const of = head ? fact('h', 'income') : fact('h', land ? 'paddy' : 'area')
  const size = total('h', 'members', 'm', null, null)
  // The unit of what is looked at: yuan to fen, mu with two decimals to hundredths.
  const scale = head || land ? 100 : 1
  const ends = [random.whole(1, 12), random.whole(13, 19), random.whole(20, 30)]
  const bound = (n: number): { text: string; value: Saying } =>
    land ? { text: `${n}.5`, value: constant('', n * 100 + 50) } : { text: String(n), value: constant('', n * scale) }
  const side = (by: '<' | '<=' | '>' | '>=', n: number): Saying => {
    const value = bound(n).value
    return compared(by, of, head ? strict('', [value, size], (x: number, k: number) => x * k) : value)
  }
  const [x, y, z] = ends as [number, number, number]
  const shut = random.chance(0.5)
  const bands: [string, Saying | null][] = [
    shut ? [`<= ${bound(x).text}`, side('<=', x)] : [`< ${bound(x).text}`, side('<', x)],
    shut
      ? [`(${bound(x).text}..${bound(y).text}]`, every(side('>', x), side('<=', y))]
      : [`[${bound(x).text}..${bound(y).text})`, every(side('>=', x), side('<', y))],
    shut
      ? [`(${bound(y).text}..${bound(z).text}]`, every(side('>', y), side('<=', z))]
      : [`${bound(y).text}`, every(side('>=', y), side('<=', y))],
    ['else', null],
  ]
  // The first band that holds counts: in another order other ends decide.
  if (random.chance(0.5)) bands.unshift(...bands.splice(0, 3).reverse())
  for (const _ of bands) all.push(points())
  needs.push(of, ...(head ? [size] : []))
  return scored(
    {
      of: of.text,
      ...(head ? { per: size.text } : {}),
      bands: bands.map(([is], i) => ({ is, points: written(all[i]!) })),
    },
    chain(
      bands.map(([, test]) => test),
      all,
    ),
  )
}
