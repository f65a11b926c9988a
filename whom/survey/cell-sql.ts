import type { Duck } from '@fupin/platform/database/duckdb.ts'
import { quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { TableColumn } from '@fupin/platform/exchange/table.ts'
import type { Dictionary, Field } from '@fupin/rulebook/engine/dictionary.ts'
import type { FieldSource } from './column-plan.ts'
import { columnNumberSql, unitNumberSql, writtenInOtherUnit } from './units.ts'

/** What planning needs to know of an opened file. */
export interface OpenedColumns {
  file: string
  sheet: string | null
  columns: TableColumn[]
  /** Units that a note above the table gives for all of it. */
  units?: string[]
  /** Row of the header; default 1. */
  headerRow?: number
}

/** Words that mean: nobody knows. */
export const gapWords = ['', '未填', '看不清', '拒答', '不详', '未知', '空', 'null', 'NULL', 'n/a', 'N/A', 'NA', '-', '—', '/']
/** A join for each list of words would be the price of `in (...)`: DuckDB turns long lists into one. */
const gapPattern = `[\\s\u3000]*(${gapWords.map((w) => w.replace(/[/.*+?]/g, '\\$&')).join('|')})[\\s\u3000]*`
const yesWords = ['是', '有', '对', '1', 'true', 'TRUE', 'True', 'yes', 'Yes', 'YES', 'Y', 'y', '√', '✓']
const noWords = ['否', '无', '没有', '不是', '0', 'false', 'FALSE', 'False', 'no', 'No', 'NO', 'N', 'n', '×']

const wide =
  '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ－．，：／（）＋　'
const narrow = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-.,:/()+ '

/**
 * Functions in SQL that the reading of cells uses. Full-width signs are brought to plain ones only where plain reading failed, and always inside a CASE:
 * DuckDB computes what an expression has twice for every row beforehand, but not out of a CASE.
 */
export async function createCellMacros(duck: Duck): Promise<void> {
  await duck.run(`
    create or replace macro cell_text(x) as trim(translate(x, ${quoteText(`${wide}\u00a0\t`)}, ${quoteText(`${narrow}  `)}));
    create or replace macro cell_is_gap(x) as regexp_full_match(x, ${quoteText(gapPattern)});
    create or replace macro cell_number_text(t) as
      case when regexp_full_match(t, '[-+]?\\d{1,3}(,\\d{3})+(\\.\\d+)?') then replace(t, ',', '')
           when regexp_full_match(t, '[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d{1,2})?') then t end;
    create or replace macro cell_number(x) as coalesce(try_cast(x as decimal(18,4)), case when x is not null then try_cast(cell_number_text(cell_text(x)) as decimal(18,4)) end);
    create or replace macro unit_number(x) as coalesce(try_cast(x as decimal(22,8)), case when x is not null then try_cast(cell_number_text(cell_text(x)) as decimal(22,8)) end);
    create or replace macro unit_digits(x) as regexp_extract(cell_text(x), '^[-+]?[0-9][0-9,.]*');
    create or replace macro unit_word(x) as lower(regexp_replace(cell_text(x), '^[-+]?[0-9][0-9,.]*\\s*', ''));
    create or replace macro unit_convert(d, times, per) as case when d < 0 then -((-2 * cast(d * 100000000 as hugeint) * times + per) // (2 * per)) else (2 * cast(d * 100000000 as hugeint) * times + per) // (2 * per) end;
    create or replace macro cell_day_text(t) as
      case when regexp_full_match(t, '\\d{8}') then concat(t[1:4], '-', t[5:6], '-', t[7:8])
           when regexp_full_match(t, '\\d{4}[-/.年]\\d{1,2}[-/.月]\\d{1,2}日?([ T]0?0:00(:00(\\.0+)?)?)?')
           then regexp_replace(regexp_extract(t, '^[^ T日]+'), '[/.年月]', '-', 'g') end;
    create or replace macro cell_day(x) as try_cast(case when regexp_full_match(x, '\\d{4}-\\d{2}-\\d{2}') then x else cell_day_text(cell_text(x)) end as date);
    create or replace macro cell_code(x) as case when regexp_full_match(x, '[0-9A-Za-z][-_.0-9A-Za-z]*') and x not in ('NA', 'null', 'NULL') then x when x is null or cell_is_gap(x) then null else ltrim(cell_text(x), '''') end;
    create or replace macro cell_words(x) as case when x is null then null
      when x like ' %' or x like '% ' or x like e'%\\t%' or x like '%\u3000%' then case when cell_is_gap(x) then null else trim(x, e' \\t\\n\\r\u3000') end
      when strlen(x) < 10 and cell_is_gap(x) then null else x end;
    create or replace macro day_number(d) as (year(d) * 10000 + month(d) * 100 + day(d))::integer;
  `)
}

/** The reading of one field in three steps, as SQL over text `x`. */
export interface CellSql {
  /** What the text says, in an inner form; null where it says nothing that is understood. */
  parsed(x: string): string
  /** The value in the engine's form, from the inner form `p`; null where it cannot stand. */
  value(p: string): string
  /** Is this cell to be looked at once more? Over text, inner form and value; never null. */
  flagged(x: string, p: string, v: string): string
  /**
   * Numbers that are not plain (full-width digits, separators, units) are rare, and every step that all rows take costs. So they are read a second time
   * when they are flagged: the inner form by the long way, and whether that leaves nothing to say.
   */
  late?: { parsed(x: string): string; fine(x: string, p: string): string }
}

/** DuckDB type of a field's values, as rules see them. */
export function columnType(field: Field): string {
  switch (field.type) {
    case 'bool':
      return 'BOOLEAN'
    case 'int':
    case 'money':
      return 'BIGINT'
    case 'date':
      return 'INTEGER'
    case 'enum':
      return 'SMALLINT'
    default:
      return 'VARCHAR'
  }
}

/** Decimal places a number of this field has in files: money two, `int` what the dictionary says. */
export const decimalsOf = (field: Field): number => (field.type === 'money' ? 2 : (field.decimals ?? 0))

/** The text of a source's cell: the column (cast if the file is typed), the constant, or the mapping's word for it. */
export function cellOf(source: FieldSource): string {
  if (source.constant !== null) return `${quoteText(source.constant)}::varchar`
  const column = quoteName(source.column)
  return source.type === 'VARCHAR' ? column : `cast(${column} as varchar)`
}

/** Words of an enum or yes/no field with their ordinals (0 = unknown), first meaning first. */
export function wordsOf(field: Field, dictionary: Dictionary, mapped: Record<string, string>): Map<string, number> {
  const words = new Map<string, number>()
  const add = (word: string, ordinal: number) => words.has(word) || words.set(word, ordinal)
  const plain = new Map<string, number>()
  if (field.type === 'bool') {
    for (const word of yesWords) plain.set(word, 1)
    for (const word of noWords) plain.set(word, 2)
  } else {
    const values = dictionary.enums[field.enum!]?.values ?? []
    for (const say of [
      (v: (typeof values)[number]) => [v.key],
      (v: (typeof values)[number]) => [v.label.zh],
      (v: (typeof values)[number]) => v.aliases,
      (v: (typeof values)[number]) => [v.label.en],
    ]) {
      values.forEach((v, i) => {
        for (const word of say(v)) if (!plain.has(word)) plain.set(word, i + 1)
      })
    }
  }
  for (const [word, meaning] of Object.entries(mapped)) {
    const ordinal = gapWords.includes(meaning) ? 0 : plain.get(meaning)
    if (ordinal !== undefined) add(word, ordinal)
  }
  for (const [word, ordinal] of plain) add(word, ordinal)
  for (const word of gapWords) add(word, 0)
  for (const [word, ordinal] of [...words]) add(plainSigns(word), ordinal)
  return words
}

/** The same change of signs as the macro `cell_text`. */
function plainSigns(text: string): string {
  return [...text]
    .map((c) => (wide.includes(c) ? narrow[[...wide].indexOf(c)]! : c))
    .join('')
    .trim()
}

/** Words become a DuckDB enum type, the fastest look-up there is; `_words_<n>` is dropped when the file is read. */
function wordLookup(type: string, ordinals: readonly number[], x: string): string {
  const code = `enum_code(coalesce(try_cast(${x} as ${type}), case when ${x} is not null then try_cast(cell_text(${x}) as ${type}) end))`
  return `([${ordinals.join(',')}]::smallint[])[${code} + 1]`
}

/** How cells of one field are read; `words` is the DuckDB enum type made for it (enum and bool only). */
export function cellSql(source: FieldSource, words: { type: string; ordinals: number[] } | null): CellSql {
  const { field } = source
  const missing = (x: string, p: string) =>
    `case when ${x} is null then false when ${p} is not null then true else not cell_is_gap(${x}) end`
  const within = (v: string) => (field.range ? `case when ${v} between ${field.range[0]} and ${field.range[1]} then ${v} end` : v)
  switch (field.type) {
    case 'enum':
      return {
        parsed: (x) => wordLookup(words!.type, words!.ordinals, x),
        value: (p) => `nullif(${p}, 0)`,
        flagged: (x, p) => `(${x} is not null and ${p} is null)`,
      }
    case 'bool':
      return {
        parsed: (x) => wordLookup(words!.type, words!.ordinals, x),
        value: (p) => `case ${p} when 1 then true when 2 then false end`,
        flagged: (x, p) => `(${x} is not null and ${p} is null)`,
      }
    case 'int':
    case 'money': {
      const decimals = decimalsOf(field)
      const scale = 10 ** decimals
      const scaled = (p: string) => (decimals === 0 ? `cast(${p} as bigint)` : `cast(round(${p}, ${decimals}) * ${scale} as bigint)`)
      const value = (p: string) => within(decimals === 0 ? `case when ${p} = round(${p}, 0) then ${scaled(p)} end` : scaled(p))
      const { units } = source
      // What is read and still said: rounded or unusual.
      const besides = (p: string) => {
        const cases = [...(decimals > 0 ? [`${p} <> round(${p}, ${decimals})`] : []), ...(field.usual ? [unusual(p, field)] : [])]
        return cases.length ? `(${cases.join(' or ')})` : 'false'
      }
      const long = (x: string) => (units ? unitNumberSql(x, units, decimals) : `cell_number(${x})`)
      const otherUnit = (x: string) => (units && !units.column ? writtenInOtherUnit(x, units) : 'false')
      return {
        parsed: (x) => (units?.column ? columnNumberSql(x, units.column, decimals) : `try_cast(${x} as decimal(18,4))`),
        value,
        flagged: (x, p, v) => `case when ${v} is null then ${missing(x, p)} else ${besides(p)} end`,
        late: { parsed: long, fine: (x, p) => `(${value(p)} is not null and not ${besides(p)} and not ${otherUnit(x)})` },
      }
    }
    case 'date':
      return {
        parsed: (x) => `day_number(cell_day(${x}))`,
        value: within,
        flagged: (x, p, v) => `case when ${v} is null then ${missing(x, p)} else false end`,
      }
    case 'code':
      return { parsed: (x) => `cell_code(${x})`, value: (p) => p, flagged: () => 'false' }
    default:
      return { parsed: (x) => `cell_words(${x})`, value: (p) => p, flagged: () => 'false' }
  }
}

/** Is the number, as written, outside the field's range? */
export function outside(p: string, field: Field): string {
  if (!field.range) return 'false'
  const scale = 10 ** decimalsOf(field)
  return `${p} not between ${field.range[0] / scale} and ${field.range[1] / scale}`
}

/** Is the number inside the field's range and still beyond what is usual? */
export function unusual(p: string, field: Field): string {
  if (!field.usual) return 'false'
  const scale = 10 ** decimalsOf(field)
  return `${p} not between ${field.usual[0] / scale} and ${field.usual[1] / scale}`
}
