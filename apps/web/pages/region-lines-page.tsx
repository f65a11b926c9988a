import { count, difference } from '@fupin/platform/ui/numbers.ts'
import { Pair } from '@fupin/platform/ui/pair.tsx'
import { type Column, RecordList } from '@fupin/platform/ui/record-list.tsx'
import { Unknown } from '@fupin/platform/ui/state.tsx'
import { useNarrow } from '@fupin/platform/ui/width.ts'
import type { CountyLineRow } from '@fupin/whom/run/web/region.contract.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Input } from 'antd'
import { lineSort, sortLines, spread } from '../region/line-order.ts'
import { RegionExport } from '../region/region-export.tsx'
import type { LinesSearch } from '../routes.tsx'
import { Answer } from '../shell/answer.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { usePreferences } from '../shell/preferences.ts'
import { countyOffice } from '../wire/office-base.ts'
import { askRegionLines } from '../wire/questions-region.ts'
import { useWords } from '../words/use-words.ts'

/** The lines of all counties beside each other, and how far their six draws lie apart. */
export function RegionLinesPage() {
  const { w } = useWords()
  const answer = useQuery(askRegionLines)
  return (
    <>
      <PageHead title={w.region.lines} deeds={<RegionExport tables={['lines', 'counties']} />} />
      <Answer of={answer} rows={16}>
        {(lines) => <Lines lines={lines} />}
      </Answer>
    </>
  )
}

function Lines({ lines }: { lines: CountyLineRow[] }) {
  const { w } = useWords()
  const search: LinesSearch = useSearch({ from: '/office/region/lines' })
  const navigate = useNavigate()
  const change = (next: Partial<LinesSearch>) =>
    void navigate({ to: '/region/lines', search: { ...search, ...next }, replace: true, resetScroll: false })
  const { preferences } = usePreferences()
  const cards = useNarrow() || preferences.elder
  const columns = useLineColumns()
  const shown = sortLines(
    lines.filter(
      (line) => !search.text || line.name.includes(search.text) || line.city.includes(search.text) || line.code.startsWith(search.text),
    ),
    search.sort ?? 'code',
  )
  const drawn = lines.filter((line) => line.line !== null).length
  return (
    <>
      <p className="intro">{w.region.linesIntro}</p>
      <div className="list-counts">
        <span role="status">
          {w.region.drawnOf(drawn, lines.length)}
          {shown.length < lines.length && ` · ${w.region.shownOf(shown.length)}`}
        </span>
        <Input
          className="filter-wide"
          allowClear
          aria-label={w.region.filterCounty}
          placeholder={w.region.filterCounty}
          value={search.text ?? ''}
          onChange={(event) => change({ text: event.target.value || undefined })}
        />
      </div>
      <RecordList
        label={w.region.lines}
        density={preferences.density}
        rows={shown}
        id={(line) => line.code}
        columns={columns}
        sorted={search.sort ?? 'code'}
        onSort={(sort) => change({ sort })}
        sortWord={w.list.sortBy}
        asCards={cards}
        card={(line) => <LineCard line={line} />}
      />
    </>
  )
}

function useLineColumns(): Column<CountyLineRow>[] {
  const { w, language } = useWords()
  const { columns } = w.region
  const draw = (key: 'known' | 'least' | 'most'): Column<CountyLineRow> => ({
    key,
    title: w.line.drawn[key],
    numeric: true,
    sort: lineSort[key] ? key : undefined,
    show: ({ draws }) => `${draws[`${key}Out`] ?? w.line.undrawn} / ${draws[`${key}In`] ?? w.line.undrawn}`,
  })
  return [
    { key: 'name', title: columns.county, sort: 'code', show: (line) => <CountyName line={line} /> },
    { key: 'city', title: w.map.city, show: (line) => line.city },
    {
      key: 'quota',
      title: columns.quota,
      numeric: true,
      sort: 'quota',
      show: ({ quota }) => (quota === null ? <Unknown word={w.line.noQuota} /> : count(quota)),
    },
    { key: 'line', title: columns.line, numeric: true, sort: 'line', show: (line) => <Stands line={line} /> },
    draw('known'),
    draw('least'),
    draw('most'),
    { key: 'spread', title: w.region.spread, numeric: true, sort: 'spread', show: (line) => spread(line) ?? w.line.undrawn },
    { key: 'inside', title: columns.listed, numeric: true, sort: 'inside', show: (line) => <Pair {...line.inside} /> },
    {
      key: 'deviation',
      title: columns.deviation,
      numeric: true,
      sort: 'deviation',
      show: ({ deviation }) =>
        deviation === null ? (
          <Unknown word={w.line.notYet} />
        ) : deviation === 0 ? (
          w.region.exact
        ) : (
          difference(deviation, language, w.region.personsUnit)
        ),
    },
    { key: 'undecided', title: columns.undecided, numeric: true, sort: 'undecided', show: (line) => <Pair {...line.undecided} /> },
  ]
}

function CountyName({ line }: { line: CountyLineRow }) {
  return <a href={countyOffice(line.code, `/lines/${line.code}`)}>{line.name}</a>
}

function Stands({ line }: { line: CountyLineRow }) {
  const { w } = useWords()
  if (line.line !== null)
    return (
      <>
        {w.line.at(line.line)}
        {line.set && <span className="note"> {w.region.setByPerson}</span>}
      </>
    )
  return line.low === null ? <Unknown word={w.line.noQuota} /> : <Unknown word={`${line.low}–${line.high}`} />
}

function LineCard({ line }: { line: CountyLineRow }) {
  const { w, language } = useWords()
  return (
    <>
      <div className="card-head">
        <strong>
          <CountyName line={line} />
        </strong>
        <Stands line={line} />
      </div>
      <div className="note">{line.city}</div>
      <div>
        {w.region.columns.quota} {line.quota === null ? <Unknown word={w.line.noQuota} /> : count(line.quota)}
        {line.deviation !== null &&
          ` · ${line.deviation === 0 ? w.region.exact : difference(line.deviation, language, w.region.personsUnit)}`}
      </div>
      <div className="note">
        {w.verdict.undecided} <Pair {...line.undecided} />
      </div>
    </>
  )
}
