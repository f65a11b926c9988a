import { stat } from 'node:fs/promises'
import { Duck } from '@fupin/platform/database/duckdb.ts'
import { findingRows } from '@fupin/platform/problems/finding-table.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import { checkBook } from '@fupin/rulebook/engine/check-book.ts'
import { Explainer } from '@fupin/rulebook/engine/explain.ts'
import { meaningOfBook } from '@fupin/rulebook/engine/meaning.ts'
import { checkInEngines } from '@fupin/rulebook/shelf/check-in-engines.ts'
import { compileOne, type EngineName, evaluateRule } from '@fupin/rulebook/shelf/evaluate-rule.ts'
import { booksFolder, openBook, openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { figureFindings } from '@fupin/rulebook/shelf/open-figures.ts'
import { readFactsFrom } from '@fupin/rulebook/shelf/read-facts.ts'
import { duckEngine, postgresEngine } from '@fupin/rulebook/shelf/sql-engine.ts'
import { makeAreaTable } from '@fupin/whom/survey/area-table.ts'
import { readRows } from '@fupin/whom/survey/read-rows.ts'
import { readSurvey, rootEntity } from '@fupin/whom/survey/read-survey.ts'
import type { Command } from 'commander'
import { countOf, dateOf, language, mustExist, perform, printFindings, type Status, say, writeWhole } from '../report.ts'
import { diffBooks } from './rules-diff.ts'
import { rulesFigures } from './rules-figures.ts'
import { simulateRulesCommand } from './rules-simulate.ts'

/** `fupin rules check | evaluate | diff | simulate`. */
export function rulesCommands(program: Command): void {
  const rules = program.command('rules').description('规则簿：校验、试问、比较、试算 · rulebooks: check, evaluate, diff, simulate')
  rules
    .command('check [books...]')
    .description('校验规则簿，并在三个引擎里跑例子和临界值 · check books; run cases and boundary twins in three engines')
    .option('--engines <list>', 'interpreter,duckdb,postgres', 'interpreter,duckdb,postgres')
    .option('--json', '机器可读 · machine-readable')
    .action((books: string[], options: { engines: string; json?: boolean }) => perform(() => check(books, options)))
  rules
    .command('evaluate')
    .description('对文件里每一行问一条规则 · ask one rule about every row of a file')
    .requiredOption('--book <folder>', '规则簿 · book')
    .requiredOption('--id <rule>', '规则编号 · rule id')
    .requiredOption('--in <file>', 'CSV、Parquet、XLSX，或调查表文件夹 · file, or a survey folder')
    .requiredOption('--out <file>', '结果 CSV · result')
    .option('--engine <name>', 'interpreter | duckdb | postgres', 'duckdb')
    .option('--on <date>', '日期，默认为规则簿的基准日 · date; default: the reference date of the book')
    .option('--place <code>', '地区码，默认为规则簿的根 · area code; default: the root of the book')
    .option('--income-year <year>', '收入年度 · income year')
    .option('--mapping <file>', '列对照 · mapping of columns')
    .option('--explain', '另写 .explain.jsonl · write explanations beside')
    .option('--json', '机器可读：列、行数、发现 · machine-readable: columns, rows, findings')
    .action((options: EvaluateOptions) => perform(() => evaluate(options)))
  diffBooks(rules)
  rulesFigures(rules)
  simulateRulesCommand(rules)
}

async function check(books: string[], { engines, json }: { engines: string; json?: boolean }): Promise<Status> {
  await mustExist(...books)
  const folders = books.length ? books : ['fupin', 'ppi'].map((b) => `${booksFolder}${b}`)
  const wanted = engines.split(',')
  const unknown = wanted.filter((e) => !['interpreter', 'duckdb', 'postgres'].includes(e))
  if (unknown.length) throw noEngine(unknown.join(', '))
  const sql = [...(wanted.includes('duckdb') ? [await duckEngine()] : []), ...(wanted.includes('postgres') ? [await postgresEngine()] : [])]
  let count = 0
  try {
    for (const folder of folders) {
      const { book, findings, files } = await openBook(folder)
      const checked = book && checkBook(book)
      const differing = checked ? await checkInEngines([...checked.questions, ...checked.twins], sql) : []
      const all = [...findings, ...(book ? figureFindings(files, book) : []), ...(checked?.findings ?? []), ...differing]
      count += all.length
      printFindings(all, json ?? false)
      if (book && checked) say(summary(book, checked.rules, checked.questions.length, checked.twins.length, wanted, all.length))
    }
  } finally {
    for (const engine of sql) await engine.close()
  }
  return count ? 1 : 0
}

function summary(book: Book, rules: number, cases: number, twins: number, engines: string[], findings: number): string {
  return language === 'zh'
    ? `${book.title.zh}：${rules} 个规则版本，${cases} 个例子、${twins} 个临界值在 ${engines.join('、')} 里；${findings === 0 ? '没有发现问题' : `${findings} 处要改`}。摘要 ${meaningOfBook(book).slice(7, 15)}`
    : `${book.title.en}: ${rules} rule versions, ${cases} cases and ${twins} boundary twins in ${engines.join(', ')}; ${findings === 0 ? 'no findings' : `${findings} findings`}. Meaning ${meaningOfBook(book).slice(7, 15)}`
}

interface EvaluateOptions {
  book: string
  id: string
  in: string
  out: string
  engine: string
  on?: string
  place?: string
  incomeYear?: string
  mapping?: string
  explain?: boolean
  json?: boolean
}

async function evaluate(options: EvaluateOptions): Promise<Status> {
  const engine = (['interpreter', 'duckdb', 'postgres'] as const).find((e) => e === options.engine)
  if (!engine) throw noEngine(options.engine)
  await mustExist(options.in, options.mapping)
  const book = await openWholeBook(options.book)
  const { rule, compiler } = compileOne(
    book,
    options.id,
    options.place ?? book.root,
    dateOf(options.on) ?? book.referenceDate,
    countOf(options.incomeYear, '--income-year'),
  )
  const duck = await Duck.open()
  try {
    const entity = book.dictionary.entities[rule.definition.level]!
    const folder = (await stat(options.in).catch(() => null))?.isDirectory()
    if (folder || entity.name !== rootEntity(book.dictionary).name)
      await readSurvey(duck, { survey: options.in, dictionary: book.dictionary, ...(options.mapping ? { mapping: options.mapping } : {}) })
    else await readRows(duck, { file: options.in, dictionary: book.dictionary, entity, mapping: options.mapping })
    if (entity.name !== rootEntity(book.dictionary).name) await makeAreaTable(duck, book.dictionary, entity)
    const result = await evaluateRule(duck, book, rule, engine as EngineName)
    await writeWhole(
      options.out,
      `${[['row', ...result.columns], ...result.rows.map((r, i) => [String(i + 1), ...r])].map((r) => r.map(cell).join(',')).join('\n')}\n`,
    )
    if (options.explain) await explainRows(duck, new Explainer(compiler), rule.definition.level, rule, `${options.out}.explain.jsonl`)
    return await tellFindings(duck, options.json ? { columns: ['row', ...result.columns], rows: result.rows.length } : null)
  } finally {
    duck.close()
  }
}

const noEngine = (name: string): Problem =>
  new Problem('call.engine', {
    zh: `没有引擎“${name}”；有 interpreter、duckdb、postgres。`,
    en: `There is no engine "${name}"; there are interpreter, duckdb, postgres.`,
  })

async function explainRows(
  duck: Duck,
  explainer: Explainer,
  root: string,
  rule: Parameters<Explainer['explain']>[0],
  path: string,
): Promise<void> {
  const all = await readFactsFrom(duck, explainer.compiler.book.dictionary, root, { read: null, table: (e) => `"${e}"` })
  await writeWhole(path, all.map(({ key, facts }) => `${JSON.stringify({ row: key, ...explainer.explain(rule, facts) })}\n`).join(''))
}

const told = 50

/** Says the errors of the file that was read, or all findings as JSON with what was written; doubts do not change the status. */
async function tellFindings(duck: Duck, written: { columns: string[]; rows: number } | null): Promise<Status> {
  const all = await findingRows(duck)
  const errors = all.filter((f) => f.severity === 'error')
  if (written) process.stdout.write(`${JSON.stringify({ ...written, findings: all })}\n`)
  else {
    for (const f of errors.slice(0, told))
      say(`${f.file}${f.row === null ? '' : `:${f.row}`}${f.column === null ? '' : ` ${f.column}`} ${f[language]}`)
    const more = errors.length - told
    if (more > 0) say(language === 'zh' ? `还有 ${more} 条。` : `${more} more.`)
  }
  return errors.length ? 1 : 0
}

const cell = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
