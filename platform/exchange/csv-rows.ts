import { createReadStream } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import { readCsvLayout } from './csv-layout.ts'
import { convertToUtf8, detectEncoding } from './encoding.ts'
import { removeFiles } from './table.ts'

/** All records of a CSV file as they stand, ragged and empty ones too, in the order and count in which a spreadsheet shows them. */
export async function* csvRows(path: string): AsyncGenerator<string[]> {
  const found = await detectEncoding(path)
  if (found.encoding === null) return
  const folder = await mkdtemp(join(tmpdir(), 'fupin-rows-'))
  try {
    const plain = found.encoding === 'utf-8' ? path : join(folder, 'utf8.csv')
    if (plain !== path) await convertToUtf8(path, found.encoding, plain)
    const layout = await readCsvLayout(plain)
    if (layout) yield* records(plain, layout.delimiter)
  } finally {
    await removeFiles([folder])
  }
}

async function* records(path: string, delimiter: string): AsyncGenerator<string[]> {
  const decoder = new StringDecoder('utf8')
  let cells: string[] = []
  let cell = ''
  let quoted = false
  let closed = false
  let first = true
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    let text = decoder.write(chunk as Buffer)
    if (first) text = text.replace(/^\ufeff/, '')
    first = false
    for (const c of text) {
      if (quoted) {
        if (c === '"') [quoted, closed] = [false, true]
        else cell += c
      } else if (c === '"' && closed) {
        cell += '"'
        ;[quoted, closed] = [true, false]
      } else if (c === '"' && cell.trim() === '') [cell, quoted] = ['', true]
      else if (c === delimiter) {
        cells.push(cell)
        ;[cell, closed] = ['', false]
      } else if (c === '\n') {
        cells.push(cell)
        yield cells
        ;[cells, cell, closed] = [[], '', false]
      } else if (c !== '\r') [cell, closed] = [cell + c, false]
    }
  }
  if (cell !== '' || cells.length > 0) yield [...cells, cell]
}
