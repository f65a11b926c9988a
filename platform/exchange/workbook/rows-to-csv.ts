import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { type Finding, finding } from '../../problems/finding.ts'
import type { SheetCell } from './sheet-reader.ts'

/** Writes the rows below the header to a CSV of our own and notes what is refused. A row with one filled cell above the header is a title. */
export class RowsToCsv {
  header: string[] | null = null
  readonly findings: Finding[] = []
  /** Rows from 2 on that are not in the copy. */
  readonly missing: number[] = []
  private readonly out
  private pending: string[] = []
  private title: { row: number; cells: SheetCell[] } | null = null
  private next = 2

  constructor(
    private readonly file: string,
    private readonly sheet: string,
    copy: string,
  ) {
    this.out = createWriteStream(copy)
  }

  take(row: number, cells: SheetCell[]): void {
    if (cells.every((c) => c.text.trim() === '' && !c.refused)) return
    if (!this.header) {
      if (cells.filter((c) => c.text.trim() !== '').length < 2 && !this.title) this.title = { row, cells }
      else this.begin(row, cells)
      return
    }
    this.skipTo(row)
    this.next = row + 1
    const width = this.header.length
    // An empty line would be skipped by DuckDB: `""` is a row.
    this.pending.push(this.header.map((_, i) => this.cell(row, i, cells[i])).join(',') || '""')
    if (cells.length > width) this.beyond(row, cells, width)
    if (this.pending.length >= 2000) this.flush()
  }

  /** Waits where the disk is slower than the reading. */
  async written(): Promise<void> {
    if (this.out.writableNeedDrain) await once(this.out, 'drain')
  }

  async end(): Promise<void> {
    // A sheet with a single column: what looked like a title was the header.
    if (!this.header && this.title) this.begin(this.title.row, this.title.cells)
    this.flush()
    this.out.end()
    await once(this.out, 'close')
  }

  private begin(row: number, cells: SheetCell[]): void {
    const oneColumn = this.title && cells.length === 1 && this.title.cells.length === 1
    const start = oneColumn ? this.title! : { row, cells }
    this.header = start.cells.map((c) => c.text.trim())
    this.next = 2
    this.skipTo(start.row + 1)
    this.next = start.row + 1
    if (oneColumn) this.take(row, cells)
  }

  private skipTo(row: number): void {
    for (let r = this.next; r < row; r++) this.missing.push(r)
  }

  private cell(row: number, index: number, cell: SheetCell | undefined): string {
    if (!cell) return ''
    if (!cell.refused) return csvCell(cell.text)
    this.findings.push(
      refusedCell({ file: this.file, sheet: this.sheet, row, column: this.header![index]!, value: cell.text }, cell.refused),
    )
    return ''
  }

  private beyond(row: number, cells: SheetCell[], width: number): void {
    const value = cells.slice(width).find((c) => c.text.trim() !== '')?.text
    if (value === undefined) return
    const zh = '这一行在表头右边还有内容，没有读。'
    const en = 'This row has cells to the right of the header; they were not read.'
    this.findings.push(finding({ file: this.file, sheet: this.sheet, row, value, code: 'beyond_header', severity: 'doubt', zh, en }))
  }

  private flush(): void {
    if (this.pending.length) this.out.write(`${this.pending.join('\n')}\n`)
    this.pending = []
  }
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function refusedCell(at: Pick<Finding, 'file' | 'sheet' | 'row' | 'column' | 'value'>, why: NonNullable<SheetCell['refused']>): Finding {
  switch (why) {
    case 'formula':
      return finding({
        ...at,
        code: 'formula_cell',
        zh: '这一格是公式，不读算出来的值。请在表格软件里改成数值（复制，选择性粘贴为值）。',
        en: 'This cell is a formula; its result is not read. Turn it into a value (copy, paste special: values).',
      })
    case 'error':
      return finding({
        ...at,
        code: 'error_cell',
        zh: `这一格是表格软件的错误值 ${at.value}。请改正。`,
        en: `This cell holds the spreadsheet error ${at.value}. Correct it.`,
      })
    case 'cut':
      return finding({
        ...at,
        code: 'number_cut',
        zh: '号码被表格软件当作数字，第 15 位以后已丢失，无法复原。请按原件重填，并把这一列设为文本。',
        en: 'The spreadsheet took this number for a quantity and lost the digits after the 15th. Enter it again from the original, in a text column.',
      })
  }
}
