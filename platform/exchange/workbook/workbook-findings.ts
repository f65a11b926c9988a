import { type Finding, finding } from '../../problems/finding.ts'
import type { HeaderLayout } from './header-rows.ts'
import type { Refusal } from './sheet-scan.ts'

type Place = Pick<Finding, 'file' | 'sheet'>
type CellPlace = Pick<Finding, 'file' | 'sheet' | 'row' | 'column' | 'value'>

/** A cell whose value is not taken, and what to do. */
export function refusedCell(at: CellPlace, why: Refusal): Finding {
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

/** Cells of one kind and column beyond those told one by one. */
export function refusedMore(at: Place, more: { column: string; why: Refusal; count: number; last: number }): Finding {
  const one = refusedCell({ ...at, row: null, column: more.column, value: null }, more.why)
  return {
    ...one,
    value: String(more.count),
    zh: `这一列另有 ${more.count} 格同样的问题，直到第 ${more.last} 行。${one.zh}`,
    en: `${more.count} more cells of this column are the same, down to row ${more.last}. ${one.en}`,
  }
}

export const beyondHeader = (at: Place & Pick<Finding, 'row' | 'value'>): Finding =>
  finding({
    ...at,
    code: 'beyond_header',
    severity: 'doubt',
    zh: '这一行在表头右边还有内容，没有读。',
    en: 'This row has cells to the right of the header; they were not read.',
  })

export const manyEmptyRows = (at: Place, empty: number, rows: number): Finding =>
  finding({
    ...at,
    value: String(empty),
    code: 'empty_rows',
    severity: 'doubt',
    zh: `有 ${empty} 个空行（多半只设了格式），已略过，读到 ${rows} 行。请删去空行，文件会小得多。`,
    en: `${empty} empty rows (probably only formatted) were passed over; ${rows} rows were read. Delete them and the file becomes much smaller.`,
  })

/** How a header of several rows, with units or column numbers was understood. */
export function headerRead(at: Place, layout: HeaderLayout, names: readonly string[]): Finding {
  const { first, last, titles, units, numbers } = layout
  const named = names.filter((n) => n.includes('/') || n.includes('（')).slice(0, 6)
  const zh = [
    titles.length ? `第 ${titles.join('、')} 行按标题处理` : '',
    last > first ? `第 ${first} 到 ${last} 行按表头处理` : '',
    units ? `第 ${units} 行是单位` : '',
    numbers ? `第 ${numbers} 行是栏次` : '',
    named.length ? `列名读作：${named.join('、')}` : '',
  ]
  const en = [
    titles.length ? `row ${titles.join(', ')} was taken for a title` : '',
    last > first ? `rows ${first} to ${last} for the header` : '',
    units ? `row ${units} for units` : '',
    numbers ? `row ${numbers} for column numbers` : '',
    named.length ? `columns are read as ${named.join(', ')}` : '',
  ]
  const said = en.filter((s) => s).join('; ')
  return finding({
    ...at,
    row: first,
    value: named.join('、') || null,
    code: 'header_rows',
    severity: 'doubt',
    zh: `${zh.filter((s) => s).join('；')}。请核对。`,
    en: `${said[0]!.toUpperCase()}${said.slice(1)}. Check it.`,
  })
}

/** Sheets of a workbook that were left. */
export function otherSheets(file: string, read: readonly string[], others: readonly string[]): Finding {
  const names = others.join('、')
  return finding({
    file,
    sheet: read[0] ?? null,
    code: 'sheets_not_read',
    severity: 'doubt',
    value: names,
    zh: `只读了工作表“${read.join('、')}”，没有读：${names}。`,
    en: `Only sheet “${read.join(', ')}” was read, not: ${others.join(', ')}.`,
  })
}

/** Several sheets with the same header were read as one table. */
export function sheetsTogether(file: string, read: readonly string[]): Finding {
  const few = read.slice(0, 20)
  return finding({
    file,
    code: 'sheets_together',
    severity: 'doubt',
    value: few.join('、'),
    zh: `${read.length} 个工作表表头相同，合在一起读了：${few.join('、')}${read.length > few.length ? '等' : ''}。`,
    en: `${read.length} sheets have the same header and were read together: ${few.join(', ')}${read.length > few.length ? ', ...' : ''}.`,
  })
}

export const wrongSheet = (file: string, wanted: string, names: readonly string[]): Finding =>
  finding({
    file,
    sheet: wanted,
    code: 'wrong_sheet',
    zh: `工作簿里没有工作表“${wanted}”，有：${names.join('、')}。`,
    en: `The workbook has no sheet “${wanted}”; it has: ${names.join(', ')}.`,
  })
