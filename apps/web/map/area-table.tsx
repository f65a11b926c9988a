import { count, percent } from '@fupin/platform/ui/numbers.ts'
import { Pair } from '@fupin/platform/ui/pair.tsx'
import { RecordList } from '@fupin/platform/ui/record-list.tsx'
import type { MapArea } from '@fupin/whom/identification/identification.contract.ts'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ListLink } from '../shell/list-link.tsx'
import { useWords } from '../words/use-words.ts'
import { type Indicator, shareOf } from './scale.ts'
import { verdictOf } from './village-blocks.tsx'

interface Props {
  areas: MapArea[]
  indicator: Indicator
  level: 'county' | 'village'
  county: string
  cards: boolean
}

/** The map's equal: the same numbers, area by area in order of code, with their total. */
export function AreaTable({ areas, indicator, level, county, cards }: Props) {
  const { w } = useWords()
  const rows = [...areas].sort((a, b) => a.code.localeCompare(b.code))
  const pairs = { inside: w.map.insidePair, vetoed: w.map.vetoedPair, undecided: w.map.undecidedPair }
  const name = (area: MapArea): ReactNode =>
    level === 'county' ? (
      <Link to="/map" search={{ county: area.code, indicator }}>
        {area.name}
      </Link>
    ) : (
      <ListLink search={{ county, village: area.code, ...verdictOf(indicator) }}>{area.name}</ListLink>
    )
  const rate = (area: MapArea) => {
    const value = shareOf(area, indicator)
    return value === null ? w.map.noData : percent(value)
  }
  return (
    <>
      <RecordList
        label={w.map.sameNumbers}
        density="dense"
        rows={rows}
        id={(area) => area.code}
        asCards={cards}
        card={(area) => (
          <>
            <div className="card-head">
              <strong>{name(area)}</strong>
              <span>{rate(area)}</span>
            </div>
            <div className="note">{area.parentName}</div>
            <div>
              {pairs[indicator]} <Pair {...area[indicator]} />
            </div>
            <div className="note">
              {w.map.surveyed} <Pair {...area} />
            </div>
          </>
        )}
        columns={[
          { key: 'parent', title: level === 'village' ? w.map.township : w.map.city, show: (area) => area.parentName },
          { key: 'name', title: w.map.area, show: name },
          { key: 'rate', title: w.map.rate, numeric: true, show: rate },
          { key: 'part', title: pairs[indicator], numeric: true, show: (area) => <Pair {...area[indicator]} /> },
          { key: 'all', title: w.map.surveyed, numeric: true, show: (area) => <Pair {...area} /> },
        ]}
      />
      <p className="map-total">
        {w.map.total} <Pair {...sum(rows.map((area) => area[indicator]))} />{' '}
        <span className="note">{w.map.of(count(sum(rows.map((area) => area[indicator])).persons), count(sum(rows).persons))}</span>
      </p>
    </>
  )
}

const sum = (pairs: { households: number; persons: number }[]) =>
  pairs.reduce((total, pair) => ({ households: total.households + pair.households, persons: total.persons + pair.persons }), {
    households: 0,
    persons: 0,
  })
