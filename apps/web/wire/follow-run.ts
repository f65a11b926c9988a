import type { OfficeState } from '@fupin/whom/run/web/region.contract.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { base } from './office-base.ts'
import { askRun } from './questions.ts'

const isOver = (run: OfficeState | undefined) => run?.state === 'done' || run?.state === 'failed'

/** The run's state, kept fresh by the server's events until it is over; then every page asks again. */
export function useFollowedRun() {
  const client = useQueryClient()
  const { data } = useQuery(askRun)
  const over = isOver(data)
  const known = data !== undefined
  useEffect(() => {
    if (!known || over) return
    const events = new EventSource(`${base}/api/run/events`)
    events.addEventListener('state', (event) => {
      const run = JSON.parse(event.data) as OfficeState
      client.setQueryData(askRun.queryKey, run)
      if (!isOver(run)) return
      events.close()
      void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'run' })
    })
    return () => events.close()
  }, [client, known, over])
}

/** The run shown; undefined only until the first answer. */
export const useRun = () => useQuery(askRun).data
