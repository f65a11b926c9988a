import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type Duck, quoteName, quoteText } from '../database/duckdb.ts'
import { type Finding, finding } from '../problems/finding.ts'
import { type CsvLayout, emptyRows, readCsvLayout } from './csv-layout.ts'
import { convertToUtf8, detectEncoding, type EncodingFound } from './encoding.ts'
import { distinctNames, type Opening, removeFiles, rowCounting } from './table.ts'

let scans = 0

/** Opens a CSV file: UTF-8, UTF-8 with BOM, UTF-16 with BOM or GB 18030; `, ; tab |` between the cells. */
export async function openCsv(duck: Duck, path: string): Promise<Opening> {
  const file = basename(path)
  const found = await detectEncoding(path)
  if (found.encoding === null) return { reading: null, findings: [encodingFinding(file, found)] }
  if (found.encoding === 'utf-8') return openUtf8(duck, path, file, [])
  const folder = await mkdtemp(join(tmpdir(), 'fupin-csv-'))
  const copy = join(folder, 'utf8.csv')
  try {
    await convertToUtf8(path, found.encoding, copy)
  } catch {
    await removeFiles([folder])
    return { reading: null, findings: [encodingFinding(file, { encoding: null, at: 0, line: 1, why: 'unknown' })] }
  }
  return openUtf8(duck, copy, file, [folder])
}

async function openUtf8(duck: Duck, path: string, file: string, temporary: string[]): Promise<Opening> {
  const layout = await readCsvLayout(path)
  if (!layout) {
    await removeFiles(temporary)
    return { reading: null, findings: [emptyFile(file)] }
  }
  const names = distinctNames(layout.header)
  const rejects = `rejects_${++scans}`
  return {
    findings: repeatedColumns(file, null, layout.header),
    reading: {
      file,
      sheet: null,
      columns: names.map((name) => ({ name, type: 'VARCHAR' })),
      from: readCsvSql(path, names, layout, rejects),
      async settle() {
        const found = await rejectFindings(duck, file, rejects, names)
        const empty = await emptyRows(path)
        const missing = [...new Set([...found.map((f) => f.row!), ...(names.length > 1 ? empty : [])])].sort((a, b) => a - b)
        return { findings: found, rowOf: rowCounting(missing) }
      },
      close: () => removeFiles(temporary),
    },
  }
}

/** The reading of a CSV as SQL: nothing is guessed, every column is text, ragged rows go to the rejects table. */
function readCsvSql(path: string, names: string[], layout: CsvLayout, rejects: string): string {
  const columns = names.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ')
  return `read_csv(${quoteText(path)}, auto_detect=false, header=true, delim=${quoteText(layout.delimiter)}, quote='"', escape='"',
    columns={${columns}}, store_rejects=true, rejects_table='${rejects}', rejects_scan='${rejects}_scan', rejects_limit=0)`
}

async function rejectFindings(duck: Duck, file: string, rejects: string, names: string[]): Promise<Finding[]> {
  const rows = await duck.rows<{ row: number; kind: string; text: string; name: string | null; message: string }>(`
    select line as row, min(error_type) as kind, min(csv_line) as text, min(column_name) as name, min(error_message) as message
    from ${quoteName(rejects)} where scan_id = (select max(scan_id) from ${quoteName(rejects)}) group by line order by line`)
  return rows.map(({ row, kind, text, name, message }) => {
    const counts = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message)
    const found = counts?.[2] ?? '?'
    const at = { file, row, value: text.replace(/^\s+/, '') }
    if (kind === 'MISSING COLUMNS' || kind === 'TOO MANY COLUMNS') {
      return finding({
        ...at,
        code: 'ragged_row',
        zh: `这一行有 ${found} 列，表头有 ${names.length} 列。整行未读，请核对分隔符和引号。`,
        en: `This row has ${found} columns, the header has ${names.length}. The row is left out; check separators and quotes.`,
      })
    }
    return finding({
      ...at,
      column: name,
      code: 'broken_quotes',
      zh: '这一行的引号不成对，或行太长。整行未读，请核对引号。',
      en: 'Quotes in this row do not match, or the line is too long. The row is left out; check the quotes.',
    })
  })
}

function encodingFinding(file: string, found: Extract<EncodingFound, { encoding: null }>): Finding {
  const at = { file, row: found.line, value: `byte ${found.at}` }
  if (found.why === 'binary') {
    return finding({
      ...at,
      code: 'not_text',
      zh: `第 ${found.line} 行（第 ${found.at} 字节）有空字节，这不是文本表格。请另存为 CSV UTF-8 或 XLSX。`,
      en: `A zero byte in line ${found.line} (byte ${found.at}): this is no text table. Save it as CSV UTF-8 or XLSX.`,
    })
  }
  const broken = found.why === 'broken-utf8'
  return finding({
    ...at,
    code: 'wrong_encoding',
    zh: `第 ${found.line} 行（第 ${found.at} 字节）的字符${broken ? '已损坏：文件是 UTF-8，但这里断了' : '不是 UTF-8 也不是 GB 18030'}。文件没有读，请另存为 CSV UTF-8。`,
    en: `Line ${found.line} (byte ${found.at}) ${broken ? 'is broken UTF-8' : 'is neither UTF-8 nor GB 18030'}. The file was not read; save it as CSV UTF-8.`,
  })
}

export function emptyFile(file: string, sheet: string | null = null): Finding {
  return finding({
    file,
    sheet,
    code: 'empty_file',
    zh: '文件里没有表头。第一行须是列名。',
    en: 'The file has no header. The first row must hold the column names.',
  })
}

/** A column name that stands twice: only the first one is read. */
export function repeatedColumns(file: string, sheet: string | null, header: readonly string[], row = 1): Finding[] {
  const seen = new Set<string>()
  return header.flatMap((name) => {
    if (name && seen.has(name)) {
      return [
        finding({
          file,
          sheet,
          row,
          column: name,
          code: 'repeated_column',
          zh: `列名“${name}”出现两次，只读第一列。请改名或删去一列。`,
          en: `The column name “${name}” stands twice; only the first is read. Rename or remove one.`,
        }),
      ]
    }
    seen.add(name)
    return []
  })
}
