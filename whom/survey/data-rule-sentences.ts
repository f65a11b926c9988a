import { quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Parameter } from '@fupin/rulebook/engine/book.ts'
import { printDate } from '@fupin/rulebook/engine/civil-date.ts'
import type { Dictionary, Entity, Field } from '@fupin/rulebook/engine/dictionary.ts'
import { printScaled } from '@fupin/rulebook/engine/facts.ts'
import type { Type, Value } from '@fupin/rulebook/engine/types.ts'

export type Language = 'zh' | 'en'
const blank = { zh: '未填', en: 'not filled in' }
const yesNo = { zh: ['是', '否'], en: ['yes', 'no'] } as const

/** SQL for a field's value as people write it (`是`, `砖木`, `12.5`, `2015-10-16`, yuan); the word for "not filled in" where it is unknown. */
export function shownValue(field: Field, column: string, dictionary: Dictionary, language: Language): string {
  return `coalesce(${written(field, column, dictionary, language)}, ${quoteText(blank[language])})`
}

/** SQL for a field's value as it would stand in a file; NULL where it is unknown. */
export function written(field: Field, column: string, dictionary: Dictionary, language: Language): string {
  switch (field.type) {
    case 'bool':
      return `case ${column} when true then ${quoteText(yesNo[language][0])} when false then ${quoteText(yesNo[language][1])} end`
    case 'enum': {
      const labels = (dictionary.enums[field.enum!]?.values ?? []).map((v) => quoteText(v.label[language]))
      return `list_extract([${labels.join(', ')}], ${column}::bigint)`
    }
    case 'date':
      return `case when ${column} is not null then printf('%04d-%02d-%02d', ${column} // 10000, ${column} // 100 % 100, ${column} % 100) end`
    case 'money':
      return scaled(column, 2)
    case 'int':
      return scaled(column, field.decimals ?? 0)
    default:
      return `${column}::varchar`
  }
}

function scaled(column: string, decimals: number): string {
  if (decimals === 0) return `${column}::varchar`
  return `case when ${column} is not null then regexp_replace(printf('%.${decimals}f', ${column} / 1${'0'.repeat(decimals)}.0), '\\.?0+$', '') end`
}

/** A parameter's value as it stands in a sentence, without its unit. */
export function parameterText(type: Type, value: Value): string {
  if (type.kind === 'date') return printDate(value as number)
  if (type.kind === 'money') return printScaled(value as number, 2)
  if (type.kind === 'int') return printScaled(value as number, type.decimals)
  return String(value)
}

/** What a `{slot}` of a sentence can be: a field of the level, or a parameter by its resolved value. */
export interface Slots {
  entity: Entity
  dictionary: Dictionary
  /** Alias of the level's table in the statement. */
  alias: string
  parameters: Map<string, { head: Parameter; value: Value }>
}

/** SQL for a rule's sentence, with the values found in place of `{field}` and `{p.parameter}`. */
export function sentenceSql(text: string, language: Language, { entity, dictionary, alias, parameters }: Slots): string {
  const pieces = text.split(/(\{[^{}]+\})/).filter((piece) => piece !== '')
  const sql = pieces.map((piece) => {
    const slot = /^\{(.+)\}$/.exec(piece)?.[1]
    if (slot === undefined) return quoteText(piece)
    const parameter = slot.startsWith('p.') ? parameters.get(slot.slice(2)) : undefined
    if (parameter) return quoteText(parameterText(parameter.head.type, parameter.value))
    const field = entity.fields[slot]
    return field ? shownValue(field, `${alias}.${quoteName(slot)}`, dictionary, language) : quoteText(piece)
  })
  return sql.length === 1 ? sql[0]! : `concat(${sql.join(', ')})`
}
