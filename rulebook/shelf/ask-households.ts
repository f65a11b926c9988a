import type { Duck } from '@fupin/platform/database/duckdb.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import type { Book } from '../engine/book.ts'
import type { CompiledRule } from '../engine/compile/compiled.ts'
import { Compiler } from '../engine/compile/compiler.ts'
import { Findings, printFinding } from '../engine/finding.ts'
import type { Node } from '../engine/ir.ts'
import { type Dates, placeChain, resolveRule } from '../engine/resolve.ts'
import { Interpreter } from '../engine/run.ts'
import { duckdb, ident, quote } from '../engine/sql/dialect.ts'
import { compileSelect, type Output } from '../engine/sql/select.ts'
import type { Value } from '../engine/types.ts'
import { decode } from './ask-sql.ts'
import { fieldsRead } from './fact-tables.ts'
import { readFactsFrom } from './read-facts.ts'

export interface SimulatedHousehold {
  id: string
  county: string
  village: string
  persons: number
}

/** What one book says of every household. */
export interface AskedRules {
  households: Map<string, SimulatedHousehold>
  /** Each rule as it stands somewhere; a rule that stands nowhere is not there. */
  rules: Map<string, CompiledRule>
  /** Undefined = unknown, or no such rule at that place. */
  value(rule: string, household: string): Value | undefined
  groups: Group[]
}

/** Counties with the same resolved rules. */
interface Group {
  counties: (string | null)[]
  rules: Map<string, CompiledRule>
}

/** Asks some rules about every household of the tables in `duck`, each as it stands in the household's county; one statement a group of counties. */
export async function askEveryHousehold(duck: Duck, book: Book, ids: string[], dates: Dates): Promise<AskedRules> {
  const root = book.dictionary.entities.household!
  const has = new Set((await duck.describe('select * from household')).map((c) => c.name))
  const column = (name: string, otherwise: string): string => (has.has(name) ? `h.${name}` : otherwise)
  const persons = root.lists.members
    ? `coalesce(${column('persons', 'null')}, (select count(*) from ${ident(root.lists.members.entity)} m where m._parent = h._key))`
    : `coalesce(${column('persons', 'null')}, 0)`
  const households = await duck.rows<SimulatedHousehold>(
    `select household_id as id, coalesce(${column('county_code', "''")}, '') as county, coalesce(${column('village_code', "''")}, '') as village, ${persons}::bigint as persons from household h order by _key`,
  )
  const groups = groupsOf(book, [...new Set(households.map((h) => h.county))].sort(), ids, dates)
  const place = new Map(households.map((h, i) => [h.id, i]))
  const values = new Map<string, (Value | undefined)[]>()
  for (const group of groups) {
    const nodes = [...group.rules.values()]
    if (nodes.length === 0) continue
    const outputs: Output[] = nodes.map((rule, i) => ({ name: `r${i}`, node: rule.node, missing: false }))
    const items = nodes.flatMap((r) => r.score?.items.flatMap((i) => Object.values(i.item!.lines).map((l) => l.node)) ?? [])
    const { sql } = compileSelect(book.dictionary, root.name, outputs, [...new Set(items)], duckdb, {
      table: ident,
      carry: ['household_id'],
      where: has.has('county_code') ? `COALESCE(e0.county_code, '') IN (${group.counties.map((c) => quote(c ?? '')).join(', ')})` : 'TRUE',
    })
    for (const row of await duck.rows(sql))
      for (const [i, rule] of nodes.entries()) {
        if (!values.has(rule.id)) values.set(rule.id, new Array(households.length))
        values.get(rule.id)![place.get(String(row.household_id))!] = decode(book.dictionary, rule.node, row[`r${i}`])
      }
  }
  return {
    households: new Map(households.map((h) => [h.id, h])),
    rules: new Map(groups.flatMap((g) => [...g.rules])),
    value: (rule, household) => values.get(rule)?.[place.get(household)!],
    groups,
  }
}

function groupsOf(book: Book, counties: string[], ids: string[], dates: Dates): Group[] {
  const written = new Set([...book.definitions, ...book.parameters].map((d) => d.place))
  const groups = new Map<string, string[]>()
  for (const county of counties) {
    const key = placeChain(book, county || book.root, dates.at)
      .filter((p) => written.has(p))
      .join(' ')
    groups.set(key, [...(groups.get(key) ?? []), county])
  }
  return [...groups.values()].map((all) => ({ counties: all, rules: compileAll(book, all[0] || book.root, ids, dates) }))
}

function compileAll(book: Book, place: string, ids: string[], dates: Dates): Map<string, CompiledRule> {
  const findings = new Findings()
  const compiler = new Compiler(book, place, dates, findings)
  const rules = new Map<string, CompiledRule>()
  for (const id of ids) {
    const found = resolveRule(book, id, place, dates)
    if ('why' in found && found.why !== 'stale') continue
    const rule = compiler.rule(id, { file: 'book.yaml', line: 1, column: 1, length: 1 })
    if (rule) rules.set(id, rule)
  }
  if (findings.all.length === 0) return rules
  const lines = (language: 'zh' | 'en'): string => findings.all.map((f) => printFinding(f, language)).join('\n')
  throw new Problem('book.unusable', {
    zh: `规则簿“${book.title.zh}”在 ${place} 用不了：\n${lines('zh')}`,
    en: `The book "${book.title.en}" cannot be used at ${place}:\n${lines('en')}`,
  })
}

/** Asks the interpreter the same about some households, by household number. */
export async function askSample(
  duck: Duck,
  book: Book,
  asked: AskedRules,
  sample: string[],
): Promise<(rule: string, household: string) => Value | undefined> {
  const interpreter = new Interpreter()
  const root = book.dictionary.entities.household!
  const nodes = asked.groups.flatMap((g) => [...g.rules.values()].map((r) => r.node))
  const keys = await duck.rows<{ key: number; id: string }>(
    `select _key as key, household_id as id from household where household_id in (${[...sample, ''].map(quote).join(', ')})`,
  )
  const ids = new Map(keys.map((k) => [k.key, k.id]))
  const facts = await readFactsFrom(duck, book.dictionary, root.name, {
    read: fieldsRead(book.dictionary, root.name, nodes),
    table: ident,
    where: `t._key IN (${[...ids.keys(), -1].join(', ')})`,
  })
  const said = new Map(facts.map((f) => [ids.get(f.key)!, f.facts]))
  const nodeOf = (rule: string, household: string): Node | undefined =>
    asked.groups.find((g) => g.counties.includes(asked.households.get(household)!.county))?.rules.get(rule)?.node
  return (rule, household) => {
    const node = nodeOf(rule, household)
    return node && said.has(household) ? interpreter.evaluate(node, [said.get(household)!]) : undefined
  }
}
