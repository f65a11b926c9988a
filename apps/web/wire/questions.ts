import type {
  CountyLine,
  FindingPage,
  HouseholdFile,
  HouseholdPage,
  MapArea,
  Why,
} from '@fupin/whom/identification/identification.contract.ts'
import type { OfficeState } from '@fupin/whom/run/web/region.contract.ts'
import { queryOptions } from '@tanstack/react-query'
import { address, ask } from './ask.ts'

export type Filters = Record<string, string | number | boolean | undefined>

export const askRun = queryOptions({ queryKey: ['run'], queryFn: () => ask<OfficeState>('/api/run') })

export const askLine = (county: string) =>
  queryOptions({
    queryKey: ['line', county],
    queryFn: () => ask<CountyLine>(`/api/lines/${encodeURIComponent(county)}`),
    enabled: county !== '',
  })

export const askHouseholds = (filters: Filters) =>
  queryOptions({ queryKey: ['households', filters], queryFn: () => ask<HouseholdPage>(`/api/households${address(filters)}`) })

export const askHousehold = (id: string) =>
  queryOptions({ queryKey: ['household', id], queryFn: () => ask<HouseholdFile>(`/api/households/${encodeURIComponent(id)}`) })

export const askWhy = (id: string) =>
  queryOptions({ queryKey: ['why', id], queryFn: () => ask<Why>(`/api/households/${encodeURIComponent(id)}/why`) })

export const askMap = (level: 'county' | 'village', county?: string) =>
  queryOptions({
    queryKey: ['map', level, county],
    queryFn: () => ask<MapArea[]>(`/api/map${address({ level, county })}`),
    enabled: level === 'county' || !!county,
  })

export const askFindings = (filters: Filters) =>
  queryOptions({ queryKey: ['findings', filters], queryFn: () => ask<FindingPage>(`/api/findings${address(filters)}`) })
