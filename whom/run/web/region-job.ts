import { type Sentence, sentenceOf } from '@fupin/platform/problems/problem.ts'
import type { RunOptions, RunProgress, RunStep } from '../run-contract.ts'
import { runSnapshot } from '../run-snapshot.ts'

/** How often the time that has gone is told, in milliseconds. */
const tickEvery = 500

export const stepTitles: Record<RunStep, Sentence> = {
  compare: { zh: '部门比对', en: 'Compare with departments' },
  chunks: { zh: '评分、否决、划线、名单', en: 'Scores, vetoes, lines, lists' },
  totals: { zh: '分级汇总', en: 'Totals by area' },
}
const order = Object.keys(stepTitles) as RunStep[]

export interface JobState {
  state: 'waiting' | 'running' | 'stopped' | 'done' | 'failed'
  stopping: boolean
  steps: { id: RunStep; state: 'waiting' | 'running' | 'done' | 'failed'; done: number; total: number; seconds: number | null }[]
  startedAt: string | null
  finishedAt: string | null
  secondsLeft: number | null
  problem: Sentence | null
}

const idle: JobState = {
  state: 'waiting',
  stopping: false,
  steps: order.map((id) => ({ id, state: 'waiting', done: 0, total: 0, seconds: null })),
  startedAt: null,
  finishedAt: null,
  secondsLeft: null,
  problem: null,
}

/** A run over a snapshot that a person can watch, stop and let go on; what was done before a stop is not done again. */
export class RegionJob {
  state: JobState = idle
  private stopper = new AbortController()

  constructor(
    private readonly options: Omit<RunOptions, 'signal' | 'onProgress'>,
    private readonly changed: () => void,
  ) {}

  /** Works until done, stopped or failed; gives whether it is done. Does nothing while it is at work or when it is done. */
  async start(): Promise<boolean> {
    if (this.state.state === 'running' || this.state.state === 'done') return this.state.state === 'done'
    this.stopper = new AbortController()
    let told: { at: number; progress: RunProgress } | null = null
    this.change({ ...idle, state: 'running', startedAt: new Date().toISOString() })
    const tick = setInterval(() => {
      if (told) this.tell(told.progress, (performance.now() - told.at) / 1000)
    }, tickEvery)
    try {
      await runSnapshot({
        ...this.options,
        signal: this.stopper.signal,
        onProgress: (progress) => {
          told = { at: performance.now(), progress }
          this.tell(progress, 0)
        },
      })
      this.end('done', { steps: this.state.steps.map((s) => ({ ...s, state: 'done' as const, done: s.total })), secondsLeft: 0 })
    } catch (error) {
      if (this.stopper.signal.aborted) this.end('stopped', { secondsLeft: null })
      else this.end('failed', { problem: sentenceOf(error), secondsLeft: null })
    } finally {
      clearInterval(tick)
    }
    return this.ended === 'done'
  }

  /** Asks the run to stop; it ends after the statement at hand. */
  stop(): void {
    if (this.state.state !== 'running' || this.state.stopping) return
    this.change({ stopping: true })
    this.stopper.abort()
  }

  private ended: JobState['state'] = 'waiting'

  private end(state: 'done' | 'stopped' | 'failed', more: Partial<JobState>): void {
    this.ended = state
    const steps = this.state.steps.map((s) =>
      s.state === 'running' ? { ...s, state: state === 'stopped' ? ('waiting' as const) : ('failed' as const) } : s,
    )
    this.change({ steps, stopping: false, finishedAt: new Date().toISOString(), ...more, state })
  }

  private tell(progress: RunProgress, since: number): void {
    const at = order.indexOf(progress.step)
    this.change({
      steps: this.state.steps.map((step, i) => ({
        ...step,
        state: i < at ? 'done' : i === at ? 'running' : 'waiting',
        done: progress.step === 'chunks' && i === at ? progress.done : i < at ? progress.of : 0,
        total: i === order.indexOf('chunks') ? progress.of : 0,
        seconds: null,
      })),
      secondsLeft: progress.secondsLeft === null ? null : Math.max(1, progress.secondsLeft - since),
    })
  }

  private change(next: Partial<JobState>): void {
    this.state = { ...this.state, ...next }
    this.changed()
  }
}
