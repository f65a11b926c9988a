import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Compiler } from '../engine/compile/compiler.ts'
import { Findings } from '../engine/finding.ts'
import type { Node } from '../engine/ir.ts'
import { type Facts, type Frames, Interpreter, type Result } from '../engine/run.ts'
import { duckdb } from '../engine/sql/dialect.ts'
import { ExpressionWriter } from '../engine/sql/expression.ts'
import { differences } from '../engine/testing/differences.ts'
import { Random } from '../engine/testing/random.ts'
import { Expressions } from '../engine/testing/random-expressions.ts'
import { edgesOf, randomFacts } from '../engine/testing/random-facts.ts'
import { lowered, tinyBook } from '../engine/testing/tiny-book.ts'
import { duckEngine, type SqlEngine } from './sql-engine.ts'

/** The inner methods that a bug is planted in. */
interface Writer {
  value(node: Node): string
  masks(node: Node): Map<number, string>
  branches(node: Node, then: (n: Node) => string, unknown: 'NULL' | ((c: Node) => string)): string[]
  union(nodes: Node[]): Map<number, string>
}
type Closure = (frames: Frames) => Result
const writer = ExpressionWriter.prototype as unknown as Writer
const runner = Interpreter.prototype as unknown as { build(node: Node): Closure }
const right = {
  value: writer.value,
  masks: writer.masks,
  branches: writer.branches,
  build: runner.build,
  divide: duckdb.divide,
  days: duckdb.days,
}

afterEach(() => {
  Object.assign(writer, { value: right.value, masks: right.masks, branches: right.branches })
  runner.build = right.build
  Object.assign(duckdb, { divide: right.divide, days: right.days })
})

let engine: SqlEngine
beforeAll(async () => {
  engine = await duckEngine()
})
afterAll(() => engine.close())

/** Expressions an author could write, some about the very traps, and households with gaps; the same in every run. */
const { book } = tinyBook()
const questions = (): { nodes: Node[]; facts: Facts[] } => {
  const random = new Random(99)
  const make = new Expressions(random)
  const compiler = new Compiler(book, '450000', { at: 20151231 }, new Findings())
  const traps = [
    'h.poor && h.ill',
    'h.poor ? h.rooms : h.huge',
    'h.members.exists(m, m.insured)',
    'h.members.all(m, m.insured)',
    'size(h.members.filter(m, m.insured))',
    'sum(h.members.map(m, m.wage))',
    'sum(h.members.filter(m, m.insured).map(m, m.months))',
    'max(h.members.map(m, age(m.birth)))',
    'h.grade != "A"',
    'per(h.rooms, 2)',
    'least(h.rooms, h.area)',
    'floorDiv(h.rooms, 3)',
    'orElse(h.poor, true)',
    'addMonths(h.visit, 1, "down")',
    'size(h.vehicles) == 0',
  ]
  const texts = [...traps, ...Array.from({ length: 26 }, () => make.bool(2))]
  const nodes = texts.flatMap((text) => lowered(compiler, text) ?? [])
  const facts = Array.from({ length: 120 }, () => randomFacts(random, book.dictionary, 'household', edgesOf(nodes)))
  return { nodes, facts }
}

/** How many answers differ; SQL may be altered on its way to the database. */
async function found(alter: (sql: string) => string = (sql) => sql): Promise<number> {
  const { nodes, facts } = questions()
  const altered: SqlEngine = { ...engine, dialect: duckdb, rows: (sql) => engine.rows(alter(sql)) }
  return (await differences([altered], book.dictionary, 'household', nodes, facts)).length
}

/** SQL text changed by a pattern that must be there: a bug that is not planted proves nothing. */
const replaced =
  (pattern: RegExp, by: string): ((sql: string) => string) =>
  (sql) => {
    const changed = sql.replaceAll(pattern, by)
    if (changed === sql) throw new Error(`${pattern} is nowhere in the SQL`)
    return changed
  }

it('without a bug there is no difference', async () => expect(await found()).toBe(0))

describe('the comparison finds a bug in the SQL text', () => {
  it.each([
    ['an unknown list is an empty one', /e0\."(members|vehicles)_known"/g, 'TRUE'],
    ['unknown rows are skipped in counts, sums, least and most', /CASE WHEN NOT \(\(a0\.w\d+ & \d+\) <> 0\) THEN/g, 'CASE WHEN TRUE THEN'],
    ['exists skips unknown rows', /THEN TRUE WHEN NOT \(\(a0\.w\d+ & \d+\) <> 0\) THEN FALSE/g, 'THEN TRUE WHEN TRUE THEN FALSE'],
    ['all skips unknown rows', /THEN FALSE WHEN NOT \(\(a0\.w\d+ & \d+\) <> 0\) THEN TRUE/g, 'THEN FALSE WHEN TRUE THEN TRUE'],
    ['all of nobody is unknown', /(_known" THEN) TRUE/g, '$1 NULL'],
    ['a count or sum of nobody is unknown', /(_known" THEN) 0( END\) AS _n\d+\b)/g, '$1 NULL$2'],
    ['two questions about rows share a bit', /& 2\) <> 0/g, '& 1) <> 0'],
    ['a household without rows vanishes', /LEFT JOIN/g, 'JOIN'],
    ['months are added without the end of the month', /% 100\) <= CAST\(/g, '% 100) <= 31 + CAST('],
    ['missing rows are not named', /a0\.m\d+/g, '0'],
    ['gaps that rows share are not named', /(CASE WHEN \(a0\.w\d+ & \d+\) <> 0 THEN) \d+ ELSE 0/g, '$1 0 ELSE 0'],
  ])('%s', async (_, pattern, by) => {
    expect(await found(replaced(pattern, by))).toBeGreaterThan(0)
  })
})

describe('the comparison finds a bug in the writer of SQL', () => {
  it('an unknown test takes the else branch', async () => {
    writer.branches = function (this: Writer, node, then) {
      const choice = node as Node & { op: 'if' }
      return [`WHEN ${this.value(choice.c)} THEN ${then(choice.a)}`, `ELSE ${then(choice.b)}`]
    }
    expect(await found()).toBeGreaterThan(0)
  })

  const values: [string, Node['op'], (sql: string, node: Node, self: Writer) => string][] = [
    ['&& without unknown', 'and', (sql) => `COALESCE(${sql}, FALSE)`],
    ['|| without unknown', 'or', (sql) => `COALESCE(${sql}, FALSE)`],
    ['not of unknown is true', 'not', (sql) => `COALESCE(${sql}, TRUE)`],
    ['a comparison with a gap is false', 'compare', (sql) => `COALESCE(${sql}, FALSE)`],
    [
      'a number beyond the exact integers goes on',
      'mul',
      (sql) => sql.replaceAll(/<= 9007199254740991/g, '>= 0').replaceAll('AS BIGINT', 'AS HUGEINT'),
    ],
    ['in with a gap is false', 'in', (sql) => `COALESCE(${sql}, FALSE)`],
    ['known is always true', 'known', () => 'TRUE'],
    ['orElse takes no stand-in', 'orElse', (_, node, self) => self.value((node as Node & { op: 'orElse' }).a)],
  ]
  it.each(values)('%s', async (_, op, alter) => {
    writer.value = function (this: Writer, node) {
      const sql = right.value.call(this, node)
      return node.op === op ? alter(sql, node, this) : sql
    }
    expect(await found()).toBeGreaterThan(0)
  })

  const calls: [string, string, (args: string[]) => string][] = [
    ['age by calendar year', 'years', ([a, b]) => `(${a} // 10000 - ${b} // 10000)`],
    ['a quotient that is cut off', 'per', ([a, b]) => `(CAST(${a} AS BIGINT) // ${b})`],
    [
      'a quotient rounded half up',
      'per',
      ([a, b]) => `(CASE WHEN ${b} <> 0 THEN CAST(FLOOR(CAST(${a} AS DOUBLE) / ${b} + 0.5) AS BIGINT) END)`,
    ],
    ['a floor that cuts towards zero', 'floorDiv', ([a, b]) => `(CAST(${a} AS BIGINT) // ${b})`],
    ['the least of a number and a gap is the number', 'least', ([a, b]) => `LEAST(${a}, ${b})`],
  ]
  it.each(calls)('%s', async (_, fn, write) => {
    writer.value = function (this: Writer, node) {
      return node.op === 'call' && node.fn === fn ? write(node.args.map((a) => this.value(a))) : right.value.call(this, node)
    }
    expect(await found()).toBeGreaterThan(0)
  })

  it('the missing facts of both branches', async () => {
    writer.masks = function (this: Writer, node) {
      return node.op === 'if' ? this.union([node.c, node.a, node.b]) : right.masks.call(this, node)
    }
    expect(await found()).toBeGreaterThan(0)
  })

  it('missing facts though the value is decided', async () => {
    writer.masks = function (this: Writer, node) {
      return node.op === 'and' || node.op === 'or' ? this.union(node.args) : right.masks.call(this, node)
    }
    expect(await found()).toBeGreaterThan(0)
  })

  it('only the first operand is missing', async () => {
    writer.masks = function (this: Writer, node) {
      return node.op === 'compare' ? this.masks(node.a) : right.masks.call(this, node)
    }
    expect(await found()).toBeGreaterThan(0)
  })

  it('a division that rounds', async () => {
    duckdb.divide = (a, b) => `CAST(${a} / ${b} AS BIGINT)`
    expect(await found()).toBeGreaterThan(0)
  })
})

describe('the comparison finds a bug in the interpreter', () => {
  const bugs: [string, (node: Node) => boolean, (value: Result) => Result][] = [
    ['not of unknown is true', (n) => n.op === 'not', (v) => v ?? true],
    ['a comparison with a gap is false', (n) => n.op === 'compare', (v) => v ?? false],
    ['&& with a gap is false', (n) => n.op === 'and', (v) => v ?? false],
    ['a count with a gap is 0', (n) => n.op === 'aggregate' && n.by === 'count', (v) => v ?? 0],
    ['a sum with a gap is 0', (n) => n.op === 'aggregate' && n.by === 'sum', (v) => v ?? 0],
    ['exists with a gap is false', (n) => n.op === 'aggregate' && n.by === 'exists', (v) => v ?? false],
    ['false counts as no answer', (n) => n.op === 'field' && n.field === 'poor', (v) => v || undefined],
    ['an age is one year off', (n) => n.op === 'call' && n.fn === 'years', (v) => (v === undefined ? v : (v as number) + 1)],
  ]
  it.each(bugs)('%s', async (_, where, alter) => {
    runner.build = function (this: typeof runner, node) {
      const closure = right.build.call(this, node)
      return where(node) ? (frames) => alter(closure(frames)) : closure
    }
    expect(await found()).toBeGreaterThan(0)
  })
})
