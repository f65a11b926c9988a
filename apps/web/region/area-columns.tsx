import { count, percent } from '@fupin/platform/ui/numbers.ts'
import { Pair } from '@fupin/platform/ui/pair.tsx'
import type { Column } from '@fupin/platform/ui/record-list.tsx'
import type { AreaFigures } from '@fupin/whom/run/web/region.contract.ts'
import type { ReactNode } from 'react'
import { useWords } from '../words/use-words.ts'
import { AreaLineWords, Deviation, Quota } from './line-words.tsx'

/** An area as it stands in the table: under its parent, or found by name. */
export interface AreaRow {
  area: AreaFigures
  depth: number
  open: boolean | null
}

export const usualAreaColumns = ['name', 'surveyed', 'listed', 'share', 'line', 'quota', 'deviation', 'undecided', 'findings']

/** What each column sorts by. */
export const sortValues: Record<string, (area: AreaFigures) => number | string | null> = {
  name: (a) => a.code,
  surveyed: (a) => a.persons,
  listed: (a) => a.verdicts.listed.persons,
  not_listed: (a) => a.verdicts.not_listed.persons,
  vetoed: (a) => a.verdicts.vetoed.persons,
  undecided: (a) => a.verdicts.undecided.persons,
  out_of_scope: (a) => a.verdicts.out_of_scope.persons,
  share: listedShare,
  line: (a) => a.line?.low ?? null,
  quota: (a) => a.line?.quota ?? null,
  deviation: (a) => a.line?.deviation ?? null,
  band: (a) => a.inBand,
  findings: (a) => (a.findings ? a.findings.errors + a.findings.doubts : null),
}

/** Persons proposed, per cent of the persons surveyed; null where nobody was. */
export function listedShare(area: AreaFigures): number | null {
  return area.persons === 0 ? null : (area.verdicts.listed.persons / area.persons) * 100
}

/** Every column the table of areas can have, in order. */
export function useAreaColumns(name: (row: AreaRow) => ReactNode): Column<AreaRow>[] {
  const { w } = useWords()
  const verdict = (key: keyof AreaFigures['verdicts']): Column<AreaRow> => ({
    key,
    title: w.region.columns[key],
    numeric: true,
    sort: key,
    show: ({ area }) => <Pair {...area.verdicts[key]} />,
  })
  return [
    { key: 'name', title: w.region.columns.name, sort: 'name', show: name },
    { key: 'surveyed', title: w.region.columns.surveyed, numeric: true, sort: 'surveyed', show: ({ area }) => <Pair {...area} /> },
    verdict('listed'),
    {
      key: 'share',
      title: w.region.columns.share,
      numeric: true,
      sort: 'share',
      show: ({ area }) => {
        const value = listedShare(area)
        return value === null ? (
          w.map.noData
        ) : (
          <span title={w.map.of(count(area.verdicts.listed.persons), count(area.persons))}>{percent(value)}</span>
        )
      },
    },
    { key: 'line', title: w.region.columns.line, numeric: true, sort: 'line', show: ({ area }) => <AreaLineWords area={area} short /> },
    { key: 'quota', title: w.region.columns.quota, numeric: true, sort: 'quota', show: ({ area }) => <Quota line={area.line} /> },
    {
      key: 'deviation',
      title: w.region.columns.deviation,
      numeric: true,
      sort: 'deviation',
      show: ({ area }) => <Deviation line={area.line} short />,
    },
    verdict('undecided'),
    verdict('vetoed'),
    verdict('not_listed'),
    verdict('out_of_scope'),
    { key: 'band', title: w.region.columns.band, numeric: true, sort: 'band', show: ({ area }) => count(area.inBand) },
    {
      key: 'findings',
      title: w.region.columns.findings,
      numeric: true,
      sort: 'findings',
      show: ({ area }) =>
        area.findings ? (
          <span
            title={`${w.findings.severity.error} ${count(area.findings.errors)} · ${w.findings.severity.doubt} ${count(area.findings.doubts)}`}
          >
            {count(area.findings.errors + area.findings.doubts)}
          </span>
        ) : (
          <span className="note">{w.region.byCounty}</span>
        ),
    },
  ]
}
