import type { TableColumn } from '@fupin/platform/exchange/table.ts'
import { headerForm } from './header-names.ts'

/** Columns by which exports of ODK Central, ODK Briefcase and KoboToolbox tie the rows of a repeat to their submission: its own, and the repeat's. */
const ties: readonly { parent: string; child: string }[] = [
  { parent: 'KEY', child: 'PARENT_KEY' },
  { parent: '_id', child: '_submission__id' },
  { parent: '_uuid', child: '_submission__uuid' },
  { parent: '_index', child: '_parent_index' },
  { parent: 'meta/instanceID', child: '_submission__uuid' },
]

/** How rows of a repeat find their household: a column of each file. */
export interface Tie {
  parent: string
  child: string
}

/** The columns that tie two files together, as the files write them; null where there are none. */
export function tieOf(parent: readonly string[], child: readonly string[]): Tie | null {
  const find = (columns: readonly string[], wanted: string) => columns.find((c) => headerForm(c) === headerForm(wanted))
  for (const tie of ties) {
    const found = { parent: find(parent, tie.parent), child: find(child, tie.child) }
    if (found.parent !== undefined && found.child !== undefined) return { parent: found.parent, child: found.child }
  }
  return null
}

/** Is this the file of a repeat: does it name a submission that it belongs to? */
export const belongsToAnother = (columns: readonly string[]): boolean =>
  columns.some((c) => ties.some((tie) => headerForm(c) === headerForm(tie.child)))

/** Repeats that stand as numbered columns of the households' file: `members[1]/name` or `name_1`. */
export interface WideRepeat {
  /** `members` of `group/members[1]/name`; '' for columns that only end in a number. */
  name: string
  /** The name of a column without its number: the columns in the order of their numbers. */
  fields: Map<string, Map<number, string>>
  /** Highest number. */
  most: number
}

/** All repeats among the columns of a file. Columns in `taken` mean something by themselves. */
export function wideRepeats(columns: readonly TableColumn[], taken: ReadonlySet<string>): WideRepeat[] {
  const found = new Map<string, WideRepeat>()
  const add = (repeat: string, field: string, number: number, column: string) => {
    const one = found.get(repeat) ?? { name: repeat, fields: new Map<string, Map<number, string>>(), most: 0 }
    found.set(repeat, one)
    const numbered = one.fields.get(field) ?? new Map<number, string>()
    one.fields.set(field, numbered.set(number, column))
    one.most = Math.max(one.most, number)
  }
  for (const { name } of columns) {
    const indexed = /^(?:.*\/)?([^/[\]]+)\[(\d{1,3})\][/.](.+)$/.exec(name)
    const numbered = /^(.*?[^\d_])_?(\d{1,3})$/.exec(name)
    if (indexed && Number(indexed[2]) > 0) add(indexed[1]!, indexed[3]!, Number(indexed[2]), name)
    else if (numbered && Number(numbered[2]) > 0 && !taken.has(name)) add('', numbered[1]!, Number(numbered[2]), name)
  }
  return [...found.values()]
}
