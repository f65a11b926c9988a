import { Failed } from '@fupin/platform/ui/nothing.tsx'
import type { OfficeState } from '@fupin/whom/run/web/region.contract.ts'
import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { Refusal, tellServer } from '../wire/ask.ts'
import { askRun } from '../wire/questions.ts'
import { useWords } from '../words/use-words.ts'

/** Stop the run, or let it go on from where it was; nothing that is done is done twice. */
export function RunDeeds({ run }: { run: OfficeState }) {
  const { w, say } = useWords()
  const client = useQueryClient()
  const [refused, setRefused] = useState<Refusal | null>(null)
  const tell = async (deed: 'stop' | 'go-on') => {
    setRefused(null)
    try {
      client.setQueryData(askRun.queryKey, await tellServer<OfficeState>(`/api/run/${deed}`))
    } catch (error) {
      if (error instanceof Refusal) setRefused(error)
      else throw error
    }
  }
  const deeds = run.region?.deeds ?? { stop: false, goOn: run.within !== undefined && run.state === 'failed' }
  return (
    <>
      {deeds.stop && <Button onClick={() => void tell('stop')}>{w.region.stop}</Button>}
      {run.region?.stopping && <span role="status">{w.region.stopping}</span>}
      {deeds.goOn && (
        <Button type="primary" onClick={() => void tell('go-on')}>
          {run.within ? w.retry : w.region.goOn}
        </Button>
      )}
      {refused && <Failed title={say(refused.said)} />}
    </>
  )
}
