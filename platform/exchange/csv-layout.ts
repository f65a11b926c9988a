import { open } from 'node:fs/promises'
import { pieces } from './encoding.ts'

export interface CsvLayout {
  delimiter: string
  /** The header as written, trimmed; the BOM is gone. */
  header: string[]
}

/** Reads the header record and decides the delimiter: the one of `, ; tab |` that cuts the header into most columns. */
export async function readCsvLayout(path: string): Promise<CsvLayout | null> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1 << 20), 0, 1 << 20, 0)
    const text = new TextDecoder('utf-8').decode(buffer.subarray(0, bytesRead), { stream: true })
    const best = [',', ';', '\t', '|']
      .map((delimiter) => ({ delimiter, header: firstRecord(text, delimiter) }))
      .reduce((a, b) => (b.header.length > a.header.length ? b : a))
    return best.header.some((name) => name !== '') ? best : null
  } finally {
    await file.close()
  }
}

function firstRecord(text: string, delimiter: string): string[] {
  const cells: string[] = []
  let cell = ''
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (quoted) {
      if (c !== '"') cell += c
      else if (text[i + 1] === '"') cell += text[++i]
      else quoted = false
    } else if (c === '"' && cell.trim() === '') quoted = true
    else if (c === delimiter) {
      cells.push(cell)
      cell = ''
    } else if (c === '\n' || c === '\r') break
    else cell += c
  }
  return [...cells, cell].map((name) => name.trim())
}

/**
 * Rows (as Excel counts) that are wholly empty: DuckDB skips them, and every row below would be counted wrong.
 * The exact walk through quotes happens only where two line ends touch somewhere.
 */
export async function emptyRows(path: string): Promise<number[]> {
  if (!(await hasTouchingLineEnds(path))) return []
  const rows: number[] = []
  let row = 1
  let quoted = false
  let empty = true
  for await (const piece of pieces(path)) {
    for (let i = 0; i < piece.length; i++) {
      const byte = piece[i]!
      if (byte === 0x22) {
        quoted = !quoted
        empty = false
      } else if (byte === 10 && !quoted) {
        if (empty) rows.push(row)
        row++
        empty = true
      } else if (byte !== 13) empty = false
    }
  }
  return rows
}

async function hasTouchingLineEnds(path: string): Promise<boolean> {
  for await (const piece of pieces(path)) {
    if (piece[0] === 10 || (piece[0] === 13 && piece[1] === 10) || piece.includes('\n\n') || piece.includes('\n\r\n')) return true
  }
  return false
}
