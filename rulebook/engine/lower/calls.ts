import { readDate, shiftDays, shiftMonths } from '../civil-date.ts'
import type { Fn, Node, Range } from '../ir.ts'
import type { Ast } from '../parse.ts'
import { divRanges, everything, joinRanges } from '../ranges.ts'
import type { Type } from '../types.ts'
import { bool, code, date, int, isNumber, money, typeName } from '../types.ts'
import { isZero } from './basics.ts'
import { LoweringLists } from './lists.ts'

/** Calls of functions, and references to other rules. */
export abstract class LoweringCalls extends LoweringLists {
  protected call(ast: Ast & { kind: 'call' }, expected: Type | null): Node | null {
    if (ast.target) return ast.fn === 'startsWith' ? this.startsWith(ast) : this.listTest(ast)
    const [a, b] = ast.args
    switch (ast.fn) {
      case 'size':
      case 'sum':
      case 'min':
      case 'max':
        return this.aggregate(ast, ast.fn, expected)
      case 'known': {
        const node = this.one(ast, 1) ? this.value(a!, null) : null
        return node && this.cx.nodes.make({ op: 'known', type: bool, a: node, range: null })
      }
      case 'orElse': {
        const x = this.one(ast, 2) ? this.value(a!, expected) : null
        const y = x && this.value(b!, x.type)
        if (!x || !y || !this.alike(ast, x, y)) return null
        return this.cx.nodes.make({ op: 'orElse', type: x.type, a: x, b: y, range: joinRanges(x.range, y.range) })
      }
      case 'yuan':
        if (this.one(ast, 1) && a!.kind === 'literal' && typeof a!.value === 'number' && Number.isSafeInteger(a!.value * 100))
          return this.constant(money, a!.value * 100)
        return this.fail(ast, 'expr.yuan', 'yuan() 里写整数元，如 yuan(4000)。', 'yuan() takes a whole number of yuan, yuan(4000).')
      case 'date':
        return this.dateLiteral(ast)
      case 'rule':
      case 'sub':
        return this.reference(ast)
      default:
        return this.fn(ast, expected)
    }
  }

  protected dateLiteral(ast: Ast & { kind: 'call' }): Node | null {
    const text = ast.args[0]?.kind === 'literal' ? ast.args[0].value : null
    const day = typeof text === 'string' ? readDate(text) : null
    if (day !== null) return this.constant(date, day)
    return this.fail(ast, 'expr.date', 'date() 里写日期，如 date("2015-10-16")。', 'date() takes a day, date("2015-10-16").')
  }

  protected reference(ast: Ast & { kind: 'call' }): Node | null {
    const texts = ast.args.map((a) => (a.kind === 'literal' && typeof a.value === 'string' ? a.value : null))
    if (!this.one(ast, ast.fn === 'rule' ? 1 : 2)) return null
    if (texts.some((t) => t === null))
      return this.fail(ast, 'expr.rule', `${ast.fn}() 里写规则的编号。`, `${ast.fn}() takes the id of a rule.`)
    return this.cx.rule(texts[0]!, texts[1] ?? null, ast, this.cx.variables)
  }

  protected fn(ast: Ast & { kind: 'call' }, expected: Type | null): Node | null {
    const spec = functions[ast.fn]
    if (!spec)
      return this.fail(
        ast,
        'fn.unknown',
        `没有函数 ${ast.fn}()。有：${functionNames}。`,
        `There is no function ${ast.fn}(). There are: ${functionNames}.`,
      )
    if (ast.fn === 'per' && this.comparing) return this.dividedFirst(ast)
    if (!this.one(ast, spec.takes.length)) return null
    const rounding = ast.fn === 'addMonths' ? this.rounding(ast) : undefined
    if (rounding === null) return null
    const plain = ast.args.filter((_, i) => spec.takes[i] !== 'rounding')
    const args = plain.map((a) => this.value(a, expected))
    if (args.some((a) => !a)) return null
    for (const [i, arg] of args.entries()) {
      const wanted = spec.takes[i]!
      const fits = wanted === 'number' ? isNumber(arg!.type) : arg!.type.kind === wanted
      if (!fits)
        return this.fail(
          plain[i]!,
          'type.argument',
          `${ast.fn}() 的第 ${i + 1} 个参数要是 ${wanted}，不是 ${typeName(arg!.type)}。`,
          `Argument ${i + 1} of ${ast.fn}() must be ${wanted}, not ${typeName(arg!.type)}.`,
        )
    }
    return this.makeCall(ast, args as Node[], rounding)
  }

  protected dividedFirst(at: Ast): null {
    return this.fail(
      at,
      'expr.perCompared',
      '比较时不要先除：四舍五入会改变结论，请改为 income > line * n。',
      'Do not divide before comparing: rounding changes verdicts; write income > line * n.',
    )
  }

  protected rounding(ast: Ast & { kind: 'call' }): 'down' | 'up' | null {
    const third = ast.args[2]
    const word = third?.kind === 'literal' ? third.value : null
    if (word === 'down' || word === 'up') return word
    return this.fail(
      ast,
      'expr.rounding',
      '加月数要写明月底怎么算："down" 或 "up"。',
      'Adding months must state its rounding: "down" or "up".',
    )
  }

  protected makeCall(ast: Ast, args: Node[], rounding?: 'down' | 'up'): Node | null {
    const fn = (ast as Ast & { kind: 'call' }).fn
    const [a, b] = args
    if (fn === 'age')
      return this.cx.nodes.make({
        op: 'call',
        fn: 'years',
        type: { ...int, unit: 'year' } as Type,
        args: [this.constant(date, this.cx.asof), a!],
        range: [-200, 200],
      })
    if (fn === 'least' || fn === 'greatest') {
      if (!this.alike(ast, a!, b!)) return null
      return this.cx.nodes.make({ op: 'call', fn, type: isZero(a!) ? b!.type : a!.type, args, range: joinRanges(a!.range, b!.range) })
    }
    const [type, range]: [Type, Range | null] =
      fn === 'years'
        ? [{ ...int, unit: 'year' } as Type, [-10000, 10000]]
        : fn === 'daysBetween'
          ? [{ ...int, unit: 'day' } as Type, [-4_000_000, 4_000_000]]
          : fn === 'addMonths' || fn === 'addDays'
            ? [date, null]
            : fn === 'abs'
              ? [a!.type, divRanges(a!.range ?? everything)]
              : [a!.type, divRanges(a!.range ?? everything)]
    if ((fn === 'addDays' || fn === 'addMonths') && a!.op === 'const' && b!.op === 'const') {
      const [day, by] = [a!.value as number, b!.value as number]
      const moved = fn === 'addDays' ? shiftDays(day, by) : shiftMonths(day, by, rounding!)
      if (moved !== undefined) return this.constant(date, moved)
    }
    const range2: Range | null = fn === 'floorDiv' && range ? [range[0] - 1, range[1]] : range
    return this.cx.nodes.make({ op: 'call', fn: fn as Fn, type, args, range: range2, ...(rounding ? { rounding } : {}) })
  }

  protected startsWith(ast: Ast & { kind: 'call' }): Node | null {
    const target = this.value(ast.target!, null)
    const prefix = ast.args[0]?.kind === 'literal' ? ast.args[0].value : null
    if (!target) return null
    if (target.type.kind !== 'code' || typeof prefix !== 'string')
      return this.fail(
        ast,
        'type.prefix',
        'startsWith 只用于地区码，参数是写明的码段。',
        'startsWith is for area codes, with a plain prefix.',
      )
    return this.cx.nodes.make({ op: 'call', fn: 'startsWith', type: bool, args: [target, this.constant(code, prefix)], range: null })
  }
}

/** What each plain function takes; what it gives stands in `makeCall`. */
const functions: Record<string, { takes: ('number' | 'int' | 'date' | 'rounding')[] }> = {
  age: { takes: ['date'] },
  years: { takes: ['date', 'date'] },
  per: { takes: ['number', 'int'] },
  floorDiv: { takes: ['number', 'int'] },
  abs: { takes: ['number'] },
  least: { takes: ['number', 'number'] },
  greatest: { takes: ['number', 'number'] },
  addMonths: { takes: ['date', 'int', 'rounding'] },
  addDays: { takes: ['date', 'int'] },
  daysBetween: { takes: ['date', 'date'] },
}
const functionNames = [...Object.keys(functions), 'size', 'sum', 'min', 'max', 'known', 'orElse', 'yuan', 'date', 'rule', 'sub'].join(', ')
