import { FewFirst } from '@fupin/platform/ui/few-first.tsx'
import type { Why } from '@fupin/whom/identification/identification.contract.ts'
import { Link } from '@tanstack/react-router'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { Trust } from '../shell/basis.tsx'
import { scoreRange, VerdictState } from '../shell/verdict.tsx'
import { useWords } from '../words/use-words.ts'
import { WhySources } from './why-sources.tsx'
import { WhyTree } from './why-tree.tsx'

/** As many as a person reads at a glance. */
const few = 6

type View = 'items' | 'plain' | 'sources'

/** Verdict first, then what is missing, what would change it, and the parts; as a tree, as sentences, or as documents. */
export function WhyPanel({ why }: { why: Why }) {
  const { w, say } = useWords()
  const [view, setView] = useState<View>('items')
  return (
    <div className="why">
      <div className="why-verdict">
        <VerdictState of={why.verdict} /> <Trust of={why.confidence} />
        <p className="why-sentence sentence">{say(why.sentence)}</p>
      </div>
      <div className="why-tools">
        <Segmented
          value={view}
          onChange={setView}
          aria-label={w.file.why}
          options={(['items', 'plain', 'sources'] as const).map((value) => ({ value, label: w.why.views[value] }))}
        />
        <span className="stretch" />
        <Copy why={why} />
        <Link to="/households/$id/print" params={{ id: why.household }}>
          {w.why.goFamily}
        </Link>
      </div>
      {view === 'items' && (
        <>
          <div className="why-answers">
            <Missing why={why} />
            <WouldChange why={why} />
          </div>
          <WhyTree why={why} />
        </>
      )}
      {view === 'plain' && <Plain why={why} />}
      {view === 'sources' && <WhySources why={why} />}
    </div>
  )
}

function Missing({ why }: { why: Why }) {
  const { w, say } = useWords()
  if (!why.missing.length) return null
  return (
    <section>
      <h3>
        {w.why.missing} <span className="note">{w.list.missingOf(why.missing.length)}</span>
      </h3>
      <FewFirst of={why.missing} few={few} more={w.more}>
        {(fact) => (
          <li key={fact.path}>
            <span className="unknown">{say(fact.label)}</span>{' '}
            {fact.settles > 1 && <span className="note">{w.why.settles(fact.settles)}</span>}
          </li>
        )}
      </FewFirst>
    </section>
  )
}

/** Only what would turn the verdict: a change that leaves it as it is tells nothing. */
function WouldChange({ why }: { why: Why }) {
  const { w, say } = useWords()
  const turning = why.wouldChange.filter((change) => change.verdict !== why.verdict)
  return (
    <section>
      <h3>{w.why.wouldChange}</h3>
      {turning.length ? (
        <FewFirst of={turning} few={few} more={w.more}>
          {(change, index) => (
            <li key={index} className="change">
              <span>{say(change.label)}</span>
              <span className="change-to">
                → {change.score !== undefined && <>{w.why.atPoints(change.score)} </>}
                <VerdictState of={change.verdict} />
              </span>
            </li>
          )}
        </FewFirst>
      ) : (
        <p className="note">{why.verdict === 'vetoed' ? w.why.vetoStands : why.missing.length > 1 ? w.why.noneAlone : w.why.none}</p>
      )}
    </section>
  )
}

function Plain({ why }: { why: Why }) {
  const { language } = useWords()
  return (
    <div className="plain-words">
      {why.plain[language].map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </div>
  )
}

function Copy({ why }: { why: Why }) {
  const { w, say, language } = useWords()
  const [done, setDone] = useState(false)
  const text = [
    `${why.headName} ${why.household}`,
    say(why.sentence),
    `${w.why.total} ${w.why.points(scoreRange(why.score))}`,
    ...why.plain[language],
  ].join('\n')
  return (
    <Button type="text" onClick={() => void navigator.clipboard.writeText(text).then(() => setDone(true))}>
      {done ? w.why.copied : w.why.copy}
    </Button>
  )
}
