import { Failed } from '@fupin/platform/ui/nothing.tsx'
import { State } from '@fupin/platform/ui/state.tsx'
import type { OfficeState } from '@fupin/whom/run/web/region.contract.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect } from 'react'
import { RunDeeds } from '../run/run-deeds.tsx'
import { RunInput } from '../run/run-input.tsx'
import { RunResult } from '../run/run-result.tsx'
import { RunSteps } from '../run/run-steps.tsx'
import { Answer } from '../shell/answer.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { useRun } from '../wire/follow-run.ts'
import { askRun } from '../wire/questions.ts'
import { useWords } from '../words/use-words.ts'

const tones = { waiting: 'todo', running: 'todo', done: 'done', failed: 'wrong', stopped: 'ended' } as const

/** The main job: its steps while it counts, its result first when it is over. */
export function RunPage() {
  const answer = useQuery(askRun)
  const { w, say } = useWords()
  const run = useRun()
  useProgressInTab(run)
  return (
    <>
      <PageHead title={run ? say(run.title) : w.pages.run} more={w.run.only} deeds={run?.state === 'done' && <SeeLine run={run} />} />
      <Answer of={answer} rows={10}>
        {(found) => <RunBody run={found} />}
      </Answer>
    </>
  )
}

function RunBody({ run }: { run: OfficeState }) {
  const { w, say } = useWords()
  const over = run.state === 'done'
  return (
    <>
      <p className="run-state">
        <State
          tone={tones[run.state]}
          mark={run.state === 'running' ? '◐' : run.state === 'stopped' ? '‖' : undefined}
          word={w.run.states[run.state]}
        />
        <Spoken run={run} />
        <RunDeeds run={run} />
      </p>
      {run.state === 'stopped' && <p>{w.region.stoppedMeans}</p>}
      {run.problem && <Failed title={say(run.problem)} />}
      {over && <RunResult run={run} />}
      <div className="two-columns">
        <RunSteps run={run} />
        <div>
          {!over && <RunResult run={run} />}
          <RunInput run={run} />
        </div>
      </div>
    </>
  )
}

function SeeLine({ run }: { run: OfficeState }) {
  const { w } = useWords()
  if (run.region)
    return (
      <Link to="/">
        <Button type="primary" tabIndex={-1}>
          {w.region.seeResult}
        </Button>
      </Link>
    )
  const county = run.counties[0]?.code
  return (
    <>
      <Link to="/households">{w.run.seeList}</Link>
      {county && (
        <Link to="/lines/$county" params={{ county }}>
          <Button type="primary" tabIndex={-1}>
            {w.run.seeLine}
          </Button>
        </Link>
      )}
    </>
  )
}

/** One message per step for those who listen, and one at the end. */
function Spoken({ run }: { run: OfficeState }) {
  const { w, say } = useWords()
  const step = run.steps.find((one) => one.state === 'running')
  return (
    <span role="status" className="for-readers">
      {run.state === 'done' ? w.run.over : step ? w.run.stepNow(say(step.title)) : ''}
    </span>
  )
}

function useProgressInTab(run: OfficeState | undefined) {
  const step = run?.state === 'running' ? run.steps.findIndex((one) => one.state === 'running') + 1 : 0
  const of = run?.steps.length ?? 0
  useEffect(() => {
    if (!step) return
    const before = document.title
    document.title = `${step}/${of} ${before.replace(/^\d+\/\d+ /, '')}`
    return () => {
      document.title = document.title.replace(/^\d+\/\d+ /, '')
    }
  }, [step, of])
}
