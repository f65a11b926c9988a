import { useSyncExternalStore } from 'react'

const narrow = '(max-width: 767.9px)'
const folded = '(max-width: 1199.9px)'

const useMedia = (query: string) =>
  useSyncExternalStore(
    (changed) => {
      const media = window.matchMedia(query)
      media.addEventListener('change', changed)
      return () => media.removeEventListener('change', changed)
    },
    () => window.matchMedia(query).matches,
  )

/** A telephone's width: one column, record cards instead of tables. */
export const useNarrow = () => useMedia(narrow)

/** Too narrow for menu and content side by side. */
export const useFolded = () => useMedia(folded)
