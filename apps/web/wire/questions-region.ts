import type { ComparisonAnswer, MovesPage } from '@fupin/whom/run/web/comparison.contract.ts'
import type {
  AreaFigures,
  AreasAnswer,
  CountyLineRow,
  RegionHouseholdPage,
  RegionScores,
  RunMade,
} from '@fupin/whom/run/web/region.contract.ts'
import { queryOptions } from '@tanstack/react-query'
import { address, ask } from './ask.ts'
import type { Filters } from './questions.ts'

export const askAreas = (area: string | undefined) =>
  queryOptions({ queryKey: ['areas', area ?? ''], queryFn: () => ask<AreasAnswer>(`/api/region/areas${address({ area })}`) })

export const askAreaSearch = (text: string) =>
  queryOptions({
    queryKey: ['area-search', text],
    queryFn: () => ask<AreaFigures[]>(`/api/region/search${address({ text })}`),
    enabled: text !== '',
  })

export const askRegionLines = queryOptions({ queryKey: ['region-lines'], queryFn: () => ask<CountyLineRow[]>('/api/region/lines') })

export const askRegionScores = queryOptions({ queryKey: ['region-scores'], queryFn: () => ask<RegionScores>('/api/region/scores') })

export const askRegionHouseholds = (filters: Filters) =>
  queryOptions({
    queryKey: ['region-households', filters],
    queryFn: () => ask<RegionHouseholdPage>(`/api/region/households${address(filters)}`),
  })

export const askComparison = queryOptions({ queryKey: ['comparison'], queryFn: () => ask<ComparisonAnswer>('/api/region/compare') })

export const askMoves = (filters: Filters) =>
  queryOptions({ queryKey: ['moves', filters], queryFn: () => ask<MovesPage>(`/api/region/moves${address(filters)}`) })

export const askMade = queryOptions({ queryKey: ['made'], queryFn: () => ask<RunMade>('/api/region/made') })
