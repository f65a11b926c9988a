import { useKeys } from '@fupin/platform/ui/keys.ts'
import { Nothing } from '@fupin/platform/ui/nothing.tsx'
import { Pair, pairText } from '@fupin/platform/ui/pair.tsx'
import { RecordList } from '@fupin/platform/ui/record-list.tsx'
import { SidePanel } from '@fupin/platform/ui/side-panel.tsx'
import { useNarrow } from '@fupin/platform/ui/width.ts'
import type { HouseholdPage } from '@fupin/whom/identification/identification.contract.ts'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { useState } from 'react'
import { activeFilters } from '../households/active-filters.ts'
import { ColumnChoice } from '../households/column-choice.tsx'
import { HouseholdCard, useHouseholdColumns, usualColumns } from '../households/columns.tsx'
import { ActiveFilters, FilterBar } from '../households/filter-bar.tsx'
import { rememberedList, rememberList } from '../households/list-memory.ts'
import { useListSearch } from '../households/use-list-search.ts'
import { Answer } from '../shell/answer.tsx'
import { ExportMenu } from '../shell/export-menu.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { usePreferences } from '../shell/preferences.ts'
import { WhyOf } from '../why/why-of.tsx'
import { base } from '../wire/office-base.ts'
import { askHouseholds } from '../wire/questions.ts'
import { useWords } from '../words/use-words.ts'

/** As the server pages when nothing else is asked. */
const rowsPerPage = 50
const files = ['list.xlsx', 'list.csv', 'list.parquet', 'hits.xlsx', 'hits.csv', 'hits.parquet']

/** Find the households one means, and their number. */
export function HouseholdsPage() {
  const { w } = useWords()
  const list = useListSearch()
  const { start: _start, ...filters } = list.search
  const answer = useQuery({ ...askHouseholds({ ...filters }), placeholderData: keepPreviousData })
  const columns = useHouseholdColumns(() => {})
  const shown = usePreferences().preferences.columns ?? usualColumns
  return (
    <>
      <PageHead
        title={w.list.title}
        deeds={
          <>
            <Link to="/households-print" search={list.search}>
              {w.print}
            </Link>
            <ColumnChoice columns={columns} shown={shown} />
            <ExportMenu files={files} note={w.list.exportWhole} />
          </>
        }
      />
      <FilterBar search={list.search} change={list.change} />
      <ActiveFilters search={list.search} change={list.change} clear={list.clear} />
      <Answer of={answer} rows={14}>
        {(page) =>
          page.rows.length ? <List key={page.rows[0]!.id} page={page} list={list} /> : <NoRows all={page.all.households} {...list} />
        }
      </Answer>
    </>
  )
}

function List({ page, list }: { page: HouseholdPage; list: ReturnType<typeof useListSearch> }) {
  const { search, change, page: turn } = list
  const { w, language } = useWords()
  const { preferences } = usePreferences()
  const navigate = useNavigate()
  const cards = useNarrow() || preferences.elder
  const start = Number(search.start ?? 1) || 1
  const end = start + page.rows.length - 1
  const [active, setActive] = useState(() =>
    Math.max(
      0,
      page.rows.findIndex((row) => row.id === lastOpened()),
    ),
  )
  const [why, setWhy] = useState<string | null>(null)
  const remember = (id?: string) => {
    rememberList(page, { ...search, start: undefined }, start)
    if (id) noteOpened(id)
  }
  const columns = useHouseholdColumns(() => remember())
  const shown = preferences.columns ?? usualColumns
  const row = page.rows[Math.min(active, page.rows.length - 1)]
  const open = (id: string) => {
    remember(id)
    void navigate({ to: '/households/$id', params: { id } })
  }
  const back = () => page.previous !== null && turn(page.previous, Math.max(1, start - rowsPerPage))
  const on = () => page.next !== null && turn(page.next, end + 1)
  useKeys({
    j: () => setActive((at) => Math.min(page.rows.length - 1, at + 1)),
    k: () => setActive((at) => Math.max(0, at - 1)),
    enter: () => row && open(row.id),
    w: () => row && setWhy(row.id),
    p: () => void navigate({ to: '/households-print', search }),
  })
  const pager = (
    <span className="pager">
      <span>{w.list.range(start, end)}</span>
      <Button aria-label={w.list.previous} disabled={page.previous === null} onClick={back}>
        ‹
      </Button>
      <Button aria-label={w.list.next} disabled={page.next === null} onClick={on}>
        ›
      </Button>
    </span>
  )
  return (
    <>
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
        {cards && (
          <Select
            aria-label={w.list.order}
            value={search.sort ?? 'id'}
            options={Object.entries(w.list.orders).map(([value, label]) => ({ value, label }))}
            onChange={(sort) => change({ sort })}
          />
        )}
        {pager}
      </div>
      <span role="status" className="for-readers">
        {w.list.counted(pairText(page.total, language))}
      </span>
      <RecordList
        label={w.list.title}
        density={preferences.density}
        rows={page.rows}
        id={(one) => one.id}
        active={active}
        columns={columns.filter((column) => shown.includes(column.key))}
        sorted={search.sort ?? 'id'}
        onSort={(sort) => change({ sort })}
        sortWord={w.list.sortBy}
        asCards={cards}
        card={(one) => <HouseholdCard row={one} onOpen={() => remember(one.id)} />}
      />
      <div className="list-foot">{pager}</div>
      <SidePanel open={why !== null} title={w.file.why} closeWord={w.close} onClose={() => setWhy(null)}>
        {why && <WhyOf id={why} />}
      </SidePanel>
    </>
  )
}

function NoRows({ all, search, change }: { all: number } & Pick<ReturnType<typeof useListSearch>, 'search' | 'change'>) {
  const { w, say } = useWords()
  if (all === 0) return <Nothing>{w.list.noneAtAll}</Nothing>
  const [loosen] = activeFilters(search, w, { villages: [], classes: [] }, say).slice(-1)
  return (
    <Nothing action={loosen && <Button onClick={() => change(loosen.off)}>{w.list.loosen(loosen.label)}</Button>}>{w.list.none}</Nothing>
  )
}

const openedPlace = `fupin.opened${base}`
const noteOpened = (id: string) => sessionStorage.setItem(openedPlace, id)
const lastOpened = () => rememberedList() && sessionStorage.getItem(openedPlace)
