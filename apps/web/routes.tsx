import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { HomePage } from './pages/home-page.tsx'
import { OfficeShell } from './shell/office-shell.tsx'
import { OutOfOrder, Unknown } from './shell/stray.tsx'
import { base } from './wire/office-base.ts'

const root = createRootRoute({ notFoundComponent: Unknown, errorComponent: OutOfOrder })
const office = createRoute({ getParentRoute: () => root, id: 'office', component: OfficeShell })

export interface ListSearch {
  county?: string
  township?: string
  village?: string
  verdict?: string
  scoreFrom?: string
  scoreTo?: string
  band?: string
  gaps?: string
  leads?: string
  class?: string
  text?: string
  sort?: string
  after?: string
  /** Number of the first row shown, for people; paging itself goes by `after`. */
  start?: string
}
export interface MapSearch {
  county?: string
  indicator?: string
  township?: string
}
export interface AreaSearch {
  area?: string
  /** Codes of the areas whose children are shown. */
  open?: string
  text?: string
  sort?: string
  view?: string
}
export interface LinesSearch {
  text?: string
  sort?: string
}
export interface RegionListSearch {
  text?: string
  area?: string
  verdict?: string
  after?: string
  start?: string
}
export interface CompareSearch {
  move?: string
  why?: string
  county?: string
  after?: string
  start?: string
}
export interface FindingSearch {
  severity?: string
  code?: string
  after?: string
  start?: string
}

/** Filters live in the address as plain words: `?verdict=undecided&scoreFrom=55`. */
const only =
  <Search extends object>(...names: (keyof Search & string)[]) =>
  (search: Record<string, unknown>) =>
    Object.fromEntries(
      names.filter((name) => search[name] !== undefined && search[name] !== '').map((name) => [name, String(search[name])]),
    ) as Search

const listSearch = only<ListSearch>(
  'county',
  'township',
  'village',
  'verdict',
  'scoreFrom',
  'scoreTo',
  'band',
  'gaps',
  'leads',
  'class',
  'text',
  'sort',
  'after',
  'start',
)

const pages = [
  createRoute({
    getParentRoute: () => office,
    path: '/',
    validateSearch: only<AreaSearch>('area', 'open', 'text', 'sort', 'view'),
    component: HomePage,
  }),
  createRoute({
    getParentRoute: () => office,
    path: '/region/lines',
    validateSearch: only<LinesSearch>('text', 'sort'),
    component: lazyRouteComponent(() => import('./pages/region-lines-page.tsx'), 'RegionLinesPage'),
  }),
  createRoute({
    getParentRoute: () => office,
    path: '/region/scores',
    component: lazyRouteComponent(() => import('./pages/region-scores-page.tsx'), 'RegionScoresPage'),
  }),
  createRoute({
    getParentRoute: () => office,
    path: '/region/households',
    validateSearch: only<RegionListSearch>('text', 'area', 'verdict', 'after', 'start'),
    component: lazyRouteComponent(() => import('./pages/region-households-page.tsx'), 'RegionHouseholdsPage'),
  }),
  createRoute({
    getParentRoute: () => office,
    path: '/region/compare',
    validateSearch: only<CompareSearch>('move', 'why', 'county', 'after', 'start'),
    component: lazyRouteComponent(() => import('./pages/compare-page.tsx'), 'ComparePage'),
  }),
  createRoute({
    getParentRoute: () => office,
    path: '/region/made',
    component: lazyRouteComponent(() => import('./pages/made-page.tsx'), 'MadePage'),
  }),
  createRoute({
    getParentRoute: () => office,
    path: '/run',
    component: lazyRouteComponent(() => import('./pages/run-page.tsx'), 'RunPage'),
  }),
  createRoute({
    getParentRoute: () => office,
    path: '/lines/$county',
    component: lazyRouteComponent(() => import('./pages/line-page.tsx'), 'LinePage'),
  }),
  createRoute({
    getParentRoute: () => office,
    path: '/households',
    validateSearch: listSearch,
    component: lazyRouteComponent(() => import('./pages/households-page.tsx'), 'HouseholdsPage'),
  }),
  createRoute({
    getParentRoute: () => office,
    path: '/households/$id',
    component: lazyRouteComponent(() => import('./pages/household-page.tsx'), 'HouseholdPage'),
  }),
  createRoute({
    getParentRoute: () => office,
    path: '/map',
    validateSearch: only<MapSearch>('county', 'indicator', 'township'),
    component: lazyRouteComponent(() => import('./pages/map-page.tsx'), 'MapPage'),
  }),
  createRoute({
    getParentRoute: () => office,
    path: '/findings',
    validateSearch: only<FindingSearch>('severity', 'code', 'after', 'start'),
    component: lazyRouteComponent(() => import('./pages/findings-page.tsx'), 'FindingsPage'),
  }),
] as const

const papers = [
  createRoute({
    getParentRoute: () => root,
    path: '/households-print',
    validateSearch: listSearch,
    component: lazyRouteComponent(() => import('./pages/list-paper.tsx'), 'ListPaper'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/households/$id/print',
    component: lazyRouteComponent(() => import('./pages/family-paper.tsx'), 'FamilyPaper'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/lines/$county/print',
    component: lazyRouteComponent(() => import('./pages/scores-paper.tsx'), 'ScoresPaper'),
  }),
] as const

export const router = createRouter({
  basepath: base || '/',
  routeTree: root.addChildren([office.addChildren(pages), ...papers]),
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(
      Object.entries(search)
        .filter(([, value]) => value !== undefined && value !== '')
        .map(([key, value]) => [key, String(value)]),
    ).toString()
    return text ? `?${text}` : ''
  },
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
