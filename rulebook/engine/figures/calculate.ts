import type { Text } from '../definition.ts'
import type { Expr } from '../load/reader.ts'
import { type Ast, parse, SyntaxProblem } from '../parse.ts'
import { amountValue } from './amount.ts'
import { compare, type Fraction, fraction, minus, over, plus, readFraction, root, size, times, zero } from './fraction.ts'
import { type Ledger, nameOf } from './ledger.ts'
import type { Count, PublishedCell } from './published.ts'
import { type Dimension, joined, printDimension, readUnit, sameDimension } from './units.ts'

/** An exact number in base units with what it counts, or the truth of a statement. */
export type Quantity = { kind: 'number'; value: Fraction; dimension: Dimension } | { kind: 'truth'; value: boolean }

export interface Computed {
  quantity: Quantity
  /** Every cell it rests on, also below cells that are computed themselves. */
  cells: PublishedCell[]
}

/** What is wrong with an expression, and where in its text. */
export class FigureProblem extends Error {
  constructor(
    readonly text: Text,
    readonly start: number,
    readonly end: number,
  ) {
    super(text.en)
  }
}

/**
 * Computes an expression over published figures exactly. Roots are no fractions: they are taken from below or, with `above`, from above,
 * 10^-30 apart; a verdict holds when both ways give it.
 * @throws FigureProblem for an unknown name, units that do not fit, a division by zero.
 */
export function calculate(expr: Expr, ledger: Ledger, above = false): Computed {
  const work = new Calculation(ledger, above)
  const quantity = work.run(expr)
  return { quantity, cells: [...work.used.values()] }
}

/** Which counts of the poor an expression rests on: two of them are a mix (W-013). */
export const countsOf = (cells: PublishedCell[]): Count[] => [...new Set(cells.flatMap((c) => (c.count ? [c.count] : [])))]

class Calculation {
  readonly used = new Map<string, PublishedCell>()
  private readonly open: string[] = []

  constructor(
    private readonly ledger: Ledger,
    private readonly above: boolean,
  ) {}

  run(expr: Expr): Quantity {
    try {
      return this.of(parse(expr.text))
    } catch (error) {
      if (error instanceof SyntaxProblem)
        throw new FigureProblem(
          { zh: `式子写法有误：${error.message}`, en: `The expression cannot be read: ${error.message}` },
          error.start,
          error.end,
        )
      throw error
    }
  }

  private of(ast: Ast): Quantity {
    switch (ast.kind) {
      case 'literal':
        return this.literal(ast)
      case 'name':
        return this.cell(ast, ast.name, null)
      case 'call':
        return ast.target ? this.wrong(ast, '不能这样写。', 'This cannot be written here.') : this.call(ast.fn, ast.args, ast)
      case 'unary':
        return ast.op === '-' ? this.minusOf(this.number(ast.a)) : { kind: 'truth', value: !this.truth(ast.a) }
      case 'binary':
        return this.binary(ast.op, ast.a, ast.b, ast)
      default:
        return this.wrong(ast, '数的式子里不能用这个。', 'This has no place in an expression over figures.')
    }
  }

  private literal(ast: Ast & { kind: 'literal' }): Quantity {
    const text =
      typeof ast.value === 'number' ? String(ast.value) : ast.value !== null && typeof ast.value === 'object' ? ast.value.float : null
    const value = text === null ? null : readFraction(text)
    return value ? pure(value) : this.wrong(ast, '这里要是数。', 'A number is needed here.')
  }

  private cell(at: Ast, name: string, year: number | null): Quantity {
    const found = this.ledger.cell(name, year)
    const key = nameOf({ name, year })
    if (!found) return this.wrong(at, `没有数“${key}”。`, `There is no figure "${key}".`)
    this.used.set(key, found)
    if (found.calc) {
      if (this.open.includes(key)) return this.wrong(at, `“${key}”用到了自己。`, `"${key}" rests on itself.`)
      this.open.push(key)
      const value = this.run(found.calc.expr)
      this.open.pop()
      return value
    }
    if (!found.amount) return this.wrong(at, `“${key}”是文字，不能计算。`, `"${key}" is words and cannot be computed with.`)
    if (found.amount.high !== null)
      return this.wrong(at, `“${key}”是一个区间，不能计算。`, `"${key}" is a range and cannot be computed with.`)
    const read = amountValue(this.ledger.units, found.amount)
    if (!read) return this.wrong(at, `“${key}”的单位读不懂。`, `The unit of "${key}" cannot be read.`)
    return { kind: 'number', value: read.value, dimension: read.measure.dimension }
  }

  private call(fn: string, args: Ast[], at: Ast): Quantity {
    const text = (i: number): string | undefined => {
      const arg = args[i]
      return arg?.kind === 'literal' && typeof arg.value === 'string' ? arg.value : undefined
    }
    const whole = (i: number): number | undefined => {
      const arg = args[i]
      return arg?.kind === 'literal' && typeof arg.value === 'number' ? arg.value : undefined
    }
    switch (fn) {
      case 'of': {
        const measure = readUnit(this.ledger.units, text(1) ?? '')
        if (!measure || !args[0]) return this.wrong(at, `没有单位“${text(1) ?? ''}”。`, `There is no unit "${text(1) ?? ''}".`)
        return { kind: 'number', value: times(this.number(args[0]).value, measure.times), dimension: measure.dimension }
      }
      case 'number':
        return args[0] ? pure(this.number(args[0]).value) : this.wrong(at, '缺一个数。', 'A number is missing.')
      case 'abs': {
        const a = args[0] && this.number(args[0])
        return a ? { ...a, value: size(a.value) } : this.wrong(at, '缺一个数。', 'A number is missing.')
      }
      case 'root':
        return this.root(args, whole(1), at)
      case 'count': {
        const list = this.ledger.list(text(0) ?? '')
        return list ? pure(fraction(BigInt(list.length))) : this.wrong(at, `没有名单“${text(0)}”。`, `There is no list "${text(0)}".`)
      }
      case 'rows': {
        const rows = this.ledger.count(text(0) ?? '', text(1) ?? '')
        return rows === undefined ? this.wrong(at, `没有表“${text(0)}”。`, `There is no table "${text(0)}".`) : pure(fraction(BigInt(rows)))
      }
      case 'figure': {
        const found = this.ledger.figure(text(0) ?? '')
        if (!found) return this.wrong(at, `没有可算的数“${text(0)}”。`, `There is no figure "${text(0)}" to compute with.`)
        return { kind: 'number', value: found.value, dimension: found.measure.dimension }
      }
      default:
        return this.cell(at, fn, whole(0) ?? Number.NaN)
    }
  }

  private root(args: Ast[], k: number | undefined, at: Ast): Quantity {
    const a = args[0] && this.number(args[0])
    if (!a || k === undefined || k < 1 || a.value.n < 0n || !sameDimension(a.dimension, {}))
      return this.wrong(
        at,
        'root(数, 次) 要一个不带单位、不小于 0 的数和一个正整数。',
        'root(x, k) takes a pure number not below 0 and a whole k from 1.',
      )
    const { below, above } = root(a.value, k)
    return pure(this.above ? above : below)
  }

  private binary(op: string, left: Ast, right: Ast, at: Ast): Quantity {
    if (op === '&&' || op === '||') {
      const [a, b] = [this.truth(left), this.truth(right)]
      return { kind: 'truth', value: op === '&&' ? a && b : a || b }
    }
    const [a, b] = [this.number(left), this.number(right)]
    if (op === '*') return { kind: 'number', value: times(a.value, b.value), dimension: joined(a.dimension, b.dimension, 1) }
    if (op === '/') {
      if (compare(b.value, zero) === 0) return this.wrong(at, '除以零。', 'Division by zero.')
      return { kind: 'number', value: over(a.value, b.value), dimension: joined(a.dimension, b.dimension, -1) }
    }
    if (!sameDimension(a.dimension, b.dimension))
      return this.wrong(
        at,
        `单位不同（${printDimension(a.dimension)} 与 ${printDimension(b.dimension)}），不能这样算。`,
        `The units differ (${printDimension(a.dimension)} and ${printDimension(b.dimension)}); this cannot be computed.`,
      )
    if (op === '+' || op === '-') return { ...a, value: (op === '+' ? plus : minus)(a.value, b.value) }
    const order = compare(a.value, b.value)
    const truths: Record<string, boolean> = {
      '<': order < 0,
      '<=': order <= 0,
      '>': order > 0,
      '>=': order >= 0,
      '==': order === 0,
      '!=': order !== 0,
    }
    const truth = truths[op]
    return truth === undefined ? this.wrong(at, `不能用“${op}”。`, `"${op}" cannot be used.`) : { kind: 'truth', value: truth }
  }

  private number(ast: Ast): Quantity & { kind: 'number' } {
    const found = this.of(ast)
    return found.kind === 'number' ? found : this.wrong(ast, '这里要是数，不是判断。', 'A number is needed here, not a statement.')
  }

  private truth(ast: Ast): boolean {
    const found = this.of(ast)
    return found.kind === 'truth' ? found.value : this.wrong(ast, '这里要是判断，不是数。', 'A statement is needed here, not a number.')
  }

  private minusOf(a: Quantity & { kind: 'number' }): Quantity {
    return { ...a, value: minus(zero, a.value) }
  }

  private wrong(at: Ast, zh: string, en: string): never {
    throw new FigureProblem({ zh, en }, at.start, at.end)
  }
}

const pure = (value: Fraction): Quantity => ({ kind: 'number', value, dimension: {} })
