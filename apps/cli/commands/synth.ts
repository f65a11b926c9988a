import { Problem } from '@fupin/platform/problems/problem.ts'
import { readDivisions } from '@fupin/platform/regions/divisions.ts'
import { synthesize } from '@fupin/testing/made-up/synthesize.ts'
import type { Command } from 'commander'
import { countOf, language, perform, say } from '../report.ts'

/** `fupin synth`: made-up counties with departments' files and the truth beside. */
export function synthCommand(program: Command): void {
  program
    .command('synth')
    .description('造演示数据：人物全是编造的 · make up counties; all people are invented')
    .requiredOption('--households <n>', '户数 · households')
    .option('--seed <n>', '种子 · seed', '1')
    .option('--county <codes>', '县代码，逗号分开；或 all · county codes, or all', '450621')
    .requiredOption('--out <folder>', '输出文件夹 · output folder')
    .option('--format <format>', 'csv | parquet', 'csv')
    .option('--without <files>', '不交的部门文件 · departments that do not deliver')
    .option('--json', '机器可读：写出造了什么 · machine-readable: what was made')
    .action(
      (options: { json?: boolean; households: string; seed: string; county: string; out: string; format: string; without?: string }) =>
        perform(async () => {
          const [households, seed] = [countOf(options.households, '--households')!, countOf(options.seed, '--seed')!]
          if (households < 1)
            throw new Problem('call.households', {
              zh: `户数“${options.households}”要是正整数。`,
              en: `"${options.households}" is no number of households.`,
            })
          if (options.format !== 'csv' && options.format !== 'parquet')
            throw new Problem('call.format', { zh: '格式只有 csv、parquet。', en: 'A format is csv or parquet.' })
          const counties = options.county === 'all' ? ('all' as const) : options.county.split(',')
          const strange = counties === 'all' ? [] : counties.filter((c) => c.length !== 6 || !readDivisions().find(c))
          if (strange.length)
            throw new Problem('call.county', {
              zh: `没有代码为 ${strange.join('、')} 的县。`,
              en: `No county has the code ${strange.join(', ')}.`,
            })
          const manifest = await synthesize({
            counties,
            households,
            seed,
            out: options.out,
            format: options.format,
            ...(options.without ? { without: options.without.split(',') } : {}),
          })
          const { counts } = manifest
          if (options.json) process.stdout.write(`${JSON.stringify(manifest)}\n`)
          else
            say(
              language === 'zh'
                ? `造了 ${counts.households} 户 ${counts.persons} 人（演示数据，人物虚构）。`
                : `Made ${counts.households} households, ${counts.persons} persons (all invented).`,
            )
          return 0
        }),
    )
}
