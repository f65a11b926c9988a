import type {
  CountyLine,
  FindingPage,
  FindingQuery,
  HouseholdFile,
  HouseholdPage,
  HouseholdQuery,
  MapArea,
  MapQuery,
  Verdict,
  Why,
} from '@fupin/whom/identification/identification.contract.ts'
import type { CountyShelf } from './county-shelf.ts'
import type { AreaFigures, OfficeState } from './region.contract.ts'
import type { RegionAreas } from './region-areas.ts'

/** How often the opening of a county is told, in milliseconds. */
const tickEvery = 300

/**
 * The office of one county of a region's run: the same questions and answers as a run of this county alone. The county is laid open at
 * the first question and may be put away again when others are asked for; the next question opens it again.
 */
export class CountyOffice {
  private readonly listeners = new Set<(state: OfficeState) => void>()
  private watch: ReturnType<typeof setInterval> | null = null

  constructor(
    private readonly area: AreaFigures,
    private readonly areas: RegionAreas,
    private readonly shelf: CountyShelf,
    private readonly region: OfficeState,
  ) {
    shelf.subscribe(area.code, () => this.tell())
  }

  /** The county's figures, which stand at once, and how far its opening is. Asking begins to open it. */
  async state(): Promise<OfficeState> {
    if (this.shelf.opening(this.area.code).state === 'waiting') this.shelf.start(this.area.code)
    return this.now()
  }

  /** Calls the listener at each change of the county's opening, until the returned function is called. */
  subscribe(listener: (state: OfficeState) => void): () => void {
    this.listeners.add(listener)
    this.watch ??= setInterval(() => this.tell(), tickEvery)
    return () => {
      this.listeners.delete(listener)
      if (this.listeners.size === 0 && this.watch) {
        clearInterval(this.watch)
        this.watch = null
      }
    }
  }

  /** Tries again to open a county that could not be opened. */
  goOn(): void {
    if (this.shelf.opening(this.area.code).state === 'failed') this.shelf.start(this.area.code)
  }

  line(county: string): Promise<CountyLine | null> {
    return this.shelf.use(this.area.code, (opened) => opened.line(county))
  }

  households(query: HouseholdQuery): Promise<HouseholdPage | null> {
    return this.shelf.use(this.area.code, (opened) => opened.households(query))
  }

  household(id: string): Promise<HouseholdFile | null> {
    return this.shelf.use(this.area.code, (opened) => opened.household(id))
  }

  why(id: string): Promise<Why | null> {
    return this.shelf.use(this.area.code, (opened) => opened.why(id))
  }

  map(query: MapQuery): Promise<MapArea[] | null> {
    return this.shelf.use(this.area.code, (opened) => opened.map(query))
  }

  findings(query: FindingQuery): Promise<FindingPage | null> {
    return this.shelf.use(this.area.code, (opened) => opened.findings(query))
  }

  exportFile(name: string): Promise<{ path: string } | null> {
    return this.shelf.use(this.area.code, (opened) => opened.exportFile(name))
  }

  private now(): OfficeState {
    const { area } = this
    const { region: _region, ...run } = this.region
    const { state, expected, seconds, problem } = this.shelf.opening(area.code)
    const done = state === 'done' ? area.households : Math.floor(area.households * Math.min(0.97, seconds / expected))
    return {
      ...run,
      state,
      title: { zh: `${area.name}：${run.title.zh}的一部分`, en: `${area.name}, part of ${run.title.en}` },
      input: { ...run.input, households: area.households, persons: area.persons, findings: area.findings!.errors + area.findings!.doubts },
      steps: [{ id: 'open', title: opening, state, done, total: area.households, seconds: state === 'done' ? seconds : null, note: null }],
      counts: Object.fromEntries(Object.keys(area.verdicts).map((v) => [v, area.verdicts[v as Verdict]])) as OfficeState['counts'],
      secondsLeft: state === 'running' ? Math.max(0, expected - seconds) : state === 'done' ? 0 : null,
      problem,
      counties: [{ code: area.code, name: area.name }],
      within: {
        code: this.areas.region.code,
        name: this.areas.region.name,
        city: area.parent,
        counties: this.areas.counties.map(({ code, name }) => ({ code, name })),
      },
    }
  }

  private tell(): void {
    const state = this.now()
    for (const listener of this.listeners) listener(state)
  }
}

const opening = {
  zh: '按快照和规则簿重算本县，并与运行结果逐户核对',
  en: 'Computing the county again from snapshot and book, and checking each household against the run',
}
