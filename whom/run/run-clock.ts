import type { CountyPart, DepartmentPart } from '@fupin/whom/snapshot/snapshot-manifest.ts'
import type { Chunk } from './plan-chunks.ts'
import type { RunOptions, RunStep } from './run-contract.ts'

const titles: Record<RunStep, { zh: string; en: string }> = {
  compare: { zh: '部门比对', en: 'comparing with departments' },
  chunks: { zh: '评分、否决、划线、名单', en: 'scores, vetoes, lines, lists' },
  totals: { zh: '分级汇总', en: 'totals by area' },
}
/** Work of a row in the comparison, and in the totals, against a household's in the lists: for the time left only. */
const [rowWork, totalWork] = [0.06, 0.08]

/** Tells how far a run is and how long it will still take, by the work done of the work there is. */
export class RunClock {
  private readonly begun = performance.now()
  private readonly of: number
  private readonly compareWork: number
  private readonly work: number
  private worked = 0
  private done = 0

  constructor(
    private readonly options: RunOptions,
    counties: readonly CountyPart[],
    departments: readonly DepartmentPart[],
  ) {
    this.of = counties.reduce((sum, c) => sum + c.households, 0)
    const rows = counties.reduce((sum, c) => sum + c.persons, 0) + departments.reduce((sum, d) => sum + (d.parts.record?.rows ?? 0), 0)
    this.compareWork = rows * rowWork
    this.work = this.compareWork + this.of * (1 + totalWork)
  }

  begin(step: RunStep): void {
    if (step !== 'compare' && this.worked === 0) this.worked = this.compareWork
    if (step === 'totals') this.worked = this.work - this.of * totalWork
    this.tell(step)
  }

  end(chunk: Chunk): void {
    this.done += chunk.households
    this.worked += chunk.households
    this.tell('chunks')
  }

  finish(): void {
    this.worked = this.work
    this.tell('totals')
  }

  private tell(step: RunStep): void {
    const seconds = (performance.now() - this.begun) / 1000
    this.options.onProgress?.({
      step,
      title: titles[step],
      done: this.done,
      of: this.of,
      seconds,
      secondsLeft: this.worked > 0 ? Math.max(0, (seconds / this.worked) * (this.work - this.worked)) : null,
    })
  }
}
