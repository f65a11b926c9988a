import type { Column } from '@fupin/platform/ui/record-list.tsx'
import { Unknown } from '@fupin/platform/ui/state.tsx'
import type { HouseholdLine } from '@fupin/whom/identification/identification.contract.ts'
import { Link } from '@tanstack/react-router'
import { scoreRange, VerdictState } from '../shell/verdict.tsx'
import { useWords } from '../words/use-words.ts'

export const usualColumns = ['id', 'name', 'place', 'persons', 'score', 'verdict', 'class', 'attribute', 'cause', 'missing', 'leads']

/** Every column a list of households can have, in order. */
export function useHouseholdColumns(onOpen: () => void): Column<HouseholdLine>[] {
  const { w, say } = useWords()
  const { head } = w.list
  const known = (text: HouseholdLine['attribute']) => (text ? say(text) : <Unknown word={w.unknown} />)
  return [
    { key: 'id', title: head.id, sort: 'id', show: (row) => <HouseholdNumber id={row.id} onOpen={onOpen} /> },
    { key: 'name', title: head.name, show: (row) => row.headName },
    { key: 'place', title: head.place, show: place },
    { key: 'persons', title: head.persons, sort: 'persons', numeric: true, show: (row) => row.persons },
    { key: 'score', title: head.score, sort: 'score', numeric: true, show: (row) => <Score of={row} /> },
    { key: 'verdict', title: head.verdict, words: true, show: (row) => <VerdictState of={row.verdict} /> },
    {
      key: 'class',
      title: head.class,
      words: true,
      show: (row) => (row.classTitle ? say(row.classTitle) : <span className="note">{w.list.noClass}</span>),
    },
    { key: 'attribute', title: head.attribute, words: true, show: (row) => known(row.attribute) },
    { key: 'cause', title: head.cause, words: true, show: (row) => known(row.cause) },
    { key: 'missing', title: head.missing, sort: 'missing', numeric: true, show: (row) => row.missing },
    { key: 'leads', title: head.leads, numeric: true, show: (row) => row.leads },
    { key: 'band', title: head.band, show: (row) => (row.inBand ? w.list.inBand : w.list.notInBand) },
    { key: 'reason', title: head.reason, long: true, show: (row) => say(row.reason) },
  ]
}

export const place = (row: HouseholdLine) => [row.township, row.village, row.hamlet].filter(Boolean).join(' ')

function HouseholdNumber({ id, onOpen }: { id: string; onOpen: () => void }) {
  return (
    <Link to="/households/$id" params={{ id }} className="code" onClick={onOpen}>
      {id}
    </Link>
  )
}

function Score({ of: row }: { of: HouseholdLine }) {
  const { w } = useWords()
  return row.score ? scoreRange(row.score) : <span className="note">{w.list.notScored}</span>
}

/** Three lines: who and where, figures, state. */
export function HouseholdCard({ row, onOpen }: { row: HouseholdLine; onOpen: () => void }) {
  const { w, say } = useWords()
  return (
    <Link to="/households/$id" params={{ id: row.id }} className="card-link" onClick={onOpen}>
      <div className="card-head">
        <strong>{w.list.household(row.headName)}</strong>
        <span className="code">{row.id}</span>
      </div>
      <div>{place(row)}</div>
      <div className="card-figures">
        <span>{w.list.personsOf(row.persons)}</span>
        <span>{row.score ? w.list.points(scoreRange(row.score)) : w.list.notScored}</span>
        {row.missing > 0 && <span>{w.list.missingOf(row.missing)}</span>}
        {row.leads > 0 && <span>{w.list.leadsOf(row.leads)}</span>}
        {row.classTitle && <span>{say(row.classTitle)}</span>}
      </div>
      <VerdictState of={row.verdict} />
    </Link>
  )
}
