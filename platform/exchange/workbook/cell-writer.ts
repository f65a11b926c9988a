/** How a column stands in a sheet; days and yes/no come as numbers. */
export type CellKind = 'number' | 'bool' | 'day' | 'text'

const pieceBytes = 1 << 20
/** What a cell of a sheet holds at most. */
const longestText = 32_767

/** Styles of `workbook-parts.ts`: 1 text, 2 day. */
const textOpen = Buffer.from('" s="1" t="inlineStr"><is><t>')
const spacedOpen = Buffer.from('" s="1" t="inlineStr"><is><t xml:space="preserve">')
const textClose = Buffer.from('</t></is></c>')
const valueOpen: Record<Exclude<CellKind, 'text'>, Buffer> = {
  number: Buffer.from('"><v>'),
  bool: Buffer.from('" t="b"><v>'),
  day: Buffer.from('" s="2"><v>'),
}
const valueClose = Buffer.from('</v></c>')
const rowOpen = Buffer.from('<row r="')
const rowOpenEnd = Buffer.from('">')
const rowClose = Buffer.from('</row>')
const entities = new Map([
  [38, Buffer.from('&amp;')],
  [60, Buffer.from('&lt;')],
  [62, Buffer.from('&gt;')],
])

/** Turns lines of CSV (as DuckDB writes it: quotes where needed, nothing for unknown) into rows of sheet XML, byte by byte. */
export class CellWriter {
  private out = Buffer.allocUnsafe(pieceBytes)
  private at = 0
  private readonly done: Buffer[] = []
  private readonly opens: Buffer[]

  constructor(
    private readonly kinds: readonly CellKind[],
    letters: readonly string[],
    /** Number of the row that comes next. */
    private row: number,
  ) {
    this.opens = letters.map((l) => Buffer.from(`<c r="${l}`))
  }

  /** Takes the whole lines of `bytes[0..n]`; gives where the first unfinished one begins. */
  take(bytes: Buffer, n: number, last: boolean): number {
    let from = 0
    for (;;) {
      const end = lineEnd(bytes, from, n)
      if (end < 0 && !(last && from < n)) return from
      const to = end < 0 ? n : end
      this.line(bytes, from, to)
      from = to + 1
      if (from >= n) return Math.min(from, n)
    }
  }

  /** The pieces that are full. */
  full(): Buffer[] {
    return this.done.splice(0)
  }

  /** What is left at the end. */
  end(): Buffer[] {
    this.cut()
    return this.full()
  }

  private line(bytes: Buffer, from: number, to: number): void {
    // A byte can become five (&amp;); a cell brings about 80 of its own.
    this.room(5 * (to - from) + 90 * this.kinds.length + 64)
    const digits = Buffer.from(String(this.row++), 'latin1')
    this.put(rowOpen)
    this.put(digits)
    this.put(rowOpenEnd)
    let i = from
    for (let column = 0; column < this.kinds.length && i <= to; column++) {
      if (bytes[i] === 34) i = this.quoted(bytes, i, to, column, digits)
      else {
        let end = i
        while (end < to && bytes[end] !== 44) end++
        if (end > i) this.cell(bytes, i, end, column, digits)
        i = end + 1
      }
    }
    this.put(rowClose)
  }

  /** A cell in quotes, doubled ones within; gives where the next cell begins. */
  private quoted(bytes: Buffer, at: number, to: number, column: number, digits: Buffer): number {
    const text: number[] = []
    let i = at + 1
    for (; i < to; i++) {
      if (bytes[i] === 34 && bytes[++i] !== 34) break
      text.push(bytes[i]!)
    }
    this.cell(Buffer.from(text), 0, text.length, column, digits)
    return i + 1
  }

  private cell(bytes: Buffer, from: number, to: number, column: number, digits: Buffer): void {
    const kind = this.kinds[column]!
    this.put(this.opens[column]!)
    this.put(digits)
    if (kind !== 'text' && (kind !== 'number' || fitsSheet(bytes, from, to))) {
      this.put(valueOpen[kind])
      for (let i = from; i < to; i++) this.out[this.at++] = bytes[i]!
      this.put(valueClose)
      return
    }
    const spaced = to > from && (bytes[from]! <= 32 || bytes[to - 1]! <= 32)
    this.put(spaced ? spacedOpen : textOpen)
    if (to - from > longestText) this.longText(bytes.toString('utf8', from, to))
    else this.text(bytes, from, to)
    this.put(textClose)
  }

  /** Control characters that XML forbids go; `& < >` are written as entities. */
  private text(bytes: Buffer, from: number, to: number): void {
    const out = this.out
    let at = this.at
    for (let i = from; i < to; i++) {
      const c = bytes[i]!
      if (c > 62 || (c >= 32 && c !== 38 && c !== 60 && c !== 62)) out[at++] = c
      else if (c >= 32) for (const e of entities.get(c)!) out[at++] = e
      else if (c === 9 || c === 10 || c === 13) out[at++] = c
    }
    this.at = at
  }

  private longText(text: string): void {
    const bytes = Buffer.from(text.slice(0, longestText))
    this.text(bytes, 0, bytes.length)
  }

  private put(bytes: Buffer): void {
    const out = this.out
    let at = this.at
    for (let i = 0; i < bytes.length; i++) out[at++] = bytes[i]!
    this.at = at
  }

  private room(bytes: number): void {
    if (this.at + bytes <= this.out.length) return
    this.cut()
    if (bytes > this.out.length) this.out = Buffer.allocUnsafe(bytes)
  }

  private cut(): void {
    if (this.at === 0) return
    this.done.push(this.out.subarray(0, this.at))
    this.out = Buffer.allocUnsafe(pieceBytes)
    this.at = 0
  }
}

/** Where a line ends: a line feed that does not stand in quotes. -1 where none is there yet. */
function lineEnd(bytes: Buffer, from: number, n: number): number {
  let quoted = false
  for (let i = from; i < n; i++) {
    const c = bytes[i]
    if (c === 34) quoted = !quoted
    else if (c === 10 && !quoted) return i
  }
  return -1
}

/** A number of at most 15 digits before the point: a spreadsheet would cut a longer one, which goes as text. */
function fitsSheet(bytes: Buffer, from: number, to: number): boolean {
  if (to - from <= 15) return bytes[to - 1]! <= 57
  let digits = 0
  for (let i = bytes[from] === 45 ? from + 1 : from; i < to && bytes[i] !== 46; i++) {
    const c = bytes[i]!
    if (c < 48 || c > 57) return false
    digits++
  }
  return digits <= 15
}
