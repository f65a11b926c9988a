import { useLanguage } from './language.tsx'
import { count, duration } from './numbers.ts'

export interface JobStep {
  id: string
  title: string
  state: 'waiting' | 'running' | 'done' | 'failed'
  done: number
  total: number
  seconds: number | null
  note: string | null
}

const marks = { waiting: '○', running: '◐', done: '✓', failed: '■' }

/** The steps of a job with their counts; the running one has a bar. */
export function JobProgress({
  steps,
  words,
}: {
  steps: JobStep[]
  words: Record<JobStep['state'], string> & { of: (done: string, total: string) => string }
}) {
  const { language } = useLanguage()
  return (
    <ol className="job">
      {steps.map((step, index) => (
        <li key={step.id} className={`job-${step.state}`}>
          <span className="job-mark" title={words[step.state]}>
            <span aria-hidden="true">{marks[step.state]}</span>
            <span className="for-readers">{words[step.state]}</span>
          </span>
          <span className="job-title">
            {index + 1} {step.title}
          </span>
          <span className="job-count">
            {step.state === 'running' && step.total > 1 && (
              <>
                {words.of(count(step.done), count(step.total))}
                <progress value={step.done} max={step.total} aria-label={step.title} />
              </>
            )}
            {step.state === 'running' && step.total <= 1 && <span className="note">{words.running}</span>}
            {step.state === 'waiting' && <span className="note">{words.waiting}</span>}
            {step.note}
          </span>
          <span className="job-time">{step.seconds !== null && duration(step.seconds, language)}</span>
        </li>
      ))}
    </ol>
  )
}
