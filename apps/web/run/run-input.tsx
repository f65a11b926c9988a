import { Figure } from '@fupin/platform/ui/figure.tsx'
import { count } from '@fupin/platform/ui/numbers.ts'
import { Pair } from '@fupin/platform/ui/pair.tsx'
import { RecordList } from '@fupin/platform/ui/record-list.tsx'
import { State, Unknown } from '@fupin/platform/ui/state.tsx'
import { useNarrow } from '@fupin/platform/ui/width.ts'
import type { OfficeState } from '@fupin/whom/run/web/region.contract.ts'
import { Link } from '@tanstack/react-router'
import { useBasisRows } from '../shell/basis.tsx'
import { usePreferences } from '../shell/preferences.ts'
import { useWords } from '../words/use-words.ts'

const tones = { compared: 'done', absent: 'check', refused: 'wrong' } as const

/** What went in: the survey, and each department's file with its day, or its absence. */
export function RunInput({ run }: { run: OfficeState }) {
  const { w, say } = useWords()
  const basis = useBasisRows()
  const { elder } = usePreferences().preferences
  const cards = useNarrow() || elder
  const state = (of: keyof typeof tones) => <State tone={tones[of]} word={w.run.departmentStates[of]} />
  return (
    <section className="panel">
      <h2>{w.run.input}</h2>
      {run.input.households === 0 && run.state !== 'done' ? (
        <p className="note">{w.run.reading}</p>
      ) : (
        <div className="figures">
          <Figure
            label={w.run.survey}
            definition={w.run.inputMeans}
            basis={basis}
            words={{ open: w.openFigure, close: w.close }}
            note={run.region ? w.run.findings(run.input.findings) : <Link to="/findings">{w.run.findings(run.input.findings)}</Link>}
          >
            <Pair {...run.input} />
          </Figure>
        </div>
      )}
      {run.input.departments.length > 0 && (
        <RecordList
          label={w.run.departments}
          rows={run.input.departments}
          id={(department) => department.id}
          asCards={cards}
          card={(department) => (
            <>
              <div className="card-head">
                <span>{say(department.title)}</span>
                {state(department.state)}
              </div>
              {department.state === 'compared' && (
                <div>
                  {w.run.rows(department.rows)} · {department.asOf ?? w.unknown}
                </div>
              )}
            </>
          )}
          columns={[
            { key: 'title', title: w.run.department, long: true, show: (department) => say(department.title) },
            {
              key: 'asOf',
              title: w.run.day,
              show: (department) =>
                department.asOf ?? (
                  <Unknown word={department.state === 'compared' ? w.unknown : w.run.departmentStates[department.state]} />
                ),
            },
            { key: 'state', title: w.run.state, show: (department) => state(department.state) },
            {
              key: 'rows',
              title: w.run.rowsTerm,
              numeric: true,
              show: (department) =>
                department.state === 'compared' ? count(department.rows) : <Unknown word={w.run.departmentStates[department.state]} />,
            },
          ]}
        />
      )}
    </section>
  )
}
