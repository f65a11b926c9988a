import { Figure } from '@fupin/platform/ui/figure.tsx'
import { Pair } from '@fupin/platform/ui/pair.tsx'
import type { ComparisonAnswer } from '@fupin/whom/run/web/comparison.contract.ts'
import type { CompareSearch } from '../routes.tsx'
import { useBasisRows } from '../shell/basis.tsx'
import { useWords } from '../words/use-words.ts'

/** How many entered, left, and so on; each opens to its households. */
export function MoveFigures({ answer, change }: { answer: ComparisonAnswer; change: (next: CompareSearch) => void }) {
  const { w } = useWords()
  const basis = useBasisRows()
  return (
    <section className="panel">
      <h2>{w.compare.moves}</h2>
      <div className="figures">
        {answer.moves
          .filter(({ move, households }) => households > 0 || move === 'entered' || move === 'left')
          .map(({ move, ...pair }) => (
            <Figure
              key={move}
              label={w.compare.moveNames[move]}
              definition={w.compare.movesMean}
              basis={basis}
              words={{ open: w.openFigure, close: w.close }}
              records={
                <button type="button" className="link-button" onClick={() => change({ move, why: undefined })}>
                  {w.run.listLink}
                </button>
              }
            >
              <Pair {...pair} />
            </Figure>
          ))}
      </div>
    </section>
  )
}
