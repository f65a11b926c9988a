import { Pair } from '@fupin/platform/ui/pair.tsx'
import { RecordList } from '@fupin/platform/ui/record-list.tsx'
import { Unknown } from '@fupin/platform/ui/state.tsx'
import { useNarrow } from '@fupin/platform/ui/width.ts'
import type { ComparisonAnswer } from '@fupin/whom/run/web/comparison.contract.ts'
import { useState } from 'react'
import type { CompareSearch } from '../routes.tsx'
import { usePreferences } from '../shell/preferences.ts'
import { useWords } from '../words/use-words.ts'

type Row = ComparisonAnswer['counties'][number]
type Stands = NonNullable<Row['line']>['before']

const values: Record<string, (row: Row) => number | string> = {
  code: (row) => row.code,
  entered: (row) => row.entered.persons,
  left: (row) => row.left.persons,
  undecided: (row) => row.undecided.persons,
}

interface Props {
  answer: ComparisonAnswer
  chosen: string | undefined
  change: (next: CompareSearch) => void
}

/** Who entered and left by county, and how its line moved; a county's name opens its households. */
export function CountyMoves({ answer, chosen, change }: Props) {
  const { w } = useWords()
  const [sort, setSort] = useState('code')
  const { preferences } = usePreferences()
  const cards = useNarrow() || preferences.elder
  const down = sort.startsWith('-')
  const value = values[down ? sort.slice(1) : sort]!
  const rows = [...answer.counties].sort((a, b) => {
    const [x, y] = [value(a), value(b)]
    return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1) || a.code.localeCompare(b.code)
  })
  const name = (row: Row) => (
    <button type="button" className="link-button" aria-pressed={chosen === row.code} onClick={() => change({ county: row.code })}>
      {row.name}
    </button>
  )
  return (
    <section className="panel">
      <h2>{w.compare.byCounty}</h2>
      <div className="tall">
        <RecordList
          label={w.compare.byCounty}
          density="dense"
          rows={rows}
          id={(row) => row.code}
          sorted={sort}
          onSort={setSort}
          sortWord={w.list.sortBy}
          asCards={cards}
          card={(row) => (
            <>
              <div className="card-head">
                <strong>{name(row)}</strong>
                <LineChange of={row} />
              </div>
              <div>
                {w.compare.moveNames.entered} <Pair {...row.entered} />
              </div>
              <div>
                {w.compare.moveNames.left} <Pair {...row.left} />
              </div>
            </>
          )}
          columns={[
            { key: 'name', title: w.region.columns.county, sort: 'code', show: name },
            { key: 'city', title: w.map.city, show: (row) => row.city },
            { key: 'line', title: w.compare.lineMoved, numeric: true, show: (row) => <LineChange of={row} /> },
            {
              key: 'entered',
              title: w.compare.moveNames.entered,
              numeric: true,
              sort: 'entered',
              show: (row) => <Pair {...row.entered} />,
            },
            { key: 'left', title: w.compare.moveNames.left, numeric: true, sort: 'left', show: (row) => <Pair {...row.left} /> },
            {
              key: 'undecided',
              title: w.compare.moveNames.became_undecided,
              numeric: true,
              sort: 'undecided',
              show: (row) => <Pair {...row.undecided} />,
            },
          ]}
        />
      </div>
    </section>
  )
}

function LineChange({ of: { line } }: { of: Row }) {
  const { w } = useWords()
  if (!line) return <Unknown word={w.line.noQuota} />
  const words = (at: Stands) => (at.line !== null ? w.line.at(at.line) : at.low === null ? w.line.noQuota : `${at.low}–${at.high}`)
  const [before, after] = [words(line.before), words(line.after)]
  return before === after ? <span className="note">{after}</span> : <span className="unbroken">{`${before} → ${after}`}</span>
}
