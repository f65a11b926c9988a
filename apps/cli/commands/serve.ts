import { mkdir, readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Duck } from '@fupin/platform/database/duckdb.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import { booksFolder, openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import type { RegionSource } from '@fupin/server/region-source.ts'
import type { RunSource } from '@fupin/server/run-source.ts'
import { serve } from '@fupin/server/serve.ts'
import { demoCounty, demoRates } from '@fupin/testing/demo-county.ts'
import { demoOptions } from '@fupin/testing/demo-run.ts'
import { synthesize } from '@fupin/testing/made-up/synthesize.ts'
import { IdentificationRun } from '@fupin/whom/identification/identification-run.ts'
import type { Command } from 'commander'
import { language, perform, say } from '../report.ts'
import { type RegionCall, regionOffice, tellRegion } from './serve-region.ts'

const webDir = new URL('../../web/dist/', import.meta.url).pathname

interface Options extends RegionCall {
  port: string
  demo?: boolean
  survey?: string
  departments?: string
  book: string
}

/** `fupin serve`: runs the main job and shows it on this machine; with `--demo` on a made-up county, with `--run` a finished run of a region. */
export function serveCommand(program: Command): void {
  program
    .command('serve')
    .description('办主要工作并在本机打开页面 · run the main job and show it on this machine')
    .option('--port <port>', '端口 · port', '3000')
    .option('--demo', '用演示县（人物虚构） · on a made-up county')
    .option('--run <folder>', '打开一次完成的全区运行 · a finished run of a region')
    .option(
      '--snapshot <folder>',
      '或：先对快照运行，页面上可停、可续 · or: run over a snapshot first; the page can stop it and let it go on',
    )
    .option(
      '--compare <folder>',
      '并与以前的运行（或 run compare 的结果）比较 · and compare with an earlier run, or show a result of run compare',
    )
    .option('--set-lines <file>', '由人定的线（配合 --snapshot） · lines set by a person, with --snapshot')
    .option('--missing', '同时写出未定户缺哪些事实（配合 --snapshot） · also write which facts undecided households lack, with --snapshot')
    .option('--survey <path>', '调查表 · survey')
    .option('--departments <folder>', '部门文件 · departments’ files')
    .option('--quota <file>', '规模表 · quotas')
    .option('--book <folder>', '规则簿 · book', join(booksFolder, 'fupin'))
    .option('--out <folder>', '输出文件夹 · output folder')
    .action((options: Options) => perform(() => run(options)))
}

async function run(options: Options): Promise<0> {
  if (!(await stat(join(webDir, 'index.html')).catch(() => null)))
    throw new Problem('call.build', {
      zh: '页面还没有构建。请先运行 npm run build。',
      en: 'The pages are not built yet. Run npm run build first.',
    })
  if (!options.demo && !options.survey && !options.run && !options.snapshot)
    throw new Problem('call.survey', {
      zh: '请给出 --survey、--run 或 --snapshot，或用 --demo。',
      en: 'Give --survey, --run or --snapshot, or use --demo.',
    })
  const book = await openWholeBook(options.book)
  if (options.run || options.snapshot) {
    const office = await regionOffice(options, book)
    const { url } = await open(Number(options.port), office)
    tellAddress(url)
    const standing = forever()
    await tellRegion(office, options)
    return standing
  }
  const folder = resolve('.fupin', 'demo')
  const input = options.demo
    ? demoOptions(folder)
    : {
        survey: options.survey!,
        departments: options.departments,
        quota: options.quota,
        out: options.out ?? resolve('.fupin', 'run'),
        title: { zh: '识别运行', en: 'Identification run' },
        demo: false,
      }
  if (options.demo) await makeDemo(folder)
  const source = new IdentificationRun(await Duck.open(), { ...input, book })
  const { url } = await open(Number(options.port), source)
  tellAddress(url)
  source.subscribe(({ steps }) => {
    const last = steps.findLast((s) => s.state === 'done')
    if (last && last.seconds !== null && !told.has(last.id)) {
      told.add(last.id)
      say(`  ✓ ${last.title[language]}  ${last.seconds.toFixed(1)} s${last.note ? `  ${last.note[language]}` : ''}`)
    }
  })
  await source.start()
  await tellResult(source, input.out)
  return forever()
}

/** The pages stand until the program is ended. */
const forever = (): Promise<0> => {
  // What was laid aside for the pages goes with the program, also where it is interrupted.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0))
  return new Promise(() => {})
}

const tellAddress = (url: string): void =>
  say(
    language === 'zh'
      ? `打开 ${url} 看运行和名单（只有本机能看；没有登录）。按 Ctrl+C 结束。`
      : `Open ${url} for the run and its lists (this machine only; no sign-in). Ctrl+C ends it.`,
  )

/** How many ports above the wanted one are tried before giving up. */
const portsTried = 20

/** Opens the pages on the wanted port, or on the next free one, and says so. @throws Problem where all are taken. */
async function open(port: number, source: RunSource | RegionSource): Promise<{ url: string }> {
  for (let next = port; next < port + portsTried; next++) {
    try {
      const opened = await serve({ port: next, host: '127.0.0.1', source, webDir })
      if (next !== port) say(language === 'zh' ? `端口 ${port} 已被占用，改用 ${next}。` : `Port ${port} is taken; using ${next}.`)
      return opened
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    }
  }
  throw new Problem('call.port', {
    zh: `端口 ${port} 到 ${port + portsTried - 1} 都被占用。请用 --port 指定别的。`,
    en: `Ports ${port} to ${port + portsTried - 1} are all taken. Give another with --port.`,
  })
}

const told = new Set<string>()

/** The demo county is made once; its seed makes it the same every time. */
async function makeDemo(folder: string): Promise<void> {
  const manifest = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => null)
  const made = manifest && (JSON.parse(manifest) as { seed?: number; counts?: { households?: number }; rates?: { missing?: number } })
  if (
    made &&
    made.seed === demoCounty.seed &&
    made.counts?.households === demoCounty.households &&
    made.rates?.missing === demoRates.missing
  )
    return
  await mkdir(folder, { recursive: true })
  say(
    language === 'zh'
      ? `造演示县 ${demoCounty.households} 户（人物全是编造的）……`
      : `Making up a county of ${demoCounty.households} households (all people invented) ...`,
  )
  await synthesize({ counties: [demoCounty.code], households: demoCounty.households, seed: demoCounty.seed, rates: demoRates, out: folder })
}

async function tellResult(source: IdentificationRun, out: string): Promise<void> {
  const state = await source.state()
  if (state.problem) return say(state.problem[language])
  if (!state.counts) return
  const { listed, undecided, vetoed } = state.counts
  say(
    language === 'zh'
      ? `线内 ${listed.households} 户 / ${listed.persons} 人；尚不能判定 ${undecided.households} 户；命中否决 ${vetoed.households} 户。文件在 ${out}。`
      : `Inside the line ${listed.households} households / ${listed.persons} persons; undecided ${undecided.households}; vetoed ${vetoed.households}. Files in ${out}.`,
  )
}
