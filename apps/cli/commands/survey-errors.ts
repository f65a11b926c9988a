import { join } from 'node:path'
import { Duck } from '@fupin/platform/database/duckdb.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import { readDate } from '@fupin/rulebook/engine/civil-date.ts'
import { openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { departmentForms, departmentWords } from '@fupin/whom/identification/department-forms.ts'
import { isMadeUp } from '@fupin/whom/identification/run-record.ts'
import { settleCounties } from '@fupin/whom/identification/settle-counties.ts'
import { madeUpNote } from '@fupin/whom/identification/write-results.ts'
import { compareDepartments } from '@fupin/whom/matching/compare-departments.ts'
import { type ListFormat, makeErrorList, writeErrorList } from '@fupin/whom/survey/data-rules-lists.ts'
import { readSurvey } from '@fupin/whom/survey/read-survey.ts'
import type { Command } from 'commander'
import { dateOf, language, mustExist, perform, say } from '../report.ts'

interface Options {
  survey: string
  book: string
  out: string
  departments?: string
  mapping?: string
  before?: string
  on?: string
  foundOn?: string
  formats: string
  perVillage?: boolean
  json?: boolean
}

/** `fupin survey errors`: what the data rules and the reader find wrong, by village, with deadlines and what became of an earlier list. */
export function surveyErrorsCommand(survey: Command): void {
  survey
    .command('errors')
    .description('数据清洗：按村列出问题、期限与整改情况 · data cleaning: errors by village, with deadlines and what was corrected')
    .requiredOption('--survey <path>', '调查表：文件或文件夹 · survey: a file or a folder')
    .requiredOption('--book <folder>', '规则簿 · book')
    .requiredOption('--out <folder>', '输出文件夹 · output folder')
    .option('--departments <folder>', '部门文件，用于跨源比对 · departments’ files, for rules across sources')
    .option('--before <file>', '上一次的问题清单 errors.csv · error list of the earlier run')
    .option('--mapping <file>', '列对照 · mapping of columns')
    .option('--on <date>', '按哪一天的规则，默认为规则簿的基准日 · day of the rules; default: the reference date of the book')
    .option('--found-on <date>', '发现日期，期限从这天算起，默认今天 · day of finding, from which deadlines run; default: today')
    .option('--formats <list>', 'csv,xlsx,parquet', 'csv,xlsx')
    .option('--per-village', '另外每村一份 · one workbook a village besides')
    .option('--json', '机器可读 · machine-readable')
    .action((options: Options) =>
      perform(async () => {
        const formats = formatsOf(options.formats)
        await mustExist(options.survey, options.departments, options.before, options.mapping)
        const book = await openWholeBook(options.book)
        const at = dateOf(options.on) ?? book.referenceDate
        const foundOn = dateOf(options.foundOn) ?? readDate(new Date().toISOString().slice(0, 10))!
        const duck = await Duck.open()
        try {
          const read = await readSurvey(duck, {
            survey: options.survey,
            dictionary: book.dictionary,
            ...(options.mapping ? { mapping: options.mapping } : {}),
          })
          await settleCounties(duck, book, read.files[0]!)
          if (options.departments) {
            const forms = departmentForms(book)
            await departmentWords(duck, forms)
            await compareDepartments(duck, {
              dir: options.departments,
              forms,
              dictionary: book.dictionary,
              membersWithoutNumber: 'unknown',
            })
          }
          const [household, member] = read.files
          const list = await makeErrorList(duck, book, {
            at,
            foundOn,
            before: options.before,
            files: { household: household!, ...(member ? { member } : {}) },
          })
          const note = (await isMadeUp(options.survey)) ? madeUpNote : null
          const files = await writeErrorList(duck, book, options.out, { formats, perVillage: options.perVillage ?? false, note })
          const { new: fresh = 0, open = 0, corrected = 0, not_checked: unchecked = 0 } = list.states
          if (options.json) process.stdout.write(`${JSON.stringify({ ...list, files })}\n`)
          else {
            say(
              language === 'zh'
                ? `${list.households} 户，${list.applied.rules.length} 条清洗规则，${list.applied.seconds.toFixed(2)} 秒。新发现 ${fresh}，未整改 ${open}，已整改 ${corrected}，本次未能核对 ${unchecked}。`
                : `${list.households} households, ${list.applied.rules.length} data rules, ${list.applied.seconds.toFixed(2)} s. New ${fresh}, still open ${open}, corrected ${corrected}, not checked this time ${unchecked}.`,
            )
            if (list.deadline) {
              const { days, dueOn, confidence } = list.deadline
              say(
                language === 'zh'
                  ? `新发现的请于 ${dueOn} 前改正（${days} 天${confidence === 'default' ? '，默认值，没有文件出处' : ''}）。见 ${join(options.out, 'errors.*')}。`
                  : `Put the new ones right by ${dueOn} (${days} days${confidence === 'default' ? ', a default with no document behind it' : ''}). See ${join(options.out, 'errors.*')}.`,
              )
            }
          }
          return fresh + open > 0 ? 1 : 0
        } finally {
          duck.close()
        }
      }),
    )
}

function formatsOf(text: string): ListFormat[] {
  const known: readonly string[] = ['csv', 'xlsx', 'parquet']
  const formats = [...new Set(text.split(',').map((f) => f.trim()))]
  const wrong = formats.filter((f) => !known.includes(f))
  if (wrong.length)
    throw new Problem('call.format', {
      zh: `不认识格式“${wrong.join('、')}”；有 csv、xlsx、parquet。`,
      en: `Unknown format "${wrong.join(', ')}"; there are csv, xlsx, parquet.`,
    })
  return formats as ListFormat[]
}
