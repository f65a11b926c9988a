import type { AreaSet } from './book.ts'
import type { Cite, Confidence, Text } from './definition.ts'
import type { Place } from './finding.ts'

/** A class that areas can belong to for a time, several at once: 国定贫困县, 片区县, 深度贫困县 (W-002). */
export interface Tag {
  id: string
  title: Text
  level: string
  covers: string[]
  from: number
  to: number | null
  /** How many areas the documents say it has; null where none says. */
  count: number | null
  /** Row of `parameters.csv` that holds the count. */
  figure: string | null
  /** `incomplete`: the names are not, or not all, known. */
  list: 'complete' | 'incomplete'
  members: TagMember[]
  note: Text | null
  cite: Cite
  confidence: Confidence
  /** How sure the dates are, where that is less than the class itself. */
  spanConfidence: Confidence
  at: Place
}

export interface TagMember {
  /** Code of the newest edition of the divisions. */
  area: string
  name: string
  /** Codes it bore before. */
  was: string[]
  from: number
  to: number | null
  exitYear: number | null
  exitPlanned: number | null
  cite: Cite
  confidence: Confidence
}

const holds = (span: { from: number; to: number | null }, day: number): boolean => span.from <= day && (span.to === null || day <= span.to)

/** The tags that an area has on a day, by any code it bears or bore. Tags whose names are not known cannot be told. */
export const tagsOf = (tags: Tag[], area: string, day: number): { tag: Tag; member: TagMember }[] =>
  tags.flatMap((tag) => {
    const member = tag.members.find((m) => (m.area === area || m.was.includes(area)) && holds(m, day))
    return member ? [{ tag, member }] : []
  })

/** The areas that have a tag on a day. */
export const membersOn = (tag: Tag, day: number): TagMember[] => tag.members.filter((m) => holds(m, day))

/** Whether a tag is in force on a day. */
export const inForce = (tag: Tag, day: number): boolean => holds(tag, day)

/** The tag as dated lists of places, one for each span of its members: rules written for the tag hold for its areas on their days. */
export function setsOf(tag: Tag): AreaSet[] {
  const spans = new Map<string, AreaSet>()
  for (const { area, was, from, to } of tag.members) {
    const key = `${from} ${to}`
    const set = spans.get(key) ?? { id: tag.id, title: tag.title, from, to, members: [] }
    set.members.push(area, ...was)
    spans.set(key, set)
  }
  return [...spans.values()]
}
