import { join } from 'node:path'
import { Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import { writeTable } from '@fupin/platform/exchange/write-table.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import { verdictTitles } from '@fupin/whom/identification/verdicts.ts'
import { madeUpNote } from '@fupin/whom/identification/write-results.ts'
import { openEarlier } from '@fupin/whom/run/work-chunk.ts'
import type { Command } from 'commander'
import { language, perform } from '../report.ts'

const levels = ['region', 'city', 'county', 'township', 'village'] as const
const verdicts = ['listed', 'not_listed', 'vetoed', 'undecided', 'out_of_scope'] as const

interface Options {
  run: string
  level: string
  under?: string
  out?: string
  json?: boolean
}

/** `fupin run totals`: households and persons by verdict, for the areas of one level. */
export function runTotalsCommand(run: Command): void {
  run
    .command('totals')
    .description('分级汇总：各地区各结果的户数和人数 · households and persons by verdict, by area')
    .requiredOption('--run <folder>', '运行 · run')
    .option('--level <level>', `${levels.join(' | ')}`, 'city')
    .option('--under <code>', '只看这个地区之下 · only below this area')
    .option('--out <file>', '写成 .xlsx .csv .parquet · write as a file')
    .option('--json', '机器可读 · machine-readable')
    .action((options: Options) => perform(() => totals(options)))
}

async function totals({ run, level, under, out, json }: Options): Promise<0> {
  if (!(levels as readonly string[]).includes(level))
    throw new Problem('call.level', {
      zh: `没有“${level}”这一级；有 ${levels.join('、')}。`,
      en: `There is no level "${level}"; there are ${levels.join(', ')}.`,
    })
  const { folder, record } = await openEarlier(run)
  const below = under === undefined ? '' : ` and starts_with(code, ${quoteText(under.replace(/0000$/, ''))})`
  const sql = `select * from ${quoteText(join(folder, 'areas.parquet'))} where level = ${quoteText(level)}${below} order by code`
  const duck = await Duck.open()
  try {
    if (out !== undefined) await writeTable(duck, sql, out, record.made_up ? { note: madeUpNote } : {})
    const rows = await duck.rows<Record<string, string | number>>(sql)
    if (json) process.stdout.write(`${JSON.stringify(rows)}\n`)
    else if (out === undefined) process.stdout.write(`${[head(), ...rows.map(line)].map((cells) => cells.join('\t')).join('\n')}\n`)
    return 0
  } finally {
    duck.close()
  }
}

const head = (): string[] =>
  language === 'zh'
    ? ['代码', '名称', '户数', '人数', ...verdicts.flatMap((v) => [`${verdictTitles[v].zh}（户）`, '（人）'])]
    : ['code', 'name', 'households', 'persons', ...verdicts.flatMap((v) => [`${verdictTitles[v].en} (households)`, '(persons)'])]

const line = (row: Record<string, string | number>): string[] =>
  [row.code, row.name, row.households, row.persons, ...verdicts.flatMap((v) => [row[`${v}_households`], row[`${v}_persons`]])].map(String)
