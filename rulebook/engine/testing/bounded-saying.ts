import type { Facts } from '../run.ts'
import { compared, holds, known, type Saying, type Sign, type Standing, strict, total, type World } from './saying.ts'

/** What a count or sum over the households of a village is at least and at most (rulebook 2.5 no. 7). `each` = what one row can add. */
export interface Bounded {
  saying: Saying
  least(facts: Facts, world: World): number
  most(facts: Facts, world: World): number
}

export function boundedTotal(test: Saying | null, number: Saying | null, each: [number, number], rows: [number, number]): Bounded {
  const saying = total('v', 'households', 'h', test, number)
  const at: Standing = { field: 'households.', list: 'households.' }
  const ends = (facts: Facts, world: World): [number, number] => {
    if (!Array.isArray(facts.households)) return [Math.min(0, rows[1] * each[0]), rows[1] * each[1]]
    return facts.households.reduce<[number, number]>(
      ([least, most], row) => {
        const belongs = test ? test.read(row, world, at).value : true
        if (belongs === false) return [least, most]
        const one = number ? (number.read(row, world, at).value as number | undefined) : 1
        const [low, high] = one === undefined ? each : [one, one]
        // A row that may not belong adds nothing or what it has.
        return belongs ? [least + low, most + high] : [least + Math.min(0, low), most + Math.max(0, high)]
      },
      [0, 0],
    )
  }
  return { saying, least: (f, w) => ends(f, w)[0], most: (f, w) => ends(f, w)[1] }
}

/** A bounded number times a whole number that is not negative. */
export const times = (of: Bounded, factor: number): Bounded => ({
  saying: strict(`${of.saying.text} * ${factor}`, [of.saying], (x: number) => x * factor),
  least: (f, w) => of.least(f, w) * factor,
  most: (f, w) => of.most(f, w) * factor,
})

/** The sum or difference of two bounded numbers: a difference is least where the first is least and the second most. */
export const joined = (sign: '+' | '-', a: Bounded, b: Bounded): Bounded => ({
  saying: strict(`(${a.saying.text} ${sign} ${b.saying.text})`, [a.saying, b.saying], (x: number, y: number) =>
    sign === '+' ? x + y : x - y,
  ),
  least: (f, w) => (sign === '+' ? a.least(f, w) + b.least(f, w) : a.least(f, w) - b.most(f, w)),
  most: (f, w) => (sign === '+' ? a.most(f, w) + b.most(f, w) : a.most(f, w) - b.least(f, w)),
})

/** A comparison of two bounded numbers: decided as soon as the bounds do not straddle. */
export function boundedCompare(by: Sign, a: Bounded, b: Bounded): Saying {
  const plain = compared(by, a.saying, b.saying)
  return {
    ...plain,
    read(facts, world, at) {
      const [[x, X], [y, Y]] = [a, b].map((n) => [n.least(facts, world), n.most(facts, world)] as [number, number]) as [
        [number, number],
        [number, number],
      ]
      // The four corners say the same exactly where nothing in between can say otherwise; equality also needs single numbers.
      const apart = X < y || Y < x
      const single = x === X && y === Y
      if (by === '==' || by === '!=') {
        if (apart) return known(by === '!=')
        if (single) return known(holds[by](x, y))
      } else {
        const corners = [holds[by](x, y), holds[by](x, Y), holds[by](X, y), holds[by](X, Y)]
        if (corners.every((c) => c === corners[0])) return known(corners[0]!)
      }
      return plain.read(facts, world, at)
    },
  }
}
