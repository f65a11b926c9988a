import type { Duck } from '@fupin/platform/database/duckdb.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import { printDate } from '@fupin/rulebook/engine/civil-date.ts'
import type { Text } from '@fupin/rulebook/engine/definition.ts'
import type { CountyRules } from './county-rules.ts'
import type { RunRecord } from './run-record.ts'

/** What explaining needs of a finished run. */
export interface Explaining {
  duck: Duck
  book: Book
  groups: CountyRules[]
  record: RunRecord
  countyName(code: string): string
}

/** How the survey is named as a source, with the day of the visit where it is known. */
export function surveySource(day: number | null): Text {
  return day === null ? { zh: '入户调查', en: 'survey' } : { zh: `入户调查 ${printDate(day)}`, en: `survey, ${printDate(day)}` }
}
