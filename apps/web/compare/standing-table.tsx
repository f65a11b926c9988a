import { count } from '@fupin/platform/ui/numbers.ts'
import { Pair } from '@fupin/platform/ui/pair.tsx'
import type { ComparisonAnswer } from '@fupin/whom/run/web/comparison.contract.ts'
import { useWords } from '../words/use-words.ts'

/** Where every household stood and where it stands: rows before, columns after. */
export function StandingTable({ answer: { cells, standings } }: { answer: ComparisonAnswer }) {
  const { w } = useWords()
  const { standing } = w.compare
  const at = (from: string, to: string) => cells.find((cell) => cell.from === from && cell.to === to)
  return (
    <section className="panel">
      <h2>{w.compare.table}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls sideways must be reachable by keyboard */}
      <section className="scroll" aria-label={w.compare.table} tabIndex={0}>
        <table className="records dense standing-table">
          <thead>
            <tr>
              <th scope="col">{w.compare.beforeAfter}</th>
              {standings.map(({ id }) => (
                <th key={id} scope="col" className="numeric">
                  {standing[id]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {standings.map(({ id: from }) => (
              <tr key={from}>
                <th scope="row">{standing[from]}</th>
                {standings.map(({ id: to }) => {
                  const cell = at(from, to)
                  return (
                    <td
                      key={to}
                      className={from === to ? 'numeric same' : 'numeric'}
                      title={cell && `${count(cell.households)} / ${count(cell.persons)}`}
                    >
                      {from === 'absent' && to === 'absent' ? (
                        w.compare.cannotBe
                      ) : (
                        <Pair households={cell?.households ?? 0} persons={cell?.persons ?? 0} />
                      )}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  )
}
