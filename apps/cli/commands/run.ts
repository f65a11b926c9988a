import { Duck } from '@fupin/platform/database/duckdb.ts'
import { writeTable } from '@fupin/platform/exchange/write-table.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import { openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import type { Verdict } from '@fupin/whom/identification/identification.contract.ts'
import { verdictTitles } from '@fupin/whom/identification/verdicts.ts'
import { whyOf } from '@fupin/whom/identification/why.ts'
import { madeUpNote } from '@fupin/whom/identification/write-results.ts'
import { findHousehold, openPart, openRun } from '@fupin/whom/run/open-part.ts'
import type { SnapshotRunRecord } from '@fupin/whom/run/run-contract.ts'
import { runSnapshot } from '@fupin/whom/run/run-snapshot.ts'
import type { Command } from 'commander'
import { progressLine, secondsText, stopSignal } from '../progress-line.ts'
import { countOf, dateOf, language, mustExist, perform, say } from '../report.ts'
import { compareRunsCommand } from './run-compare.ts'
import { simulateRunCommand } from './run-simulate.ts'
import { runTotalsCommand } from './run-totals.ts'

interface Options {
  snapshot: string
  book: string
  quota?: string
  setLines?: string
  id?: string
  on?: string
  band?: string
  missing?: boolean
  earlier?: string
  out: string
  chunk?: string
  memory?: string
  threads?: string
  json?: boolean
}

/** `fupin run`: the main job over a snapshot of any size, and what can be asked of its result. */
export function runCommands(program: Command): void {
  const run = program
    .command('run')
    .description('对快照运行主要工作，可中断、可续做 · the main job over a snapshot; can be stopped and goes on')
  run
    .command('start', { isDefault: true })
    .description('运行；停下后同样的命令接着做 · run; the same command goes on after a stop')
    .requiredOption('--snapshot <folder>', '快照，或 快照@编号 · snapshot, or snapshot@id')
    .requiredOption('--book <folder>', '规则簿 · book')
    .requiredOption('--out <folder>', '输出文件夹 · output folder')
    .option('--quota <file>', '规模表 county_code,persons · quotas')
    .option('--set-lines <file>', '由人定的线 · lines set by a person')
    .option('--id <scorecard>', '评分表，默认由规则簿指定 · scorecard')
    .option('--on <date>', '日期，默认为规则簿的基准日 · date')
    .option('--band <points>', '稳定带的分数 · width of the stability band in points')
    .option('--missing', '同时写出未定户缺哪些事实 · also write which facts undecided households lack')
    .option('--earlier <run>', '以前的运行：没受影响的部分从那里取 · an earlier run: what nothing touched is taken from it')
    .option('--chunk <households>', '每批户数 · households at a time')
    .option('--memory <limit>', '数据库内存上限，如 2GB · memory limit of the database')
    .option('--threads <n>', '线程数 · threads')
    .option('--json', '机器可读 · machine-readable')
    .action((options: Options) => perform(() => start(options)))
  run
    .command('why')
    .description('一户为什么是这个结果：按快照和规则簿重算 · why a household stands where it does, computed again')
    .requiredOption('--run <folder>', '运行 · run')
    .requiredOption('--book <folder>', '规则簿 · book')
    .requiredOption('--household <id>', '户编号 · household number')
    .option('--county <code>', '县代码 · county code')
    .action((options: { run: string; book: string; household: string; county?: string }) => perform(() => why(options)))
  run
    .command('list')
    .description('导出一个县的名单，每户一句理由 · a county’s list with a sentence for each household')
    .requiredOption('--run <folder>', '运行 · run')
    .requiredOption('--book <folder>', '规则簿 · book')
    .requiredOption('--county <code>', '县代码 · county code')
    .requiredOption('--out <file>', '.xlsx .csv .parquet')
    .action((options: { run: string; book: string; county: string; out: string }) => perform(() => list(options)))
  runTotalsCommand(run)
  compareRunsCommand(run)
  simulateRunCommand(run)
}

async function start(options: Options): Promise<0 | 1> {
  await mustExist(options.quota, options.setLines, options.earlier)
  const book = await openWholeBook(options.book)
  const zh = language === 'zh'
  const record = await runSnapshot({
    book,
    snapshot: options.snapshot,
    quota: options.quota,
    setLines: options.setLines,
    out: options.out,
    scorecard: options.id,
    at: dateOf(options.on),
    bandPoints: countOf(options.band, '--band'),
    missing: options.missing ? 'undecided' : 'none',
    earlier: options.earlier,
    chunkSize: countOf(options.chunk, '--chunk'),
    memory: options.memory,
    threads: countOf(options.threads, '--threads'),
    signal: stopSignal(),
    onProgress: (p) => {
      if (options.json) return
      const left = p.secondsLeft === null ? '' : zh ? `，约剩 ${secondsText(p.secondsLeft)}` : `, about ${secondsText(p.secondsLeft)} left`
      progressLine(
        zh
          ? `${p.title.zh}：${p.done}/${p.of} 户，已用 ${secondsText(p.seconds)}${left}`
          : `${p.title.en}: ${p.done} of ${p.of} households, ${secondsText(p.seconds)}${left}`,
        p.step === 'totals' && p.secondsLeft === 0,
      )
    },
  })
  if (options.json) process.stdout.write(`${JSON.stringify(record)}\n`)
  else report(record)
  return record.counts.errors > 0 ? 1 : 0
}

function report(record: SnapshotRunRecord): void {
  const zh = language === 'zh'
  const { counts } = record
  say(
    zh
      ? `${record.made_up ? '演示数据。' : ''}${counts.households} 户 ${counts.persons} 人，${record.seconds.toFixed(1)} 秒，内存最多 ${(record.peak_memory / 2 ** 30).toFixed(1)} GiB。`
      : `${record.made_up ? 'Made-up data. ' : ''}${counts.households} households, ${counts.persons} persons, ${record.seconds.toFixed(1)} s, at most ${(record.peak_memory / 2 ** 30).toFixed(1)} GiB of memory.`,
  )
  for (const [verdict, { households, persons }] of Object.entries(counts.verdicts))
    say(
      `${verdictTitles[verdict as Verdict][language]}: ${zh ? `${households} 户 / ${persons} 人` : `${households} households / ${persons} persons`}`,
    )
  const open = record.lines.filter((l) => l.line === null).length
  if (open) say(zh ? `${open} 个县的线还定不下来，见 lines。` : `${open} counties have no line yet: see lines.`)
  if (record.defaults.rules)
    say(
      zh
        ? `注意：${record.defaults.of} 条规则中 ${record.defaults.rules} 条是默认值，没有文件出处。`
        : `Mind: ${record.defaults.rules} of ${record.defaults.of} rules are defaults with no document behind them.`,
    )
}

async function why(options: { run: string; book: string; household: string; county?: string }): Promise<0> {
  const run = await openRun(options.run, await openWholeBook(options.book))
  const duck = await Duck.open()
  try {
    const found = await findHousehold(duck, run, options.household, options.county)
    if (!found)
      throw new Problem('call.household', {
        zh: `这次运行里没有户“${options.household}”。`,
        en: `The run has no household "${options.household}".`,
      })
    const part = await openPart(duck, run, found.county, found.key)
    process.stdout.write(`${JSON.stringify(await whyOf(part, options.household), null, 2)}\n`)
    return 0
  } finally {
    duck.close()
  }
}

async function list(options: { run: string; book: string; county: string; out: string }): Promise<0> {
  const run = await openRun(options.run, await openWholeBook(options.book))
  const duck = await Duck.open()
  try {
    await openPart(duck, run, options.county)
    const sql = `select county_code, township_code, village_code, hamlet, household_id, head_name, persons, verdict, score, least as score_least, most as score_most, line,
      class_id as class, vetoes, gaps, missing, leads, in_band, reason_zh, reason_en from listed order by _key`
    await writeTable(duck, sql, options.out, run.record.made_up ? { note: madeUpNote } : {})
    return 0
  } finally {
    duck.close()
  }
}
