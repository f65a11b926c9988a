import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ListSearch } from '../routes.tsx'

/** The filters as they stand in the address, and the way to change some; a change begins again at the first row. */
export function useListSearch() {
  const search: ListSearch = useSearch({ from: '/office/households' })
  const navigate = useNavigate()
  const go = (next: ListSearch, replace = false) => void navigate({ to: '/households', search: next, replace, resetScroll: false })
  return {
    search,
    change: (some: Partial<ListSearch>) => go({ ...search, ...some, after: undefined, start: undefined }, true),
    page: (after: string, start: number) => go({ ...search, after, start: String(start) }),
    clear: () => go(search.county ? { county: search.county } : {}),
  }
}
