import { dateStyles } from './styles.ts'
import { attributeOf, XmlTokens } from './xml-tokens.ts'
import type { Archive } from './zip-reader.ts'

export interface SheetEntry {
  name: string
  /** Where its XML stands in the archive. */
  part: string
}

export interface SheetDirectory {
  /** In the order of the workbook, hidden ones too. */
  sheets: SheetEntry[]
  from1904: boolean
  /** For each cell style: does it show a day? */
  dateStyles: boolean[]
  /** Where the shared texts stand, if there are any. */
  texts: string | null
}

/** What a workbook says about itself. @throws Error where the archive is no workbook. */
export async function readSheetDirectory(archive: Archive): Promise<SheetDirectory> {
  const workbook = await archive.text('xl/workbook.xml')
  if (workbook === null) throw new Error('no workbook')
  const targets = new Map<string, string>()
  walk((await archive.text('xl/_rels/workbook.xml.rels')) ?? '', 'Relationship', (a) => {
    const target = attributeOf(a, 'Target') ?? ''
    targets.set(attributeOf(a, 'Id') ?? '', target.startsWith('/') ? target.slice(1) : `xl/${target}`)
  })
  const sheets: SheetEntry[] = []
  walk(workbook, 'sheet', (a) => {
    const part = targets.get(attributeOf(a, 'id') ?? '')
    if (part && archive.names.includes(part) && part.includes('worksheets/')) sheets.push({ name: attributeOf(a, 'name') ?? '', part })
  })
  let from1904 = false
  walk(workbook, 'workbookPr', (a) => {
    from1904 = ['1', 'true'].includes(attributeOf(a, 'date1904') ?? '')
  })
  return {
    sheets,
    from1904,
    dateStyles: dateStyles((await archive.text('xl/styles.xml')) ?? ''),
    texts: archive.names.find((n) => n.toLowerCase() === 'xl/sharedstrings.xml') ?? null,
  }
}

function walk(xml: string, wanted: string, take: (attributes: string) => void): void {
  new XmlTokens({
    open: (name, attributes) => name === wanted && take(attributes),
    close() {},
    text() {},
  }).push(xml)
}
