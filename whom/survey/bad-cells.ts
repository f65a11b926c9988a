import { quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Dictionary, Field } from '@fupin/rulebook/engine/dictionary.ts'
import { type CellSql, decimalsOf, outside } from './cell-sql.ts'
import type { FieldSource } from './column-plan.ts'

/** A statement that adds the findings of one column; `rows` yields `_row, household_id, x` of its flagged cells. */
export function badCellSql(
  at: { file: string; sheet: string | null },
  source: FieldSource,
  cell: CellSql,
  dictionary: Dictionary,
  rows: string,
): string {
  const { code, zh, en, severity } = wording(source.field, dictionary)
  return `insert into finding
    select ${quoteText(at.file)}, ${at.sheet === null ? 'null' : quoteText(at.sheet)}, _row, ${quoteText(source.column)}, left(x, 200), ${code}, ${severity}, ${zh}, ${en}, household_id
    from (select *, ${cell.parsed('x')} as p from (${rows}))`
}

interface Wording {
  code: string
  zh: string
  en: string
  severity: string
}

/** SQL for code and sentences over the text `x` and the inner form `p` (null: not understood). */
function wording(field: Field, dictionary: Dictionary): Wording {
  const said = (before: string, after: string) => `concat(${quoteText(`${before}“`)}, left(x, 40), ${quoteText(`”${after}`)})`
  const { zh, en } = field.label
  const error = "'error'"
  switch (field.type) {
    case 'bool':
      return {
        code: "'not_yes_no'",
        severity: error,
        zh: said(`${zh}填了`, '，应填“是”或“否”。按未填处理，请改正。'),
        en: said(`${en} says `, '; it must be yes or no. Taken as unknown; correct it.'),
      }
    case 'enum': {
      const values = dictionary.enums[field.enum!]?.values ?? []
      const few = values.slice(0, 8)
      const more = values.length > few.length
      return {
        code: "'unknown_value'",
        severity: error,
        zh: said(`${zh}填了`, `，选项里没有。可填：${few.map((v) => v.label.zh).join('、')}${more ? '等' : ''}。按未填处理，请改正。`),
        en: said(
          `${en} says `,
          `, which is not in the list: ${few.map((v) => v.label.en).join(', ')}${more ? ', ...' : ''}. Taken as unknown; correct it.`,
        ),
      }
    }
    case 'date':
      return {
        code: "case when p is null then 'not_a_date' else 'out_of_range' end",
        severity: error,
        zh: `case when p is null then ${said(`${zh}填了`, '，没有这一天。请写成 2015-10-16。按未填处理。')} else ${said(`${zh}填了`, `，${rangeOf(field).zh}。按未填处理，请核对。`)} end`,
        en: `case when p is null then ${said(`${en} says `, ', which is no day. Write 2015-10-16. Taken as unknown.')} else ${said(`${en} says `, `; ${rangeOf(field).en}. Taken as unknown; check it.`)} end`,
      }
    default:
      return numberWording(field, said)
  }
}

function numberWording(field: Field, said: (before: string, after: string) => string): Wording {
  const { zh, en } = field.label
  const decimals = decimalsOf(field)
  const negative = field.range && field.range[0] >= 0 ? `when p < 0 then 'negative'` : ''
  const range = rangeOf(field)
  const uneven =
    decimals === 0
      ? [
          said(`${zh}填了`, '，应为整数。按未填处理，请改正。'),
          said(`${en} says `, '; it must be a whole number. Taken as unknown; correct it.'),
        ]
      : [said(`${zh}填了`, `，已按 ${decimals} 位小数四舍五入。`), said(`${en} says `, `; rounded to ${decimals} decimals.`)]
  const cases = (bad: string, below: string, beyond: string, rest: string) =>
    `case when p is null then ${bad} ${negative ? `when p < 0 then ${below}` : ''} when ${outside('p', field)} then ${beyond} else ${rest} end`
  return {
    code: `case when p is null then 'not_a_number' ${negative} when ${outside('p', field)} then 'out_of_range' else ${decimals === 0 ? "'not_whole'" : "'rounded'"} end`,
    severity: decimals === 0 ? "'error'" : `case when p is null or ${outside('p', field)} then 'error' else 'doubt' end`,
    zh: cases(
      said(`${zh}填了`, '，不是数。按未填处理，请改正。'),
      said(`${zh}填了`, '，不能是负数。按未填处理，请改正。'),
      said(`${zh}填了`, `，${range.zh}。按未填处理，请核对。`),
      uneven[0]!,
    ),
    en: cases(
      said(`${en} says `, ', which is no number. Taken as unknown; correct it.'),
      said(`${en} says `, '; it cannot be negative. Taken as unknown; correct it.'),
      said(`${en} says `, `; ${range.en}. Taken as unknown; check it.`),
      uneven[1]!,
    ),
  }
}

function rangeOf(field: Field): { zh: string; en: string } {
  if (!field.range) return { zh: '超出范围', en: 'it is out of range' }
  const show = (n: number) => {
    if (field.type !== 'date') return String(n / 10 ** decimalsOf(field))
    const day = String(n)
    return `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`
  }
  const [low, high] = [show(field.range[0]), show(field.range[1])]
  return { zh: `应在 ${low} 到 ${high} 之间`, en: `it must lie between ${low} and ${high}` }
}
