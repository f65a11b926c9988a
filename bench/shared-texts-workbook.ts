import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { Duck } from '@fupin/platform/database/duckdb.ts'
import { columnLetters, escapeXml } from '@fupin/platform/exchange/workbook/sheet-writer.ts'
import { workbookParts } from '@fupin/platform/exchange/workbook/workbook-parts.ts'
import { ZipWriter } from '@fupin/platform/exchange/workbook/zip-writer.ts'

/** A workbook laid out as Excel does it: every text once in a part of its own, cells say its number; days as numbers with a style. */
export async function sharedTextsWorkbook(duck: Duck, sql: string, path: string): Promise<void> {
  const columns = await duck.describe(sql)
  const numbers = new Map<string, number>()
  const out = createWriteStream(path)
  const zip = new ZipWriter(out)
  for (const [part, text] of Object.entries(workbookParts('Sheet1'))) await zip.entry(part, [text])
  const text = (value: string, at: string): string => {
    const number = numbers.get(value) ?? numbers.size
    numbers.set(value, number)
    return `<c r="${at}" t="s"><v>${number}</v></c>`
  }
  const cell = (value: unknown, type: string, at: string): string => {
    if (value === null) return ''
    if (type === 'VARCHAR') return text(String(value), at)
    if (type === 'BOOLEAN') return `<c r="${at}" t="b"><v>${value === 'true' ? 1 : 0}</v></c>`
    return `<c r="${at}"${type === 'DATE' ? ' s="2"' : ''}><v>${value}</v></c>`
  }
  const asText = columns.map(
    ({ name, type }) => `${type === 'DATE' ? `("${name}" - date '1899-12-30')` : `"${name}"`}::varchar as "${name}"`,
  )
  async function* sheet(): AsyncGenerator<string> {
    yield `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1" spans="1:12">${columns.map((c, i) => text(c.name, `${columnLetters(i)}1`)).join('')}</row>`
    let row = 1
    for await (const batch of duck.stream<Record<string, unknown>>(`select ${asText.join(', ')} from (${sql})`)) {
      const lines = batch.map((r) => {
        row++
        return `<row r="${row}" spans="1:12" x14ac:dyDescent="0.2">${columns.map((c, i) => cell(r[c.name], c.type, `${columnLetters(i)}${row}`)).join('')}</row>`
      })
      yield lines.join('')
    }
    yield '</sheetData></worksheet>'
  }
  await zip.entry('xl/worksheets/sheet1.xml', sheet())
  function* texts(): Generator<string> {
    yield `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="${numbers.size}">`
    let pending = ''
    for (const value of numbers.keys()) {
      pending += `<si><t>${escapeXml(value)}</t></si>`
      if (pending.length > 1_000_000) {
        yield pending
        pending = ''
      }
    }
    yield `${pending}</sst>`
  }
  await zip.entry('xl/sharedStrings.xml', texts())
  await zip.end()
  out.end()
  await once(out, 'close')
}
