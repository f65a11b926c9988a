import { count } from '@fupin/platform/ui/numbers.ts'
import { RecordList } from '@fupin/platform/ui/record-list.tsx'
import type { CountyLine } from '@fupin/whom/identification/identification.contract.ts'
import { useWords } from '../words/use-words.ts'
import { sideOf } from './line-reading.ts'

/** 一分一档: how many stand at each score and up to it, and on which side of the line. */
export function ScoreTable({ line }: { line: CountyLine }) {
  const { w } = useWords()
  return (
    <RecordList
      label={w.line.tabs.scores}
      density="dense"
      narrow
      rows={line.distribution}
      id={(row) => String(row.score)}
      columns={[
        { key: 'score', title: w.line.score, numeric: true, show: (row) => row.score },
        {
          key: 'side',
          title: w.line.line,
          show: (row) => (row.score === line.line ? `▶ ${w.line.legend.line}` : w.line.sides[sideOf(line, row.score)]),
        },
        { key: 'households', title: w.line.households, numeric: true, show: (row) => count(row.households) },
        { key: 'persons', title: w.line.personsTerm, numeric: true, show: (row) => count(row.persons) },
        { key: 'upToHouseholds', title: w.line.cumulativeHouseholds, numeric: true, show: (row) => count(row.cumulativeHouseholds) },
        { key: 'upToPersons', title: w.line.cumulativePersons, numeric: true, show: (row) => count(row.cumulativePersons) },
      ]}
    />
  )
}
