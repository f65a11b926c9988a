import type { Text } from '../definition.ts'
import type { Expr } from '../load/reader.ts'
import { type Ast, parse } from '../parse.ts'
import { grouped, printAmount, printNumber, readAmount, spaced } from './amount.ts'
import { calculate } from './calculate.ts'
import { exactly, round } from './fraction.ts'
import type { Ledger } from './ledger.ts'
import type { Amount, Outcome, PublishedCell } from './published.ts'
import { type PartResult, shownDecimals } from './run-checks.ts'
import { inUnit, readUnit } from './units.ts'

type Language = 'zh' | 'en'

/** An expression with the numbers in place of their names: `467 人 ÷ 2741 人`. Numbers of lists are counted. */
export function inWords(expr: Expr, ledger: Ledger): Text {
  const ast = parse(expr.text)
  return { zh: words(ast, ledger, 'zh'), en: words(ast, ledger, 'en') }
}

const signs: Record<string, string> = {
  '+': '+',
  '-': '−',
  '*': '×',
  '/': '÷',
  '==': '=',
  '!=': '≠',
  '<=': '≤',
  '>=': '≥',
  '&&': '∧',
  '||': '∨',
}
const strength: Record<string, number> = { '||': 1, '&&': 2, '+': 4, '-': 4, '*': 5, '/': 5 }

function words(ast: Ast, ledger: Ledger, language: Language): string {
  const of = (inner: Ast): string => words(inner, ledger, language)
  switch (ast.kind) {
    case 'literal':
      return typeof ast.value === 'object' && ast.value !== null ? ast.value.float : grouped(String(ast.value))
    case 'name':
      return cellWords(ledger.cell(ast.name, null), ledger, language)
    case 'unary':
      return `${ast.op === '-' ? '−' : '!'}${of(ast.a)}`
    case 'binary': {
      const mine = strength[ast.op] ?? 3
      const side = (inner: Ast, right: boolean): string => {
        const theirs = inner.kind === 'binary' ? (strength[inner.op] ?? 3) : 9
        return theirs < mine || (right && theirs === mine && ast.op !== '+' && ast.op !== '*') ? `(${of(inner)})` : of(inner)
      }
      return `${side(ast.a, false)} ${signs[ast.op] ?? ast.op} ${side(ast.b, true)}`
    }
    case 'call':
      return call(ast, ledger, language)
    default:
      return '?'
  }
}

function call({ fn, args }: Ast & { kind: 'call' }, ledger: Ledger, language: Language): string {
  const first = args[0]
  const text = first?.kind === 'literal' ? String(first.value) : ''
  const inner = first ? words(first, ledger, language) : ''
  switch (fn) {
    case 'of': {
      const unit = args[1]?.kind === 'literal' ? readUnit(ledger.units, String(args[1].value)) : undefined
      return first?.kind === 'literal' && unit ? `${inner}${spaced(unit.label[language])}` : inner
    }
    case 'number':
      return inner
    case 'abs':
      return `|${inner}|`
    case 'root': {
      const k = args[1]?.kind === 'literal' ? String(args[1].value) : ''
      return language === 'zh' ? `(${inner}) 的 ${k} 次方根` : `root ${k} of (${inner})`
    }
    case 'count':
      return String(ledger.list(text)?.length ?? '?')
    case 'rows':
      return String(ledger.count(text, args[1]?.kind === 'literal' ? String(args[1].value) : '') ?? '?')
    case 'figure': {
      const figure = ledger.figures.find((f) => f.id === text)
      const amount = figure && readAmount(figure.value, figure.unit)
      return amount ? printAmount(ledger.units, amount)[language] : text
    }
    default:
      return cellWords(ledger.cell(fn, first?.kind === 'literal' ? Number(first.value) : null), ledger, language)
  }
}

function cellWords(cell: PublishedCell | undefined, ledger: Ledger, language: Language): string {
  if (!cell) return '?'
  // Inside a formula a limit is its number; "about" and "over" stay, because the result is no better than they are.
  const limit = cell.amount && ['>=', '<=', '>', '<'].includes(cell.amount.sign)
  return (limit ? printAmount(ledger.units, { ...cell.amount!, sign: '=' }) : printCell(cell, ledger))[language]
}

/** What a cell says: the number as printed, the number computed, or its words. */
export function printCell(cell: PublishedCell, ledger: Ledger): Text {
  if (cell.amount) return printAmount(ledger.units, cell.amount)
  if (cell.says) return cell.says
  if (!cell.calc) return { zh: '', en: '' }
  const { quantity } = calculate(cell.calc.expr, ledger)
  const unit = readUnit(ledger.units, cell.calc.unit)
  if (quantity.kind !== 'number' || !unit) return { zh: '', en: '' }
  return printNumber(round(inUnit(quantity.value, unit), cell.calc.decimals), unit)
}

/** What comes out of a part, in its unit: `17.04%`; for a statement whether it holds. */
export function printResult(result: PartResult): Text {
  if (result.truth !== null) return result.truth ? { zh: '成立', en: 'holds' } : { zh: '不成立', en: 'does not hold' }
  const exact = exactly(result.value!)
  const decimals = shownDecimals(result)
  const text = exact !== null && exact.length - 1 <= decimals ? exact : round(result.value!, decimals)
  return printNumber(text, result.measure)
}

export const printPrinted = (amount: Amount, ledger: Ledger): Text => printAmount(ledger.units, amount)

/** The outcome as people read it. */
export const outcomeWords: Record<Outcome, Text> = {
  agrees: { zh: '相符', en: 'agrees' },
  last_digit: { zh: '末位差一', en: 'off by one in the last digit' },
  roughly: { zh: '大致相符（印作“约”）', en: 'agrees roughly (printed with "about")' },
  unit: { zh: '数相符，单位印错', en: 'the number agrees, the printed unit is wrong' },
  differs: { zh: '对不上', en: 'does not agree' },
  nothing_printed: { zh: '没有印数可比', en: 'nothing printed to compare with' },
  not_computed: { zh: '无法复算', en: 'cannot be computed' },
}
