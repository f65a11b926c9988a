import type { Book } from '@fupin/rulebook/engine/book.ts'
import { printDate } from '@fupin/rulebook/engine/civil-date.ts'
import { Ledger } from '@fupin/rulebook/engine/figures/ledger.ts'
import { publishedPage } from '@fupin/rulebook/engine/figures/published-page.ts'
import { printCell } from '@fupin/rulebook/engine/figures/words.ts'
import { booksFolder } from '@fupin/rulebook/shelf/open-book.ts'
import { openFigures } from '@fupin/rulebook/shelf/open-figures.ts'
import type { Command } from 'commander'
import { checksJson, checksText, contradictionsText, runChecks } from '../figures/print-checks.ts'
import { planLine, planRows } from '../figures/print-plans.ts'
import { cellJson, cellLine, countGaps, findCells, gapLine } from '../figures/print-tables.ts'
import { dateOf, language, perform, printFindings, type Status, say } from '../report.ts'
import { rulesTags } from './rules-tags.ts'

interface Options {
  book: string
  id?: string
  kind?: string
  on?: string
  table?: string
  area?: string
  year?: string
  series?: string
  checks?: boolean
  contradictions?: boolean
  plans?: boolean
  page?: boolean
  json?: boolean
}

/** `fupin rules figures`: the numbers of the policy documents, their tables, their arithmetic; and `fupin rules tags` beside it. */
export function rulesFigures(rules: Command): void {
  rules
    .command('figures')
    .description(
      '政策文件里的数：参数、各表、复算（--checks）、矛盾（--contradictions） · the numbers of the policy documents: parameters, tables, arithmetic, contradictions',
    )
    .option('--book <folder>', '规则簿 · book', `${booksFolder}fupin`)
    .option('--id <id>', '目录编号，如 W-028、AC-96、K-16 · catalogue id')
    .option('--kind <kind>', 'threshold, amount, cap, duration, frequency, target, share, count')
    .option('--on <date>', '这一天有效的 · valid on a day')
    .option('--table <id>', '一张表，如 F-004 · one table')
    .option('--area <code>', '表里这个地区的数 · cells of one area')
    .option('--year <year>', '表里这一年的数 · cells of one year')
    .option('--series <name>', '一个序列，或两个口径共有的量（poor） · one series, or the measure that two counts share')
    .option('--checks', '把印出来的数再算一遍 · compute the printed figures again')
    .option('--contradictions', '文件之间的矛盾 · contradictions between documents')
    .option('--plans', '各版计划与实际，逐年并列 · the versions of the plan and what came, side by side by year')
    .option('--page', 'docs/published-figures.md')
    .option('--json', '机器可读 · machine-readable')
    .action((options: Options) => perform(() => figures(options)))
  rulesTags(rules)
}

async function figures(options: Options): Promise<Status> {
  const { book, published, findings } = await openFigures(options.book)
  if (findings.length) {
    printFindings(findings, options.json ?? false)
    return 1
  }
  const json = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
  if (options.page) process.stdout.write(publishedPage(book, published))
  else if (options.checks) {
    const results = runChecks(published, book, options.id)
    if (options.json) json(checksJson(results, published, book))
    else process.stdout.write(checksText(results, published, book, language))
    return results.length ? 0 : 1
  } else if (options.contradictions) {
    const all = published.contradictions.filter((k) => !options.id || k.id === options.id)
    if (options.json) json(all.map(({ at: _, ...k }) => k))
    else process.stdout.write(contradictionsText(all, book, language))
    return all.length ? 0 : 1
  } else if (options.plans) {
    const ledger = new Ledger(published, book.figures)
    const rows = planRows(published, ledger)
    if (options.json)
      json(
        rows.map((r) => ({
          ...r,
          plans: r.plans.map((p) => ({ plan: p.plan, amount: p.cell.amount })),
          facts: r.facts.map((f) => ({ name: f.name, shown: printCell(f, ledger) })),
        })),
      )
    else
      for (const row of rows)
        process.stdout.write(`${planLine(row, ledger, (doc) => book.sources[doc]?.title[language] ?? doc, language)}\n`)
  } else if (options.table || options.area || options.year || options.series) {
    const found = findCells(published, options)
    const ledger = new Ledger(published, book.figures)
    const gaps = countGaps(found, ledger)
    if (options.json) {
      json({
        cells: found.map((f) => cellJson(f, ledger)),
        counts: gaps.map(({ measure, place, year, difference }) => ({ measure, place, year, difference })),
      })
      return found.length ? 0 : 1
    }
    const lists = published.tables
      .filter((t) => t.id === options.table)
      .flatMap((t) => t.rows.filter((r) => r.list || r.cells.length === 0))
    for (const f of found) process.stdout.write(`${f.table.id}  ${cellLine(f, book, ledger, language)}\n`)
    for (const row of lists)
      process.stdout.write(
        `${options.table}  ${row.id ?? '-'}  ${row.title[language]}  ${row.list?.join('、') ?? row.note?.[language] ?? ''}\n`,
      )
    if (found.length + lists.length === 0) say(language === 'zh' ? '没有这样的数。' : 'There is no such figure.')
    for (const gap of gaps) process.stdout.write(`${gapLine(gap, ledger, language)}\n`)
    return found.length + lists.length ? 0 : 1
  } else return parameters(book, options)
  return 0
}

function parameters(book: Book, options: Options): Status {
  const day = dateOf(options.on)
  const found = book.figures.filter(
    (f) =>
      (!options.id || f.id.startsWith(options.id)) &&
      (!options.kind || f.kind === options.kind) &&
      (day === undefined || ((f.from ?? 0) <= day && day <= (f.to ?? 99991231))),
  )
  const span = (f: (typeof found)[number]): string => `${f.from === null ? '' : printDate(f.from)}..${f.to === null ? '' : printDate(f.to)}`
  if (options.json) process.stdout.write(`${JSON.stringify(found, null, 2)}\n`)
  else
    for (const f of found)
      process.stdout.write(
        `${f.id}  ${f.title[language]}  ${f.comparison} ${f.value} ${f.unit}  ${span(f)}  ${f.place}  ${book.sources[f.cite.doc]?.title[language] ?? f.cite.doc} ${f.cite.at ?? ''}\n`,
      )
  return found.length ? 0 : 1
}
