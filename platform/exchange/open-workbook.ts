import { mkdtemp, open as openFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type Duck, quoteText } from '../database/duckdb.ts'
import { type Finding, finding } from '../problems/finding.ts'
import { Problem } from '../problems/problem.ts'
import { emptyFile, repeatedColumns } from './open-csv.ts'
import { distinctNames, type Opening, removeFiles, rowCounting } from './table.ts'
import { RowsToCsv } from './workbook/rows-to-csv.ts'
import { readSharedStrings, readSheet } from './workbook/sheet-reader.ts'
import { dateStyles } from './workbook/styles.ts'
import { attributeOf, XmlTokens } from './workbook/xml-tokens.ts'
import { type Archive, openArchive } from './workbook/zip-reader.ts'

/** Opens one sheet of an .xlsx workbook (default: the first); cells come as text, days as `yyyy-mm-dd`. */
export async function openWorkbook(_duck: Duck, path: string, sheet?: string): Promise<Opening> {
  const file = basename(path)
  const folder = await mkdtemp(join(tmpdir(), 'fupin-xlsx-'))
  try {
    const opening = await convert(path, file, sheet, join(folder, 'sheet.csv'), () => removeFiles([folder]))
    if (!opening.reading) await removeFiles([folder])
    return opening
  } catch (error) {
    await removeFiles([folder])
    return { reading: null, findings: [await notAWorkbook(path, file, error)] }
  }
}

/** The names of a workbook's sheets in order, hidden ones too; none where it cannot be opened. */
export async function sheetNames(path: string): Promise<string[]> {
  const archive = await openArchive(path).catch(() => null)
  if (!archive) return []
  try {
    return (await readDirectory(archive)).sheets.map((s) => s.name)
  } catch {
    return []
  } finally {
    archive.close()
  }
}

async function convert(path: string, file: string, wanted: string | undefined, copy: string, close: () => Promise<void>): Promise<Opening> {
  const archive = await openArchive(path)
  try {
    const { sheets, from1904 } = await readDirectory(archive)
    const chosen = wanted === undefined ? sheets[0] : sheets.find((s) => s.name === wanted)
    const names = sheets.map((s) => s.name).join('、')
    if (!chosen) {
      const zh = `工作簿里没有工作表“${wanted ?? ''}”，有：${names}。`
      const en = `The workbook has no sheet “${wanted ?? ''}”; it has: ${names}.`
      return { reading: null, findings: [finding({ file, sheet: wanted ?? null, code: 'wrong_sheet', zh, en })] }
    }
    const strings = archive.names.find((n) => n.toLowerCase() === 'xl/sharedstrings.xml')
    const context = {
      from1904,
      strings: strings ? await readSharedStrings(await archive.stream(strings)) : [],
      dateStyles: dateStyles((await archive.text('xl/styles.xml')) ?? ''),
    }
    const rows = new RowsToCsv(file, chosen.name, copy)
    await readSheet(
      await archive.stream(chosen.part),
      context,
      (row, cells) => rows.take(row, cells),
      () => rows.written(),
    )
    await rows.end()
    if (!rows.header) return { reading: null, findings: [emptyFile(file, chosen.name)] }
    const columns = distinctNames(rows.header)
    const findings = [...repeatedColumns(file, chosen.name, rows.header), ...rows.findings]
    if (wanted === undefined && sheets.length > 1)
      findings.push(
        otherSheets(
          file,
          chosen.name,
          sheets.slice(1).map((s) => s.name),
        ),
      )
    const types = columns.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ')
    return {
      findings,
      reading: {
        file,
        sheet: chosen.name,
        columns: columns.map((name) => ({ name, type: 'VARCHAR' })),
        from: `read_csv(${quoteText(copy)}, auto_detect=false, header=false, delim=',', quote='"', escape='"', max_line_size=16777216, columns={${types}})`,
        settle: async () => ({ findings: [], rowOf: rowCounting(rows.missing) }),
        close,
      },
    }
  } finally {
    archive.close()
  }
}

function otherSheets(file: string, sheet: string, others: string[]): Finding {
  const names = others.join('、')
  const zh = `只读了工作表“${sheet}”，没有读：${names}。`
  const en = `Only sheet “${sheet}” was read, not: ${names}.`
  return finding({ file, sheet, code: 'sheets_not_read', severity: 'doubt', value: names, zh, en })
}

async function readDirectory(archive: Archive): Promise<{ sheets: { name: string; part: string }[]; from1904: boolean }> {
  const workbook = await archive.text('xl/workbook.xml')
  if (workbook === null) throw new Error('no workbook')
  const targets = new Map<string, string>()
  walk((await archive.text('xl/_rels/workbook.xml.rels')) ?? '', 'Relationship', (a) => {
    const target = attributeOf(a, 'Target') ?? ''
    targets.set(attributeOf(a, 'Id') ?? '', target.startsWith('/') ? target.slice(1) : `xl/${target}`)
  })
  const sheets: { name: string; part: string }[] = []
  walk(workbook, 'sheet', (a) => {
    const part = targets.get(attributeOf(a, 'id') ?? '')
    if (part && archive.names.includes(part) && part.includes('worksheets/')) sheets.push({ name: attributeOf(a, 'name') ?? '', part })
  })
  let from1904 = false
  walk(workbook, 'workbookPr', (a) => {
    from1904 = ['1', 'true'].includes(attributeOf(a, 'date1904') ?? '')
  })
  return { sheets, from1904 }
}

function walk(xml: string, wanted: string, take: (attributes: string) => void): void {
  new XmlTokens({
    open: (name, attributes) => name === wanted && take(attributes),
    close() {},
    text() {},
  }).push(xml)
}

async function notAWorkbook(path: string, file: string, error: unknown): Promise<Finding> {
  if (error instanceof Problem) return finding({ file, code: error.code, zh: error.zh, en: error.en })
  const handle = await openFile(path)
  const head = (await handle.read(Buffer.alloc(4), 0, 4, 0)).buffer.toString('hex')
  await handle.close()
  if (head === 'd0cf11e0') {
    const zh = '工作簿有密码，或是旧的 .xls 格式，打不开。请去掉密码，另存为 .xlsx。'
    const en = 'The workbook has a password or is an old .xls. Remove the password and save as .xlsx.'
    return finding({ file, code: 'locked_workbook', zh, en })
  }
  const cut = head === '504b0304'
  return finding({
    file,
    code: 'damaged_workbook',
    zh: cut ? '工作簿不完整，多半没传完。请重新取一份。' : '这不是 .xlsx 工作簿。请另存为 .xlsx 或 CSV UTF-8。',
    en: cut ? 'The workbook is incomplete, probably cut off. Fetch it again.' : 'This is no .xlsx workbook. Save as .xlsx or CSV UTF-8.',
  })
}
