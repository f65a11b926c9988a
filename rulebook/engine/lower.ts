import { readDate, shiftDays, shiftMonths } from './civil-date.ts'
import type { Dictionary, ListField } from './dictionary.ts'
import { fieldType } from './dictionary.ts'
import type { Aggregate, Compare, Fn, Node, Nodes, Range } from './ir.ts'
import { operands, reachable } from './ir.ts'
import type { Ast } from './parse.ts'
import { addRanges, clampRange, divRanges, everything, joinRanges, mulRanges, overflows, subRanges } from './ranges.ts'
import type { Type, Value } from './types.ts'
import { bool, code, date, int, isNumber, money, typeName } from './types.ts'

/** A variable in reach of an expression. `prefix` begins the names of its facts in missing sets. */
export interface Variable {
  entity: string
  depth: number
  prefix: string
}

/** What lowering needs to know from outside: words, parameters, other rules; and where findings go. */
export interface LowerContext {
  dictionary: Dictionary
  nodes: Nodes
  /** yyyymmdd: the only "today" a rule has. */
  asof: number
  variables: Map<string, Variable>
  lets: Map<string, () => Node | null>
  param(name: string, at: Ast): { value: Value; type: Type } | null
  /** The node of a rule, or of one of its parts, about the innermost entity of that rule's level. */
  rule(id: string, part: string | null, at: Ast, variables: Map<string, Variable>): Node | null
  report(at: Ast, code: string, zh: string, en: string): void
}

type ListPipe = { list: ListField; depth: number; path: string; filter: Node | null; body: Node | null; variables: Map<string, Variable> }

/**
 * Turns syntax into the typed form, checking every type, unit, name and enum key against the dictionary.
 * Gives null where something is wrong; each finding has its offsets, and the rest of the expression is still checked.
 * `expected` is the type that the place asks for: it says which enum a bare string belongs to.
 */
export function lower(ast: Ast, cx: LowerContext, expected: Type | null = null): Node | null {
  return new Lowering(cx).value(ast, expected)
}

class Lowering {
  private comparing = false

  constructor(private readonly cx: LowerContext) {}

  private fail(at: Ast, code: string, zh: string, en: string): null {
    this.cx.report(at, code, zh, en)
    return null
  }

  value(ast: Ast, expected: Type | null): Node | null {
    switch (ast.kind) {
      case 'literal':
        return this.literal(ast, ast.value, expected)
      case 'name':
        return this.name(ast, ast.name)
      case 'select':
        return this.select(ast)
      case 'unary':
        return ast.op === '!' ? this.not(ast.a) : this.negate(ast.a)
      case 'binary':
        return this.binary(ast, expected)
      case 'if':
        return this.choice(ast.c, ast.a, ast.b, expected)
      case 'call':
        return this.call(ast, expected)
      case 'list':
        return this.fail(ast, 'expr.list', '列表只能写在 in 的右边。', 'A list can only stand at the right of `in`.')
      case 'unsupported':
        return this.fail(ast, 'expr.unsupported', `规则语言没有“${ast.what}”。`, `The rule language has no "${ast.what}".`)
    }
  }

  private literal(at: Ast, value: boolean | number | string | null | { float: string }, expected: Type | null): Node | null {
    if (value === null)
      return this.fail(
        at,
        'expr.null',
        '没有 null：缺的事实用 known() 或 orElse()。',
        'There is no null: use known() or orElse() for gaps.',
      )
    if (typeof value === 'object')
      return this.fail(
        at,
        'expr.float',
        `没有小数（${value.float}）：钱用 yuan()，其余用带小数位的参数。`,
        `No decimals (${value.float}): money is yuan(), all else a parameter with decimals.`,
      )
    if (typeof value === 'boolean') return this.constant(bool, value)
    if (typeof value === 'number') {
      if (Number.isSafeInteger(value)) return this.constant(int, value)
      return this.fail(at, 'expr.large', '数太大：规则只算到 2^53 - 1。', 'The number is too large: rules count up to 2^53 - 1.')
    }
    if (expected?.kind === 'enum') return this.enumKey(at, expected.name, value)
    if (expected?.kind === 'code') return this.constant(code, value)
    return this.fail(
      at,
      'expr.string',
      `看不出“${value}”属于哪个代码表：字符串只能与代码或地区码比较。`,
      `Cannot tell which code list "${value}" belongs to: strings only stand beside an enum or an area code.`,
    )
  }

  private enumKey(at: Ast, name: string, key: string): Node | null {
    const keys = this.cx.dictionary.enums[name]?.values.map((v) => v.key) ?? []
    if (keys.includes(key)) return this.constant({ kind: 'enum', name }, key)
    return this.fail(
      at,
      'enum.key',
      `代码表 ${name} 没有“${key}”；有：${keys.join('、')}。`,
      `Enum ${name} has no "${key}"; it has ${keys.join(', ')}.`,
    )
  }

  private constant(type: Type, value: Value): Node {
    return this.cx.nodes.make({ op: 'const', type, value, range: typeof value === 'number' ? [value, value] : null })
  }

  private name(at: Ast, name: string): Node | null {
    const let_ = this.cx.lets.get(name)
    if (let_) return let_()
    if (name === 'asof') return this.constant(date, this.cx.asof)
    if (this.cx.variables.has(name))
      return this.fail(
        at,
        'expr.entity',
        `“${name}”是整条记录，要写出字段，如 ${name}.字段。`,
        `"${name}" is a whole record; name a field of it, ${name}.field.`,
      )
    return this.fail(at, 'name.unknown', `不认识“${name}”。可用：${this.names()}。`, `Unknown name "${name}". Known here: ${this.names()}.`)
  }

  private names(): string {
    return [...this.cx.variables.keys(), ...this.cx.lets.keys(), 'p', 'asof'].join(', ')
  }

  private select(ast: Ast & { kind: 'select' }): Node | null {
    if (ast.of.kind !== 'name') return this.fail(ast, 'expr.path', '只能写 变量.字段。', 'Only variable.field is possible here.')
    if (ast.of.name === 'p' && !this.cx.variables.has('p')) {
      const param = this.cx.param(ast.field, ast)
      if (!param) return null
      const range: Range | null = typeof param.value === 'number' ? [param.value, param.value] : null
      return this.cx.nodes.make({ op: 'param', name: ast.field, type: param.type, value: param.value, range })
    }
    const variable = this.cx.variables.get(ast.of.name)
    if (!variable) return this.name(ast.of, ast.of.name)
    const entity = this.cx.dictionary.entities[variable.entity]!
    if (entity.lists[ast.field])
      return this.fail(
        ast,
        'expr.listValue',
        `“${ast.field}”是一组记录，要用 size、exists、all、filter、map。`,
        `"${ast.field}" is a list; use size, exists, all, filter or map.`,
      )
    const field = entity.fields[ast.field]
    if (!field)
      return this.fail(
        ast,
        'field.unknown',
        this.unknownField(entity.label.zh, ast.field),
        `${entity.label.en} has no field "${ast.field}".${this.near(Object.keys(entity.fields), ast.field)}`,
      )
    const type = fieldType(field)
    if (!type)
      return this.fail(
        ast,
        'field.text',
        `“${field.label.zh}”是文字，规则不读文字。`,
        `"${field.label.en}" is free text; rules do not read text.`,
      )
    const range = isNumber(type) ? (field.range ?? everything) : null
    return this.cx.nodes.make({ op: 'field', type, depth: variable.depth, field: ast.field, path: `${variable.prefix}${ast.field}`, range })
  }

  private unknownField(entity: string, name: string): string {
    return `${entity}没有字段“${name}”。请对照数据字典。`
  }

  private near(names: string[], name: string): string {
    const close = names.filter((n) => n.startsWith(name.slice(0, 4))).slice(0, 3)
    return close.length ? ` Did you mean ${close.join(', ')}?` : ''
  }

  private boolean(ast: Ast): Node | null {
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

  private not(a: Ast): Node | null {
    const node = this.boolean(a)
    return node && this.cx.nodes.make({ op: 'not', type: bool, a: node, range: null })
  }

  private negate(ast: Ast): Node | null {
    const a = this.value(ast, null)
    if (!a) return null
    if (!isNumber(a.type))
      return this.fail(
        ast,
        'type.number',
        `负号后要是数，不是 ${typeName(a.type)}。`,
        `A number is needed after the minus, not ${typeName(a.type)}.`,
      )
    if (a.op === 'const') return this.constant(a.type, -(a.value as number))
    return this.arithmetic('sub', this.constant(a.type, 0), a, a.type)
  }

  private binary(ast: Ast & { kind: 'binary' }, expected: Type | null): Node | null {
    if (ast.op === '&&' || ast.op === '||') return this.logic(ast.op === '&&' ? 'and' : 'or', ast)
    if (ast.op === 'in') return this.within(ast)
    if (ast.op === '+' || ast.op === '-') return this.plus(ast, expected)
    if (ast.op === '*') return this.times(ast)
    if (ast.op === '/' || ast.op === '%')
      return this.fail(
        ast,
        'expr.division',
        '没有除号：用 per(a, n) 四舍五入，或 floorDiv(a, n)，或交叉相乘来比较。',
        'There is no division sign: use per(a, n), floorDiv(a, n), or compare crosswise.',
      )
    return this.compare(ast, ast.op as Compare)
  }

  private logic(op: 'and' | 'or', ast: Ast & { kind: 'binary' }): Node | null {
    const flat = (a: Ast): Ast[] => (a.kind === 'binary' && a.op === ast.op ? [...flat(a.a), ...flat(a.b)] : [a])
    const args = flat(ast).map((a) => this.boolean(a))
    if (args.some((a) => !a)) return null
    return this.cx.nodes.make({ op, type: bool, args: args as Node[], range: null })
  }

  private compare(ast: Ast & { kind: 'binary' }, by: Compare): Node | null {
    const outer = this.comparing
    this.comparing = true
    const pair = this.pair(ast.a, ast.b)
    this.comparing = outer
    if (!pair) return null
    const [a, b] = pair
    if (!this.alike(ast, a, b)) return null
    for (const [side, node] of [
      [ast.a, a],
      [ast.b, b],
    ] as const)
      if (isRounded(node)) return this.dividedFirst(side)
    const ordered = isNumber(a.type) || a.type.kind === 'date'
    if (!ordered && by !== '==' && by !== '!=')
      return this.fail(
        ast,
        'type.order',
        `${typeName(a.type)} 没有大小，只能用 == 或 !=。`,
        `${typeName(a.type)} has no order; only == and != make sense.`,
      )
    return this.cx.nodes.make({ op: 'compare', by, type: bool, a, b, range: null })
  }

  /** Two operands, of which one may be a bare string whose enum the other one tells. */
  private pair(first: Ast, second: Ast): [Node, Node] | null {
    const loose = (ast: Ast): boolean => ast.kind === 'literal' && typeof ast.value === 'string'
    if (loose(first)) {
      const b = this.value(second, null)
      const a = b && this.value(first, b.type)
      return a && b ? [a, b] : null
    }
    const a = this.value(first, null)
    const b = a || !loose(second) ? this.value(second, a?.type ?? null) : null
    return a && b ? [a, b] : null
  }

  private alike(at: Ast, a: Node, b: Node): boolean {
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

  private moneyHint(x: Type, y: Type): string {
    return x.kind === 'money' || y.kind === 'money' ? '金额写作 yuan(4000)。' : ''
  }

  private within(ast: Ast & { kind: 'binary' }): Node | null {
    const a = this.value(ast.a, null)
    if (ast.b.kind !== 'list')
      return this.fail(
        ast.b,
        'expr.in',
        'in 的右边要写出值的列表，如 ["A", "B"]。',
        'At the right of `in` stands a list of values, ["A", "B"].',
      )
    if (!a) return null
    if (ast.b.items.length === 0) return this.fail(ast.b, 'expr.in', 'in 的列表是空的。', 'The list of `in` is empty.')
    const items = ast.b.items.map((item) => this.value(item, a.type))
    if (items.some((n) => !n)) return null
    for (const [i, item] of items.entries()) {
      if (item!.op !== 'const')
        return this.fail(ast.b.items[i]!, 'expr.in', 'in 的列表里只能是写明的值。', 'Only plain values can stand in the list of `in`.')
      if (!this.alike(ast.b.items[i]!, a, item!)) return null
    }
    return this.cx.nodes.make({ op: 'in', type: bool, a, values: items.map((n) => (n as Node & { op: 'const' }).value), range: null })
  }

  private plus(ast: Ast & { kind: 'binary' }, expected: Type | null): Node | null {
    const a = this.value(ast.a, expected)
    const b = this.value(ast.b, expected)
    if (!a || !b) return null
    if (!isNumber(a.type) || !isNumber(b.type))
      return this.fail(
        ast,
        'type.number',
        `${typeName(a.type)} 与 ${typeName(b.type)} 不能相加减；日期用 addDays、daysBetween。`,
        `${typeName(a.type)} and ${typeName(b.type)} cannot be added; for dates use addDays, daysBetween.`,
      )
    if (!this.alike(ast, a, b)) return null
    return this.arithmetic(ast.op === '+' ? 'add' : 'sub', a, b, isZero(a) ? b.type : a.type)
  }

  private times(ast: Ast & { kind: 'binary' }): Node | null {
    const a = this.value(ast.a, null)
    const b = this.value(ast.b, null)
    if (!a || !b) return null
    if (!isNumber(a.type) || !isNumber(b.type) || (a.type.kind === 'money' && b.type.kind === 'money'))
      return this.fail(
        ast,
        'type.number',
        `${typeName(a.type)} 与 ${typeName(b.type)} 不能相乘。`,
        `${typeName(a.type)} and ${typeName(b.type)} cannot be multiplied.`,
      )
    return this.arithmetic('mul', a, b, productType(a.type, b.type))
  }

  private arithmetic(op: 'add' | 'sub' | 'mul', a: Node, b: Node, type: Type): Node {
    const by = { add: addRanges, sub: subRanges, mul: mulRanges }[op]
    const range = by(a.range ?? everything, b.range ?? everything)
    return this.cx.nodes.make({ op, type, a, b, guard: overflows(range), range: clampRange(range) })
  }

  private choice(cAst: Ast, aAst: Ast, bAst: Ast, expected: Type | null): Node | null {
    const c = this.boolean(cAst)
    const a = this.value(aAst, expected)
    const b = this.value(bAst, expected ?? a?.type ?? null)
    if (!c || !a || !b || !this.alike(bAst, a, b)) return null
    return this.cx.nodes.make({ op: 'if', type: isZero(a) ? b.type : a.type, c, a, b, range: joinRanges(a.range, b.range) })
  }

  private call(ast: Ast & { kind: 'call' }, expected: Type | null): Node | null {
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

  private one(ast: Ast & { kind: 'call' }, count: number): boolean {
    if (ast.args.length === count) return true
    this.fail(
      ast,
      'expr.arguments',
      `${ast.fn}() 要 ${count} 个参数，这里有 ${ast.args.length} 个。`,
      `${ast.fn}() takes ${count} argument(s), here are ${ast.args.length}.`,
    )
    return false
  }

  private dateLiteral(ast: Ast & { kind: 'call' }): Node | null {
    const text = ast.args[0]?.kind === 'literal' ? ast.args[0].value : null
    const day = typeof text === 'string' ? readDate(text) : null
    if (day !== null) return this.constant(date, day)
    return this.fail(ast, 'expr.date', 'date() 里写日期，如 date("2015-10-16")。', 'date() takes a day, date("2015-10-16").')
  }

  private reference(ast: Ast & { kind: 'call' }): Node | null {
    const texts = ast.args.map((a) => (a.kind === 'literal' && typeof a.value === 'string' ? a.value : null))
    if (!this.one(ast, ast.fn === 'rule' ? 1 : 2)) return null
    if (texts.some((t) => t === null))
      return this.fail(ast, 'expr.rule', `${ast.fn}() 里写规则的编号。`, `${ast.fn}() takes the id of a rule.`)
    return this.cx.rule(texts[0]!, texts[1] ?? null, ast, this.cx.variables)
  }

  private fn(ast: Ast & { kind: 'call' }, expected: Type | null): Node | null {
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

  private dividedFirst(at: Ast): null {
    return this.fail(
      at,
      'expr.perCompared',
      '比较时不要先除：四舍五入会改变结论，请改为 income > line * n。',
      'Do not divide before comparing: rounding changes verdicts; write income > line * n.',
    )
  }

  private rounding(ast: Ast & { kind: 'call' }): 'down' | 'up' | null {
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

  private makeCall(ast: Ast, args: Node[], rounding?: 'down' | 'up'): Node | null {
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

  private startsWith(ast: Ast & { kind: 'call' }): Node | null {
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

  /** Reads `h.members`, with any filters and one map behind it. */
  private pipe(ast: Ast): ListPipe | null {
    if (ast.kind === 'select' && ast.of.kind === 'name') {
      const variable = this.cx.variables.get(ast.of.name)
      if (!variable)
        return this.fail(
          ast,
          'name.unknown',
          `不认识“${ast.of.name}”。可用：${this.names()}。`,
          `Unknown name "${ast.of.name}". Known here: ${this.names()}.`,
        )
      const entity = this.cx.dictionary.entities[variable.entity]!
      const list = entity.lists[ast.field]
      if (!list)
        return this.fail(
          ast,
          'list.unknown',
          `${entity.label.zh}没有“${ast.field}”这组记录。`,
          `${entity.label.en} has no list "${ast.field}".`,
        )
      const outer = variable.depth === 0 ? '' : variable.prefix
      return { list, depth: variable.depth, path: `${outer}${ast.field}`, filter: null, body: null, variables: this.cx.variables }
    }
    if (ast.kind === 'call' && ast.target && (ast.fn === 'filter' || ast.fn === 'map')) {
      const pipe = this.pipe(ast.target)
      if (!pipe) return null
      if (pipe.body) return this.fail(ast, 'expr.map', 'map 之后不能再接 filter 或 map。', 'Nothing can follow map.')
      const inner = this.inside(pipe, ast)
      if (!inner) return null
      if (ast.fn === 'map') return { ...pipe, body: inner }
      if (inner.type.kind !== 'bool')
        return this.fail(ast, 'type.bool', 'filter 的条件要是“是或否”。', 'The test of filter must be yes or no.')
      return {
        ...pipe,
        filter: pipe.filter ? this.cx.nodes.make({ op: 'and', type: bool, args: [pipe.filter, inner], range: null }) : inner,
      }
    }
    return this.fail(ast, 'expr.listNeeded', '这里要的是一组记录，如 h.members。', 'A list is needed here, such as h.members.')
  }

  /** The second argument of exists, all, filter, map, with its variable in reach. */
  private inside(pipe: ListPipe, ast: Ast & { kind: 'call' }): Node | null {
    const [name, body] = ast.args
    if (name?.kind !== 'name' || !body) return this.fail(ast, 'expr.macro', `写作 ${ast.fn}(m, 条件)。`, `Write ${ast.fn}(m, expression).`)
    const variables = new Map(this.cx.variables)
    variables.set(name.name, { entity: pipe.list.entity, depth: pipe.depth + 1, prefix: `${pipe.path}.` })
    const inner = new Lowering({ ...this.cx, variables })
    inner.comparing = false
    const node = inner.value(body, null)
    if (!node) return null
    const outer = reachable([node]).find((n) => n.op === 'aggregate' && n.depth <= pipe.depth)
    if (outer)
      return this.fail(
        body,
        'expr.outerList',
        '在一组记录的条件里不能再数外层的记录：请先用 let 数好再比。',
        'A list test cannot count the outer list again; this cannot be expressed exactly in SQL.',
      )
    return node
  }

  private listTest(ast: Ast & { kind: 'call' }): Node | null {
    if (ast.fn !== 'exists' && ast.fn !== 'all') {
      if (ast.fn === 'filter' || ast.fn === 'map')
        return this.fail(
          ast,
          'expr.listValue',
          `${ast.fn} 的结果是一组记录：外面要有 size、sum、min 或 max。`,
          `${ast.fn} gives a list: put size, sum, min or max round it.`,
        )
      return this.fail(ast, 'fn.unknown', `没有 .${ast.fn}()。`, `There is no .${ast.fn}().`)
    }
    const pipe = this.pipe(ast.target!)
    if (!pipe) return null
    if (pipe.body) return this.fail(ast, 'expr.map', 'map 之后不能再接 exists 或 all。', 'Nothing can follow map.')
    let body = this.inside(pipe, ast)
    if (!body) return null
    if (body.type.kind !== 'bool') return this.fail(ast, 'type.bool', '条件要是“是或否”。', 'The test must be yes or no.')
    if (pipe.filter) {
      // exists over a filter is exists of both; all over a filter is "not chosen, or holds".
      const chosen = ast.fn === 'exists' ? pipe.filter : this.cx.nodes.make({ op: 'not', type: bool, a: pipe.filter, range: null })
      body = this.cx.nodes.make({ op: ast.fn === 'exists' ? 'and' : 'or', type: bool, args: [chosen, body], range: null })
    }
    return this.makeAggregate(ast.fn, pipe, null, body, bool, null, null)
  }

  private aggregate(ast: Ast & { kind: 'call' }, fn: 'size' | 'sum' | 'min' | 'max', expected: Type | null): Node | null {
    const pipe = ast.args[0] ? this.pipe(ast.args[0]) : null
    if (!pipe) return ast.args[0] ? null : this.fail(ast, 'expr.arguments', `${fn}() 要一组记录。`, `${fn}() needs a list.`)
    const [, most] = pipe.list.range
    if (fn === 'size') {
      if (pipe.body) return this.fail(ast, 'expr.map', '数个数不用 map。', 'Counting needs no map.')
      return this.makeAggregate('count', pipe, pipe.filter, null, int, [0, most], null)
    }
    const body = pipe.body
    if (!body) return this.fail(ast, 'expr.map', `${fn}() 里要写 map(m, 数)。`, `${fn}() needs map(m, number).`)
    const orderable = isNumber(body.type) || (fn !== 'sum' && body.type.kind === 'date')
    if (!orderable)
      return this.fail(
        ast,
        'type.number',
        `${fn}() 要数，不是 ${typeName(body.type)}。`,
        `${fn}() needs numbers, not ${typeName(body.type)}.`,
      )
    const range = body.range
    if (fn === 'sum') {
      const wide = mulRanges([0, most], range ?? everything)
      return this.makeAggregate('sum', pipe, pipe.filter, body, body.type, clampRange(wide), null)
    }
    const otherwise = ast.args[1] ? this.value(ast.args[1], expected ?? body.type) : null
    if (ast.args[1] && !otherwise) return null
    return this.makeAggregate(fn, pipe, pipe.filter, body, body.type, otherwise ? joinRanges(range, otherwise.range) : range, otherwise)
  }

  private makeAggregate(
    by: Aggregate,
    pipe: ListPipe,
    filter: Node | null,
    body: Node | null,
    type: Type,
    range: Range | null,
    otherwise: Node | null,
  ): Node {
    return this.cx.nodes.make({
      op: 'aggregate',
      by,
      type,
      depth: pipe.depth,
      list: pipe.list.name,
      path: pipe.path,
      filter,
      body,
      otherwise,
      range,
    })
  }
}

/** Whether a number is, or is made of, a quotient rounded by `per`: in a `let` or in another rule too. A list adds up its own roundings. */
export function isRounded(node: Node): boolean {
  if (node.op === 'aggregate' || node.type.kind === 'bool') return false
  return (node.op === 'call' && node.fn === 'per') || operands(node).some(isRounded)
}

const isZero = (node: Node): boolean => node.op === 'const' && node.value === 0

function productType(x: Type, y: Type): Type {
  if (x.kind === 'money' || y.kind === 'money') return money
  const [a, b] = [x as Type & { kind: 'int' }, y as Type & { kind: 'int' }]
  return { kind: 'int', unit: a.unit && b.unit ? null : (a.unit ?? b.unit), decimals: a.decimals + b.decimals }
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
