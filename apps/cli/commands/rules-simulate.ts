import { Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import { writeTable } from '@fupin/platform/exchange/write-table.ts'
import { printValue } from '@fupin/rulebook/engine/facts.ts'
import { openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { type Cells, type RuleEffect, type Side, type Simulation, simulateRules, stays } from '@fupin/rulebook/shelf/simulate-rules.ts'
import { type ComparedLists, compareLists } from '@fupin/whom/identification/compare-lists.ts'
import { departmentForms, departmentWords } from '@fupin/whom/identification/department-forms.ts'
import { readQuota } from '@fupin/whom/identification/read-quota.ts'
import { isMadeUp } from '@fupin/whom/identification/run-record.ts'
import { madeUpNote } from '@fupin/whom/identification/write-results.ts'
import { compareDepartments } from '@fupin/whom/matching/compare-departments.ts'
import { readSurvey } from '@fupin/whom/survey/read-survey.ts'
import type { Command } from 'commander'
import { countOf, dateOf, language, mustExist, perform, type Status, say } from '../report.ts'

interface Options {
  from: string
  to: string
  in: string
  mapping?: string
  departments?: string
  quota?: string
  on?: string
  incomeYear?: string
  out?: string
  json?: boolean
}

/** `fupin rules simulate`: who gains and who loses by a change of the rules. */
export function simulateRulesCommand(rules: Command): void {
  rules
    .command('simulate')
    .description('试算：规则改了，谁进谁出 · what a change of the rules does to whom')
    .requiredOption('--from <folder>', '现在的规则簿 · the book as it is')
    .requiredOption('--to <folder>', '拟改的规则簿 · the book as it would be')
    .requiredOption('--in <path>', '调查表：文件或文件夹 · survey: a file or a folder')
    .option('--departments <folder>', '部门文件 · departments’ files')
    .option('--quota <file>', '规模表，用来比较名单 · quotas, to compare the lists')
    .option('--mapping <file>', '列对照 · mapping of columns')
    .option('--on <date>', '日期，默认为新规则簿的基准日 · date; default: the reference date of the new book')
    .option('--income-year <year>', '收入年度 · income year')
    .option('--out <file>', '有变化的农户：.csv、.parquet 或 .xlsx · households that change')
    .option('--json', '机器可读 · machine-readable')
    .action((options: Options) => perform(() => simulate(options)))
}

async function simulate(options: Options): Promise<Status> {
  const at = dateOf(options.on)
  const incomeYear = countOf(options.incomeYear, '--income-year')
  await mustExist(options.departments, options.quota, options.mapping)
  const [a, b] = [await openWholeBook(options.from), await openWholeBook(options.to)]
  const [before, after] = [
    { book: a, duck: await Duck.open() },
    { book: b, duck: await Duck.open() },
  ]
  try {
    for (const side of [before, after]) await readInto(side, options)
    const day = at ?? b.referenceDate
    const simulation = await simulateRules(before, after, day, incomeYear)
    const lists = options.quota ? await listsOf(before, after, options.quota, day) : null
    if (options.out) await writeChanges(after.duck, simulation, lists, options)
    if (options.json) process.stdout.write(`${JSON.stringify(report(simulation, lists), null, 2)}\n`)
    else tell(simulation, lists)
    const errors = await after.duck.rows<{ file: string; row: number | null; zh: string; en: string }>(
      `select file, "row", zh, en from finding where severity = 'error' order by file, "row" limit 20`,
    )
    for (const f of errors) say(`${f.file}${f.row === null ? '' : `:${f.row}`} ${f[language]}`)
    const { cellsAddUp, sameAgainstSame, sample } = simulation.checks
    return errors.length || !cellsAddUp || !sameAgainstSame || sample.differing ? 1 : 0
  } finally {
    before.duck.close()
    after.duck.close()
  }
}

async function readInto({ book, duck }: Side, options: Options): Promise<void> {
  await readSurvey(duck, { survey: options.in, dictionary: book.dictionary, ...(options.mapping ? { mapping: options.mapping } : {}) })
  const forms = departmentForms(book)
  await departmentWords(duck, forms)
  await compareDepartments(duck, { dir: options.departments ?? null, forms, dictionary: book.dictionary, membersWithoutNumber: 'unknown' })
}

async function listsOf(before: Side, after: Side, quota: string, at: number): Promise<ComparedLists> {
  const counties = await after.duck.rows<{ code: string }>(
    'select distinct county_code as code from household where county_code is not null',
  )
  const quotas = await readQuota(after.duck, quota, new Set(counties.map((c) => c.code)))
  return compareLists(before, after, quotas, at)
}

/** The result without the single households: those stand in the file. */
const report = (simulation: Simulation, lists: ComparedLists | null): object => ({
  ...simulation,
  changed: simulation.changed.length,
  list: lists && { verdicts: lists.verdicts, counties: lists.counties, moves: lists.moves.length },
})

async function writeChanges(duck: Duck, simulation: Simulation, lists: ComparedLists | null, options: Options): Promise<void> {
  const types = new Map(simulation.rules.map((r) => [r.id, r.type]))
  const shown = (rule: string, value: string | number | boolean | null): string =>
    value === null ? '' : printValue(types.get(rule)!, value)
  const rows = [
    ...simulation.changed.map((c) => [
      c.household.county,
      c.household.village,
      c.household.id,
      c.household.persons,
      c.rule,
      shown(c.rule, c.before),
      shown(c.rule, c.after),
    ]),
    ...(lists?.moves ?? []).map((m) => [m.county, m.village, m.household, m.persons, 'list', m.before, m.after]),
  ]
  await duck.run(
    'create or replace table rule_change (county_code varchar, village_code varchar, household_id varchar, persons bigint, rule varchar, "before" varchar, "after" varchar)',
  )
  for (let i = 0; i < rows.length; i += 1000) {
    const piece = rows.slice(i, i + 1000).map((r) => `(${r.map((cell) => (typeof cell === 'number' ? cell : quoteText(cell))).join(', ')})`)
    await duck.run(`insert into rule_change values ${piece.join(', ')}`)
  }
  const note = (await isMadeUp(options.in)) ? { note: madeUpNote } : {}
  await writeTable(duck, 'select * from rule_change order by county_code, village_code, household_id, rule', options.out!, note)
}

function tell(simulation: Simulation, lists: ComparedLists | null): void {
  const zh = language === 'zh'
  const out = (text: string): void => void process.stdout.write(`${text}\n`)
  const pair = ({ households, persons }: { households: number; persons: number }): string =>
    zh ? `${households} 户 ${persons} 人` : `${households} households, ${persons} persons`
  out(
    zh
      ? `比较 ${pair(simulation.population)}；${simulation.rules.length} 条规则受影响。`
      : `${pair(simulation.population)} compared; ${simulation.rules.length} rules touched.`,
  )
  for (const rule of simulation.rules) {
    const moved = moves(rule.cells)
    out(
      `${rule.title[language]} (${rule.id})${rule.state === 'changed' ? '' : ` [${rule.state}]`}: ${moved.length ? '' : zh ? '没有变化' : 'no change'}`,
    )
    for (const [cell, of] of moved) out(`  ${cell.replace('>', ' → ')}: ${pair(of)}`)
    if (moved.length)
      for (const [county, cells] of Object.entries(rule.counties))
        out(
          `    ${county}: ${
            moves(cells)
              .map(([c, p]) => `${c.replace('>', '→')} ${p.households}`)
              .join(', ') || '—'
          }`,
        )
    if (rule.sums && rule.sums.before !== rule.sums.after) out(`  ${zh ? '合计' : 'sum'}: ${sums(rule)}`)
  }
  for (const c of lists?.counties ?? []) {
    const line = ({ low, high }: { low: number | null; high: number | null }): string =>
      low === null ? '—' : low === high ? String(low) : `${low}–${high}`
    out(
      zh
        ? `${c.county}：分数线 ${line(c.before)} → ${line(c.after)}；进 ${pair(c.enters)}，出 ${pair(c.leaves)}`
        : `${c.county}: line ${line(c.before)} -> ${line(c.after)}; enter ${pair(c.enters)}; leave ${pair(c.leaves)}`,
    )
  }
  const { cellsAddUp, sameAgainstSame, sample } = simulation.checks
  const well = cellsAddUp && sameAgainstSame && sample.differing === 0
  out(
    zh
      ? `自查：${well ? '通过' : '没有通过'}（抽 ${sample.households} 户与解释器核对，${sample.differing} 户不同）`
      : `Self-check ${well ? 'passed' : 'FAILED'} (${sample.households} households asked again of the interpreter, ${sample.differing} differ)`,
  )
}

const moves = (cells: Cells): [string, { households: number; persons: number }][] =>
  Object.entries(cells).filter(([cell, { households }]) => !stays(cell) && households > 0)

const sums = ({ sums: s, type }: RuleEffect): string => `${printValue(type, s!.before)} → ${printValue(type, s!.after)}`
