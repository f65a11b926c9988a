import { printDate } from '@fupin/rulebook/engine/civil-date.ts'
import { booksFolder, openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import type { Command } from 'commander'
import { language, perform } from '../report.ts'

interface Options {
  book: string
  id?: string
  kind?: string
  on?: string
  json?: boolean
}

/** `fupin rules figures`: the numbers of the policy documents, with their place in them. */
export function rulesFigures(rules: Command): void {
  rules
    .command('figures')
    .description('政策文件里的数 · the numbers of the policy documents')
    .option('--book <folder>', '规则簿 · book', `${booksFolder}fupin`)
    .option('--id <id>', '目录编号，如 W-028 · catalogue id')
    .option('--kind <kind>', 'threshold, amount, cap, duration, frequency, target, share, count')
    .option('--on <date>', '这一天有效的 · valid on a day')
    .option('--json', '机器可读 · machine-readable')
    .action((options: Options) =>
      perform(async () => {
        const book = await openWholeBook(options.book)
        const day = options.on ? Number(options.on.replaceAll('-', '')) : null
        const found = book.figures.filter(
          (f) =>
            (!options.id || f.id.startsWith(options.id)) &&
            (!options.kind || f.kind === options.kind) &&
            (day === null || ((f.from ?? 0) <= day && day <= (f.to ?? 99991231))),
        )
        const span = (f: (typeof found)[number]): string =>
          `${f.from === null ? '' : printDate(f.from)}..${f.to === null ? '' : printDate(f.to)}`
        if (options.json) process.stdout.write(`${JSON.stringify(found, null, 2)}\n`)
        else
          for (const f of found)
            process.stdout.write(
              `${f.id}  ${f.title[language]}  ${f.comparison} ${f.value} ${f.unit}  ${span(f)}  ${f.place}  ${book.sources[f.cite.doc]?.title[language] ?? f.cite.doc} ${f.cite.at ?? ''}\n`,
            )
        return found.length ? 0 : 1
      }),
    )
}
