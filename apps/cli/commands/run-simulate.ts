import { openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import type { Simulation } from '@fupin/whom/run/simulate/simulate-contract.ts'
import { simulateRun } from '@fupin/whom/run/simulate/simulate-run.ts'
import type { Command } from 'commander'
import { progressLine } from '../progress-line.ts'
import { countOf, dateOf, language, mustExist, perform, say } from '../report.ts'
import { formatsOf, tellMoves } from './run-compare.ts'

interface Options {
  run: string
  from: string
  to: string
  out: string
  at?: string
  quota?: string
  prove?: boolean
  seed?: string
  formats: string
  memory?: string
  json?: boolean
}

/** `fupin run simulate`: what a change of the rules would do to the households of a finished run. */
export function simulateRunCommand(run: Command): void {
  run
    .command('simulate')
    .description('试算改动：对一次运行，只算改了的规则 · what a change of the rules would do, asking only what changed')
    .requiredOption('--run <folder>', '完成的运行 · a finished run')
    .requiredOption('--from <book>', '现在的规则簿，运行用的那本 · the book as it is, which the run used')
    .requiredOption('--to <book>', '拟改的规则簿 · the book as it would be')
    .requiredOption('--out <folder>', '输出文件夹 · output folder')
    .option('--at <date>', '新规则簿的日期，默认为运行的日期 · date for the later book; default: that of the run')
    .option('--quota <file>', '新的规模表，默认用运行的 · new quotas; default: those of the run')
    .option('--prove', '再整本重跑一遍，逐户核对 · run the later book whole as well and compare every household')
    .option('--seed <number>', '抽样的种子 · seed of the sample')
    .option('--formats <list>', '表的格式，逗号分开：parquet,csv,xlsx · formats of tables', 'parquet,csv')
    .option('--memory <limit>', '数据库内存上限，如 2GB · memory limit of the database')
    .option('--json', '机器可读 · machine-readable')
    .action((options: Options) => perform(() => simulate(options)))
}

async function simulate(options: Options): Promise<0> {
  await mustExist(options.run, options.from, options.to, options.quota)
  const said = await simulateRun({
    run: options.run,
    from: await openWholeBook(options.from),
    to: await openWholeBook(options.to),
    out: options.out,
    at: dateOf(options.at),
    quota: options.quota,
    prove: options.prove,
    seed: countOf(options.seed, '--seed'),
    formats: formatsOf(options.formats),
    memory: options.memory,
    onProgress: (p) => {
      if (!options.json) progressLine(`${p.title[language]}: ${p.done}/${p.of}`, p.done === p.of)
    },
  })
  if (options.json) process.stdout.write(`${JSON.stringify(said)}\n`)
  else report(said)
  return 0
}

function report(said: Simulation): void {
  const zh = language === 'zh'
  const { households, persons } = said.population
  if (said.made_up) say(zh ? '演示数据。' : 'Made-up data.')
  say(
    zh
      ? `${households} 户 ${persons} 人，${said.seconds.toFixed(1)} 秒；改动触及 ${said.touched.length} 条规则。`
      : `${households} households, ${persons} persons, ${said.seconds.toFixed(1)} s; the change touches ${said.touched.length} rules.`,
  )
  for (const rule of said.touched) say(`  ${rule.title[language]} (${rule.id})`)
  if (said.because) say(zh ? `整本重跑：${said.because.zh}。` : `Ran as a whole: ${said.because.en}.`)
  const { higher, lower, otherwise } = said.points
  if (higher + lower + otherwise)
    say(
      zh
        ? `得分：升 ${higher} 户，降 ${lower} 户，缺项有变 ${otherwise} 户。`
        : `Points: ${higher} households higher, ${lower} lower, ${otherwise} with other gaps.`,
    )
  tellMoves(said)
  const { sample, proof } = said.checks
  if (said.how === 'difference')
    say(
      zh
        ? `自查通过：各表加总相符；按现在的规则重算与运行一致；抽 ${sample.households} 户与解释器一致${proof ? `；整本重跑 ${proof.households} 户逐户一致` : ''}。`
        : `Checks passed: cells add up; the earlier book gives the run again; ${sample.households} households agree with the interpreter${proof ? `; a whole run agrees in all ${proof.households} households` : ''}.`,
    )
}
