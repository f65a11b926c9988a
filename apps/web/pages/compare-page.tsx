import { Pair } from '@fupin/platform/ui/pair.tsx'
import { State } from '@fupin/platform/ui/state.tsx'
import type { ComparisonAnswer } from '@fupin/whom/run/web/comparison.contract.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { CountyMoves } from '../compare/county-moves.tsx'
import { MoveFigures } from '../compare/move-figures.tsx'
import { MovedList } from '../compare/moved-list.tsx'
import { StandingTable } from '../compare/standing-table.tsx'
import type { CompareSearch } from '../routes.tsx'
import { Answer } from '../shell/answer.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { askComparison } from '../wire/questions-region.ts'
import { useWords } from '../words/use-words.ts'

/** An earlier run beside this one: what differs in what went in, who entered, who left, and why. */
export function ComparePage() {
  const { w } = useWords()
  const answer = useQuery(askComparison)
  return (
    <>
      <PageHead title={w.compare.title} more={answer.data && w.compare.runs(answer.data.before.id, answer.data.after.id)} />
      <Answer of={answer} rows={16}>
        {(found) => <Compared answer={found} />}
      </Answer>
    </>
  )
}

function Compared({ answer }: { answer: ComparisonAnswer }) {
  const { w, say } = useWords()
  const search: CompareSearch = useSearch({ from: '/office/region/compare' })
  const navigate = useNavigate()
  const change = (next: CompareSearch) => {
    void navigate({ to: '/region/compare', search: { ...search, after: undefined, start: undefined, ...next }, resetScroll: false })
    if ('move' in next || 'why' in next || 'county' in next) document.getElementById('moved')?.scrollIntoView()
  }
  return (
    <>
      <Inputs answer={answer} />
      <MoveFigures answer={answer} change={change} />
      <div className="two-columns">
        <section className="panel">
          <h2>{w.compare.reasons}</h2>
          <ul className="kinds">
            {answer.reasons.map((reason) => (
              <li key={`${reason.why} ${reason.origin}`}>
                <span>{reason.origin ? w.compare.origins[reason.origin] : ''}</span>
                <button type="button" className="link-button" onClick={() => change({ why: reason.why, move: undefined })}>
                  {say(reason.title)}
                </button>
                <Pair {...reason} />
              </li>
            ))}
          </ul>
        </section>
        <StandingTable answer={answer} />
      </div>
      <CountyMoves answer={answer} chosen={search.county} change={change} />
      <MovedList search={search} change={change} reasons={answer.reasons} />
    </>
  )
}

/** What differs in what the two runs were made from comes first. */
function Inputs({ answer: { inputs, before, after } }: { answer: ComparisonAnswer }) {
  const { w, say } = useWords()
  const c = w.compare
  const line = (same: boolean, word: string) => <State tone={same ? 'ended' : 'check'} mark={same ? '=' : undefined} word={word} />
  return (
    <section className="panel">
      <h2>{c.inputs}</h2>
      <p className="compare-inputs">
        {line(inputs.sameSnapshot, inputs.sameSnapshot ? c.sameSnapshot : c.otherSnapshot(inputs.countiesChanged))}
        {line(inputs.sameRules, inputs.sameRules ? c.sameRules : c.otherRules)}
        {line(inputs.quotasChanged === 0, inputs.quotasChanged === 0 ? c.sameQuotas : c.otherQuotas(inputs.quotasChanged))}
        {line(inputs.linesChanged === 0, inputs.linesChanged === 0 ? c.sameLines : c.otherLines(inputs.linesChanged))}
        {inputs.departments.map(({ title }) => (
          <State key={title.zh} tone="check" word={c.otherFile(say(title))} />
        ))}
      </p>
      <p className="note">
        {c.before} <Pair {...before} /> · {c.after} <Pair {...after} />
      </p>
    </section>
  )
}
