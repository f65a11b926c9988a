import { Figure } from '@fupin/platform/ui/figure.tsx'
import { Pair } from '@fupin/platform/ui/pair.tsx'
import type { RunState } from '@fupin/whom/identification/identification.contract.ts'
import { Link } from '@tanstack/react-router'
import { useBasisRows } from '../shell/basis.tsx'
import { VerdictState, verdicts } from '../shell/verdict.tsx'
import { useWords } from '../words/use-words.ts'
import { RunLines } from './run-line.tsx'

/** More lines than these are looked up county by county. */
const fewCounties = 5

/** Who is proposed, who not, and who cannot be decided yet; each number opens to its households. */
export function RunResult({ run }: { run: RunState }) {
  const { w } = useWords()
  const basis = useBasisRows()
  const { counts } = run
  return (
    <section className="panel">
      <h2>{run.state === 'done' ? w.run.result : w.run.soFar}</h2>
      {run.state === 'done' && run.counties.length <= fewCounties && <RunLines counties={run.counties} />}
      {counts ? (
        <div className="figures">
          {verdicts.map((verdict) => (
            <div key={verdict} className="figure-with-state">
              <VerdictState of={verdict} />
              <Figure
                label={w.verdict[verdict]}
                definition={w.verdictMeans[verdict]}
                basis={basis}
                words={{ open: w.openFigure, close: w.close }}
                records={
                  run.state === 'done' && (
                    <Link to="/households" search={{ verdict }}>
                      {w.run.listLink}
                    </Link>
                  )
                }
              >
                <Pair {...counts[verdict]} />
              </Figure>
            </div>
          ))}
        </div>
      ) : (
        <p className="note">{w.run.nothingYet}</p>
      )}
      {counts && <p className="note">{w.basis.proposal}</p>}
    </section>
  )
}
