import { Duck } from '@fupin/platform/database/duckdb.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import { openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { checkSurvey } from '@fupin/whom/survey/check-survey.ts'
import type { Command } from 'commander'
import { language, mustExist, perform, say } from '../report.ts'

interface Options {
  survey: string
  book: string
  out: string
  mapping?: string
  json?: boolean
}

/** `fupin survey check`: the same file back, with red cells and the reasons. */
export function surveyCheckCommand(survey: Command): void {
  survey
    .command('check')
    .description(
      '核对填好的表：原表发回，错处标红，写明原因 · check a filled-in file: the same file back, faults in red with their reasons',
    )
    .requiredOption('--survey <path>', '调查表：文件或文件夹 · survey: a file or a folder')
    .requiredOption('--book <folder>', '规则簿 · book')
    .requiredOption('--out <file>', '输出 .xlsx · output .xlsx')
    .option('--mapping <file>', '列对照 · mapping of columns')
    .option('--json', '机器可读 · machine-readable')
    .action((options: Options) =>
      perform(async () => {
        await mustExist(options.survey, options.mapping)
        if (!options.out.toLowerCase().endsWith('.xlsx'))
          throw new Problem('call.format', { zh: '核对结果只写 .xlsx。', en: 'The checked file is written as .xlsx only.' })
        const { dictionary } = await openWholeBook(options.book)
        const duck = await Duck.open()
        try {
          const { read, rows, elsewhere } = await checkSurvey(duck, { ...options, dictionary, language })
          const { errors, doubts } = read.findings
          if (options.json) process.stdout.write(`${JSON.stringify({ ...read, rows, elsewhere })}\n`)
          else {
            for (const f of elsewhere) say(`${f.file}${f.sheet ? ` ${f.sheet}` : ''}: ${f[language]}`)
            say(
              language === 'zh'
                ? `读了 ${read.households} 户，错误 ${errors} 条，疑问 ${doubts} 条，标了 ${rows} 行，见“${options.out}”。`
                : `${read.households} households read, ${errors} errors, ${doubts} doubts, ${rows} rows marked: see "${options.out}".`,
            )
          }
          return errors ? 1 : 0
        } finally {
          duck.close()
        }
      }),
    )
}
