import type { Said } from '@fupin/platform/ui/language.tsx'
import type { CountyLine, MapArea, Verdict } from '@fupin/whom/identification/identification.contract.ts'
import type { ListSearch } from '../routes.tsx'
import type { Words } from '../words/zh.ts'

export interface ActiveFilter {
  label: string
  /** The change that takes it off. */
  off: Partial<ListSearch>
}

/** The filters of an address in words, in the order of the filter bar. */
export function activeFilters(
  search: ListSearch,
  w: Words,
  names: { villages: MapArea[]; classes: CountyLine['classes'] },
  say: (text: Said) => string,
): ActiveFilter[] {
  const on: ActiveFilter[] = []
  const add = (label: string | undefined, off: Partial<ListSearch>) => label && on.push({ label, off })
  const { villages, classes } = names
  add(search.text && w.list.text(search.text), { text: undefined })
  for (const verdict of search.verdict?.split(',') ?? []) {
    const rest = search.verdict!.split(',').filter((other) => other !== verdict)
    add(w.verdict[verdict as Verdict] ?? verdict, { verdict: rest.join(',') || undefined })
  }
  if (search.scoreFrom || search.scoreTo)
    add(w.list.scoreRange(search.scoreFrom, search.scoreTo), { scoreFrom: undefined, scoreTo: undefined })
  add(search.township && (villages.find((one) => one.parent === search.township)?.parentName ?? search.township), {
    township: undefined,
    village: undefined,
  })
  add(search.village && (villages.find((one) => one.code === search.village)?.name ?? search.village), { village: undefined })
  const chosen = classes.find((one) => one.id === search.class)
  add(search.class && (chosen ? say(chosen.title) : search.class), { class: undefined })
  add(search.band === 'true' ? w.list.band : undefined, { band: undefined })
  add(search.gaps && (search.gaps === 'true' ? w.list.gaps : w.list.noGaps), { gaps: undefined })
  add(search.leads && (search.leads === 'true' ? w.list.leads : w.list.noLeads), { leads: undefined })
  return on
}
