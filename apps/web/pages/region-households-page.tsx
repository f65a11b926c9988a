import { Nothing } from '@fupin/platform/ui/nothing.tsx'
import { Pair, pairText } from '@fupin/platform/ui/pair.tsx'
import { RecordList } from '@fupin/platform/ui/record-list.tsx'
import { useNarrow } from '@fupin/platform/ui/width.ts'
import type { RegionHousehold, RegionHouseholdPage } from '@fupin/whom/run/web/region.contract.ts'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Input, Select } from 'antd'
import { useEffect, useState } from 'react'
import type { RegionListSearch } from '../routes.tsx'
import { Answer } from '../shell/answer.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { usePreferences } from '../shell/preferences.ts'
import { scoreRange, VerdictState, verdicts } from '../shell/verdict.tsx'
import { useRun } from '../wire/follow-run.ts'
import { countyOffice } from '../wire/office-base.ts'
import { askRegionHouseholds } from '../wire/questions-region.ts'
import { useWords } from '../words/use-words.ts'

const rowsPerPage = 50

/** Find a household anywhere in the region by number or head's name; its file opens in its county. */
export function RegionHouseholdsPage() {
  const { w } = useWords()
  const search: RegionListSearch = useSearch({ from: '/office/region/households' })
  const navigate = useNavigate()
  const { start, ...filters } = search
  const answer = useQuery({ ...askRegionHouseholds({ ...filters }), placeholderData: keepPreviousData })
  const change = (next: RegionListSearch) =>
    void navigate({ to: '/region/households', search: { ...filters, after: undefined, ...next }, resetScroll: false })
  return (
    <>
      <PageHead title={w.region.households} />
      <Filters search={search} change={change} />
      <Answer of={answer} rows={14}>
        {(page) => <List page={page} start={Number(start ?? 1) || 1} change={change} waiting={answer.isPlaceholderData} />}
      </Answer>
    </>
  )
}

function Filters({ search, change }: { search: RegionListSearch; change: (next: RegionListSearch) => void }) {
  const { w } = useWords()
  const run = useRun()
  const [text, setText] = useState(search.text ?? '')
  useEffect(() => setText(search.text ?? ''), [search.text])
  return (
    <div className="filters">
      <Input.Search
        className="filter-search"
        allowClear
        aria-label={w.search}
        placeholder={w.search}
        enterButton={w.region.find}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          if (event.target.value === '') change({ text: undefined })
        }}
        onSearch={(typed) => change({ text: typed.trim() || undefined })}
      />
      <Select
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        className="filter"
        aria-label={w.region.columns.county}
        placeholder={w.region.columns.county}
        value={search.area}
        options={(run?.counties ?? []).map((county) => ({ value: county.code, label: county.name }))}
        onChange={(area?: string) => change({ area })}
      />
      <Select
        mode="multiple"
        maxTagCount={1}
        allowClear
        className="filter-wide"
        aria-label={w.list.verdict}
        placeholder={w.list.verdict}
        value={search.verdict?.split(',') ?? []}
        options={verdicts.map((verdict) => ({ value: verdict, label: w.verdict[verdict] }))}
        onChange={(chosen: string[]) => change({ verdict: chosen.join(',') || undefined })}
      />
    </div>
  )
}

interface ListProps {
  page: RegionHouseholdPage
  start: number
  change: (next: RegionListSearch) => void
  waiting: boolean
}

function List({ page, start, change, waiting }: ListProps) {
  const { w, language } = useWords()
  const { preferences } = usePreferences()
  const cards = useNarrow() || preferences.elder
  const end = start + page.rows.length - 1
  if (!page.rows.length) return <Nothing>{w.list.none}</Nothing>
  const pager = (
    <span className="pager">
      <span>{w.list.range(start, end)}</span>
      <Button
        aria-label={w.list.previous}
        disabled={page.previous === null}
        onClick={() => change({ after: page.previous ?? undefined, start: String(Math.max(1, start - rowsPerPage)) })}
      >
        ‹
      </Button>
      <Button
        aria-label={w.list.next}
        disabled={page.next === null}
        onClick={() => change({ after: page.next ?? undefined, start: String(end + 1) })}
      >
        ›
      </Button>
    </span>
  )
  return (
    <div aria-busy={waiting}>
      <div className="list-counts">
        <span>
          {w.list.matching}{' '}
          <strong>
            <Pair {...page.total} />
          </strong>
          <span className="note">
            {' '}
            · {w.list.all} <Pair {...page.all} />
          </span>
        </span>
        {pager}
      </div>
      <span role="status" className="for-readers">
        {w.list.counted(pairText(page.total, language))}
      </span>
      <RecordList
        label={w.region.households}
        density={preferences.density}
        rows={page.rows}
        id={(row) => `${row.county} ${row.id}`}
        asCards={cards}
        card={(row) => <HouseholdCard row={row} />}
        columns={[
          { key: 'id', title: w.list.head.id, show: (row) => <HouseholdNumber row={row} /> },
          { key: 'name', title: w.list.head.name, show: (row) => row.headName },
          { key: 'county', title: w.region.columns.county, show: (row) => row.countyName },
          { key: 'place', title: w.list.head.place, show: (row) => `${row.township} ${row.village}` },
          { key: 'persons', title: w.list.head.persons, numeric: true, show: (row) => row.persons },
          {
            key: 'score',
            title: w.list.head.score,
            numeric: true,
            show: (row) => (row.score ? scoreRange(row.score) : <span className="note">{w.list.notScored}</span>),
          },
          { key: 'verdict', title: w.list.head.verdict, words: true, show: (row) => <VerdictState of={row.verdict} /> },
          { key: 'leads', title: w.list.head.leads, numeric: true, show: (row) => row.leads },
        ]}
      />
      <div className="list-foot">{pager}</div>
    </div>
  )
}

const fileOf = (row: RegionHousehold) => countyOffice(row.county, `/households/${encodeURIComponent(row.id)}`)

function HouseholdNumber({ row }: { row: RegionHousehold }) {
  return (
    <a href={fileOf(row)} className="code">
      {row.id}
    </a>
  )
}

function HouseholdCard({ row }: { row: RegionHousehold }) {
  const { w } = useWords()
  return (
    <a href={fileOf(row)} className="card-link">
      <div className="card-head">
        <strong>{w.list.household(row.headName)}</strong>
        <span className="code">{row.id}</span>
      </div>
      <div>
        {row.countyName} {row.township} {row.village}
      </div>
      <div className="card-figures">
        <span>{w.list.personsOf(row.persons)}</span>
        <span>{row.score ? w.list.points(scoreRange(row.score)) : w.list.notScored}</span>
        {row.leads > 0 && <span>{w.list.leadsOf(row.leads)}</span>}
      </div>
      <VerdictState of={row.verdict} />
    </a>
  )
}
