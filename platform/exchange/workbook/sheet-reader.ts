import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { excelDay } from './styles.ts'
import { attributeOf, XmlTokens } from './xml-tokens.ts'

/** A cell as text; `refused` says why its value is not taken. */
export interface SheetCell {
  text: string
  refused?: 'formula' | 'error' | 'cut'
}

export interface SheetContext {
  strings: string[]
  dateStyles: boolean[]
  from1904: boolean
}

/** Walks through a sheet row by row, waiting for `pause` after each piece; hidden rows and columns are rows and columns like others. */
export async function readSheet(
  stream: Readable,
  context: SheetContext,
  onRow: (row: number, cells: SheetCell[]) => void,
  pause: () => Promise<void>,
): Promise<void> {
  const reader = new SheetRows(context, onRow)
  const tokens = new XmlTokens(reader)
  const decoder = new StringDecoder('utf8')
  for await (const chunk of stream) {
    tokens.push(decoder.write(chunk as Buffer))
    await pause()
  }
  tokens.push(decoder.end())
}

class SheetRows {
  private row = 0
  private cells: SheetCell[] = []
  private column = -1
  private type = 'n'
  private style = 0
  private value = ''
  private formula: string | null = null
  private into: 'v' | 'f' | 't' | null = null
  private phonetic = false

  constructor(
    private readonly context: SheetContext,
    private readonly onRow: (row: number, cells: SheetCell[]) => void,
  ) {}

  open(name: string, attributes: string): void {
    switch (name) {
      case 'row': {
        const r = attributeOf(attributes, 'r')
        this.row = r ? Number(r) : this.row + 1
        this.cells = []
        this.column = -1
        return
      }
      case 'c': {
        const r = attributeOf(attributes, 'r')
        this.column = r ? columnIndex(r) : this.column + 1
        this.type = attributeOf(attributes, 't') ?? 'n'
        this.style = Number(attributeOf(attributes, 's') ?? 0)
        this.value = ''
        this.formula = null
        return
      }
      case 'f':
        this.formula = ''
        this.into = 'f'
        return
      case 'rPh':
        this.phonetic = true
        return
      case 'v':
      case 't':
        this.into = this.phonetic ? null : name
    }
  }

  text(text: string): void {
    if (this.into === 'f') this.formula += text
    else if (this.into) this.value += text
  }

  close(name: string): void {
    switch (name) {
      case 'rPh':
        this.phonetic = false
        return
      case 'v':
      case 'f':
      case 't':
        this.into = null
        return
      case 'c':
        if (this.column >= 0 && this.column < 16_384) this.keep(this.cell())
        return
      case 'row':
        for (let i = 0; i < this.cells.length; i++) this.cells[i] ??= { text: '' }
        this.onRow(this.row, this.cells)
    }
  }

  private keep(cell: SheetCell): void {
    if (cell.text !== '' || cell.refused) this.cells[this.column] = cell
  }

  private cell(): SheetCell {
    const value = this.value
    if (this.formula !== null) return { text: this.formula ? `=${this.formula}` : `= ${value}`, refused: 'formula' }
    switch (this.type) {
      case 's':
        return { text: this.context.strings[Number(value)] ?? '' }
      case 'b':
        return { text: value === '1' ? 'true' : 'false' }
      case 'e':
        return { text: value, refused: 'error' }
      case 'n':
        return value === '' ? { text: '' } : this.number(value)
      case 'd':
        return { text: value.slice(0, 10) }
      default:
        return { text: value }
    }
  }

  private number(raw: string): SheetCell {
    const number = Number(raw)
    if (!Number.isFinite(number)) return { text: raw, refused: 'error' }
    if (Math.abs(number) >= 1e15) return { text: raw, refused: 'cut' }
    if (this.context.dateStyles[this.style]) {
      const day = excelDay(number, this.context.from1904)
      if (day) return { text: day }
    }
    return { text: /^-?\d{1,15}$/.test(raw) ? raw : plainNumber(number) }
  }
}

/** Excel holds 15 digits: what lies behind them is noise of the float. */
function plainNumber(number: number): string {
  const short = Number(number.toPrecision(15))
  const text = String(short)
  return text.includes('e') ? short.toFixed(20).replace(/\.?0+$/, '') : text
}

/** 0 for `A1`, 27 for `AB7`. */
export function columnIndex(reference: string): number {
  let index = 0
  for (let i = 0; i < reference.length; i++) {
    const letter = reference.charCodeAt(i) & ~32
    if (letter < 65 || letter > 90) break
    index = index * 26 + letter - 64
  }
  return index - 1
}

/** The shared texts of a workbook; readings of Chinese characters (phonetic runs) are not part of them. */
export async function readSharedStrings(stream: Readable): Promise<string[]> {
  const strings: string[] = []
  let current = ''
  let take = false
  let phonetic = false
  const tokens = new XmlTokens({
    open(name) {
      if (name === 'si') current = ''
      else if (name === 'rPh') phonetic = true
      else if (name === 't') take = !phonetic
    },
    close(name) {
      if (name === 'si') strings.push(current)
      else if (name === 'rPh') phonetic = false
      else if (name === 't') take = false
    },
    text(text) {
      if (take) current += text
    },
  })
  const decoder = new StringDecoder('utf8')
  for await (const chunk of stream) tokens.push(decoder.write(chunk as Buffer))
  return strings
}
