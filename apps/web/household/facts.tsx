import { Unknown } from '@fupin/platform/ui/state.tsx'
import type { HouseholdFile } from '@fupin/whom/identification/identification.contract.ts'
import { useWords } from '../words/use-words.ts'

/** One block of the card: each fact with its card number and its source; what is not known says so. */
export function Facts({ section }: { section: HouseholdFile['sections'][number] }) {
  const { w, say } = useWords()
  return (
    <section className="panel" id={`section-${section.id}`}>
      <h2>{say(section.title)}</h2>
      <table className="facts-table">
        <thead className="for-readers">
          <tr>
            <th scope="col">{w.file.item}</th>
            <th scope="col">{w.file.now}</th>
            <th scope="col">{w.file.source}</th>
          </tr>
        </thead>
        <tbody>
          {section.facts.map((fact) => (
            <tr key={fact.field}>
              <th scope="row">
                {fact.card && <span className="code card-number">{fact.card}</span>} {say(fact.label)}
              </th>
              <td>
                {fact.known ? say(fact.shown) : <Unknown word={say(fact.shown)} />}
                {fact.masked && fact.known && <span className="note"> {w.file.masked}</span>}
              </td>
              <td className="note">{fact.source ? say(fact.source) : fact.known ? w.file.noSource : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
