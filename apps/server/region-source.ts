import type { MapArea, MapQuery } from '@fupin/whom/identification/identification.contract.ts'
import type { ComparisonAnswer, MovesPage, MovesQuery } from '@fupin/whom/run/web/comparison.contract.ts'
import type {
  AreaFigures,
  AreasAnswer,
  CountyLineRow,
  OfficeState,
  RegionHouseholdPage,
  RegionHouseholdQuery,
  RegionScores,
  RunMade,
} from '@fupin/whom/run/web/region.contract.ts'
import type { RunFile, RunSource } from './run-source.ts'

/** What the office reads of a run over a region; `null` = not computed yet, or there is no such area or file. */
export interface RegionSource {
  state(): Promise<OfficeState>
  subscribe(listener: (state: OfficeState) => void): () => void
  stop(): void
  goOn(): void
  /** An area with those directly below; the region itself where the code is null. */
  area(code: string | null): Promise<AreasAnswer | null>
  /** Areas by part of their name or the beginning of their code. */
  searchAreas(text: string, limit: number): Promise<AreaFigures[] | null>
  lines(): Promise<readonly CountyLineRow[] | null>
  scores(): Promise<RegionScores | null>
  households(query: RegionHouseholdQuery): Promise<RegionHouseholdPage | null>
  made(): Promise<RunMade | null>
  /** The earlier run beside this one, where one was given. */
  comparison(): Promise<ComparisonAnswer | null>
  moves(query: MovesQuery): Promise<MovesPage | null>
  map(query: MapQuery): Promise<MapArea[] | null>
  /** A table of the region, or of the area within it, made when it is asked for. */
  exportFile(name: string, within: string | null): Promise<RunFile | null>
  /** One county of the run, as a run of its own. */
  county(code: string): RunSource | null
}
