import { quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Dictionary, Field } from '@fupin/rulebook/engine/dictionary.ts'
import { type CellSql, decimalsOf, outside, unusual } from './cell-sql.ts'
import type { FieldSource } from './column-plan.ts'
import { likelyUnitSql, type UnitReading, writtenInOtherUnit } from './units.ts'

/** A statement that adds the findings of one column; `rows` yields `_row, household_id, x` of its flagged cells. */
export function badCellSql(
  at: { file: string; sheet: string | null },
  source: FieldSource,
  cell: CellSql,
  dictionary: Dictionary,
  rows: string,
): string {
  const { code, zh, en, severity } = wording(source, dictionary)
  return `insert into finding
    select ${quoteText(at.file)}, ${at.sheet === null ? 'null' : quoteText(at.sheet)}, _row, ${quoteText(source.column)}, left(x, 200), ${code}, ${severity}, ${zh}, ${en}, household_id
    from (select *, ${(cell.late ?? cell).parsed('x')} as p from (${rows}))${cell.late ? ` where not coalesce(${cell.late.fine('x', 'p')}, false)` : ''}`
}

interface Wording {
  code: string
  zh: string
  en: string
  severity: string
}

/** SQL for code and sentences over the text `x` and the inner form `p` (null: not understood). */
function wording({ field, units }: FieldSource, dictionary: Dictionary): Wording {
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
      return numberWording(field, units ?? null, said)
  }
}

/** What can be said of a number, in this order: no number, negative, out of range, of another unit, unusual, of too many decimals. */
function numberWording(field: Field, units: UnitReading | null, said: (before: string, after: string) => string): Wording {
  const { zh, en } = field.label
  const decimals = decimalsOf(field)
  const range = rangeOf(field)
  const usual = rangeOf(field, field.usual)
  const hint = (language: 'zh' | 'en') => (units ? likelyUnitSql('p', field, units, language) : `''`)
  const own = units ? { zh: ` ${units.own.label.zh}`, en: ` ${units.own.label.en}` } : { zh: '', en: '' }
  const shown = "rtrim(rtrim(printf('%.4f', p::double), '0'), '.')"
  const cases: { when: string; code: string; severity: string; zh: string; en: string }[] = [
    {
      when: 'p is null',
      code: 'not_a_number',
      severity: 'error',
      zh: said(`${zh}填了`, '，不是数。按未填处理，请改正。'),
      en: said(`${en} says `, ', which is no number. Taken as unknown; correct it.'),
    },
    ...(field.range && field.range[0] >= 0
      ? [
          {
            when: 'p < 0',
            code: 'negative',
            severity: 'error',
            zh: said(`${zh}填了`, '，不能是负数。按未填处理，请改正。'),
            en: said(`${en} says `, '; it cannot be negative. Taken as unknown; correct it.'),
          },
        ]
      : []),
    {
      when: outside('p', field),
      code: 'out_of_range',
      severity: 'error',
      zh: `concat(${said(`${zh}填了`, `，${range.zh}。按未填处理，请核对。`)}, ${hint('zh')})`,
      en: `concat(${said(`${en} says `, `; ${range.en}. Taken as unknown; check it.`)}, ${hint('en')})`,
    },
    ...(decimals === 0
      ? [
          {
            when: 'p <> round(p, 0)',
            code: 'not_whole',
            severity: 'error',
            zh: said(`${zh}填了`, '，应为整数。按未填处理，请改正。'),
            en: said(`${en} says `, '; it must be a whole number. Taken as unknown; correct it.'),
          },
        ]
      : []),
    ...(units
      ? [
          {
            when: writtenInOtherUnit('x', units),
            code: 'converted_unit',
            severity: 'doubt',
            zh: `concat(${quoteText(`${zh}填了“`)}, left(x, 40), ${quoteText('”，已换算成 ')}, ${shown}, ${quoteText(`${own.zh}（四舍五入到 ${decimals} 位小数）。请核对。`)})`,
            en: `concat(${quoteText(`${en} says “`)}, left(x, 40), ${quoteText('”; converted to ')}, ${shown}, ${quoteText(`${own.en}, rounded to ${decimals} decimals. Check it.`)})`,
          },
        ]
      : []),
    {
      when: unusual('p', field),
      code: 'unusual',
      severity: 'doubt',
      zh: `concat(${said(`${zh}填了`, `，一般${usual.zh}。照填的读了，请核对。`)}, ${hint('zh')})`,
      en: `concat(${said(`${en} says `, `; usually ${usual.en}. Read as it stands; check it.`)}, ${hint('en')})`,
    },
    {
      when: 'true',
      code: 'rounded',
      severity: 'doubt',
      zh: said(`${zh}填了`, `，已按 ${decimals} 位小数四舍五入。`),
      en: said(`${en} says `, `; rounded to ${decimals} decimals.`),
    },
  ]
  const choose = (of: (c: (typeof cases)[number]) => string) => `case ${cases.map((c) => `when ${c.when} then ${of(c)}`).join(' ')} end`
  return {
    code: choose((c) => quoteText(c.code)),
    severity: choose((c) => quoteText(c.severity)),
    zh: choose((c) => c.zh),
    en: choose((c) => c.en),
  }
}

function rangeOf(field: Field, bounds = field.range): { zh: string; en: string } {
  if (!bounds) return { zh: '超出范围', en: 'it is out of range' }
  const show = (n: number) => {
    if (field.type !== 'date') return String(n / 10 ** decimalsOf(field))
    const day = String(n)
    return `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`
  }
  const [low, high] = [show(bounds[0]), show(bounds[1])]
  return { zh: `应在 ${low} 到 ${high} 之间`, en: `it must lie between ${low} and ${high}` }
}
