import { useQuery } from '@tanstack/react-query'
import { lazyRouteComponent, Navigate } from '@tanstack/react-router'
import { Answer } from '../shell/answer.tsx'
import { askRun } from '../wire/questions.ts'

const RegionPage = lazyRouteComponent(() => import('./region-page.tsx'), 'RegionPage')

/** The first page: a region's figures; for a single run, and while a region's run is worked on, the run. */
export function HomePage() {
  const run = useQuery(askRun)
  return <Answer of={run}>{({ region, state }) => (region && state === 'done' ? <RegionPage /> : <Navigate to="/run" replace />)}</Answer>
}
