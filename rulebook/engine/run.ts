import { dayNumber, shiftDays, shiftMonths, years } from './civil-date.ts'
import type { Aggregate, Compare, Node } from './ir.ts'
import type { Value } from './types.ts'
import { largest } from './types.ts'

/** What is known of one entity: fields by name (null or absent = unknown) and its lists (null or absent = unknown as a whole). */
export interface Facts {
  [name: string]: Value | null | undefined | Facts[]
}

/** A value, or undefined for unknown. */
export type Result = Value | undefined
/** Facts from the root inwards: household, then the member at hand. */
export type Frames = Facts[]
type Closure = (frames: Frames) => Result

/**
 * The interpreter: nodes become closures, each once. No `eval`, so it runs under any content security policy.
 * The meaning is rulebook 2.5: Kleene logic for && || !, strictness for all else.
 */
export class Interpreter {
  private readonly closures = new Map<Node, Closure>()

  /** The value of a node for the given frames; undefined = unknown. */
  evaluate(node: Node, frames: Frames): Result {
    return this.closure(node)(frames)
  }

  private closure(node: Node): Closure {
    let found = this.closures.get(node)
    if (!found) {
      found = this.build(node)
      this.closures.set(node, found)
    }
    return found
  }

  private build(node: Node): Closure {
    switch (node.op) {
      case 'const':
      case 'param': {
        const { value } = node
        return () => value
      }
      case 'field': {
        const { depth, field } = node
        return (frames) => (frames[depth]![field] as Value | null | undefined) ?? undefined
      }
      case 'and':
        return kleene(
          node.args.map((a) => this.closure(a)),
          false,
        )
      case 'or':
        return kleene(
          node.args.map((a) => this.closure(a)),
          true,
        )
      case 'not': {
        const a = this.closure(node.a)
        return (frames) => {
          const x = a(frames)
          return x === undefined ? undefined : !x
        }
      }
      case 'compare':
        return comparison(node.by, this.closure(node.a), this.closure(node.b))
      case 'add':
      case 'sub':
      case 'mul':
        return arithmetic(node.op, this.closure(node.a), this.closure(node.b), node.guard)
      case 'if': {
        const [c, a, b] = [this.closure(node.c), this.closure(node.a), this.closure(node.b)]
        return (frames) => {
          const test = c(frames)
          return test === undefined ? undefined : test ? a(frames) : b(frames)
        }
      }
      case 'lookup': {
        const a = this.closure(node.a)
        const table = new Map(node.table)
        return (frames) => {
          const x = a(frames)
          return x === undefined ? undefined : table.get(x)
        }
      }
      case 'in': {
        const a = this.closure(node.a)
        const values = new Set(node.values)
        return (frames) => {
          const x = a(frames)
          return x === undefined ? undefined : values.has(x)
        }
      }
      case 'known': {
        const a = this.closure(node.a)
        return (frames) => a(frames) !== undefined
      }
      case 'orElse': {
        const [a, b] = [this.closure(node.a), this.closure(node.b)]
        return (frames) => a(frames) ?? b(frames)
      }
      case 'call':
        return call(
          node,
          node.args.map((a) => this.closure(a)),
        )
      case 'aggregate':
        return this.aggregate(node)
    }
  }

  private aggregate(node: Node & { op: 'aggregate' }): Closure {
    const { depth, list, by } = node
    const filter = node.filter ? this.closure(node.filter) : null
    const body = node.body ? this.closure(node.body) : null
    const otherwise = node.otherwise ? this.closure(node.otherwise) : null
    const fold = folds[by](filter, body, otherwise)
    return (frames) => {
      const rows = frames[depth]![list]
      if (!Array.isArray(rows)) return undefined
      return fold(rows, frames.slice(0, depth + 1), depth + 1)
    }
  }
}

/** `stop` decides at once: false for and, true for or. */
function kleene(args: Closure[], stop: boolean): Closure {
  return (frames) => {
    let unknown = false
    for (const arg of args) {
      const x = arg(frames)
      if (x === stop) return stop
      if (x === undefined) unknown = true
    }
    return unknown ? undefined : !stop
  }
}

function comparison(by: Compare, a: Closure, b: Closure): Closure {
  const tests: Record<Compare, (x: Value, y: Value) => boolean> = {
    '==': (x, y) => x === y,
    '!=': (x, y) => x !== y,
    '<': (x, y) => x < y,
    '<=': (x, y) => x <= y,
    '>': (x, y) => x > y,
    '>=': (x, y) => x >= y,
  }
  const test = tests[by]
  return (frames) => {
    const x = a(frames)
    if (x === undefined) return undefined
    const y = b(frames)
    return y === undefined ? undefined : test(x, y)
  }
}

const guarded = (x: number): Result => (x > largest || x < -largest ? undefined : x)

function arithmetic(op: 'add' | 'sub' | 'mul', a: Closure, b: Closure, guard: boolean): Closure {
  const apply = { add: (x: number, y: number) => x + y, sub: (x: number, y: number) => x - y, mul: (x: number, y: number) => x * y }[op]
  return (frames) => {
    const x = a(frames) as number | undefined
    if (x === undefined) return undefined
    const y = b(frames) as number | undefined
    if (y === undefined) return undefined
    // -0 and 0 are one number; SQL has only one of them.
    const z = apply(x, y) + 0
    return guard ? guarded(z) : z
  }
}

/** Rounds half away from zero: sign * ((2|a| + |b|) div (2|b|)), the same in all back ends (rulebook 2.4). */
export function per(a: number, n: number): Result {
  if (n === 0) return undefined
  // By the remainder, because 2|a| + |b| leaves the exact integers.
  const rest = Math.abs(a) % Math.abs(n)
  const size = (Math.abs(a) - rest) / Math.abs(n) + (2 * rest >= Math.abs(n) ? 1 : 0)
  return a < 0 !== n < 0 && size !== 0 ? -size : size
}

/** The largest whole number of n in a: rounds towards minus infinity. */
function floorDiv(a: number, n: number): Result {
  if (n === 0) return undefined
  const rest = a % n
  return (a - rest) / n - (rest !== 0 && rest < 0 !== n < 0 ? 1 : 0) + 0
}

function call(node: Node & { op: 'call' }, args: Closure[]): Closure {
  const [first, second] = args
  const two =
    (apply: (x: number, y: number) => Result): Closure =>
    (frames) => {
      const x = first!(frames) as number | undefined
      if (x === undefined) return undefined
      const y = second!(frames) as number | undefined
      return y === undefined ? undefined : apply(x, y)
    }
  switch (node.fn) {
    case 'years':
      return two((x, y) => years(x, y) + 0)
    case 'per':
      return two(per)
    case 'floorDiv':
      return two(floorDiv)
    case 'abs':
      return (frames) => {
        const x = first!(frames) as number | undefined
        return x === undefined ? undefined : Math.abs(x)
      }
    case 'least':
      return two(Math.min)
    case 'greatest':
      return two(Math.max)
    case 'addMonths':
      return two((x, y) => shiftMonths(x, y, node.rounding!))
    case 'addDays':
      return two(shiftDays)
    case 'daysBetween':
      return two((x, y) => dayNumber(x) - dayNumber(y))
    case 'startsWith':
      return (frames) => {
        const [x, y] = [first!(frames), second!(frames)]
        return x === undefined || y === undefined ? undefined : String(x).startsWith(String(y))
      }
  }
}

/** Goes over rows, each put at its depth of the frames. */
type Fold = (rows: Facts[], frames: Frames, depth: number) => Result
type MakeFold = (filter: Closure | null, body: Closure | null, otherwise: Closure | null) => Fold

/** exists and all are || and && over the rows; counts and sums are unknown as soon as one chosen row is. */
const folds: Record<Aggregate, MakeFold> = {
  exists: (_, body) => decision(body!, true),
  all: (_, body) => decision(body!, false),
  count: (filter) => (rows, frames, depth) => {
    if (!filter) return rows.length
    let count = 0
    for (const row of rows) {
      frames[depth] = row
      const chosen = filter(frames)
      if (chosen === undefined) return undefined
      if (chosen) count++
    }
    return count
  },
  sum: (filter, body) => (rows, frames, depth) => {
    let sum = 0
    // Where a partial sum leaves the exact integers, the rest is added exactly: the order of rows must not matter.
    let wide: bigint | null = null
    for (const row of rows) {
      frames[depth] = row
      const chosen = filter ? filter(frames) : true
      if (chosen === undefined) return undefined
      if (!chosen) continue
      const value = body!(frames) as number | undefined
      if (value === undefined) return undefined
      const next: number = sum + value
      if (wide !== null) wide += BigInt(value)
      else if (Number.isSafeInteger(next)) sum = next
      else wide = BigInt(sum) + BigInt(value)
    }
    return wide === null ? sum + 0 : guarded(Number(wide))
  },
  min: (filter, body, otherwise) => extreme(filter, body!, otherwise, Math.min),
  max: (filter, body, otherwise) => extreme(filter, body!, otherwise, Math.max),
}

function decision(body: Closure, stop: boolean): Fold {
  return (rows, frames, depth) => {
    let unknown = false
    for (const row of rows) {
      frames[depth] = row
      const value = body(frames)
      if (value === stop) return stop
      if (value === undefined) unknown = true
    }
    return unknown ? undefined : !stop
  }
}

function extreme(filter: Closure | null, body: Closure, otherwise: Closure | null, pick: (a: number, b: number) => number): Fold {
  return (rows, frames, depth) => {
    let best: number | undefined
    for (const row of rows) {
      frames[depth] = row
      const chosen = filter ? filter(frames) : true
      if (chosen === undefined) return undefined
      if (!chosen) continue
      const value = body(frames) as number | undefined
      if (value === undefined) return undefined
      best = best === undefined ? value : pick(best, value)
    }
    return best ?? otherwise?.(frames)
  }
}
