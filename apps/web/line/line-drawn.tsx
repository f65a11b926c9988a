import type { CountyLine } from '@fupin/whom/identification/identification.contract.ts'
import { Link } from '@tanstack/react-router'
import { useWords } from '../words/use-words.ts'

/** The three drawings of a line with gaps in the answers, and what to ask first to settle it. */
export function LineDrawn({ line }: { line: CountyLine }) {
  const { w, say } = useWords()
  const agreed = line.line !== null
  const drawn = (['known', 'least', 'most'] as const).map((how) => [how, line.drawn[how]] as const)
  return (
    <section className={agreed ? 'panel' : 'panel panel-open'}>
      <h2>
        {!agreed && <span aria-hidden="true">? </span>}
        {agreed ? w.line.drawnSameTitle : w.line.drawnTitle}
      </h2>
      {!agreed && <p>{w.line.drawnWhy}</p>}
      <div className="drawn">
        <dl className="facts facts-across">
          {drawn.map(([how, at]) => (
            <div key={how}>
              <dt>{w.line.drawn[how]}</dt>
              <dd>{at === null ? w.line.undrawn : w.line.at(at)}</dd>
            </div>
          ))}
        </dl>
        {line.askFirst.length > 0 && (
          <div>
            <h3>{w.line.askFirst}</h3>
            <ol className="ask-first">
              {line.askFirst.map((ask) => (
                <li key={ask.path}>
                  <Link to="/households" search={{ county: line.county, verdict: 'undecided', gaps: 'true', sort: '-missing' }}>
                    {say(ask.label)}
                  </Link>{' '}
                  <span className="note">{w.line.askSettles(ask.households)}</span>
                </li>
              ))}
            </ol>
          </div>
        )}
      </div>
    </section>
  )
}
