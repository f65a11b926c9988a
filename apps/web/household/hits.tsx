import { State } from '@fupin/platform/ui/state.tsx'
import type { HouseholdFile } from '@fupin/whom/identification/identification.contract.ts'
import { useWords } from '../words/use-words.ts'

/** Records of departments that match a member: leads, with source and day, until somebody has verified them. */
export function Hits({ hits }: { hits: HouseholdFile['hits'] }) {
  const { w, say } = useWords()
  return (
    <>
      <ul className="hits">
        {hits.map((hit) => (
          <li key={`${hit.department.zh}${hit.shown.zh}${hit.member}`}>
            <div>
              <strong>{say(hit.department)}</strong> {hit.asOf} · {w.file.member(hit.member)}
            </div>
            <div>{say(hit.shown)}</div>
            <State tone="check" word={hit.state === 'matched' ? w.file.matched : w.file.review} />
          </li>
        ))}
      </ul>
      <p className="note">{w.file.hitNote}</p>
    </>
  )
}
