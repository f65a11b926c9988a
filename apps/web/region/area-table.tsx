import { useKeys } from '@fupin/platform/ui/keys.ts'
import { Nothing } from '@fupin/platform/ui/nothing.tsx'
import { percent } from '@fupin/platform/ui/numbers.ts'
import { Pair } from '@fupin/platform/ui/pair.tsx'
import { RecordList } from '@fupin/platform/ui/record-list.tsx'
import { useNarrow } from '@fupin/platform/ui/width.ts'
import type { AreaFigures, AreasAnswer } from '@fupin/whom/run/web/region.contract.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { AreaSearch } from '../routes.tsx'
import { Answer } from '../shell/answer.tsx'
import { usePreferences } from '../shell/preferences.ts'
import { askAreaSearch } from '../wire/questions-region.ts'
import { useWords } from '../words/use-words.ts'
import { type AreaRow, listedShare, useAreaColumns, usualAreaColumns } from './area-columns.tsx'
import { AreaRecords } from './area-records.tsx'
import { sortAreas, useAreaRows } from './area-rows.ts'
import { AreaLineWords } from './line-words.tsx'

interface Props {
  answer: AreasAnswer
  search: AreaSearch
  change: (next: Partial<AreaSearch>) => void
}

/** The areas below: each opens in place to its own, or by its name to its page. With a text, what is called so anywhere below the region. */
export function AreaTable({ answer, search, change }: Props) {
  const open = new Set(search.open?.split(',').filter(Boolean))
  const rows = useAreaRows(answer, open, search.sort ?? 'name')
  const found = useQuery(askAreaSearch(search.text ?? ''))
  const toggle = (code: string, to: boolean) => {
    const next = new Set(open)
    if (to) next.add(code)
    else next.delete(code)
    change({ open: [...next].sort().join(',') || undefined })
  }
  if (!search.text) return <Rows rows={rows} search={search} change={change} toggle={toggle} />
  return (
    <Answer of={found}>
      {(areas) => (
        <Rows
          rows={sortAreas(areas, search.sort ?? 'name').map((area) => ({ area, depth: 0, open: null }))}
          search={search}
          change={change}
          toggle={toggle}
          found
        />
      )}
    </Answer>
  )
}

/** Columns that say something of counties and what is above them only. */
const byCounty = new Set(['line', 'quota', 'deviation', 'findings'])

interface RowsProps {
  rows: AreaRow[]
  search: AreaSearch
  change: Props['change']
  toggle: (code: string, to: boolean) => void
  found?: boolean
}

function Rows({ rows, search, change, toggle, found }: RowsProps) {
  const { w } = useWords()
  const navigate = useNavigate()
  const { preferences } = usePreferences()
  const cards = useNarrow() || preferences.elder
  const [active, setActive] = useState(0)
  const columns = useAreaColumns((row) => <Name row={row} toggle={toggle} found={found} />)
  const shown = preferences.areaColumns ?? usualAreaColumns
  const row = rows[Math.min(active, rows.length - 1)]
  const withLines = rows.some(({ area }) => area.line !== null)
  useKeys({
    j: () => setActive((at) => Math.min(rows.length - 1, at + 1)),
    k: () => setActive((at) => Math.max(0, at - 1)),
    arrowright: () => row?.open === false && toggle(row.area.code, true),
    arrowleft: () => row?.open && toggle(row.area.code, false),
    enter: () => row && void navigate({ to: '/', search: { area: row.area.code } }),
  })
  if (!rows.length) return <Nothing>{found ? w.region.noneCalled(search.text ?? '') : w.region.noneBelow}</Nothing>
  return (
    <RecordList
      label={w.region.areas}
      density={preferences.density}
      rows={rows}
      id={(one) => one.area.code}
      active={cards ? undefined : active}
      columns={columns.filter((column) => shown.includes(column.key) && (withLines || !byCounty.has(column.key)))}
      sorted={search.sort ?? 'name'}
      onSort={(sort) => change({ sort })}
      sortWord={w.list.sortBy}
      asCards={cards}
      card={(one) => <AreaCard row={one} found={found} />}
    />
  )
}

function Name({ row: { area, depth, open }, toggle, found }: { row: AreaRow; toggle: RowsProps['toggle']; found?: boolean }) {
  const { w } = useWords()
  return (
    <span className={`area-name depth-${depth}`}>
      {open !== null && (
        <button
          type="button"
          className="fold"
          aria-expanded={open}
          aria-label={open ? w.region.fold(area.name) : w.region.unfold(area.name)}
          onClick={() => toggle(area.code, !open)}
        >
          <span aria-hidden="true">{open ? '▾' : '▸'}</span>
        </button>
      )}
      <AreaName area={area} />
      {found && <span className="note">{area.parent?.name}</span>}
    </span>
  )
}

/** An area's own page; a village has none, its name opens its households. */
function AreaName({ area }: { area: AreaFigures }) {
  if (area.level === 'village') return <AreaRecords area={area}>{area.name}</AreaRecords>
  return (
    <Link to="/" search={{ area: area.code }}>
      {area.name}
    </Link>
  )
}

/** Three lines: which area and its share, who is proposed, line and undecided. */
function AreaCard({ row: { area }, found }: { row: AreaRow; found?: boolean }) {
  const { w } = useWords()
  const share = listedShare(area)
  return (
    <>
      <div className="card-head">
        <strong>
          <AreaName area={area} />
        </strong>
        <span>{share === null ? w.map.noData : percent(share)}</span>
      </div>
      {found && <div className="note">{area.parent?.name}</div>}
      <div>
        {w.verdict.listed} <Pair {...area.verdicts.listed} />
      </div>
      <div className="note">
        {w.region.surveyedWord} <Pair {...area} />
      </div>
      <div className="note">
        {area.line && (
          <>
            {w.region.columns.line} <AreaLineWords area={area} short /> ·{' '}
          </>
        )}
        {w.verdict.undecided} <Pair {...area.verdicts.undecided} />
      </div>
    </>
  )
}
