import type { Node, Nodes, Range } from './ir.ts'
import { reachable } from './ir.ts'
import { addRanges, clampRange, everything, mulRanges, overflows, subRanges } from './ranges.ts'
import type { Type } from './types.ts'
import { bool } from './types.ts'

/**
 * Bounds of counts and sums (rulebook 2.5 no. 7), written with the nodes every back end already has:
 * what a number is at least and at most while facts are missing, and comparisons decided as soon as the bounds do not straddle.
 */
export class Bounds {
  constructor(private readonly nodes: Nodes) {}

  /** The least and the most that a number can be. Both are always known. */
  of(node: Node): [Node, Node] {
    switch (node.op) {
      case 'const':
      case 'param':
        return [node, node]
      case 'add': {
        const [[a, A], [b, B]] = [this.of(node.a), this.of(node.b)]
        return [this.arithmetic('add', a, b, node.type), this.arithmetic('add', A, B, node.type)]
      }
      case 'sub': {
        const [[a, A], [b, B]] = [this.of(node.a), this.of(node.b)]
        return [this.arithmetic('sub', a, B, node.type), this.arithmetic('sub', A, b, node.type)]
      }
      case 'mul':
        return this.product(node)
      case 'aggregate':
        return this.aggregate(node)
      default:
        return this.plain(node)
    }
  }

  /** A condition in which every comparison of counted numbers is decided by bounds; unknown, with its missing facts, only where they straddle. */
  decide(node: Node): Node {
    switch (node.op) {
      case 'and':
      case 'or':
        return this.nodes.make({ op: node.op, type: bool, args: node.args.map((a) => this.decide(a)), range: null })
      case 'not':
        return this.nodes.make({ op: 'not', type: bool, a: this.decide(node.a), range: null })
      case 'compare':
        return reachable([node]).some((n) => n.op === 'aggregate') && node.a.range && node.b.range ? this.comparison(node) : node
      default:
        return node
    }
  }

  private comparison(node: Node & { op: 'compare' }): Node {
    const [[a, A], [b, B]] = [this.of(node.a), this.of(node.b)]
    const test = (by: '<' | '<=' | '==', x: Node, y: Node): Node =>
      this.nodes.make({ op: 'compare', by, type: bool, a: x, b: y, range: null })
    const and = (x: Node, y: Node): Node => this.nodes.make({ op: 'and', type: bool, args: [x, y], range: null })
    const or = (x: Node, y: Node): Node => this.nodes.make({ op: 'or', type: bool, args: [x, y], range: null })
    const same = and(and(test('==', a, A), test('==', b, B)), test('==', a, b))
    const apart = or(test('<', A, b), test('<', B, a))
    const [yes, no] = {
      '<': [test('<', A, b), test('<=', B, a)],
      '<=': [test('<=', A, b), test('<', B, a)],
      '>': [test('<', B, a), test('<=', A, b)],
      '>=': [test('<=', B, a), test('<', A, b)],
      '==': [same, apart],
      '!=': [apart, same],
    }[node.by] as [Node, Node]
    const value = (v: boolean): Node => this.nodes.make({ op: 'const', type: bool, value: v, range: null })
    const undecided = this.nodes.make({ op: 'if', type: bool, c: no, a: value(false), b: node, range: null })
    return this.nodes.make({ op: 'if', type: bool, c: yes, a: value(true), b: undecided, range: null })
  }

  private product(node: Node & { op: 'add' | 'sub' | 'mul' }): [Node, Node] {
    const fixed = (n: Node): boolean => (n.op === 'const' || n.op === 'param') && (n.value as number) >= 0
    const [number, factor] = fixed(node.b) ? [node.a, node.b] : [node.b, node.a]
    if (!fixed(factor)) return this.plain(node)
    const [least, most] = this.of(number)
    return [this.arithmetic('mul', least, factor, node.type), this.arithmetic('mul', most, factor, node.type)]
  }

  private aggregate(node: Node & { op: 'aggregate' }): [Node, Node] {
    const range = node.range ?? everything
    if (node.by === 'count') {
      if (!node.filter) return this.plain(node)
      return [this.or(this.count(node, false), range[0], node.type), this.or(this.count(node, true), range[1], node.type)]
    }
    if (node.by !== 'sum') return this.plain(node)
    return [this.or(this.sum(node, 0), range[0], node.type), this.or(this.sum(node, 1), range[1], node.type)]
  }

  /** Rows whose test is not known are counted (`most`) or not. */
  private count(node: Node & { op: 'aggregate' }, doubtful: boolean): Node {
    const filter = this.nodes.make({
      op: 'orElse',
      type: bool,
      a: node.filter!,
      b: this.nodes.make({ op: 'const', type: bool, value: doubtful, range: null }),
      range: null,
    })
    const { id: _, ...draft } = node
    return this.nodes.make({ ...draft, filter })
  }

  /** Each row adds its value, or the end of its range where it is not known; a row that may not belong adds 0 or its value. */
  private sum(node: Node & { op: 'aggregate' }, end: 0 | 1): Node {
    const body = node.body!
    const inner = this.of(body)[end]
    const zero = this.number(0, body.type)
    const maybe = this.nodes.make({
      op: 'call',
      fn: end === 0 ? 'least' : 'greatest',
      type: body.type,
      args: [zero, inner],
      range: inner.range,
    })
    const chosen = node.filter
      ? this.nodes.make({
          op: 'orElse',
          type: body.type,
          a: this.nodes.make({ op: 'if', type: body.type, c: node.filter, a: inner, b: zero, range: body.range }),
          b: maybe,
          range: body.range,
        })
      : inner
    const { id: _, ...draft } = node
    return this.nodes.make({ ...draft, filter: null, body: chosen })
  }

  private plain(node: Node): [Node, Node] {
    const range: Range = node.range ?? everything
    return [this.or(node, range[0], node.type), this.or(node, range[1], node.type)]
  }

  private or(node: Node, value: number, type: Type): Node {
    return this.nodes.make({ op: 'orElse', type, a: node, b: this.number(value, type), range: node.range })
  }

  private number(value: number, type: Type): Node {
    return this.nodes.make({ op: 'const', type, value, range: [value, value] })
  }

  private arithmetic(op: 'add' | 'sub' | 'mul', a: Node, b: Node, type: Type): Node {
    const by = { add: addRanges, sub: subRanges, mul: mulRanges }[op]
    const range = by(a.range ?? everything, b.range ?? everything)
    return this.nodes.make({ op, type, a, b, guard: overflows(range), range: clampRange(range) })
  }
}
