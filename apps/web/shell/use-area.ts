import { useParams, useSearch } from '@tanstack/react-router'
import { useRun } from '../wire/follow-run.ts'
import { useWords } from '../words/use-words.ts'

/** Stands in the address of the line page where no county is chosen. */
export const noCounty = '-'

/** The county the page is about: from the address, else the only one of the run; with several, all of them (code empty). */
export function useArea() {
  const run = useRun()
  const { w } = useWords()
  const { county: inPath } = useParams({ strict: false }) as { county?: string }
  const { county: inSearch } = useSearch({ strict: false }) as { county?: string }
  const all = run?.counties ?? []
  const chosen = inPath === noCounty ? undefined : (inPath ?? inSearch)
  const code = chosen ?? (all.length === 1 ? all[0]!.code : '')
  const whole = run?.region?.name ?? (all.length ? w.counties(all.length) : '')
  const name = code ? (all.find((county) => county.code === code)?.name ?? code) : whole
  return { code, name, all }
}
