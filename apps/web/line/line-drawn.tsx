import { FewFirst } from '@fupin/platform/ui/few-first.tsx'
import { Unknown } from '@fupin/platform/ui/state.tsx'
import type { CountyLine } from '@fupin/whom/identification/identification.contract.ts'
import { Link } from '@tanstack/react-router'
import { useWords } from '../words/use-words.ts'

const fewQuestions = 5

/** The three drawings of a line with gaps in the answers, and what to ask first to settle it. */
export function LineDrawn({ line }: { line: CountyLine }) {
  const { w, say } = useWords()
  const agreed = line.line !== null
  const drawn = (['known', 'least', 'most'] as const).map((how) => [how, line.drawn[how]] as const)
  return (
    <section className={agreed ? 'panel' : 'panel panel-open'}>
      <h2>
        {!agreed && <span aria-hidden="true">? </span>}
        {line.set ? w.line.setTitle : agreed ? w.line.drawnSameTitle : w.line.drawnTitle}
      </h2>
      {line.set ? <p>{w.line.setBy(line.set.by, line.set.reason)}</p> : !agreed && <p>{w.line.drawnWhy}</p>}
      <div className="drawn">
        <dl className="facts facts-across">
          {drawn.map(([how, at]) => (
            <div key={how}>
              <dt>{w.line.drawn[how]}</dt>
              <dd>{at === null ? <Unknown word={line.quota === null ? w.line.undrawn : w.line.drawnByVetoes} /> : w.line.at(at)}</dd>
            </div>
          ))}
        </dl>
        {line.askFirst.length > 0 && (
          <div>
            <h3>{w.line.askFirst}</h3>
            <FewFirst of={line.askFirst} few={fewQuestions} more={w.more}>
              {(ask) => (
                <li key={ask.path}>
                  {say(ask.label)} <span className="note">{w.line.askSettles(ask.households)}</span>
                </li>
              )}
            </FewFirst>
            <Link to="/households" search={{ county: line.county, verdict: 'undecided', sort: '-missing' }}>
              {w.line.askList}
            </Link>
          </div>
        )}
      </div>
    </section>
  )
}
