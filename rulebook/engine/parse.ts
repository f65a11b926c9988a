import type { ASTNode } from '@marcbachmann/cel-js'
import { ParseError, parse as parseCel } from '@marcbachmann/cel-js'

/** Our own syntax tree; the only shape the rest of the engine knows. Spans are offsets in the expression. */
export type Ast = { start: number; end: number } & (
  | { kind: 'literal'; value: boolean | number | string | null | { float: string } }
  | { kind: 'name'; name: string }
  | { kind: 'select'; of: Ast; field: string }
  | { kind: 'call'; fn: string; target: Ast | null; args: Ast[] }
  | { kind: 'binary'; op: string; a: Ast; b: Ast }
  | { kind: 'unary'; op: '!' | '-'; a: Ast }
  | { kind: 'if'; c: Ast; a: Ast; b: Ast }
  | { kind: 'list'; items: Ast[] }
  | { kind: 'unsupported'; what: string }
)

export class SyntaxProblem extends Error {
  constructor(
    message: string,
    readonly start: number,
    readonly end: number,
  ) {
    super(message)
  }
}

/**
 * Parses one expression in CEL syntax.
 * The only place that knows the CEL library: it changes its tree from time to time.
 * @throws SyntaxProblem with the offsets of the first thing that is not CEL.
 */
export function parse(text: string): Ast {
  try {
    return adapt(parseCel(text).ast)
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    const first = error.message.split('\n')[0]!
    throw new SyntaxProblem(first, error.range?.start ?? 0, error.range?.end ?? text.length)
  }
}

function adapt(node: ASTNode): Ast {
  const { start, end } = node
  switch (node.op) {
    case 'value':
      return { kind: 'literal', value: literal(node.args, node.input.slice(start, end)), start, end }
    case 'id':
      return { kind: 'name', name: node.args, start, end }
    case '.':
      return { kind: 'select', of: adapt(node.args[0]), field: node.args[1], start, end }
    case 'call':
      return { kind: 'call', fn: node.args[0], target: null, args: node.args[1].map(adapt), start, end }
    case 'rcall':
      return { kind: 'call', fn: node.args[0], target: adapt(node.args[1]), args: node.args[2].map(adapt), start, end }
    case 'list':
      return { kind: 'list', items: node.args.map(adapt), start, end }
    case '?:':
      return { kind: 'if', c: adapt(node.args[0]), a: adapt(node.args[1]), b: adapt(node.args[2]), start, end }
    case '!_':
      return { kind: 'unary', op: '!', a: adapt(node.args), start, end }
    case '-_':
      return { kind: 'unary', op: '-', a: adapt(node.args), start, end }
    case '&&':
    case '||':
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case 'in':
      return { kind: 'binary', op: node.op, a: adapt(node.args[0]), b: adapt(node.args[1]), start, end }
    default:
      return { kind: 'unsupported', what: node.op, start, end }
  }
}

function literal(value: unknown, text: string): boolean | number | string | null | { float: string } {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'number') return { float: text }
  if (typeof value === 'boolean' || typeof value === 'string' || value === null) return value
  return { float: text }
}
