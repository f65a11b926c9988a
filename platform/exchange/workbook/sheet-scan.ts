import { isPlainNumber, numberText } from './cell-text.ts'
import { damagedInside, declaresType, growsTooLarge } from './damage.ts'
import type { SharedTexts } from './shared-texts.ts'
import { decodeEntities } from './xml-tokens.ts'

/** Why the value of a cell is not taken. */
export type Refusal = 'formula' | 'error' | 'cut'

export interface ScanContext {
  texts: SharedTexts | null
  dateStyles: boolean[]
  from1904: boolean
}

/** Who takes the rows. `text` gets bytes of UTF-8 that are valid only during the call. */
export interface RowSink {
  /** False: the row is not wanted, its cells are not told. */
  begin(row: number): boolean
  text(row: number, column: number, bytes: Uint8Array, from: number, to: number): void
  refused(row: number, column: number, why: Refusal, value: string): void
  /** False: enough, nothing more is read. */
  end(row: number): boolean
}

/** A tag or cell longer than this (in bytes) does not occur in workbooks. */
const longest = 4 * 2 ** 20
/** As many bytes without any tag are there to fill memory. */
const longestGap = 2 ** 20
const mostColumns = 16_384

/** Walks through the XML of a sheet as bytes, in pieces of any size: rows, cells, and the merged ranges behind them. */
export class SheetScan {
  /** Ranges of merged cells as written, `A1:C2`; known at the end. */
  readonly merged: string[] = []
  /** Row elements seen. */
  rows = 0
  stopped = false
  private rest: Buffer = Buffer.alloc(0)
  private row = 0
  private column = -1
  private wanted = false
  private gap = 0
  private text = ''
  private readonly days = new Map<number, Buffer>()

  constructor(
    private readonly context: ScanContext,
    private readonly sink: RowSink,
  ) {}

  push(chunk: Buffer): void {
    if (this.stopped) return
    const bytes = this.rest.length ? Buffer.concat([this.rest, chunk]) : chunk
    const done = this.scan(bytes, bytes.length)
    this.rest = bytes.subarray(done)
    if (this.rest.length > longest) throw damagedInside()
  }

  /** To be called after the last piece. @throws Problem where the sheet ends in the middle. */
  end(): void {
    if (!this.stopped && this.rest.length > 0) throw damagedInside()
  }

  /** Reads as far as whole tags and cells reach; gives where it stopped. */
  private scan(b: Buffer, n: number): number {
    let i = 0
    while (!this.stopped) {
      const from = i
      while (i < n && b[i] !== 60) i++
      this.gap = i > from ? this.gap + i - from : this.gap
      if (this.gap > longestGap) throw growsTooLarge()
      if (i >= n) return n
      const tag = i
      let j = i + 1
      if (b[j] === 47) j++
      let name = j
      while (j < n && b[j]! > 32 && b[j] !== 62 && b[j] !== 47) if (b[j++] === 58) name = j
      if (j >= n) return tag
      this.gap = 0
      const length = j - name
      if (length === 1 && b[name] === 99 && b[tag + 1] !== 47) i = this.cell(b, n, j)
      else if (length === 3 && b[name] === 114 && b[name + 1] === 111 && b[name + 2] === 119) i = this.rowTag(b, n, j, b[tag + 1] === 47)
      else i = this.otherTag(b, n, tag, name, j)
      if (i < 0) return tag
    }
    return n
  }

  private rowTag(b: Buffer, n: number, at: number, closing: boolean): number {
    const end = tagEnd(b, n, at)
    if (end < 0) return -1
    if (closing) {
      this.finishRow()
      return end + 1
    }
    const given = rowNumber(b, at, end)
    this.row = given > 0 ? given : this.row + 1
    this.column = -1
    this.rows++
    this.wanted = this.sink.begin(this.row)
    if (b[end - 1] === 47) this.finishRow()
    return end + 1
  }

  private finishRow(): void {
    if (this.wanted && !this.sink.end(this.row)) this.stopped = true
    this.wanted = false
  }

  private otherTag(b: Buffer, n: number, tag: number, name: number, at: number): number {
    const first = b[tag + 1]
    if (first === 33) {
      if (n - tag < 9) return -1
      const open = b.toString('latin1', tag, tag + 9)
      if (!open.startsWith('<!--') && open !== '<![CDATA[') throw declaresType()
      const close = b.indexOf(open.startsWith('<!--') ? '-->' : ']]>', tag + 4)
      return close < 0 ? -1 : close + 3
    }
    const end = tagEnd(b, n, at)
    if (end < 0) return -1
    if (at - name === 9 && b.toString('latin1', name, at) === 'mergeCell' && this.merged.length < 100_000) {
      const ref = /\sref\s*=\s*["']([A-Z]+\d+:[A-Z]+\d+)["']/.exec(b.toString('latin1', at, end))
      if (ref) this.merged.push(ref[1]!)
    }
    return end + 1
  }

  /** A whole cell from behind its name; -1 where its end is not there yet. */
  private cell(b: Buffer, n: number, at: number): number {
    let j = at
    let column = this.column + 1
    let style = 0
    let type = 110
    for (;;) {
      if (j >= n) return -1
      const c = b[j]!
      if (c === 62) break
      if (c === 47) {
        if (j + 1 >= n) return -1
        this.column = column
        return j + 2
      }
      if (c <= 32) {
        j++
        continue
      }
      const start = j
      while (j < n && b[j] !== 61) j++
      const length = j++ - start
      while (j < n && b[j]! <= 32) j++
      const quote = b[j]
      if (j >= n) return -1
      if (quote !== 34 && quote !== 39) throw damagedInside()
      const from = ++j
      while (j < n && b[j] !== quote) j++
      if (j >= n) return -1
      if (length === 1) {
        if (c === 114) column = letters(b, from, j)
        else if (c === 115) style = digits(b, from, j)
        // One letter stands for itself; `str` is 1, `inlineStr` 2.
        else if (c === 116) type = j - from === 1 ? b[from]! : b[from] === 115 ? 1 : 2
      }
      j++
    }
    return this.inside(b, n, j + 1, column, style, type)
  }

  private inside(b: Buffer, n: number, at: number, column: number, style: number, type: number): number {
    let j = at
    let from = 0
    let to = 0
    let text: string | null = null
    let formula: string | null = null
    let phonetic = false
    for (;;) {
      while (j < n && b[j] !== 60) j++
      if (j + 1 >= n) return -1
      const closing = b[j + 1] === 47
      j += closing ? 2 : 1
      let name = j
      while (j < n && b[j]! > 32 && b[j] !== 62 && b[j] !== 47) if (b[j++] === 58) name = j
      if (j >= n) return -1
      const length = j - name
      const first = b[name]
      const end = b[j] === 62 ? j : tagEnd(b, n, j)
      if (end < 0) return -1
      const empty = b[end - 1] === 47 && !closing
      j = end + 1
      if (length === 1 && first === 99 && closing) break
      if (length === 3 && first === 114) phonetic = !closing && !empty
      if (length !== 1 || closing || (first !== 118 && first !== 116 && first !== 102)) continue
      if (first === 102) formula ??= ''
      if (empty || phonetic) continue
      const start = j
      let plain = true
      while (j < n && b[j] !== 60) if (b[j++] === 38) plain = false
      if (j + 1 >= n) return -1
      const cut = b[j + 1] === 33
      if (cut) {
        const stop = this.withSections(b, n, start)
        if (stop < 0) return -1
        j = stop
      }
      if (first === 102) formula += cut ? this.text : decodeEntities(b.toString('utf8', start, j))
      else if (text === null && plain && !cut && to === 0) [from, to] = [start, j]
      else {
        text ??= to > 0 ? b.toString('utf8', from, to) : ''
        text += cut ? this.text : decodeEntities(b.toString('utf8', start, j))
      }
    }
    this.column = column
    if (this.wanted && column >= 0 && column < mostColumns) this.emit(b, from, to, text, formula, column, style, type)
    return j
  }

  /** Text with CDATA sections from `start` to the closing tag, into `this.text`. */
  private withSections(b: Buffer, n: number, start: number): number {
    let text = ''
    let j = start
    for (;;) {
      const tag = b.indexOf(60, j)
      if (tag < 0 || tag + 9 > n) return -1
      text += decodeEntities(b.toString('utf8', j, tag))
      if (b[tag + 1] !== 33) {
        this.text = text
        return tag
      }
      if (b.toString('latin1', tag, tag + 9) !== '<![CDATA[') throw damagedInside()
      const end = b.indexOf(']]>', tag)
      if (end < 0) return -1
      text += b.toString('utf8', tag + 9, end)
      j = end + 3
    }
  }

  private emit(
    b: Buffer,
    from: number,
    to: number,
    text: string | null,
    formula: string | null,
    column: number,
    style: number,
    type: number,
  ): void {
    const { sink, row, context } = this
    if (formula !== null) {
      sink.refused(row, column, 'formula', formula ? `=${formula}` : `= ${said(b, from, to, text)}`)
      return
    }
    if (text === null && to <= from) return
    switch (type) {
      case 115: {
        const { texts } = context
        if (!texts) return
        texts.find(text === null ? digits(b, from, to) : Number(text))
        sink.text(row, column, texts.bytes, texts.from, texts.to)
        return
      }
      case 98:
        this.string(column, said(b, from, to, text).trim() === '1' ? 'true' : 'false')
        return
      case 101:
        sink.refused(row, column, 'error', said(b, from, to, text))
        return
      case 100:
        this.string(column, said(b, from, to, text).slice(0, 10))
        return
      case 110: {
        const isDay = context.dateStyles[style] === true
        if (text === null && isDay) {
          this.day(b, from, to, column)
          return
        }
        if (text === null && isPlainNumber(b, from, to)) {
          sink.text(row, column, b, from, to)
          return
        }
        const number = numberText(said(b, from, to, text).trim(), isDay, context.from1904)
        if (number.refused) sink.refused(row, column, number.refused, number.text)
        else this.string(column, number.text)
        return
      }
      default:
        if (text === null) sink.text(row, column, b, from, to)
        else this.string(column, text)
    }
  }

  /** A day by its number; the same days come again and again. */
  private day(b: Buffer, from: number, to: number, column: number): void {
    const serial = digits(b, from, to)
    const known = this.days.get(serial)
    if (known && isPlainNumber(b, from, to)) {
      this.sink.text(this.row, column, known, 0, known.length)
      return
    }
    const number = numberText(b.toString('latin1', from, to).trim(), true, this.context.from1904)
    if (number.refused) this.sink.refused(this.row, column, number.refused, number.text)
    else {
      if (String(serial).length === to - from && this.days.size < 100_000) this.days.set(serial, Buffer.from(number.text))
      this.string(column, number.text)
    }
  }

  private string(column: number, text: string): void {
    const bytes = Buffer.from(text)
    this.sink.text(this.row, column, bytes, 0, bytes.length)
  }
}

// A function of its own: one made anew for each cell costs more than the cell.
const said = (b: Buffer, from: number, to: number, text: string | null): string => text ?? b.toString('utf8', from, to)

/** The `>` that ends a tag: one within an attribute's quotes does not. -1 where it is not there yet. */
function tagEnd(b: Buffer, n: number, at: number): number {
  let quote = 0
  for (let i = at; i < n; i++) {
    const c = b[i]!
    if (quote) {
      if (c === quote) quote = 0
    } else if (c === 62) return i
    else if (c === 34 || c === 39) quote = c
  }
  return -1
}

/** The attribute `r` of a row tag, or 0. */
function rowNumber(b: Buffer, at: number, end: number): number {
  for (let i = at; i < end - 3; i++) {
    if (b[i] === 114 && b[i + 1] === 61 && b[i - 1]! <= 32) return digits(b, i + 3, end)
  }
  return 0
}

function digits(b: Buffer, from: number, to: number): number {
  let number = 0
  for (let i = from; i < to; i++) {
    const c = b[i]!
    if (c < 48 || c > 57) break
    number = number * 10 + c - 48
  }
  return number
}

/** 0 for `A1`, 27 for `AB7`. */
function letters(b: Buffer, from: number, to: number): number {
  let index = 0
  for (let i = from; i < to; i++) {
    const letter = b[i]! & ~32
    if (letter < 65 || letter > 90) break
    index = index * 26 + letter - 64
  }
  return index - 1
}
