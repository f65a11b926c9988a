import type { Book } from '@fupin/rulebook/engine/book.ts'
import { round } from '@fupin/rulebook/engine/figures/fraction.ts'
import { Ledger } from '@fupin/rulebook/engine/figures/ledger.ts'
import type { Contradiction, Published } from '@fupin/rulebook/engine/figures/published.ts'
import { type CheckResult, runCheck, shownDecimals } from '@fupin/rulebook/engine/figures/run-checks.ts'
import { doesNotAddUp, tellCheck } from '@fupin/rulebook/engine/figures/sentences.ts'
import { inWords } from '@fupin/rulebook/engine/figures/words.ts'

/** Computes all checks of a book, or those whose id begins with `id`. */
export const runChecks = (published: Published, book: Book, id?: string): CheckResult[] =>
  published.checks.filter((c) => !id || c.id === id).map((check) => runCheck(check, new Ledger(published, book.figures)))

/** All checks in words, one a line, and behind them which published figures do not add up. */
export function checksText(results: CheckResult[], published: Published, book: Book, language: 'zh' | 'en'): string {
  const ledger = new Ledger(published, book.figures)
  const lines = results.map((r) => `${r.check.id}  ${r.check.verdict}  ${tellCheck(r, ledger, book.sources)[language]}`)
  const not = results.filter(doesNotAddUp).map((r) => r.check.id)
  const end =
    language === 'zh'
      ? `复算 ${results.length} 处；印出来的数里有 ${not.length} 处加不起来${not.length ? `：${not.join('、')}` : ''}。这是文件本身的情况，照印的保存，不作改动。`
      : `${results.length} figures computed again; ${not.length} do not add up as printed${not.length ? `: ${not.join(', ')}` : ''}. That is how the documents are; they are kept as printed.`
  return `${[...lines, end].join('\n')}\n`
}

/** The checks for programs: verdict of the book, outcome of the machine, every part with formula, value and printed number. */
export function checksJson(results: CheckResult[], published: Published, book: Book): object[] {
  const ledger = new Ledger(published, book.figures)
  return results.map((r) => ({
    id: r.check.id,
    docs: r.check.docs,
    title: r.check.title,
    verdict: r.check.verdict,
    outcome: r.outcome,
    doesNotAddUp: doesNotAddUp(r),
    comparesSeries: r.check.comparesSeries,
    counts: r.counts,
    parts: r.parts.map((p) => ({
      role: p.part.role,
      title: p.part.title,
      expression: p.part.is.text,
      formula: inWords(p.part.is, ledger.within(r.check)),
      value: p.value === null ? p.truth : round(p.value, shownDecimals(p)),
      exact: p.value === null ? null : `${p.value.n}/${p.value.d}`,
      unit: p.measure.label,
      printed: p.printed,
      printedAt: p.printedCell ? { table: p.printedCell.table, cite: p.printedCell.cite } : null,
      outcome: p.outcome,
    })),
    note: r.check.note,
    sentence: tellCheck(r, ledger, book.sources),
  }))
}

/** The contradictions in words: topic, who says what, how the rules take it. */
export function contradictionsText(all: Contradiction[], book: Book, language: 'zh' | 'en'): string {
  const name = (doc: string): string => book.sources[doc]?.title[language] ?? doc
  return all
    .map((k) => {
      const said = k.positions.map(
        (p) => `    ${p.docs.map(name).join(language === 'zh' ? '、' : '; ')}${language === 'zh' ? '：' : ': '}${p.says[language]}`,
      )
      return `${k.id}  ${k.topic[language]}\n${said.join('\n')}\n    → ${k.handling[language]}  ${k.entries.join(', ')}\n`
    })
    .join('')
}
