import type { Duck } from '@fupin/platform/database/duckdb.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import type { Book, Scorecard } from '../engine/book.ts'
import { printDate } from '../engine/civil-date.ts'
import type { CompiledRule } from '../engine/compile/compiled.ts'
import { Compiler } from '../engine/compile/compiler.ts'
import { printValue } from '../engine/facts.ts'
import { Findings, printFinding } from '../engine/finding.ts'
import type { Node } from '../engine/ir.ts'
import { missingOf } from '../engine/missing.ts'
import { Interpreter } from '../engine/run.ts'
import { compileSelect, type Output } from '../engine/sql/select.ts'
import { type Answer, bitNames, decode, missingNames } from './ask-sql.ts'
import { createFactTables, fieldsRead } from './fact-tables.ts'
import { readFactsFrom } from './read-facts.ts'
import { duckEngine, postgresEngine } from './sql-engine.ts'

export type EngineName = 'interpreter' | 'duckdb' | 'postgres'

export interface Evaluation {
  /**
   * Columns after `row`: the key of an area; `value` or `value_<line>`; `value_least` and `value_most` of counted numbers; `missing`;
   * `likelihood_<line>` where the scorecard has a look-up table.
   */
  columns: string[]
  /** One row of texts for each entity; empty text = unknown. */
  rows: string[][]
}

/** Compiles one rule of a book for a place and date. @throws Problem with every finding where it does not compile. */
export function compileOne(
  book: Book,
  id: string,
  place: string,
  at: number,
  incomeYear?: number,
): { compiler: Compiler; rule: CompiledRule } {
  if (!book.definitions.some((d) => d.id === id))
    throw new Problem('call.rule', {
      zh: `规则簿“${book.title.zh}”里没有规则“${id}”。`,
      en: `The book "${book.title.en}" has no rule "${id}".`,
    })
  const findings = new Findings()
  const compiler = new Compiler(book, place, { at, incomeYear }, findings)
  const rule = compiler.rule(id, { file: 'book.yaml', line: 1, column: 1, length: 1 })
  if (rule && findings.all.length === 0) return { compiler, rule }
  const lines = (language: 'zh' | 'en'): string => findings.all.map((f) => printFinding(f, language)).join('\n')
  const when = printDate(at)
  throw new Problem('rule.broken', {
    zh: `“${id}”在 ${when}、${place} 用不了：\n${lines('zh')}`,
    en: `"${id}" cannot be used on ${when} at ${place}:\n${lines('en')}`,
  })
}

/** Asks one rule about every row of the typed tables in `duck` (see `docs/formats.md`), by any of the three engines, with equal results. */
export async function evaluateRule(duck: Duck, book: Book, rule: CompiledRule, engine: EngineName): Promise<Evaluation> {
  const lines = rule.score
    ? Object.entries(rule.score.lines).map(([line, l]) => ({ line, node: l.total }))
    : [{ line: '', node: rule.node }]
  const bounds = rule.score || !rule.bounds ? [] : [rule.bounds.least, rule.bounds.most]
  const nodes = [...lines.map((l) => l.node), ...bounds]
  const keys = await areaKeys(duck, book, rule)
  const answers = engine === 'interpreter' ? await byInterpreter(duck, book, rule, nodes) : await bySql(duck, book, rule, nodes, engine)
  const scorecard = rule.version.body.kind === 'scorecard' ? rule.version.body.scorecard : null
  const lookup = scorecard?.lookup ? lookupTable(book, scorecard) : null
  const manyLines = lines.some((l) => l.line !== '')
  const values = [
    ...lines.map((l) => (manyLines ? `value_${safeKey(l.line)}` : 'value')),
    ...(bounds.length ? ['value_least', 'value_most'] : []),
  ]
  const likelihoods = (scorecard?.lookup?.columns ?? []).map((c) => `likelihood_${safeKey(c.line)}`)
  const prefix = `${book.dictionary.entities[rule.definition.level]!.variable}.`
  const rows = answers.map((row, at) => {
    const missing = [...new Set(row.flatMap((a) => a.missing))].map((p) => (p.startsWith(prefix) ? p.slice(prefix.length) : p)).sort()
    const told = (scorecard?.lookup?.columns ?? []).map((c) => {
      const score = row[manyLines ? lines.findIndex((l) => l.line === c.line) : 0]?.value
      return typeof score === 'number' ? (lookup!.get(`${score} ${c.line}`) ?? '') : ''
    })
    return [
      ...(keys ? [keys.values[at]!] : []),
      ...row.map((a, i) => (a.value === undefined ? '' : printValue(nodes[i]!.type, a.value))),
      missing.join(';'),
      ...told,
    ]
  })
  return { columns: [...(keys ? [keys.name] : []), ...values, 'missing', ...likelihoods], rows }
}

/** The keys of the rows where they are areas; households are told by their row. */
async function areaKeys(duck: Duck, book: Book, rule: CompiledRule): Promise<{ name: string; values: string[] } | null> {
  const entity = book.dictionary.entities[rule.definition.level]!
  if (!entity.key || entity.key === 'household_id') return null
  const rows = await duck.rows<{ key: string }>(`select ${JSON.stringify(entity.key)} as key from ${own(entity.name)} order by _key`)
  return { name: entity.key, values: rows.map((r) => r.key) }
}

/** A key of a scorecard's line as part of a column name: letters and digits stay, each run of anything else becomes `_`. */
export const safeKey = (key: string): string => key.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '')

function lookupTable(book: Book, scorecard: Scorecard): Map<string, string> {
  const { file, score, columns } = scorecard.lookup!
  const [head, ...rows] = book.tables[file]!
  const at = head!.indexOf(score)
  return new Map(rows.flatMap((row) => columns.map((c) => [`${row[at]} ${c.line}`, row[head!.indexOf(c.column)]!] as const)))
}

const own = (entity: string): string => `"${entity}"`

async function byInterpreter(duck: Duck, book: Book, rule: CompiledRule, nodes: Node[]): Promise<Answer[][]> {
  const interpreter = new Interpreter()
  const root = rule.definition.level
  const all = await readFactsFrom(duck, book.dictionary, root, { read: fieldsRead(book.dictionary, root, nodes), table: own })
  return all.map(({ facts }) =>
    nodes.map((node) => ({ value: interpreter.evaluate(node, [facts]), missing: [...missingOf(node, [facts], interpreter)].sort() })),
  )
}

async function bySql(duck: Duck, book: Book, rule: CompiledRule, nodes: Node[], name: 'duckdb' | 'postgres'): Promise<Answer[][]> {
  const engine = name === 'duckdb' ? await duckEngine(duck) : await postgresEngine()
  const root = rule.definition.level
  try {
    let table = own
    if (name === 'postgres') {
      const all = await readFactsFrom(duck, book.dictionary, root, { read: fieldsRead(book.dictionary, root, nodes), table: own })
      table = await createFactTables(
        engine,
        book.dictionary,
        root,
        all.map((r) => r.facts),
        nodes,
      )
    }
    const outputs: Output[] = nodes.map((node, i) => ({ name: `r${i}`, node, missing: true }))
    const stages = rule.score ? rule.score.items.flatMap((i) => Object.values(i.item!.lines).map((l) => l.node)) : []
    const compiled = compileSelect(book.dictionary, root, outputs, stages, engine.dialect, { table })
    const rows = await engine.rows(`SELECT * FROM (${compiled.sql}) q ORDER BY _key`)
    const names = bitNames(compiled.bits)
    return rows.map((row) =>
      nodes.map((node, i) => ({
        value: decode(book.dictionary, node, row[`r${i}`]),
        missing: missingNames(compiled, names, `r${i}`, row),
      })),
    )
  } finally {
    await engine.close()
  }
}
