import { join } from 'node:path'
import { Duck } from '@fupin/platform/database/duckdb.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import { openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import type { Verdict } from '@fupin/whom/identification/identification.contract.ts'
import { identify } from '@fupin/whom/identification/identify.ts'
import { verdictTitles } from '@fupin/whom/identification/verdicts.ts'
import type { Format } from '@fupin/whom/identification/write-results.ts'
import type { Command } from 'commander'
import { countOf, dateOf, language, mustExist, perform, say } from '../report.ts'

interface Options {
  book: string
  id?: string
  survey: string
  mapping?: string
  departments?: string
  quota?: string
  setLines?: string
  out: string
  on?: string
  band?: string
  formats: string
  json?: boolean
}

/** `fupin identify`: the main job from files to lists. */
export function identifyCommand(program: Command): void {
  program
    .command('identify')
    .description('主要工作：评分、一票否决、划线、名单与理由 · the main job: scores, vetoes, lines, lists with reasons')
    .requiredOption('--book <folder>', '规则簿 · book')
    .requiredOption('--survey <path>', '调查表：文件或文件夹 · survey: a file or a folder')
    .requiredOption('--out <folder>', '输出文件夹 · output folder')
    .option('--id <scorecard>', '评分表，默认由规则簿指定 · scorecard; default: named by the book')
    .option('--departments <folder>', '部门文件 · departments’ files')
    .option('--quota <file>', '规模表 county_code,persons · quotas')
    .option('--set-lines <file>', '由人定的线 county_code,line,reason,set_by · lines set by a person, with reasons')
    .option('--mapping <file>', '列对照 · mapping of columns')
    .option('--on <date>', '日期，默认为规则簿的基准日 · date; default: the reference date of the book')
    .option('--band <points>', '稳定带的分数 · width of the stability band in points')
    .option('--formats <list>', 'parquet,csv,xlsx', 'parquet,csv,xlsx')
    .option('--json', '机器可读 · machine-readable')
    .action((options: Options) =>
      perform(async () => {
        const formats = formatsOf(options.formats)
        await mustExist(options.mapping, options.departments, options.quota, options.setLines)
        const book = await openWholeBook(options.book)
        const duck = await Duck.open()
        try {
          const { record } = await identify(duck, {
            book,
            survey: options.survey,
            mapping: options.mapping,
            departments: options.departments,
            quota: options.quota,
            setLines: options.setLines,
            out: options.out,
            scorecard: options.id,
            at: dateOf(options.on),
            bandPoints: countOf(options.band, '--band'),
            formats,
            onStep: (s) =>
              s.state === 'done' && !options.json && say(`${s.id.padEnd(8)} ${s.seconds.toFixed(2)} s  ${s.note?.[language] ?? ''}`),
          })
          if (options.json) process.stdout.write(`${JSON.stringify(record)}\n`)
          else {
            for (const l of record.lines) say(`${l.county}: ${l.line ?? (l.interval ? `${l.interval.low}–${l.interval.high}` : '—')}`)
            for (const [verdict, { households, persons }] of Object.entries(record.counts.verdicts))
              say(
                `${verdictTitles[verdict as Verdict][language]}: ${language === 'zh' ? `${households} 户 / ${persons} 人` : `${households} households / ${persons} persons`}`,
              )
            const { errors, doubts } = record.counts
            if (errors + doubts)
              say(
                language === 'zh'
                  ? `数据问题 ${errors} 条，疑问 ${doubts} 条，见 ${join(options.out, 'findings.*')}。`
                  : `${errors} errors and ${doubts} doubts in the data: see ${join(options.out, 'findings.*')}.`,
              )
            if (record.defaults.rules)
              say(
                language === 'zh'
                  ? `注意：${record.defaults.of} 条规则中 ${record.defaults.rules} 条是默认值，没有文件出处。`
                  : `Mind: ${record.defaults.rules} of ${record.defaults.of} rules are defaults with no document behind them.`,
              )
          }
          return record.counts.errors ? 1 : 0
        } finally {
          duck.close()
        }
      }),
    )
}

function formatsOf(text: string): Format[] {
  const known: readonly string[] = ['parquet', 'csv', 'xlsx']
  const formats = [...new Set(text.split(',').map((f) => f.trim()))]
  const wrong = formats.filter((f) => !known.includes(f))
  if (wrong.length)
    throw new Problem('call.format', {
      zh: `不认识格式“${wrong.join('、')}”；有 parquet、csv、xlsx。`,
      en: `Unknown format "${wrong.join(', ')}"; there are parquet, csv, xlsx.`,
    })
  return formats as Format[]
}
