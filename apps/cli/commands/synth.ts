import { Problem } from '@fupin/platform/problems/problem.ts'
import { readDivisions } from '@fupin/platform/regions/divisions.ts'
import { deviation } from '@fupin/testing/made-up/calibration.ts'
import { type SynthManifest, type SynthStep, synthesize } from '@fupin/testing/made-up/synthesize.ts'
import type { Command } from 'commander'
import { countOf, language, perform, say } from '../report.ts'

interface Options {
  households: string
  seed: string
  county?: string
  out: string
  format?: string
  byCounty?: boolean
  visits?: string
  without?: string
  workers?: string
  json?: boolean
}

/** `fupin synth`: made-up counties with departments' files and the truth beside. */
export function synthCommand(program: Command): void {
  program
    .command('synth')
    .description(
      '造演示数据：人物全是编造的；不写县就造全区 111 个县 · make up counties; all people are invented; all 111 without --county',
    )
    .requiredOption('--households <n>', '户数 · households')
    .option('--seed <n>', '种子：同一种子造出同样的字节 · seed: the same seed makes the same bytes', '1')
    .option('--county <codes>', '县代码，逗号分开；或 all（默认全区） · county codes, or all (the default)')
    .requiredOption('--out <folder>', '输出文件夹 · output folder')
    .option('--format <format>', 'csv | parquet；分县存放时默认 parquet · default: parquet for folders by county, else csv')
    .option('--by-county', '指定的县也分县存放（全区总是这样） · a folder by county for the named ones too, as for all')
    .option(
      '--visits <whom>',
      'every | 2015：户户到，或只到贫困村全部和面上村的建档、申请户；分县存放时默认 2015 · every household, or as in 2015, the default for folders by county',
    )
    .option('--without <files>', '不交的部门文件 · departments that do not deliver')
    .option('--workers <n>', '线程数，默认每核一个；不影响结果 · threads, default one a core; what is made does not depend on it')
    .option('--json', '机器可读：写出造了什么 · machine-readable: what was made')
    .action((options: Options) => perform(() => make(options)))
}

async function make(options: Options): Promise<0 | 1 | 2> {
  const call = read(options)
  const stop = new AbortController()
  const interrupt = () => stop.abort()
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  const progress = new Progress()
  try {
    const manifest = await synthesize({
      ...call,
      signal: stop.signal,
      onStep: (step) => progress.step(step),
      onProgress: (done, total) => progress.tell(done, total),
    })
    progress.clear()
    if (options.json) process.stdout.write(`${JSON.stringify(manifest)}\n`)
    else tellCalibration(manifest)
    return 0
  } catch (error) {
    progress.clear()
    if (!stop.signal.aborted) throw error
    throw new Problem('stopped', {
      zh: '已停下，什么也没有留下；原有的文件还在。',
      en: 'Stopped; nothing was left behind, and what stood there before still does.',
    })
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  }
}

function read(options: Options) {
  const [households, seed] = [countOf(options.households, '--households')!, countOf(options.seed, '--seed')!]
  const workers = countOf(options.workers, '--workers')
  if (households < 1 || workers === 0)
    throw new Problem('call.households', {
      zh: `户数“${options.households}”和线程数要是正整数。`,
      en: `Households ("${options.households}") and threads must be one or more.`,
    })
  if (options.format !== undefined && options.format !== 'csv' && options.format !== 'parquet')
    throw new Problem('call.format', { zh: '格式只有 csv、parquet。', en: 'A format is csv or parquet.' })
  if (options.visits !== undefined && options.visits !== 'every' && options.visits !== '2015')
    throw new Problem('call.visits', { zh: '--visits 只有 every、2015。', en: '--visits is every or 2015.' })
  const counties = options.county === undefined || options.county === 'all' ? ('all' as const) : [...new Set(options.county.split(','))]
  const strange = counties === 'all' ? [] : counties.filter((c) => c.length !== 6 || !readDivisions().find(c))
  if (strange.length)
    throw new Problem('call.county', { zh: `没有代码为 ${strange.join('、')} 的县。`, en: `No county has the code ${strange.join(', ')}.` })
  const byCounty = counties === 'all' || (options.byCounty ?? false)
  return {
    counties,
    households,
    seed,
    out: options.out,
    format: options.format ?? (byCounty ? ('parquet' as const) : ('csv' as const)),
    byCounty,
    ...(options.visits ? { visits: options.visits === 'every' ? ('every' as const) : ('as_in_2015' as const) } : {}),
    ...(options.without ? { without: options.without.split(',') } : {}),
    ...(workers ? { workers } : {}),
  }
}

const STEPS: Record<SynthStep, { zh: string; en: string }> = {
  counties: { zh: '造县', en: 'making counties' },
  departments: { zh: '合并部门文件', en: "joining departments' files" },
}

/** One line on standard error that is written over: what is done, out of how many, and the time left. */
class Progress {
  private began = Date.now()
  private last = this.began
  private now: SynthStep = 'counties'
  private readonly live = process.stderr.isTTY === true

  step(step: SynthStep): void {
    this.now = step
    this.began = Date.now()
    this.last = this.began
  }

  tell(done: number, total: number): void {
    const at = Date.now()
    if (at - this.last < (this.live ? 500 : 15_000) && done < total) return
    this.last = at
    const left = done > 0 ? Math.ceil(((at - this.began) * (total - done)) / done / 1000) : 0
    const [of, time] = [
      `${done.toLocaleString('en')} / ${total.toLocaleString('en')}`,
      `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`,
    ]
    const text = language === 'zh' ? `${STEPS[this.now].zh} ${of}，约剩 ${time}` : `${STEPS[this.now].en} ${of}, about ${time} left`
    process.stderr.write(this.live ? `\r\x1b[K${text}` : `${text}\n`)
  }

  clear(): void {
    if (this.live) process.stderr.write('\r\x1b[K')
  }
}

/** The targets beside what was made, and the totals. */
function tellCalibration({ calibration, counts }: SynthManifest): void {
  const zh = language === 'zh'
  const head = zh ? ['目标', '应为', '造出', '相差', ''] : ['target', 'aim', 'made', 'deviation', '']
  const lines = calibration.map((one) => {
    const off = deviation(one)
    const made = one.made === null ? (zh ? '户数太少' : 'too few') : String(one.made)
    return [
      one.target,
      String(one.aim),
      made,
      off === null ? '' : `${(100 * off).toFixed(1)} %`,
      one.published ? '' : zh ? '推定' : 'assumed',
    ]
  })
  for (const [target, aim, made, off, mark] of [head, ...lines])
    say(`${target.padEnd(26)}${aim.padStart(12)}${made.padStart(12)}${off.padStart(10)}  ${mark}`.trimEnd())
  say(
    zh
      ? `造了 ${counts.households} 户 ${counts.persons} 人，部门记录 ${counts.department_rows} 条（演示数据，人物虚构）。`
      : `Made ${counts.households} households, ${counts.persons} persons, ${counts.department_rows} records of departments (all invented).`,
  )
}
