import type { ListField } from '../dictionary.ts'
import type { Aggregate, Node, Range } from '../ir.ts'
import { reachable } from '../ir.ts'
import type { Ast } from '../parse.ts'
import { clampRange, everything, joinRanges, mulRanges } from '../ranges.ts'
import type { Type } from '../types.ts'
import { bool, int, isNumber, typeName } from '../types.ts'
import { LoweringBasics } from './basics.ts'
import type { Variable } from './context.ts'

type ListPipe = { list: ListField; depth: number; path: string; filter: Node | null; body: Node | null; variables: Map<string, Variable> }

/** Tests and counts over lists: exists, all, size, sum, min, max, with filter and map before them. */
export abstract class LoweringLists extends LoweringBasics {
  /** The same lowering with other variables in reach. */
  protected abstract withVariables(variables: Map<string, Variable>): LoweringLists

  /** Reads `h.members`, with any filters and one map behind it. */
  protected pipe(ast: Ast): ListPipe | null {
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
  protected inside(pipe: ListPipe, ast: Ast & { kind: 'call' }): Node | null {
    const [name, body] = ast.args
    if (name?.kind !== 'name' || !body) return this.fail(ast, 'expr.macro', `写作 ${ast.fn}(m, 条件)。`, `Write ${ast.fn}(m, expression).`)
    const variables = new Map(this.cx.variables)
    variables.set(name.name, { entity: pipe.list.entity, depth: pipe.depth + 1, prefix: `${pipe.path}.` })
    const node = this.withVariables(variables).value(body, null)
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

  protected listTest(ast: Ast & { kind: 'call' }): Node | null {
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

  protected aggregate(ast: Ast & { kind: 'call' }, fn: 'size' | 'sum' | 'min' | 'max', expected: Type | null): Node | null {
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

  protected makeAggregate(
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
