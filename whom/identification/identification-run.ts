import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Duck } from '@fupin/platform/database/duckdb.ts'
import { sentenceOf } from '@fupin/platform/problems/problem.ts'
import { readDivisions } from '@fupin/platform/regions/divisions.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import { printDate } from '@fupin/rulebook/engine/civil-date.ts'
import type { Text } from '@fupin/rulebook/engine/definition.ts'
import { meaningOfBook } from '@fupin/rulebook/engine/meaning.ts'
import { resolveParameter } from '@fupin/rulebook/engine/resolve.ts'
import { areaFigures } from './area-figures.ts'
import { classWords } from './class-words.ts'
import { countyLine } from './county-line.ts'
import { rulesOf } from './county-rules.ts'
import type { Explaining } from './explaining.ts'
import { findingPage, orderFindings } from './findings.queries.ts'
import { householdFile } from './household-file.ts'
import { householdPage } from './households.queries.ts'
import type {
  CountyLine,
  FindingPage,
  FindingQuery,
  HouseholdFile,
  HouseholdPage,
  HouseholdQuery,
  MapArea,
  MapQuery,
  RunState,
  Verdict,
  Why,
} from './identification.contract.ts'
import { type Identified, type IdentifyOptions, identify, type Step, type StepId, usualBand } from './identify.ts'
import { placeNames } from './place-names.ts'
import { whyOf } from './why.ts'

/** How often progress is told, in milliseconds. */
const progressEvery = 400

/** The steps of the job; `weight` is the share of time each usually takes. */
const steps: { id: StepId; title: Text; weight: number }[] = [
  { id: 'read', weight: 40, title: { zh: '取数与校验', en: 'Read and check' } },
  { id: 'compare', weight: 20, title: { zh: '部门比对', en: 'Compare with departments' } },
  { id: 'score', weight: 16, title: { zh: '评分与否决', en: 'Scores and vetoes' } },
  { id: 'line', weight: 1, title: { zh: '划线', en: 'Draw the lines' } },
  { id: 'list', weight: 6, title: { zh: '名单与理由', en: 'List and reasons' } },
  { id: 'write', weight: 17, title: { zh: '写出', en: 'Write' } },
]

/** One run of the main job and all that can be asked of it: its state while it works, its lists and reasons when it is done. */
export class IdentificationRun {
  private readonly listeners = new Set<(state: RunState) => void>()
  private current: RunState
  private done: { result: Identified; explaining: Explaining } | null = null

  constructor(
    private readonly duck: Duck,
    private readonly options: IdentifyOptions & { title: Text; demo: boolean },
  ) {
    this.current = waiting(options)
  }

  /** Runs the job to its end; a problem is kept in the state, with its sentence. */
  async start(): Promise<void> {
    const begun = Date.now()
    const watch = setInterval(() => this.progress(begun), progressEvery)
    this.change({ state: 'running', startedAt: new Date(begun).toISOString() })
    try {
      const result = await identify(this.duck, {
        ...this.options,
        onStep: (step) => this.step(step),
        onRead: ({ households, persons, findings }) =>
          this.change({ input: { ...this.current.input, households, persons, findings: findings.errors + findings.doubts } }),
      })
      await placeNames(this.duck)
      await orderFindings(this.duck)
      const { book } = this.options
      this.done = {
        result,
        explaining: { duck: this.duck, book, groups: result.groups, record: result.record, countyName: (code) => areaName(code) },
      }
      this.change({ ...finished(result), state: 'done', finishedAt: new Date().toISOString(), secondsLeft: 0 })
    } catch (error) {
      const { zh, en } = sentenceOf(error)
      this.change({
        state: 'failed',
        finishedAt: new Date().toISOString(),
        problem: { zh, en },
        steps: this.current.steps.map((s) => (s.state === 'running' ? { ...s, state: 'failed' } : s)),
      })
    } finally {
      clearInterval(watch)
    }
  }

  async state(): Promise<RunState> {
    return this.current
  }

  subscribe(listener: (state: RunState) => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  async line(county: string): Promise<CountyLine | null> {
    const drawn = this.done?.result.drawn.find((d) => d.county === county)
    const rules = drawn && rulesOf(this.done!.result.groups, county)
    return drawn && rules ? countyLine(this.duck, rules, drawn, areaName(county), this.options.bandPoints ?? usualBand) : null
  }

  async households(query: HouseholdQuery): Promise<HouseholdPage | null> {
    return this.done && householdPage(this.duck, query, this.options.book.dictionary, classWords(this.done.result.groups[0]!))
  }

  async household(id: string): Promise<HouseholdFile | null> {
    return this.done && householdFile(this.done.explaining, id)
  }

  async why(id: string): Promise<Why | null> {
    return this.done && whyOf(this.done.explaining, id)
  }

  async map(query: MapQuery): Promise<MapArea[] | null> {
    return this.done && areaFigures(this.duck, query)
  }

  async findings(query: FindingQuery): Promise<FindingPage | null> {
    return this.done && findingPage(this.duck, query)
  }

  /** A file of the output folder; null for anything that is not one of its own files. */
  async exportFile(name: string): Promise<{ path: string } | null> {
    if (name !== basename(name) || !this.done) return null
    const path = join(this.options.out, name)
    return (await stat(path).catch(() => null))?.isFile() ? { path } : null
  }

  private step({ id, state, seconds, note }: Step): void {
    const households = this.current.input.households
    this.change({
      steps: this.current.steps.map((s) =>
        s.id === id
          ? { ...s, state, seconds: state === 'done' ? seconds : null, note, done: state === 'done' ? households : 0, total: households }
          : s,
      ),
    })
  }

  /** How far the running step is, as the database tells it, and the time left by the usual share of each step. */
  private progress(begun: number): void {
    const running = this.current.steps.find((s) => s.state === 'running')
    if (!running) return
    const share = Math.min(1, Math.max(0, this.duck.percentDone / 100))
    const total = this.current.input.households
    const spent = steps.reduce(
      (sum, { id, weight }) =>
        sum + (this.current.steps.find((s) => s.id === id)?.state === 'done' ? weight : id === running.id ? weight * share : 0),
      0,
    )
    const whole = steps.reduce((sum, { weight }) => sum + weight, 0)
    const seconds = (Date.now() - begun) / 1000
    this.change({
      steps: this.current.steps.map((s) => (s.id === running.id ? { ...s, done: Math.round(total * share), total } : s)),
      secondsLeft: spent > 0 ? (seconds / spent) * (whole - spent) : null,
    })
  }

  private change(next: Partial<RunState>): void {
    this.current = { ...this.current, ...next }
    for (const listener of this.listeners) listener(this.current)
  }
}

function waiting({ book, at, scorecard, title, demo }: IdentifyOptions & { title: Text; demo: boolean }): RunState {
  const id = scorecard ?? book.identify?.scorecard ?? ''
  return {
    id: '',
    state: 'waiting',
    demo,
    title,
    book: {
      id: book.id,
      title: book.title,
      meaning: meaningOfBook(book),
      scorecard: id,
      scorecardTitle: book.definitions.find((d) => d.id === id)?.title ?? { zh: id, en: id },
      asOf: printDate(at ?? book.referenceDate),
      place: book.root,
    },
    shareClasses: shareClasses(book, at ?? book.referenceDate),
    defaults: { ids: 0, of: 0 },
    input: { households: 0, persons: 0, findings: 0, departments: [] },
    steps: steps.map(({ id: step, title: words }) => ({
      id: step,
      title: words,
      state: 'waiting',
      done: 0,
      total: 0,
      seconds: null,
      note: null,
    })),
    counts: null,
    startedAt: null,
    finishedAt: null,
    secondsLeft: null,
    problem: null,
    counties: [],
  }
}

function finished({ record, drawn }: Identified): Partial<RunState> {
  const none = { households: 0, persons: 0 }
  const verdicts: Verdict[] = ['listed', 'not_listed', 'vetoed', 'undecided', 'out_of_scope']
  return {
    id: record.id,
    demo: record.made_up,
    defaults: { ids: record.defaults.rules, of: record.defaults.of },
    input: {
      households: record.counts.households,
      persons: record.counts.persons,
      findings: record.counts.errors + record.counts.doubts,
      departments: record.departments.map((d) => ({
        id: d.list,
        title: d.title,
        state: d.state,
        rows: d.rows,
        asOf: d.asOf === null ? null : printDate(d.asOf),
      })),
    },
    counts: Object.fromEntries(verdicts.map((v) => [v, record.counts.verdicts[v] ?? none])) as RunState['counts'],
    counties: drawn.map(({ county }) => ({ code: county, name: areaName(county) })),
  }
}

/** A county's name as people know it; its code where the divisions do not have it. */
const areaName = (code: string): string => readDivisions().find(code)?.name ?? code

/** The book's `share_class_1`, `share_class_2` ... in order, as far as it has them. */
function shareClasses(book: Book, at: number): number[] {
  const limits: number[] = []
  for (let i = 1; ; i++) {
    const found = resolveParameter(book, `share_class_${i}`, book.root, { at })
    if ('why' in found || typeof found.value.value !== 'number') return limits
    limits.push(found.value.value)
  }
}
