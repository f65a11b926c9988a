import { Unknown } from '@fupin/platform/ui/state.tsx'
import type { ExplainedPart, FactRead } from '@fupin/rulebook/engine/explanation.ts'
import { createContext, use } from 'react'
import { Trust } from '../shell/basis.tsx'
import { useWords } from '../words/use-words.ts'

/** Documents by their id, as people call them; one without a document has none. */
export const DocumentTitles = createContext(new Map<string, string>())

/** Under a leaf: every answer it looked at with its source, the rule as written, and where that stands. */
export function PartDetail({ part }: { part: ExplainedPart }) {
  const { w } = useWords()
  const titles = use(DocumentTitles)
  return (
    <dl className="facts facts-small">
      {part.read.map((fact) => (
        <Read key={fact.path} fact={fact} />
      ))}
      {part.each?.map((one) => (
        <div key={`${one.list}${one.member}`}>
          <dt>{one.list === 'members' ? w.why.each(one.member) : w.why.eachRecord(one.member)}</dt>
          <dd>
            <Answers of={one.read} />
          </dd>
        </div>
      ))}
      {part.expr && (
        <div>
          <dt>{w.why.rule}</dt>
          <dd>
            <code>{part.expr}</code>
          </dd>
        </div>
      )}
      <div>
        <dt>{w.why.source}</dt>
        <dd>
          {part.cite && (
            <>
              {[titles.get(part.cite.doc), part.cite.at].filter(Boolean).join(' ')}
              {part.cite.quote && <q>{part.cite.quote}</q>}{' '}
            </>
          )}
          <Trust of={part.confidence} />
        </dd>
      </div>
    </dl>
  )
}

function Read({ fact }: { fact: FactRead }) {
  const { w, say } = useWords()
  return (
    <div>
      <dt>{say(fact.label)}</dt>
      <dd>
        {fact.value === null ? <Unknown word={say(fact.shown)} /> : say(fact.shown)}
        {fact.source && (
          <span className="note">
            {' '}
            {w.why.factFrom} {say(fact.source)}
          </span>
        )}
        {fact.confidence === 'default' && (
          <>
            {' '}
            <Trust of={fact.confidence} />
          </>
        )}
      </dd>
    </div>
  )
}

function Answers({ of }: { of: FactRead[] }) {
  const { say } = useWords()
  return of.map((fact, index) => (
    <span key={fact.path}>
      {index > 0 && ' · '}
      {say(fact.label)} {fact.value === null ? <Unknown word={say(fact.shown)} /> : say(fact.shown)}
    </span>
  ))
}
