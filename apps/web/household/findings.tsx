import { State } from '@fupin/platform/ui/state.tsx'
import type { HouseholdFile } from '@fupin/whom/identification/identification.contract.ts'
import { useWords } from '../words/use-words.ts'

/** What the import found in this household's rows. */
export function Findings({ findings }: { findings: HouseholdFile['findings'] }) {
  const { w, say } = useWords()
  return (
    <ul className="hits">
      {findings.map((finding) => (
        <li key={`${finding.column}${finding.value}${finding.text.zh}`}>
          <State
            tone={finding.severity === 'error' ? 'wrong' : 'check'}
            word={finding.severity === 'error' ? w.file.error : w.file.doubt}
          />
          <span className="code"> {[finding.column, finding.value].filter(Boolean).join(' = ')}</span>
          <div>{say(finding.text)}</div>
        </li>
      ))}
    </ul>
  )
}
