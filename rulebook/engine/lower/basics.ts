import type { Node } from '../ir.ts'
import { operands } from '../ir.ts'
import type { Ast } from '../parse.ts'
import { addRanges, clampRange, everything, mulRanges, overflows, subRanges } from '../ranges.ts'
import type { Type, Value } from '../types.ts'
import { bool, isNumber, money, typeName } from '../types.ts'
import type { LowerContext } from './context.ts'

/** What every part of lowering stands on: findings, constants, and the agreement of types and units. */
export abstract class LoweringBasics {
  /** Inside a comparison nothing may be divided first. */
  protected comparing = false

  constructor(protected readonly cx: LowerContext) {}

  /** The typed form of an expression; `expected` says which enum a bare string belongs to. */
  abstract value(ast: Ast, expected: Type | null): Node | null

  protected fail(at: Ast, code: string, zh: string, en: string): null {
    this.cx.report(at, code, zh, en)
    return null
  }

  protected constant(type: Type, value: Value): Node {
    return this.cx.nodes.make({ op: 'const', type, value, range: typeof value === 'number' ? [value, value] : null })
  }

  protected names(): string {
    return [...this.cx.variables.keys(), ...this.cx.lets.keys(), 'p', 'asof'].join(', ')
  }

  protected boolean(ast: Ast): Node | null {
    const node = this.value(ast, bool)
    if (node && node.type.kind !== 'bool')
      return this.fail(
        ast,
        'type.bool',
        `这里要的是“是或否”，不是 ${typeName(node.type)}。`,
        `A yes-or-no is needed here, not ${typeName(node.type)}.`,
      )
    return node
  }

  protected alike(at: Ast, a: Node, b: Node): boolean {
    const refuse = (zh: string, en: string): boolean => {
      this.fail(at, 'type.mix', zh, en)
      return false
    }
    const [x, y] = [a.type, b.type]
    // Nothing is nothing in any unit: 0 needs neither yuan() nor decimals.
    if ((isZero(a) && isNumber(y)) || (isZero(b) && isNumber(x))) return true
    if (x.kind !== y.kind || (x.kind === 'enum' && y.kind === 'enum' && x.name !== y.name))
      return refuse(
        `不能把 ${typeName(x)} 与 ${typeName(y)} 放在一起。${this.moneyHint(x, y)}`,
        `${typeName(x)} and ${typeName(y)} cannot be put together.${x.kind === 'money' || y.kind === 'money' ? ' Amounts are written yuan(4000).' : ''}`,
      )
    if (x.kind === 'int' && y.kind === 'int') {
      if (x.decimals !== y.decimals)
        return refuse(
          `小数位不同（${x.decimals} 与 ${y.decimals}）：请用同样小数位的参数。`,
          `Different decimals (${x.decimals} and ${y.decimals}): use a parameter with the same decimals.`,
        )
      if (x.unit && y.unit && x.unit !== y.unit)
        return refuse(`单位不同：${x.unit} 与 ${y.unit}。`, `Different units: ${x.unit} and ${y.unit}.`)
    }
    return true
  }

  protected moneyHint(x: Type, y: Type): string {
    return x.kind === 'money' || y.kind === 'money' ? '金额写作 yuan(4000)。' : ''
  }

  protected arithmetic(op: 'add' | 'sub' | 'mul', a: Node, b: Node, type: Type): Node {
    const by = { add: addRanges, sub: subRanges, mul: mulRanges }[op]
    const range = by(a.range ?? everything, b.range ?? everything)
    return this.cx.nodes.make({ op, type, a, b, guard: overflows(range), range: clampRange(range) })
  }

  protected one(ast: Ast & { kind: 'call' }, count: number): boolean {
    if (ast.args.length === count) return true
    this.fail(
      ast,
      'expr.arguments',
      `${ast.fn}() 要 ${count} 个参数，这里有 ${ast.args.length} 个。`,
      `${ast.fn}() takes ${count} argument(s), here are ${ast.args.length}.`,
    )
    return false
  }
}

/** Whether a number is, or is made of, a quotient rounded by `per`: in a `let` or in another rule too. A list adds up its own roundings. */
export function isRounded(node: Node): boolean {
  if (node.op === 'aggregate' || node.type.kind === 'bool') return false
  return (node.op === 'call' && node.fn === 'per') || operands(node).some(isRounded)
}

export const isZero = (node: Node): boolean => node.op === 'const' && node.value === 0

export function productType(x: Type, y: Type): Type {
  if (x.kind === 'money' || y.kind === 'money') return money
  const [a, b] = [x as Type & { kind: 'int' }, y as Type & { kind: 'int' }]
  return { kind: 'int', unit: a.unit && b.unit ? null : (a.unit ?? b.unit), decimals: a.decimals + b.decimals }
}
