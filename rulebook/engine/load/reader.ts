import { readDate } from '../civil-date.ts'
import type { Cite, Confidence, Text } from '../definition.ts'
import { confidences } from '../definition.ts'
import type { Findings, Place } from '../finding.ts'
import type { MapTree, ScalarTree, Tree } from './yaml-tree.ts'

/** An expression as written, with its place, so that a finding inside it points at the very characters. */
export interface Expr {
  text: string
  at: Place
}

/** Reads trees as what they should be; where they are not, says so and goes on. */
export class Reader {
  constructor(readonly findings: Findings) {}

  wrong(at: Place, code: string, zh: string, en: string): void {
    this.findings.add(at, code, zh, en)
  }

  map(tree: Tree | undefined, what: string, at?: Place): MapTree | null {
    if (tree?.kind === 'map') return tree
    this.wrong(tree?.at ?? at!, 'yaml.map', `${what} 要是一组键值。`, `${what} must be a map.`)
    return null
  }

  items(tree: Tree | undefined): Tree[] {
    if (!tree) return []
    if (tree.kind === 'seq') return tree.items
    this.wrong(tree.at, 'yaml.list', '这里要是一列。', 'A list is needed here.')
    return []
  }

  get(tree: MapTree, key: string): Tree | undefined {
    return tree.entries.get(key)?.value
  }

  need(tree: MapTree, key: string): Tree | null {
    const found = this.get(tree, key)
    if (!found) this.wrong(tree.at, 'key.missing', `缺“${key}”。`, `"${key}" is missing.`)
    return found ?? null
  }

  /** Says which keys no reader knows: a misspelt key must not pass in silence. */
  only(tree: MapTree, allowed: readonly string[]): void {
    for (const [key, { key: at }] of tree.entries)
      if (!allowed.includes(key))
        this.wrong(
          at,
          'key.unknown',
          `不认识“${key}”；这里可用：${allowed.join('、')}。`,
          `Unknown key "${key}"; known here: ${allowed.join(', ')}.`,
        )
  }

  scalar(tree: Tree | undefined): ScalarTree | null {
    if (!tree) return null
    if (tree.kind === 'scalar') return tree
    this.wrong(tree.at, 'yaml.scalar', '这里要是一个值。', 'A single value is needed here.')
    return null
  }

  string(tree: MapTree, key: string): string | undefined {
    return this.scalar(this.get(tree, key))?.text
  }

  needString(tree: MapTree, key: string): string {
    const found = this.need(tree, key)
    return found ? (this.scalar(found)?.text ?? '') : ''
  }

  strings(tree: Tree | undefined): string[] {
    if (!tree) return []
    if (tree.kind === 'scalar') return tree.text === '' ? [] : [tree.text]
    return this.items(tree).map((item) => this.scalar(item)?.text ?? '')
  }

  integer(tree: Tree | undefined): number | undefined {
    const scalar = this.scalar(tree)
    if (!scalar) return undefined
    if (/^-?\d+$/.test(scalar.text)) return Number(scalar.text)
    this.wrong(scalar.at, 'value.integer', `“${scalar.text}”不是整数。`, `"${scalar.text}" is not a whole number.`)
    return undefined
  }

  /** Decimal text to a scaled integer, exactly: `5.25` with two decimals is 525. */
  scaled(tree: Tree | undefined, decimals: number): number | undefined {
    const scalar = this.scalar(tree)
    if (!scalar) return undefined
    const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(scalar.text.trim())
    const fraction = (match?.[3] ?? '').replace(/0+$/, '')
    if (!match || fraction.length > decimals) {
      this.wrong(
        scalar.at,
        'value.decimals',
        `“${scalar.text}”不是至多 ${decimals} 位小数的数。`,
        `"${scalar.text}" is not a number with at most ${decimals} decimals.`,
      )
      return undefined
    }
    const size = Number(match[2]! + fraction.padEnd(decimals, '0'))
    return match[1] && size !== 0 ? -size : size
  }

  flag(tree: Tree | undefined): boolean | undefined {
    const scalar = this.scalar(tree)
    if (!scalar) return undefined
    if (typeof scalar.value === 'boolean') return scalar.value
    this.wrong(scalar.at, 'value.flag', `“${scalar.text}”要是 true 或 false。`, `"${scalar.text}" must be true or false.`)
    return undefined
  }

  date(tree: Tree | undefined): number | undefined {
    const scalar = this.scalar(tree)
    if (!scalar) return undefined
    const found = readDate(scalar.text)
    if (found === null)
      this.wrong(scalar.at, 'value.date', `“${scalar.text}”不是日期（年-月-日）。`, `"${scalar.text}" is not a date (yyyy-mm-dd).`)
    return found ?? undefined
  }

  /** `{zh, en}`, or one plain text that serves both. */
  text(tree: Tree | undefined, at: Place, strict = true): Text {
    if (tree?.kind === 'scalar') {
      if (strict) this.wrong(tree.at, 'text.languages', '要有 zh 和 en 两种文字。', 'Both zh and en are needed.')
      return { zh: tree.text, en: tree.text }
    }
    if (tree?.kind !== 'map') {
      this.wrong(at, 'text.missing', '缺标题（zh、en）。', 'A title (zh, en) is missing.')
      return { zh: '', en: '' }
    }
    return { zh: this.needString(tree, 'zh'), en: this.needString(tree, 'en') }
  }

  expr(tree: Tree | undefined): Expr | undefined {
    const scalar = this.scalar(tree)
    if (!scalar) return undefined
    return { text: scalar.text === '' ? String(scalar.value) : scalar.text, at: { ...scalar.at, column: scalar.contentColumn } }
  }

  cite(tree: Tree | undefined): Cite | undefined {
    if (!tree) return undefined
    const map = this.map(tree, 'cite')
    if (!map) return undefined
    this.only(map, ['doc', 'at', 'quote'])
    const [doc, at, quote] = [this.string(map, 'doc'), this.string(map, 'at'), this.string(map, 'quote')]
    return { doc: doc ?? '', ...(at ? { at } : {}), ...(quote ? { quote } : {}) }
  }

  confidence(tree: Tree | undefined): Confidence | undefined {
    const scalar = this.scalar(tree)
    if (!scalar) return undefined
    const found = confidences.find((c) => c === scalar.text)
    if (!found)
      this.wrong(
        scalar.at,
        'confidence.unknown',
        `可信度只有 ${confidences.join('、')}。`,
        `Confidence is one of ${confidences.join(', ')}.`,
      )
    return found
  }
}
