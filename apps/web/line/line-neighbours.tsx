import { count, difference } from '@fupin/platform/ui/numbers.ts'
import { pairText } from '@fupin/platform/ui/pair.tsx'
import { RecordList } from '@fupin/platform/ui/record-list.tsx'
import type { CountyLine } from '@fupin/whom/identification/identification.contract.ts'
import { Button } from 'antd'
import { useWords } from '../words/use-words.ts'
import { around, upTo } from './line-reading.ts'

interface Props {
  line: CountyLine
  trial: number | null
  onStep: (by: number) => void
  onReset: () => void
}

/** One point up and down with their deviation, and what a neighbouring line would change. */
export function LineNeighbours({ line, trial, onStep, onReset }: Props) {
  const { w, language } = useWords()
  return (
    <section className="panel">
      <h2>{w.line.neighbours}</h2>
      <RecordList
        label={w.line.neighbours}
        rows={around(line)}
        id={(row) => String(row.score)}
        density="dense"
        columns={[
          {
            key: 'score',
            title: w.line.line,
            numeric: true,
            show: (row) => (
              <>
                {row.score === line.line && <span title={w.line.proposed}>▶ </span>}
                {row.score}
              </>
            ),
          },
          { key: 'households', title: w.line.insideHouseholds, numeric: true, show: (row) => count(row.households) },
          { key: 'persons', title: w.line.insidePersons, numeric: true, show: (row) => count(row.persons) },
          {
            key: 'deviation',
            title: w.line.fromQuota,
            numeric: true,
            show: (row) => (line.quota === null ? w.line.noQuota : difference(row.deviation, language)),
          },
        ]}
      />
      {trial !== null && (
        <div className="trial">
          <h3>{w.line.trial}</h3>
          <div className="trial-buttons">
            <Button onClick={() => onStep(-1)} aria-label={w.line.tryLower}>
              ←
            </Button>
            <strong>{w.line.at(trial)}</strong>
            <Button onClick={() => onStep(1)} aria-label={w.line.tryHigher}>
              →
            </Button>
            {trial !== line.line && line.line !== null && <Button onClick={onReset}>{w.line.tryReset}</Button>}
          </div>
          <Trial line={line} trial={trial} />
          <p className="note">{w.line.trialHelp}</p>
        </div>
      )}
    </section>
  )
}

function Trial({ line, trial }: { line: CountyLine; trial: number }) {
  const { w, language } = useWords()
  const there = upTo(line, trial)
  const here = line.line === null ? null : upTo(line, line.line)
  const change = here && { households: there.households - here.households, persons: there.persons - here.persons }
  return (
    <p role="status" className="trial-result">
      {w.line.inside} {pairText(there, language)}
      {line.quota !== null && (
        <>
          {language === 'zh' ? '，' : ', '}
          {w.line.deviation(there.persons - line.quota, line.quota)}
        </>
      )}
      <br />
      {change === null
        ? ''
        : change.households === 0
          ? w.line.same
          : change.households > 0
            ? w.line.becomeInside(pairText(change, language))
            : w.line.becomeOutside(pairText({ households: -change.households, persons: -change.persons }, language))}
    </p>
  )
}
