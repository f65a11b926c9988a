import { useParams, useSearch } from '@tanstack/react-router'
import { useRun } from '../wire/follow-run.ts'

/** The county the page is about: from the address, else the first of the run. */
export function useArea() {
  const run = useRun()
  const { county: inPath } = useParams({ strict: false }) as { county?: string }
  const { county: inSearch } = useSearch({ strict: false }) as { county?: string }
  const code = inPath ?? inSearch ?? run?.counties[0]?.code ?? ''
  return { code, name: run?.counties.find((county) => county.code === code)?.name ?? code, all: run?.counties ?? [] }
}
