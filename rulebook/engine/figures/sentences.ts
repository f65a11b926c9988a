import type { Source } from '../book.ts'
import type { Text } from '../definition.ts'
import type { Ledger } from './ledger.ts'
import type { FigureCheck } from './published.ts'
import type { CheckResult, PartResult } from './run-checks.ts'
import { inWords, outcomeWords, printPrinted, printResult } from './words.ts'

/** Whether a published figure does not add up as printed: a fact about the document, told with what would make it fit. */
export const doesNotAddUp = (result: CheckResult): boolean =>
  ['differs', 'unit', 'last_digit', 'roughly'].includes(result.outcome) &&
  ['FAIL', 'UNIT', 'CONTRA', 'ROUND'].includes(result.check.verdict)

/** One check in a few sentences: what is printed where, what comes out, what would make it fit. */
export function tellCheck(result: CheckResult, ledger: Ledger, sources: Record<string, Source>): Text {
  const within = ledger.within(result.check)
  const main = result.parts.filter((p) => p.part.role === 'main')
  const other = result.parts.filter((p) => p.part.role === 'other')
  const fits = result.parts.filter((p) => p.part.role === 'fits')
  const lines = (language: 'zh' | 'en'): string => {
    const colon = language === 'zh' ? '：' : ': '
    const stop = language === 'zh' ? '。' : '. '
    const said = main.map((p) => tellPart(p, within, language))
    const beside = other.map((p) => `${p.part.title?.[language] ?? ''}${p.part.title ? ' ' : ''}${printResult(p)[language]}`)
    const fit = fits.map((p) => `${p.part.title?.[language] ?? ''} ${printResult(p)[language]}`)
    return [
      `${result.check.title[language]}${colon}${said.length ? said.join(language === 'zh' ? '；' : '; ') : outcomeWords[result.outcome][language]}`,
      ...(beside.length ? [`${language === 'zh' ? '另：' : 'Also: '}${beside.join(language === 'zh' ? '，' : ', ')}`] : []),
      ...(fit.length ? [`${language === 'zh' ? '要对得上：' : 'To fit: '}${fit.join(language === 'zh' ? '，' : ', ')}`] : []),
      ...(result.check.note ? [capital(result.check.note[language])] : []),
      from(result.check, sources, language),
    ]
      .join(stop)
      .trim()
  }
  return { zh: `${lines('zh')}。`, en: `${lines('en')}.` }
}

function tellPart(part: PartResult, ledger: Ledger, language: 'zh' | 'en'): string {
  const title = part.part.title ? `${part.part.title[language]} ` : ''
  const formula = inWords(part.part.is, ledger)[language]
  const comes = printResult(part)[language]
  if (part.truth !== null) return `${title}${formula} ${comes}`
  const computed = formula === comes ? comes : `${formula} = ${comes}`
  if (!part.printed) return `${title}${computed}`
  const printed = printPrinted(part.printed, ledger)[language]
  const outcome = outcomeWords[part.outcome][language]
  return language === 'zh'
    ? `${title}印的是 ${printed}，算出 ${computed}，${outcome}`
    : `${title}printed ${printed}; ${computed}; ${outcome}`
}

function from(check: FigureCheck, sources: Record<string, Source>, language: 'zh' | 'en'): string {
  const names = check.docs.map((doc) => (language === 'zh' ? `《${sources[doc]?.title.zh ?? doc}》` : (sources[doc]?.title.en ?? doc)))
  return `${language === 'zh' ? '见' : 'In '}${names.join(language === 'zh' ? '、' : '; ')}`
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)
