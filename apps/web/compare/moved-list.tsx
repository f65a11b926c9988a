import { Nothing } from '@fupin/platform/ui/nothing.tsx'
import { Pair } from '@fupin/platform/ui/pair.tsx'
import { RecordList } from '@fupin/platform/ui/record-list.tsx'
import { useNarrow } from '@fupin/platform/ui/width.ts'
import type { ComparisonAnswer, MovedHousehold, MovesPage } from '@fupin/whom/run/web/comparison.contract.ts'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import type { CompareSearch } from '../routes.tsx'
import { Answer } from '../shell/answer.tsx'
import { usePreferences } from '../shell/preferences.ts'
import { useRun } from '../wire/follow-run.ts'
import { countyOffice } from '../wire/office-base.ts'
import { askMoves } from '../wire/questions-region.ts'
import { useWords } from '../words/use-words.ts'

const rowsPerPage = 50

interface Props {
  search: CompareSearch
  change: (next: CompareSearch) => void
  reasons: ComparisonAnswer['reasons']
}

/** The households that stand elsewhere, with both standings and the reason. */
export function MovedList({ search, change, reasons }: Props) {
  const { w, say } = useWords()
  const run = useRun()
  const { start, ...filters } = search
  const answer = useQuery({ ...askMoves({ ...filters }), placeholderData: keepPreviousData })
  const titles = [...new Map(reasons.map((reason) => [reason.why, say(reason.title)]))]
  const choice = (label: string, value: string | undefined, options: [string, string][], done: (value?: string) => void) => (
    <Select
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      className="filter-wide"
      aria-label={label}
      placeholder={label}
      value={value}
      options={options.map(([key, word]) => ({ value: key, label: word }))}
      onChange={done}
    />
  )
  return (
    <section className="panel" id="moved">
      <h2>{w.compare.households}</h2>
      <div className="filters">
        {choice(w.compare.moves, search.move, Object.entries(w.compare.moveNames), (move) => change({ move }))}
        {choice(w.compare.reasons, search.why, titles, (why) => change({ why }))}
        {choice(
          w.region.columns.county,
          search.county,
          (run?.counties ?? []).map(({ code, name }) => [code, name]),
          (county) => change({ county }),
        )}
      </div>
      <Answer of={answer} rows={8}>
        {(page) => <Rows page={page} start={Number(start ?? 1) || 1} change={change} />}
      </Answer>
    </section>
  )
}

function Rows({ page, start, change }: { page: MovesPage; start: number; change: Props['change'] }) {
  const { w, say } = useWords()
  const { preferences } = usePreferences()
  const cards = useNarrow() || preferences.elder
  if (!page.rows.length) return <Nothing>{w.compare.none}</Nothing>
  const end = start + page.rows.length - 1
  return (
    <>
      <div className="list-counts">
        <span role="status">
          {w.list.matching}{' '}
          <strong>
            <Pair {...page.total} />
          </strong>
        </span>
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
      </div>
      <RecordList
        label={w.compare.households}
        rows={page.rows}
        id={(row) => `${row.county} ${row.id}`}
        asCards={cards}
        card={(row) => (
          <>
            <div className="card-head">
              <strong>{w.list.household(row.headName)}</strong>
              <HouseholdNumber row={row} />
            </div>
            <div>
              {row.countyName} {row.township} {row.village}
            </div>
            <div>{say(row.reason)}</div>
          </>
        )}
        columns={[
          { key: 'id', title: w.list.head.id, show: (row) => <HouseholdNumber row={row} /> },
          { key: 'name', title: w.list.head.name, show: (row) => row.headName },
          { key: 'place', title: w.list.head.place, words: true, show: (row) => `${row.countyName} ${row.township} ${row.village}` },
          { key: 'persons', title: w.list.head.persons, numeric: true, show: (row) => row.persons },
          {
            key: 'moved',
            title: w.compare.beforeAfter,
            words: true,
            show: (row) => `${w.compare.standing[row.before]} → ${w.compare.standing[row.after]}`,
          },
          { key: 'reason', title: w.list.head.reason, long: true, show: (row) => say(row.reason) },
        ]}
      />
    </>
  )
}

/** A household that is gone has no file any more. */
function HouseholdNumber({ row }: { row: MovedHousehold }) {
  if (row.after === 'absent') return <span className="code">{row.id}</span>
  return (
    <a href={countyOffice(row.county, `/households/${encodeURIComponent(row.id)}`)} className="code">
      {row.id}
    </a>
  )
}
