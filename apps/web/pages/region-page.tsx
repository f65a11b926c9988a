import { useKeys } from '@fupin/platform/ui/keys.ts'
import { pairText } from '@fupin/platform/ui/pair.tsx'
import { useNarrow } from '@fupin/platform/ui/width.ts'
import type { AreasAnswer } from '@fupin/whom/run/web/region.contract.ts'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Input, Segmented } from 'antd'
import { useEffect, useState } from 'react'
import { ColumnChoice } from '../households/column-choice.tsx'
import { useAreaColumns, usualAreaColumns } from '../region/area-columns.tsx'
import { countyOf } from '../region/area-records.tsx'
import { AreaResult } from '../region/area-result.tsx'
import { AreaTable } from '../region/area-table.tsx'
import { RegionExport } from '../region/region-export.tsx'
import { RegionMap } from '../region/region-map.tsx'
import type { AreaSearch } from '../routes.tsx'
import { Answer } from '../shell/answer.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { usePreferences } from '../shell/preferences.ts'
import { countyOffice } from '../wire/office-base.ts'
import { askAreas } from '../wire/questions-region.ts'
import { useWords } from '../words/use-words.ts'

/** One area of the region, from the region itself down to a township: its figures, and the areas below it. */
export function RegionPage() {
  const { w } = useWords()
  const search: AreaSearch = useSearch({ from: '/office/' })
  const answer = useQuery({ ...askAreas(search.area), placeholderData: keepPreviousData })
  const area = answer.data?.area
  const county = area && countyOf(area)
  return (
    <>
      <PageHead
        title={area ? w.region.title(area.name) : w.region.page}
        above={answer.data && answer.data.trail.length > 1 && <Trail of={answer.data.trail} />}
        deeds={
          <>
            <RegionExport area={area} />
            {county && (
              <a href={countyOffice(county, '/households')}>
                <Button type="primary" tabIndex={-1}>
                  {w.region.openCounty(answer.data!.trail.find((step) => step.code === county)?.name ?? county)}
                </Button>
              </a>
            )}
          </>
        }
      />
      <Answer of={answer} rows={14}>
        {(found) => <Area key={found.area.code} answer={found} search={search} />}
      </Answer>
    </>
  )
}

function Area({ answer, search }: { answer: AreasAnswer; search: AreaSearch }) {
  const { w, language } = useWords()
  const navigate = useNavigate()
  const change = (next: Partial<AreaSearch>) => void navigate({ to: '/', search: { ...search, ...next }, resetScroll: false })
  const columns = useAreaColumns(() => null)
  const { areaColumns, elder } = usePreferences().preferences
  const shown = areaColumns ?? usualAreaColumns
  const cards = useNarrow() || elder
  const { area, unplaced } = answer
  const drawable = area.level === 'region' || area.level === 'city'
  const onMap = drawable && search.view === 'map'
  const below = onMap ? w.region.below.city : w.region.below[area.level]
  const view = onMap ? 'map' : 'table'
  useKeys({
    t: drawable ? () => change({ view: view === 'map' ? undefined : 'map' }) : undefined,
    backspace: area.parent
      ? () => void navigate({ to: '/', search: { area: area.level === 'city' ? undefined : area.parent!.code } })
      : undefined,
  })
  return (
    <>
      <AreaResult area={area} />
      <section className="panel" aria-label={below}>
        <div className="panel-head area-tools">
          <h2>{below}</h2>
          {drawable && (
            <Segmented
              aria-label={w.map.sameNumbers}
              value={view}
              onChange={(next) => change({ view: next === 'map' ? 'map' : undefined })}
              options={[
                { value: 'table', label: w.table },
                { value: 'map', label: w.map.title },
              ]}
            />
          )}
          {view === 'table' && (
            <>
              <AreaFilter value={search.text} onDone={(text) => change({ text })} />
              {!cards && <ColumnChoice columns={columns} shown={shown} place="areaColumns" fixed="name" />}
            </>
          )}
        </div>
        {view === 'map' ? <RegionMap within={area} /> : <AreaTable answer={answer} search={search} change={change} />}
        {unplaced.households > 0 && view === 'table' && <p className="note">{w.region.unplaced(pairText(unplaced, language))}</p>}
        {view === 'table' && !cards && area.level !== 'township' && <p className="note">{w.region.unfoldHint}</p>}
      </section>
    </>
  )
}

function AreaFilter({ value, onDone }: { value: string | undefined; onDone: (text: string | undefined) => void }) {
  const { w } = useWords()
  const [text, setText] = useState(value ?? '')
  useEffect(() => setText(value ?? ''), [value])
  return (
    <Input.Search
      className="filter-wide"
      allowClear
      aria-label={w.region.filter}
      placeholder={w.region.filter}
      value={text}
      onChange={(event) => {
        setText(event.target.value)
        if (event.target.value === '') onDone(undefined)
      }}
      onSearch={(typed) => onDone(typed.trim() || undefined)}
    />
  )
}

function Trail({ of: trail }: { of: AreasAnswer['trail'] }) {
  const { w } = useWords()
  return (
    <nav className="trail" aria-label={w.region.trail}>
      {trail.map((step, index) =>
        index === trail.length - 1 ? (
          <span key={step.code} aria-current="page">
            {step.name}
          </span>
        ) : (
          <span key={step.code}>
            <Link to="/" search={step.level === 'region' ? {} : { area: step.code }}>
              {step.name}
            </Link>{' '}
            <span aria-hidden="true">›</span>
          </span>
        ),
      )}
    </nav>
  )
}
