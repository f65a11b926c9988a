import type {
  CountyLine,
  FindingPage,
  FindingQuery,
  HouseholdFile,
  HouseholdPage,
  HouseholdQuery,
  MapArea,
  MapQuery,
  Why,
} from '@fupin/whom/identification/identification.contract.ts'
import type { OfficeState } from '@fupin/whom/run/web/region.contract.ts'

/** A file of the run that a person may take away: where it lies on this machine. */
export interface RunFile {
  path: string
}

/**
 * What the office reads of one run, or of one county of a run. The server only carries these answers to the browser; `null` = there is none
 * (not computed yet, or no such county, household, file).
 */
export interface RunSource {
  state(): Promise<OfficeState>
  line(county: string): Promise<CountyLine | null>
  households(query: HouseholdQuery): Promise<HouseholdPage | null>
  household(id: string): Promise<HouseholdFile | null>
  why(id: string): Promise<Why | null>
  map(query: MapQuery): Promise<MapArea[] | null>
  findings(query: FindingQuery): Promise<FindingPage | null>
  /** Calls the listener at each change of the run's state, until the returned function is called. */
  subscribe(listener: (state: OfficeState) => void): () => void
  /** A file of the output folder by its name, as `list.xlsx`. */
  exportFile(name: string): Promise<RunFile | null>
  /** Stops the work, where it can be stopped. */
  stop?(): void
  /** Lets stopped or failed work go on. */
  goOn?(): void
}
