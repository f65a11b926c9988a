import type { AreaFigures } from '@fupin/whom/run/web/region.contract.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Select } from 'antd'
import { useState } from 'react'
import { CountyMap } from '../map/county-map.tsx'
import { Legend } from '../map/legend.tsx'
import { type Indicator, indicators } from '../map/scale.ts'
import { Answer } from '../shell/answer.tsx'
import { askMap } from '../wire/questions.ts'
import { useWords } from '../words/use-words.ts'

/** The counties of the region, or of one city, on their borders: the numbers and classes of the table. */
export function RegionMap({ within }: { within: AreaFigures }) {
  const { w } = useWords()
  const navigate = useNavigate()
  const [indicator, setIndicator] = useState<Indicator>('inside')
  const answer = useQuery(askMap('county'))
  const city = within.level === 'city' ? within.code : undefined
  return (
    <>
      <div className="map-choice">
        <Select
          aria-label={w.map.indicator}
          className="filter-wide"
          value={indicator}
          options={indicators.map((value) => ({ value, label: w.map.indicators[value] }))}
          onChange={setIndicator}
        />
        <span className="note">{w.map.denominator}</span>
        <Legend indicator={indicator} />
      </div>
      <Answer of={answer} rows={14}>
        {(areas) => (
          <CountyMap
            areas={city ? areas.filter((area) => area.parent === city) : areas}
            indicator={indicator}
            within={city}
            onPick={(area) => void navigate({ to: '/', search: { area } })}
          />
        )}
      </Answer>
    </>
  )
}
