import { openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { writeTemplate } from '@fupin/whom/survey/template-sheets.ts'
import type { Command } from 'commander'
import { dateOf, language, perform, say } from '../report.ts'

/** `fupin survey template`: an empty workbook to be filled in, with drop-down lists and notes. */
export function surveyTemplateCommand(survey: Command): void {
  survey
    .command('template')
    .description('填报模板：带下拉选项、单位和填表说明的空表 · an empty workbook with drop-down lists, units and notes')
    .requiredOption('--book <folder>', '规则簿 · book')
    .requiredOption('--out <file>', '输出 .xlsx · output .xlsx')
    .option('--form <id>', '按哪张表，默认为当时有效的登记表 · which form; default: the card in force')
    .option('--on <date>', '按哪一天，默认为规则簿的基准日 · day; default: the reference date of the book')
    .option('--json', '机器可读 · machine-readable')
    .action((options: { book: string; out: string; form?: string; on?: string; json?: boolean }) =>
      perform(async () => {
        const book = await openWholeBook(options.book)
        const made = await writeTemplate(book, { out: options.out, form: options.form, at: dateOf(options.on) ?? book.referenceDate })
        if (options.json) process.stdout.write(`${JSON.stringify(made)}\n`)
        else
          say(
            language === 'zh'
              ? `写好了“${options.out}”：${made.sheets.join('、')}，共 ${made.columns} 列。`
              : `Wrote "${options.out}": ${made.sheets.length} sheets, ${made.columns} columns.`,
          )
        return 0
      }),
    )
}
