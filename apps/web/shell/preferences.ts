import type { Language } from '@fupin/platform/ui/language.tsx'
import { useSyncExternalStore } from 'react'

/** What one person likes, kept in this browser. */
export interface Preferences {
  language: Language
  elder: boolean
  lettersOff: boolean
  density: 'usual' | 'dense' | 'wide'
  /** Keys of the columns shown in the register; null = the usual ones. */
  columns: string[] | null
  /** Keys of the columns shown in the table of areas; null = the usual ones. */
  areaColumns: string[] | null
}

const place = 'fupin.preferences'
const usual: Preferences = { language: 'zh', elder: false, lettersOff: false, density: 'usual', columns: null, areaColumns: null }

let current = read()
const listeners = new Set<() => void>()

/** The preferences and the way to change some of them. */
export function usePreferences() {
  const preferences = useSyncExternalStore(
    (changed) => {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    () => current,
  )
  return { preferences, prefer }
}

function prefer(change: Partial<Preferences>) {
  current = { ...current, ...change }
  try {
    localStorage.setItem(place, JSON.stringify(current))
  } catch {
    // A browser that keeps nothing still shows the page; the choice lasts until it is closed.
  }
  for (const changed of listeners) changed()
}

function read(): Preferences {
  try {
    return { ...usual, ...(JSON.parse(localStorage.getItem(place) ?? '{}') as Partial<Preferences>) }
  } catch {
    return usual
  }
}
