import type { Text } from '../definition.ts'
import { exactly, type Fraction, readFraction, times } from './fraction.ts'
import { type Amount, type AmountSign, amountSigns } from './published.ts'
import { fromUnit, type Measure, readUnit, type Unit } from './units.ts'

/** Reads a number as written in the books: `452 万人`, `>= 90 %`, `about 600 亿元`, `2..5 项`, `2018-04-27`. Null where it is none. */
export function readAmount(text: string, unit: string): Amount | null {
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (day) return { sign: '=', low: day.slice(1).join(''), high: null, unit: '日期' }
  const match = /^(?:(>=|<=|>|<|about|over|nearly)\s*)?(-?\d+(?:\.\d+)?(?:\/\d+)?)(?:\.\.(\d+(?:\.\d+)?))?\s*(.*)$/.exec(text)
  if (!match) return null
  const sign = amountSigns.find((s) => s === match[1]) ?? '='
  return { sign, low: match[2]!, high: match[3] ?? null, unit: match[4] || unit }
}

/** The value in base units (persons, yuan, square metres), and its unit; null where unit or number cannot be read. Ranges give the lower end. */
export function amountValue(units: Unit[], amount: Amount): { value: Fraction; measure: Measure } | null {
  const measure = readUnit(units, amount.unit)
  const number = readFraction(amount.low)
  return measure && number ? { value: fromUnit(number, measure), measure } : null
}

/** Decimals of a number as printed. */
export const decimalsOf = (text: string): number => /\.(\d+)$/.exec(text)?.[1]?.length ?? 0

const signWords: Record<AmountSign, Text> = {
  '=': { zh: '', en: '' },
  '>=': { zh: '≥', en: '≥ ' },
  '<=': { zh: '≤', en: '≤ ' },
  '>': { zh: '＞', en: '> ' },
  '<': { zh: '＜', en: '< ' },
  about: { zh: '约', en: 'about ' },
  over: { zh: '超过', en: 'over ' },
  nearly: { zh: '近', en: 'nearly ' },
}

/** A number as people read it, with its unit: `约 600 亿元`. */
export function printAmount(units: Unit[], amount: Amount): Text {
  if (amount.unit === '日期') {
    const day = `${amount.low.slice(0, 4)}-${amount.low.slice(4, 6)}-${amount.low.slice(6)}`
    return { zh: day, en: day }
  }
  const measure = readUnit(units, amount.unit)
  const range = (language: 'zh' | 'en'): string =>
    [amount.low, ...(amount.high === null ? [] : [amount.high])].map((n) => numberIn(n, measure, language)).join('-')
  const word = signWords[amount.sign]
  const label = measure?.label ?? { zh: amount.unit, en: amount.unit }
  return { zh: `${word.zh}${range('zh')}${spaced(label.zh)}`, en: `${word.en}${range('en')}${spaced(label.en)}` }
}

/** A decimal as written in a language: Chinese in its own unit (452 万人), English in single ones (4,520,000 persons). */
function numberIn(text: string, measure: Measure | undefined, language: 'zh' | 'en'): string {
  const number = language === 'en' && measure && measure.enScale > 1n ? readFraction(text) : null
  return grouped(number ? (exactly(times(number, { n: measure!.enScale, d: 1n })) ?? text) : text)
}

/** A number with its unit in both languages. */
export const printNumber = (text: string, measure: Measure): Text => ({
  zh: `${numberIn(text, measure, 'zh')}${spaced(measure.label.zh)}`,
  en: `${numberIn(text, measure, 'en')}${spaced(measure.label.en)}`,
})

/** A unit behind a number: a blank before words, none before a sign. */
export const spaced = (label: string): string => (label === '' || label.startsWith('%') ? label : ` ${label}`)

/** Thousands apart, from 10,000 up; years and small numbers stay as they are. */
export function grouped(number: string): string {
  const match = /^(-?)(\d+)(.*)$/.exec(number)
  return match && match[2]!.length > 4 ? `${match[1]}${match[2]!.replace(/\B(?=(\d{3})+$)/g, ',')}${match[3]}` : number
}
