import { openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { writeSnapshot } from '@fupin/whom/snapshot/write-snapshot.ts'
import type { Command } from 'commander'
import { progressLine, secondsText, stopSignal } from '../progress-line.ts'
import { language, mustExist, perform, say } from '../report.ts'

interface Options {
  book: string
  survey: string
  departments?: string
  mapping?: string
  out: string
  json?: boolean
}

/** `fupin snapshot`: facts of any number of counties, frozen for runs. */
export function snapshotCommand(program: Command): void {
  program
    .command('snapshot')
    .description(
      '快照：把调查和部门文件冻结成可反复运行的数据，只重读变了的 · freeze survey and departments’ files; reads again only what changed',
    )
    .requiredOption('--book <folder>', '规则簿（用它的字典）· book, for its dictionary')
    .requiredOption(
      '--survey <path>',
      '调查表：一个文件、一个文件夹，或每县一个子文件夹 · survey: a file, a folder, or a folder for each county',
    )
    .option('--departments <folder>', '部门文件 · departments’ files')
    .option('--mapping <file>', '列对照 · mapping of columns')
    .requiredOption('--out <folder>', '快照文件夹 · folder of the snapshot')
    .option('--json', '机器可读：清单 · machine-readable: the manifest')
    .action((options: Options) =>
      perform(async () => {
        await mustExist(options.survey, options.departments, options.mapping)
        const book = await openWholeBook(options.book)
        const begun = Date.now()
        const manifest = await writeSnapshot({
          book,
          survey: options.survey,
          departments: options.departments,
          mapping: options.mapping,
          out: options.out,
          signal: stopSignal(),
          onProgress: ({ done, of, what, kept }) => {
            const left = secondsText(((Date.now() - begun) / 1000 / done) * (of - done))
            const state = kept ? (language === 'zh' ? '（未变）' : ' (unchanged)') : ''
            progressLine(`${done}/${of}  ${what}${state}  ${language === 'zh' ? `约剩 ${left}` : `about ${left} left`}`, done === of)
          },
        })
        if (options.json) process.stdout.write(`${JSON.stringify(manifest)}\n`)
        const sum = (of: 'households' | 'persons' | 'errors' | 'doubts' | 'leftOut'): number =>
          manifest.counties.reduce((n, c) => n + c[of], 0)
        const delivered = manifest.departments.filter((d) => d.receipt.state === 'compared').length
        say(
          language === 'zh'
            ? `快照 ${manifest.id.slice(0, 23)}：${manifest.counties.length} 个县，${sum('households')} 户，${sum('persons')} 人，部门文件 ${delivered}/${manifest.departments.length} 份；数据问题 ${sum('errors')} 条，疑问 ${sum('doubts')} 条，未读 ${sum('leftOut')} 行。`
            : `Snapshot ${manifest.id.slice(0, 23)}: ${manifest.counties.length} counties, ${sum('households')} households, ${sum('persons')} persons, ${delivered} of ${manifest.departments.length} departments' files; ${sum('errors')} errors, ${sum('doubts')} doubts, ${sum('leftOut')} rows left out.`,
        )
        for (const { receipt } of manifest.departments)
          if (receipt.problem) say(`${receipt.file ?? receipt.list}: ${receipt.problem[language]}`)
        return sum('errors') > 0 || manifest.departments.some((d) => d.receipt.state === 'refused') ? 1 : 0
      }),
    )
}
