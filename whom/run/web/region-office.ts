import { Duck } from '@fupin/platform/database/duckdb.ts'
import { sentenceOf } from '@fupin/platform/problems/problem.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { Text } from '@fupin/rulebook/engine/definition.ts'
import type { MapArea, MapQuery, Verdict } from '@fupin/whom/identification/identification.contract.ts'
import { type OpenedRun, openRun } from '../open-part.ts'
import type { RunOptions } from '../run-contract.ts'
import type { ComparisonAnswer, MovesPage, MovesQuery } from './comparison.contract.ts'
import { CountyOffice } from './county-office.ts'
import { CountyShelf } from './county-shelf.ts'
import { HouseholdIndex } from './household-index.ts'
import { bookState, runState, waitingState } from './office-state.ts'
import type {
  AreaFigures,
  AreasAnswer,
  CountyLineRow,
  OfficeState,
  RegionHouseholdPage,
  RegionHouseholdQuery,
  RegionScores,
  RunMade,
} from './region.contract.ts'
import { RegionAreas } from './region-areas.ts'
import { RegionExports } from './region-exports.ts'
import { RegionJob, stepTitles } from './region-job.ts'
import { regionScores } from './region-scores.ts'
import { RunComparison } from './run-comparison.ts'
import { runMade } from './run-made.ts'
import { placeName } from './short-name.ts'

export interface RegionOptions {
  book: Book
  title: Text
  /** Folder of a finished run. */
  run?: string
  /** Or a snapshot to run over first; its result goes to `out`. */
  job?: Omit<RunOptions, 'signal' | 'onProgress' | 'book'>
  /** Folder of an earlier run, or of a comparison with one. */
  compare?: string
  /** Counties kept open at a time. */
  keepOpen?: number
}

interface Opened {
  run: OpenedRun
  areas: RegionAreas
  shelf: CountyShelf
  index: Promise<HouseholdIndex>
  exports: RegionExports
  comparison: Promise<RunComparison> | null
}

/** The office of a whole region: its run, which may still have to be made, and everything that can be asked of it. */
export class RegionOffice {
  private readonly listeners = new Set<(state: OfficeState) => void>()
  private readonly job: RegionJob | null
  private opened: Opened | null = null
  private state_: OfficeState
  private readonly counties = new Map<string, CountyOffice>()

  private constructor(
    private readonly duck: Duck,
    private readonly options: RegionOptions,
  ) {
    const { book, job, title } = options
    this.job = job ? new RegionJob({ ...job, book }, () => this.follow()) : null
    this.state_ = waitingState(bookState(book, job?.scorecard, job?.at), title, {
      code: book.root,
      name: placeName(book.root),
      deeds: { stop: false, goOn: false },
      stopping: false,
      compared: options.compare !== undefined,
    })
  }

  static async create(options: RegionOptions): Promise<RegionOffice> {
    return new RegionOffice(await Duck.open({ memory: '512MB' }), options)
  }

  /** Makes the run if there is one to make, then opens it. A problem is kept in the state. */
  async start(): Promise<void> {
    try {
      if (this.job && !(await this.job.start())) return
      await this.open(this.options.run ?? this.options.job!.out)
    } catch (error) {
      this.change({ state: 'failed', problem: sentenceOf(error), secondsLeft: null })
    }
  }

  /** Asks the run to stop. */
  stop(): void {
    this.job?.stop()
  }

  /** Lets a stopped or failed run go on from where it was. */
  goOn(): void {
    if (this.job && (this.job.state.state === 'stopped' || this.job.state.state === 'failed')) void this.start()
  }

  async state(): Promise<OfficeState> {
    return this.state_
  }

  subscribe(listener: (state: OfficeState) => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  /** The region's own area where `code` is null; else the area, or null where the run has none. */
  async area(code: string | null): Promise<AreasAnswer | null> {
    return this.opened?.areas.answer(code ?? this.opened.areas.region.code) ?? null
  }

  async searchAreas(text: string, limit: number): Promise<AreaFigures[] | null> {
    return this.opened?.areas.search(text, limit) ?? null
  }

  async lines(): Promise<readonly CountyLineRow[] | null> {
    return this.opened?.areas.lines ?? null
  }

  async scores(): Promise<RegionScores | null> {
    return this.opened && regionScores(this.duck, this.opened.run, this.opened.areas)
  }

  async households(query: RegionHouseholdQuery): Promise<RegionHouseholdPage | null> {
    return this.opened && (await this.opened.index).page(query)
  }

  async made(): Promise<RunMade | null> {
    return this.opened && runMade(this.duck, this.opened.run)
  }

  /** The earlier run beside this one; null where none was given. @throws Problem where the two cannot be compared. */
  async comparison(): Promise<ComparisonAnswer | null> {
    const { opened } = this
    return opened?.comparison ? (await opened.comparison).answer(opened.areas) : null
  }

  async moves(query: MovesQuery): Promise<MovesPage | null> {
    return this.opened?.comparison ? (await this.opened.comparison).moves(query) : null
  }

  /** The figures of the map: counties of the region, or villages of one county. */
  async map({ level, county }: MapQuery): Promise<MapArea[] | null> {
    const areas = this.opened?.areas
    if (!areas) return null
    if (level === 'county') return areas.counties.map(mapArea)
    return county ? areas.childrenOf(county).flatMap((township) => areas.childrenOf(township.code).map(mapArea)) : []
  }

  async exportFile(name: string, area: string | null): Promise<{ path: string } | null> {
    return this.opened?.exports.file(name, area) ?? null
  }

  /** The office of one county of the run; null where the run has no such county, or is not done. */
  county(code: string): CountyOffice | null {
    const { opened } = this
    const area = opened?.areas.find(code)
    if (!opened || area?.level !== 'county') return null
    const known = this.counties.get(code) ?? new CountyOffice(area, opened.areas, opened.shelf, this.state_)
    this.counties.set(code, known)
    return known
  }

  /** Ends a run that is at work, and closes what is open. */
  async close(): Promise<void> {
    this.stop()
    if (this.opened) {
      await this.opened.shelf.close()
      await this.opened.index.then((index) => index.close()).catch(() => {})
      await this.opened.exports.close()
      await this.opened.comparison?.then((comparison) => comparison.close()).catch(() => {})
    }
    this.duck.close()
  }

  private async open(folder: string): Promise<void> {
    const run = await openRun(folder, this.options.book)
    const areas = await RegionAreas.read(this.duck, run)
    const index = HouseholdIndex.open(run)
    index.catch(() => {})
    const { compare, keepOpen } = this.options
    const comparison = compare === undefined ? null : RunComparison.open(this.duck, run, compare)
    comparison?.catch(() => {})
    this.opened = { run, areas, index, comparison, shelf: new CountyShelf(run, keepOpen), exports: new RegionExports(this.duck, run) }
    this.change(runState(this.state_, run, areas))
  }

  private follow(): void {
    const { state, stopping, steps, startedAt, finishedAt, secondsLeft, problem } = this.job!.state
    this.change({
      // A run that is made must still be opened.
      state: state === 'done' ? 'running' : state,
      steps: steps.map((s) => ({ ...s, title: stepTitles[s.id], note: null })),
      startedAt,
      finishedAt,
      secondsLeft,
      problem,
      region: {
        ...this.state_.region!,
        stopping,
        deeds: { stop: state === 'running' && !stopping, goOn: state === 'stopped' || state === 'failed' },
      },
    })
  }

  private change(next: Partial<OfficeState>): void {
    this.state_ = { ...this.state_, ...next }
    for (const listener of this.listeners) listener(this.state_)
  }
}

const mapArea = (area: AreaFigures): MapArea => {
  const pair = (v: Verdict) => area.verdicts[v]
  return {
    code: area.code,
    name: area.name,
    parent: area.parent?.code ?? '',
    parentName: area.parent?.name ?? '',
    households: area.households,
    persons: area.persons,
    inside: pair('listed'),
    vetoed: pair('vetoed'),
    undecided: pair('undecided'),
    insidePerMille: area.persons ? Math.round((1000 * area.verdicts.listed.persons) / area.persons) : null,
  }
}
