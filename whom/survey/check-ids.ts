import type { Duck } from '@fupin/platform/database/duckdb.ts'
import { Duck as OpenDuck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import { openTable } from '@fupin/platform/exchange/open-table.ts'
import { writeTable } from '@fupin/platform/exchange/write-table.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import { type CreditCodeState, readCreditCode } from './credit-code.ts'
import { type IdState, readIdNumber } from './id-number.ts'

/** `gb11643`: citizen identity numbers of 18 characters. `gb32100`: unified social credit codes. */
export type IdKind = 'gb11643' | 'gb32100'

export interface CheckedId {
  value: string
  valid: boolean
  /** Empty where valid; else a short code, then a sentence: `check: ...`. */
  reason: string
}

const reasons: Record<Exclude<IdState | CreditCodeState, 'ok' | 'ok_disability'> | 'empty', string> = {
  empty: 'no value 没有号码',
  length: 'not 18 characters 不是 18 位',
  letters: 'a character that does not belong there 有不该有的字符',
  cut: 'cut by a spreadsheet, the last digits are lost 被表格软件截断',
  area: 'no such area 地区码不对',
  birth: 'digits 7 to 14 are no date 第 7 到 14 位不是日期',
  check: 'the check character is wrong 校验码不对',
  disability: 'class or grade of the disability certificate is wrong 残疾证类别或等级不对',
  ok_15: 'old form of 15 digits 15 位旧号',
  department: 'the first character is no registration department 第 1 位登记管理部门不对',
  kind: 'the second character is no kind of body of that department 第 2 位机构类别不对',
  organisation: 'the organisation code in positions 9 to 17 is wrong 第 9 到 17 位主体标识码不对',
}

/** Checks numbers one by one. An old 15-digit number and a disability certificate are no 18-character numbers: `gb11643` says so. */
export function checkIds(kind: IdKind, values: readonly string[]): CheckedId[] {
  return values.map((value) => {
    const state = value.trim() === '' ? 'empty' : kind === 'gb11643' ? idStateOf18(value) : readCreditCode(value)
    return { value, valid: state === 'ok', reason: state === 'ok' ? '' : `${state}: ${reasons[state]}` }
  })
}

function idStateOf18(value: string): Exclude<IdState, 'ok_disability'> {
  const { state } = readIdNumber(value)
  return state === 'ok_disability' ? 'length' : state
}

/** Reads a file with the column `value`, writes `value,valid,reason` (valid = true or false), rows in the same order. */
export async function checkIdFile(kind: IdKind, inPath: string, outPath: string): Promise<{ rows: number; invalid: number }> {
  const duck = await OpenDuck.open()
  try {
    const values = await valuesOf(duck, inPath)
    const checked = checkIds(kind, values)
    await duck.run('create table checked (no bigint, value varchar, valid boolean, reason varchar)')
    for (let from = 0; from < checked.length; from += 1000) {
      const rows = checked
        .slice(from, from + 1000)
        .map((c, i) => `(${from + i}, ${quoteText(c.value)}, ${c.valid}, ${quoteText(c.reason)})`)
      await duck.run(`insert into checked values ${rows.join(', ')}`)
    }
    await writeTable(duck, 'select value, valid, reason from checked order by no', outPath, { bom: false })
    return { rows: checked.length, invalid: checked.filter((c) => !c.valid).length }
  } finally {
    duck.close()
  }
}

async function valuesOf(duck: Duck, path: string): Promise<string[]> {
  const { table, findings } = await openTable(duck, path, { name: 'numbers' })
  const broken = findings.find((f) => f.severity === 'error')
  if (broken)
    throw new Problem(broken.code, {
      zh: `${broken.row ? `第 ${broken.row} 行：` : ''}${broken.zh}`,
      en: `${broken.row ? `Row ${broken.row}: ` : ''}${broken.en}`,
    })
  const column = table?.columns.find((c) => c.name.toLowerCase() === 'value')
  if (!table || !column)
    throw new Problem('no_value_column', { zh: '文件里没有名为 value 的列。', en: 'The file has no column named value.' })
  const rows = await duck.rows<{ value: string | null }>(
    `select ${quoteName(column.name)}::varchar as value from ${quoteName(table.name)} order by _row`,
  )
  return rows.map((r) => r.value ?? '')
}
