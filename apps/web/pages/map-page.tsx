import { useKeys } from '@fupin/platform/ui/keys.ts'
import { useNarrow } from '@fupin/platform/ui/width.ts'
import type { MapArea } from '@fupin/whom/identification/identification.contract.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Segmented, Select } from 'antd'
import { useState } from 'react'
import { AreaTable } from '../map/area-table.tsx'
import { CountyMap } from '../map/county-map.tsx'
import { Legend } from '../map/legend.tsx'
import { type Indicator, indicators } from '../map/scale.ts'
import { VillageBlocks } from '../map/village-blocks.tsx'
import { Answer } from '../shell/answer.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { usePreferences } from '../shell/preferences.ts'
import { useRun } from '../wire/follow-run.ts'
import { askMap } from '../wire/questions.ts'
import { useWords } from '../words/use-words.ts'

/** Where, with the list's own numbers: counties on their borders, villages as blocks. */
export function MapPage() {
  const { w } = useWords()
  const { county: inAddress, indicator: chosen } = useSearch({ from: '/office/map' })
  const run = useRun()
  // A county opened from its region has only its own villages to show.
  const county = inAddress ?? (run?.within && run.counties[0]!.code)
  const indicator = indicators.find((one) => one === chosen) ?? 'inside'
  const navigate = useNavigate()
  const level = county ? 'village' : 'county'
  const answer = useQuery(askMap(level, county))
  useKeys({ backspace: () => void navigate({ to: '/map', search: { indicator } }) })
  return (
    <>
      <PageHead title={w.map.title} above={!run?.within && <Trail county={county} indicator={indicator} />} />
      <div className="map-choice">
        <Select
          aria-label={w.map.indicator}
          className="filter-wide"
          value={indicator}
          options={indicators.map((value) => ({ value, label: w.map.indicators[value] }))}
          onChange={(next: Indicator) => void navigate({ to: '/map', search: { county, indicator: next } })}
        />
        <span className="note">{w.map.denominator}</span>
        <Legend indicator={indicator} />
      </div>
      <Answer of={answer} rows={14}>
        {(areas) => <Areas areas={areas} county={county} indicator={indicator} />}
      </Answer>
    </>
  )
}

function Areas({ areas, county, indicator }: { areas: MapArea[]; county: string | undefined; indicator: Indicator }) {
  const { w } = useWords()
  const navigate = useNavigate()
  const name = useRun()?.counties.find((one) => one.code === county)?.name ?? county ?? ''
  const { elder } = usePreferences().preferences
  const small = useNarrow() || elder
  const [view, setView] = useState<'picture' | 'table'>(small ? 'table' : 'picture')
  useKeys({ t: () => setView((before) => (before === 'table' ? 'picture' : 'table')) })
  const table = <AreaTable areas={areas} indicator={indicator} level={county ? 'village' : 'county'} county={county ?? ''} cards={small} />
  const picture = county ? (
    <VillageBlocks areas={areas} county={county} name={name} indicator={indicator} />
  ) : (
    <CountyMap areas={areas} indicator={indicator} onPick={(code) => void navigate({ to: '/map', search: { county: code, indicator } })} />
  )
  const both = !small && !county
  return (
    <>
      {!both && (
        <Segmented
          aria-label={w.map.sameNumbers}
          value={view}
          onChange={setView}
          options={[
            { value: 'table', label: w.table },
            { value: 'picture', label: w.map.title },
          ]}
        />
      )}
      {both ? (
        <div className="map-columns">
          <section className="panel">{picture}</section>
          <section className="panel">
            <h2>{w.map.sameNumbers}</h2>
            {table}
            <p className="note">{w.map.openHint}</p>
          </section>
        </div>
      ) : (
        <section className="panel">{view === 'table' ? table : picture}</section>
      )}
    </>
  )
}

function Trail({ county, indicator }: { county: string | undefined; indicator: Indicator }) {
  const { w } = useWords()
  const run = useRun()
  const name = run?.counties.find((one) => one.code === county)?.name ?? county
  return (
    <nav className="trail" aria-label={w.map.area}>
      {county ? (
        <Link to="/map" search={{ indicator }}>
          {w.map.region}
        </Link>
      ) : (
        <span>{w.map.region}</span>
      )}
      {county && <span aria-current="page"> › {name}</span>}
    </nav>
  )
}
