import { fieldType } from '../dictionary.ts'
import type { Compare, Node, Range } from '../ir.ts'
import type { Ast } from '../parse.ts'
import { everything, joinRanges } from '../ranges.ts'
import type { Type } from '../types.ts'
import { bool, code, date, int, isNumber, typeName } from '../types.ts'
import { isRounded, isZero, productType } from './basics.ts'
import { LoweringCalls } from './calls.ts'
import type { LowerContext, Variable } from './context.ts'

/**
 * Turns syntax into the typed form, checking every type, unit, name and enum key against the dictionary.
 * Gives null where something is wrong; each finding has its offsets, and the rest of the expression is still checked.
 * `expected` is the type that the place asks for: it says which enum a bare string belongs to.
 */
export function lower(ast: Ast, cx: LowerContext, expected: Type | null = null): Node | null {
  return new Lowering(cx).value(ast, expected)
}

class Lowering extends LoweringCalls {
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

  protected literal(at: Ast, value: boolean | number | string | null | { float: string }, expected: Type | null): Node | null {
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

  protected enumKey(at: Ast, name: string, key: string): Node | null {
    const keys = this.cx.dictionary.enums[name]?.values.map((v) => v.key) ?? []
    if (keys.includes(key)) return this.constant({ kind: 'enum', name }, key)
    return this.fail(
      at,
      'enum.key',
      `代码表 ${name} 没有“${key}”；有：${keys.join('、')}。`,
      `Enum ${name} has no "${key}"; it has ${keys.join(', ')}.`,
    )
  }

  protected name(at: Ast, name: string): Node | null {
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

  protected select(ast: Ast & { kind: 'select' }): Node | null {
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

  protected unknownField(entity: string, name: string): string {
    return `${entity}没有字段“${name}”。请对照数据字典。`
  }

  protected near(names: string[], name: string): string {
    const close = names.filter((n) => n.startsWith(name.slice(0, 4))).slice(0, 3)
    return close.length ? ` Did you mean ${close.join(', ')}?` : ''
  }

  protected not(a: Ast): Node | null {
    const node = this.boolean(a)
    return node && this.cx.nodes.make({ op: 'not', type: bool, a: node, range: null })
  }

  protected negate(ast: Ast): Node | null {
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

  protected binary(ast: Ast & { kind: 'binary' }, expected: Type | null): Node | null {
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

  protected logic(op: 'and' | 'or', ast: Ast & { kind: 'binary' }): Node | null {
    const flat = (a: Ast): Ast[] => (a.kind === 'binary' && a.op === ast.op ? [...flat(a.a), ...flat(a.b)] : [a])
    const args = flat(ast).map((a) => this.boolean(a))
    if (args.some((a) => !a)) return null
    return this.cx.nodes.make({ op, type: bool, args: args as Node[], range: null })
  }

  protected compare(ast: Ast & { kind: 'binary' }, by: Compare): Node | null {
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
  protected pair(first: Ast, second: Ast): [Node, Node] | null {
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

  protected within(ast: Ast & { kind: 'binary' }): Node | null {
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

  protected plus(ast: Ast & { kind: 'binary' }, expected: Type | null): Node | null {
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

  protected times(ast: Ast & { kind: 'binary' }): Node | null {
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

  protected choice(cAst: Ast, aAst: Ast, bAst: Ast, expected: Type | null): Node | null {
    const c = this.boolean(cAst)
    const a = this.value(aAst, expected)
    const b = this.value(bAst, expected ?? a?.type ?? null)
    if (!c || !a || !b || !this.alike(bAst, a, b)) return null
    return this.cx.nodes.make({ op: 'if', type: isZero(a) ? b.type : a.type, c, a, b, range: joinRanges(a.range, b.range) })
  }

  protected withVariables(variables: Map<string, Variable>): Lowering {
    return new Lowering({ ...this.cx, variables })
  }
}
