import { diffBooks as compare } from '@fupin/rulebook/engine/diff.ts'
import { meaningOfBook } from '@fupin/rulebook/engine/meaning.ts'
import { openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import type { Command } from 'commander'
import { language, perform } from '../report.ts'

/** `fupin rules diff A B`: what B says otherwise, by meaning. */
export function diffBooks(rules: Command): void {
  rules
    .command('diff <a> <b>')
    .description('两本规则簿差在哪里 · what differs between two books')
    .option('--json', '机器可读 · machine-readable')
    .action((a: string, b: string, options: { json?: boolean }) =>
      perform(async () => {
        const [before, after] = [await openWholeBook(a), await openWholeBook(b)]
        const changes = compare(before, after)
        if (options.json)
          process.stdout.write(`${JSON.stringify({ from: meaningOfBook(before), to: meaningOfBook(after), changes }, null, 2)}\n`)
        else
          for (const c of changes)
            process.stdout.write(
              `${c.place} ${c.id} [${c.class}${c.retroactive ? ', retroactive' : ''}] ${c[language]}${c.dependants.length ? ` ⇒ ${c.dependants.join(', ')}` : ''}\n`,
            )
        return changes.length ? 1 : 0
      }),
    )
}
