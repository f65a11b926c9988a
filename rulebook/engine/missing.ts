import type { Node } from './ir.ts'
import type { Facts, Frames, Interpreter } from './run.ts'

/**
 * Which facts could settle an unknown (rulebook 2.5): the union over undecided operands; empty where the value is known.
 * With `rows`, names carry the row: `members[2].insured`, counted from 1; without, they are field names as in SQL: `members.insured`.
 */
export function missingOf(node: Node, frames: Frames, interpreter: Interpreter, rows: number[] | null = null): Set<string> {
  const found = new Set<string>()
  collect(node, frames)
  return found

  function collect(n: Node, at: Frames): void {
    if (interpreter.evaluate(n, at) !== undefined) return
    switch (n.op) {
      case 'field':
        found.add(rows ? withRows(n.path, n.depth, rows) : n.path)
        return
      case 'and':
      case 'or':
      case 'call':
        for (const arg of n.args) collect(arg, at)
        return
      case 'not':
      case 'in':
      case 'lookup':
        collect(n.a, at)
        return
      case 'compare':
      case 'add':
      case 'sub':
      case 'mul':
      case 'orElse':
        collect(n.a, at)
        collect(n.b, at)
        return
      case 'if': {
        const test = interpreter.evaluate(n.c, at)
        collect(test === undefined ? n.c : test ? n.a : n.b, at)
        return
      }
      case 'aggregate':
        list(n, at)
    }
  }

  function list(n: Node & { op: 'aggregate' }, at: Frames): void {
    const children = at[n.depth]![n.list] as Facts[] | null | undefined
    if (!Array.isArray(children)) {
      found.add(rows ? withRows(n.path, n.depth, rows) : n.path)
      return
    }
    const inner = at.slice(0, n.depth + 1)
    let nothing = true
    children.forEach((child, i) => {
      inner[n.depth + 1] = child
      if (rows) rows[n.depth + 1] = i + 1
      const chosen = n.filter ? interpreter.evaluate(n.filter, inner) : true
      if (chosen !== false) nothing = false
      if (chosen === undefined) collect(n.filter!, inner)
      else if (chosen && n.body) collect(n.body, inner)
    })
    if (nothing && n.otherwise) collect(n.otherwise, at)
  }
}

/** Puts row numbers behind the list names of a path: `members.insured` at depth 1 becomes `members[2].insured`. */
function withRows(path: string, depth: number, rows: number[]): string {
  if (depth === 0) return path
  return path
    .split('.')
    .map((part, i) => (i < depth ? `${part}[${rows[i + 1]}]` : part))
    .join('.')
}

/** Why a value is unknown beyond missing facts: division by zero, overflow, the least or most of nothing. */
export function reasonsOf(node: Node, frames: Frames, interpreter: Interpreter): string[] {
  const reasons = new Set<string>()
  const walk = (n: Node): void => {
    if (interpreter.evaluate(n, frames) !== undefined) return
    const known = (x: Node): boolean => interpreter.evaluate(x, frames) !== undefined
    switch (n.op) {
      case 'call':
        if (n.args.every(known)) reasons.add(n.fn === 'per' || n.fn === 'floorDiv' ? 'division_by_zero' : 'overflow')
        n.args.forEach(walk)
        return
      case 'add':
      case 'sub':
      case 'mul':
        if (known(n.a) && known(n.b)) reasons.add('overflow')
        walk(n.a)
        walk(n.b)
        return
      case 'compare':
      case 'orElse':
        walk(n.a)
        walk(n.b)
        return
      case 'and':
      case 'or':
        n.args.forEach(walk)
        return
      case 'not':
      case 'in':
      case 'lookup':
        walk(n.a)
        return
      case 'if': {
        const test = interpreter.evaluate(n.c, frames)
        walk(test === undefined ? n.c : test ? n.a : n.b)
        return
      }
      case 'aggregate':
        if ((n.by === 'min' || n.by === 'max') && missingOf(n, frames, interpreter).size === 0) reasons.add('empty')
        if (n.by === 'sum' && missingOf(n, frames, interpreter).size === 0) reasons.add('overflow')
    }
  }
  walk(node)
  return [...reasons].sort()
}
