import type { Book } from '../book.ts'
import { Ledger } from './ledger.ts'
import type { Published } from './published.ts'
import { type CheckResult, type PartResult, runCheck } from './run-checks.ts'
import { doesNotAddUp } from './sentences.ts'
import { inWords, outcomeWords, printPrinted, printResult } from './words.ts'

/** The page of published figures (`docs/published-figures.md`): every check computed, and every contradiction, from the book alone. */
export function publishedPage(book: Book, published: Published): string {
  const ledger = new Ledger(published, book.figures)
  const results = published.checks.map((check) => runCheck(check, ledger))
  const not = results.filter(doesNotAddUp)
  const cells = published.tables.flatMap((t) => t.rows.flatMap((r) => r.cells))
  const lines = [
    '# Published figures, computed again',
    '',
    'Made by `npm run -s fupin -- rules figures --page`; a test holds this page and the book together.',
    '',
    `The book carries ${published.tables.length} tables of the five policy documents (${cells.length} cells), ${results.length} checks of their arithmetic and ${published.contradictions.length} contradictions between them. Every number below is computed exactly, from the cells of those tables, and compared with what is printed, at its printed precision. What does not add up is a fact about the documents, not a fault of this program.`,
    '',
    `## 加不起来的数 · ${not.length} figures that do not add up as printed`,
    '',
    ...table(not, ledger),
    '',
    '## 全部复算 · All checks',
    '',
    ...table(results, ledger),
    '',
    '## 文件之间的矛盾 · Contradictions between documents and years',
    '',
    '| id | 事项 topic | 各种说法 positions | 处理 handling | entries |',
    '|---|---|---|---|---|',
    ...published.contradictions.map((k) => {
      const said = k.positions.map((p) => `${p.docs.join(', ')}: ${p.says.zh} · ${p.says.en}`).join('<br>')
      return `| ${k.id} | ${both(k.topic)} | ${cell(said)} | ${both(k.handling)} | ${k.entries.join(', ')} |`
    }),
    '',
    '## 文件 · Documents',
    '',
    ...[...new Set(results.flatMap((r) => r.check.docs))]
      .sort()
      .map((doc) => `- \`${doc}\` ${book.sources[doc]?.title.zh ?? ''} · ${book.sources[doc]?.title.en ?? ''}`),
    '',
  ]
  return lines.join('\n')
}

function table(results: CheckResult[], ledger: Ledger): string[] {
  return [
    '| id | 数 figure | 算出 comes to | 印的 printed | 结论 verdict | 说明 note |',
    '|---|---|---|---|---|---|',
    ...results.map((result) => {
      const { check, parts, outcome } = result
      const within = ledger.within(check)
      const lines = (role: PartResult['part']['role']): PartResult[] => parts.filter((p) => p.part.role === role)
      const told = (p: PartResult): string => {
        const title = p.part.title ? `${p.part.title.zh} ${p.part.title.en}: ` : ''
        const formula = inWords(p.part.is, within).zh
        const comes = printResult(p)
        return `${title}${formula === comes.zh ? formula : p.truth === null ? `${formula} = ${comes.zh}` : `${formula}：${comes.zh} ${comes.en}`}`
      }
      const printed = lines('main').flatMap((p) => (p.printed ? [printPrinted(p.printed, within).zh] : []))
      const fits = lines('fits').map((p) => `要对得上 to fit: ${p.part.title?.zh ?? ''} ${p.part.title?.en ?? ''} ${printResult(p).zh}`)
      const note = [
        ...(check.note ? [check.note.zh, check.note.en] : []),
        ...lines('other').map((p) => `${p.part.title?.zh ?? ''} ${p.part.title?.en ?? ''} ${printResult(p).zh}`.trim()),
        ...fits,
      ]
      return `| ${check.id} | ${both(check.title)}<br>${check.docs.map((d) => `\`${d}\``).join(' ')} | ${cell(lines('main').map(told).join('<br>'))} | ${cell(printed.join('<br>'))} | ${check.verdict}: ${both(outcomeWords[outcome])} | ${cell(note.join('<br>'))} |`
    }),
  ]
}

const cell = (text: string): string => text.replaceAll('|', '\\|')
const both = (text: { zh: string; en: string }): string => cell(`${text.zh}<br>${text.en}`)
