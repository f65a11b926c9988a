import { Figure } from '@fupin/platform/ui/figure.tsx'
import { Pair } from '@fupin/platform/ui/pair.tsx'
import type { OfficeState } from '@fupin/whom/run/web/region.contract.ts'
import { useBasisRows } from '../shell/basis.tsx'
import { ListLink } from '../shell/list-link.tsx'
import { VerdictState, verdicts } from '../shell/verdict.tsx'
import { useWords } from '../words/use-words.ts'
import { RunLines } from './run-line.tsx'

/** More lines than these are looked up county by county. */
const fewCounties = 5

/** Who is proposed, who not, and who cannot be decided yet; each number opens to its households. */
export function RunResult({ run }: { run: OfficeState }) {
  const { w } = useWords()
  const basis = useBasisRows()
  const { counts } = run
  return (
    <section className="panel">
      <h2>{run.state === 'done' ? w.run.result : w.run.soFar}</h2>
      {run.state === 'done' && !run.region && run.counties.length <= fewCounties && <RunLines counties={run.counties} />}
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
                records={run.state === 'done' && <ListLink search={{ verdict }}>{w.run.listLink}</ListLink>}
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
