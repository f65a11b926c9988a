import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '@fupin/platform/problems/problem.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import { booksFolder, openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { type Comparison, type Move, moveNames, type Tally } from '@fupin/whom/run/compare/compare-contract.ts'
import { compareRuns, someRun } from '@fupin/whom/run/compare/compare-runs.ts'
import type { TableFormat } from '@fupin/whom/run/compare/write-comparison.ts'
import type { Command } from 'commander'
import { language, mustExist, perform, say } from '../report.ts'

interface Options {
  out: string
  from?: string
  to?: string
  formats: string
  memory?: string
  json?: boolean
}

/** `fupin run compare`: two finished runs side by side. */
export function compareRunsCommand(run: Command): void {
  run
    .command('compare <before> <after>')
    .description('比较两次运行：谁进、谁出、为什么 · two finished runs: who entered, who left, and why')
    .requiredOption('--out <folder>', '输出文件夹 · output folder')
    .option('--from <book>', '前一次的规则簿，用来写名称和改动 · book of the first run, for titles and changes')
    .option('--to <book>', '后一次的规则簿 · book of the second run')
    .option('--formats <list>', '表的格式，逗号分开：parquet,csv,xlsx · formats of tables', 'parquet,csv')
    .option('--memory <limit>', '数据库内存上限，如 2GB · memory limit of the database')
    .option('--json', '机器可读 · machine-readable')
    .action((before: string, after: string, options: Options) => perform(() => compare(before, after, options)))
}

async function compare(before: string, after: string, options: Options): Promise<0> {
  await mustExist(before, after, options.from, options.to)
  const said = await compareRuns({
    before,
    after,
    out: options.out,
    books: { before: await bookOf(before, options.from), after: await bookOf(after, options.to) },
    formats: formatsOf(options.formats),
    memory: options.memory,
  })
  if (options.json) process.stdout.write(`${JSON.stringify(said)}\n`)
  else report(said)
  return 0
}

/** The book named, else the one that comes with the program under the run's name and is still the same: for titles only. */
async function bookOf(run: string, named: string | undefined): Promise<Book | undefined> {
  if (named !== undefined) return openWholeBook(named)
  const folder = join(booksFolder, (await someRun(run)).record.book.id)
  return (await stat(folder).catch(() => null)) ? openWholeBook(folder) : undefined
}

/** `parquet,csv,xlsx` as a list. @throws Problem for any other word. */
export function formatsOf(text: string): TableFormat[] {
  return text.split(',').map((word) => {
    const format = word.trim()
    if (format === 'parquet' || format === 'csv' || format === 'xlsx') return format
    throw new Problem('call.formats', {
      zh: `--formats 只有 parquet、csv、xlsx，没有“${format}”。`,
      en: `--formats takes parquet, csv and xlsx, not "${format}".`,
    })
  })
}

const moveTitles: Record<Move, { zh: string; en: string }> = {
  entered: { zh: '进入名单', en: 'entered the list' },
  left: { zh: '退出名单', en: 'left the list' },
  became_vetoed: { zh: '新命中一票否决', en: 'became vetoed' },
  no_longer_vetoed: { zh: '不再命中一票否决', en: 'no longer vetoed' },
  became_decidable: { zh: '变为可以判定', en: 'became decidable' },
  became_undecided: { zh: '变为不能判定', en: 'became undecided' },
  into_scope: { zh: '进入评估范围', en: 'came into scope' },
  out_of_scope: { zh: '退出评估范围', en: 'fell out of scope' },
  new_household: { zh: '新增的户', en: 'new households' },
  gone_household: { zh: '不再有的户', en: 'households gone' },
}

const zh = language === 'zh'

/** The moves, reasons and moved lines of a comparison, in words. */
export function tellMoves(said: Pick<Comparison, 'moves' | 'reasons' | 'lines'>): void {
  const pair = ({ households, persons_before, persons_after }: Tally): string => {
    const persons = persons_after || persons_before
    return zh ? `${households} 户 ${persons} 人` : `${households} households, ${persons} persons`
  }
  for (const move of moveNames) if (said.moves[move].households) say(`${moveTitles[move][language]}: ${pair(said.moves[move])}`)
  if (said.reasons.length) say(zh ? '原因：' : 'Reasons:')
  for (const r of said.reasons)
    say(
      `  ${r.title[language]}${r.origin && r.origin !== 'line' ? ` (${byTitles[r.origin][language]})` : ''}: ${zh ? `${r.households} 户` : `${r.households} households`}`,
    )
  const moved = said.lines.filter((l) => l.before.low !== l.after.low || l.before.high !== l.after.high).length
  say(zh ? `${said.lines.length} 个县中 ${moved} 个县的线变了。` : `The line moved in ${moved} of ${said.lines.length} counties.`)
}

const byTitles = {
  facts: { zh: '回答或记录变了', en: 'answers or records' },
  rules: { zh: '规则变了', en: 'rules' },
  either: { zh: '事实和规则都不同', en: 'facts and rules both differ' },
}

function report(said: Comparison): void {
  const { inputs, before, after } = said
  if (said.made_up) say(zh ? '演示数据。' : 'Made-up data.')
  say(
    zh
      ? `前：${before.households} 户 ${before.persons} 人；后：${after.households} 户 ${after.persons} 人。`
      : `Before: ${before.households} households, ${before.persons} persons; after: ${after.households}, ${after.persons}.`,
  )
  const differs = [
    ...(inputs.counties.changed.length
      ? [zh ? `${inputs.counties.changed.length} 个县的调查` : `surveys of ${inputs.counties.changed.length} counties`]
      : []),
    ...inputs.departments.map((d) => d.title[language]),
    ...(inputs.book.same ? [] : [zh ? '规则簿' : 'the book']),
    ...(inputs.quotas ? [zh ? `${inputs.quotas} 个县的规模` : `quotas of ${inputs.quotas} counties`] : []),
  ]
  say(`${zh ? '输入的不同：' : 'Inputs differ in: '}${differs.join(zh ? '、' : ', ') || (zh ? '无' : 'nothing')}`)
  tellMoves(said)
}
