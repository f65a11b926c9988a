import type { HouseholdPage } from '@fupin/whom/identification/identification.contract.ts'
import { address, ask } from '../wire/ask.ts'
import { base } from '../wire/office-base.ts'

/** The list a household was opened from, so that `[` and `]` walk it and Back returns to the row. */
export interface ListMemory {
  /** The filters and order, as in the address. */
  search: Record<string, string>
  ids: string[]
  /** Number of the first of `ids` in the whole list, from 1. */
  start: number
  total: number
  next: string | null
  previous: string | null
}

const place = `fupin.list${base}`

export const rememberList = (page: HouseholdPage, search: Record<string, string | undefined>, start: number) =>
  keep({
    search: Object.fromEntries(Object.entries(search).filter((pair): pair is [string, string] => !!pair[1])),
    ids: page.rows.map((row) => row.id),
    start,
    total: page.total.households,
    next: page.next,
    previous: page.previous,
  })

export function rememberedList(): ListMemory | null {
  try {
    return JSON.parse(sessionStorage.getItem(place) ?? 'null') as ListMemory | null
  } catch {
    return null
  }
}

/** The household before or after this one in its list, over the page's edge too; null at the ends. */
export async function neighbour(id: string, by: 1 | -1): Promise<string | null> {
  const list = rememberedList()
  const at = list?.ids.indexOf(id) ?? -1
  if (!list || at < 0) return null
  const beside = list.ids[at + by]
  if (beside) return beside
  const after = by === 1 ? list.next : list.previous
  if (!after) return null
  const page = await ask<HouseholdPage>(`/api/households${address({ ...list.search, after })}`)
  rememberList(page, { ...list.search, after }, by === 1 ? list.start + list.ids.length : Math.max(1, list.start - page.rows.length))
  return (by === 1 ? page.rows[0] : page.rows.at(-1))?.id ?? null
}

function keep(list: ListMemory) {
  try {
    sessionStorage.setItem(place, JSON.stringify(list))
  } catch {
    // Without a memory the file page simply has no neighbours.
  }
}
