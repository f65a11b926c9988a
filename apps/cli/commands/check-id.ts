import { Problem } from '@fupin/platform/problems/problem.ts'
import { checkIdFile } from '@fupin/whom/survey/check-ids.ts'
import type { Command } from 'commander'
import { language, perform, say } from '../report.ts'

/** `fupin check-id`: which numbers of a file are valid, and why not. */
export function checkIdCommand(program: Command): void {
  program
    .command('check-id')
    .description('核对证件号、信用代码的校验位 · check ID numbers and credit codes')
    .requiredOption('--kind <kind>', 'gb11643 | gb32100')
    .requiredOption('--in <file>', '有 value 列的 CSV · CSV with a column value')
    .requiredOption('--out <file>', '结果：value,valid,reason · result')
    .option('--json', '机器可读 · machine-readable')
    .action((options: { kind: string; in: string; out: string; json?: boolean }) =>
      perform(async () => {
        const kind = (['gb11643', 'gb32100'] as const).find((k) => k === options.kind)
        if (!kind)
          throw new Problem('call.kind', {
            zh: `没有种类“${options.kind}”；有 gb11643、gb32100。`,
            en: `There is no kind "${options.kind}"; there are gb11643, gb32100.`,
          })
        const { rows, invalid } = await checkIdFile(kind, options.in, options.out)
        if (options.json) process.stdout.write(`${JSON.stringify({ rows, invalid })}\n`)
        else say(language === 'zh' ? `核对 ${rows} 个，${invalid} 个不对。` : `${rows} checked, ${invalid} wrong.`)
        return 0
      }),
    )
}
