import { JobProgress } from '@fupin/platform/ui/job-progress.tsx'
import { duration } from '@fupin/platform/ui/numbers.ts'
import type { OfficeState } from '@fupin/whom/run/web/region.contract.ts'
import { base } from '../wire/office-base.ts'
import { useWords } from '../words/use-words.ts'

/** The steps with their counts and the time left; folded once all are done. */
export function RunSteps({ run }: { run: OfficeState }) {
  const { w, say, language } = useWords()
  const steps = (
    <JobProgress
      words={w.run.stepStates}
      steps={run.steps.map((step) => ({ ...step, title: say(step.title), note: step.note && say(step.note) }))}
    />
  )
  const spent = run.steps.reduce((sum, step) => sum + (step.seconds ?? 0), 0)
  return (
    <section className="panel">
      <h2>{w.run.steps}</h2>
      {run.state === 'done' ? (
        <details>
          <summary>{w.run.stepsAll(run.steps.length, duration(spent, language))}</summary>
          {steps}
        </details>
      ) : (
        steps
      )}
      {run.secondsLeft !== null && run.state === 'running' && (
        <p className="note">{w.run.left(duration(Math.max(1, Math.round(run.secondsLeft)), language))}</p>
      )}
      <dl className="facts">
        {run.startedAt && (
          <div>
            <dt>{w.run.started}</dt>
            <dd>{moment(run.startedAt)}</dd>
          </div>
        )}
        {run.finishedAt && (
          <div>
            <dt>{w.run.finished}</dt>
            <dd>{moment(run.finishedAt)}</dd>
          </div>
        )}
        <div>
          <dt>{w.basis.book}</dt>
          <dd className="code digest">{run.book.meaning.replace(/^sha256:/, '')}</dd>
        </div>
      </dl>
      {run.state === 'done' && (
        <a href={`${base}/api/${run.region ? 'region/' : ''}export/run.json`} download="run.json">
          {w.run.recordFile}
        </a>
      )}
    </section>
  )
}

/** A moment to the second in this machine's zone, year first: `2016-01-04 14:05:00`. */
const moment = (iso: string) => new Date(iso).toLocaleString('sv-SE')
