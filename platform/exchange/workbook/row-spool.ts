import { closeSync, openSync, writeSync } from 'node:fs'
import { damagedInside } from './damage.ts'

/** The longest row that DuckDB is asked to read. */
const longestRow = 16 * 2 ** 20

/**
 * Rows of a sheet as lines of a CSV of our own: row number, then `width` cells. Bytes go in, bytes come out; nothing is kept for a cell.
 * A row in which nothing stands leaves no line and is counted.
 */
export class RowSpool {
  /** Rows written, and rows in which nothing stood. */
  rows = 0
  emptyRows = 0
  longest = 0
  private out = Buffer.allocUnsafe(1 << 20)
  private at = 0
  private start = 0
  private next = 0
  private filled = false
  private readonly file: number

  /**
   * @param path where the lines go
   * @param width cells of a line; further cells of a row are told to `onBeyond`
   * @param rowOffset added to every row number
   */
  constructor(
    path: string,
    private readonly width: number,
    private readonly rowOffset: number,
    private readonly onBeyond: (row: number, text: string) => void,
  ) {
    this.file = openSync(path, 'w')
  }

  begin(row: number): void {
    this.start = this.at
    this.next = 0
    this.filled = false
    this.room(24)
    this.at += this.out.write(String(this.rowOffset + row), this.at, 'latin1')
  }

  /** A text cell from bytes of UTF-8. */
  text(row: number, column: number, bytes: Uint8Array, from: number, to: number): void {
    if (to <= from || blank(bytes, from, to)) return
    if (column >= this.width) {
      this.filled = true
      this.onBeyond(row, Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8'))
      return
    }
    this.room(2 * (to - from) + column - this.next + 8)
    this.filled = true
    this.skipTo(column)
    const out = this.out
    let at = this.at
    for (let i = from; i < to; i++) {
      const c = bytes[i]!
      if (c === 34 || c === 44 || c === 10 || c === 13) {
        this.quoted(bytes, from, to)
        return
      }
      out[at++] = c
    }
    this.at = at
  }

  /** A cell that is there but whose value is not taken: the row is no empty row. */
  refused(): void {
    this.filled = true
  }

  end(): void {
    if (!this.filled) {
      this.at = this.start
      this.emptyRows++
      return
    }
    this.room(this.width - this.next + 8)
    this.skipTo(this.width)
    this.out[this.at++] = 10
    this.rows++
    this.longest = Math.max(this.longest, this.at - this.start)
    this.start = this.at
  }

  close(): void {
    this.flush()
    closeSync(this.file)
  }

  /** Commas up to the cell of `column`. */
  private skipTo(column: number): void {
    for (; this.next <= column && this.next < this.width; this.next++) this.out[this.at++] = 44
    this.next = Math.min(this.width, column + 1)
  }

  private quoted(bytes: Uint8Array, from: number, to: number): void {
    this.out[this.at++] = 34
    for (let i = from; i < to; i++) {
      const c = bytes[i]!
      if (c === 34) this.out[this.at++] = 34
      this.out[this.at++] = c
    }
    this.out[this.at++] = 34
  }

  private room(bytes: number): void {
    if (this.at + bytes <= this.out.length) return
    this.flush()
    if (this.at + bytes <= this.out.length) return
    if (this.at + bytes > longestRow) throw damagedInside()
    const larger = Buffer.allocUnsafe(Math.min(longestRow, 2 * (this.at + bytes)))
    this.out.copy(larger, 0, 0, this.at)
    this.out = larger
  }

  /** Writes the finished lines; the unfinished one moves to the front. */
  private flush(): void {
    if (this.start > 0) writeSync(this.file, this.out, 0, this.start)
    this.out.copyWithin(0, this.start, this.at)
    this.at -= this.start
    this.start = 0
  }
}

/** Nothing but blanks, ideographic ones too. */
function blank(bytes: Uint8Array, from: number, to: number): boolean {
  const first = bytes[from]!
  if (first > 32 && first !== 0xe3 && first !== 0xc2) return false
  return (
    Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from)
      .toString('utf8')
      .trim() === ''
  )
}
