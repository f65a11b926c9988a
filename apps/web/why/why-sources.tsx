import type { ExplainedPart } from '@fupin/rulebook/engine/explanation.ts'
import type { Why } from '@fupin/whom/identification/identification.contract.ts'
import { useWords } from '../words/use-words.ts'

/** The documents and articles that the verdict rests on, with the quoted lines. */
export function WhySources({ why }: { why: Why }) {
  const { w, say } = useWords()
  const quotes = quoted(why)
  return (
    <section>
      <h3>{w.why.documents}</h3>
      <ul className="sources">
        {why.sources.map((source) => (
          <li key={source.doc}>
            <strong>{say(source.title)}</strong> {source.number && <span className="code">{source.number}</span>}
            {source.at.length > 0 && (
              <div>
                {w.why.articles} {source.at.join('、')}
              </div>
            )}
            {quotes.get(source.doc)?.map((quote) => (
              <blockquote key={quote}>{w.why.quoteMark(quote)}</blockquote>
            ))}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Every wording quoted anywhere in the reasons, by document. */
function quoted(why: Why) {
  const found = new Map<string, string[]>()
  const add = (cite: { doc: string; quote?: string } | undefined) => {
    if (!cite?.quote) return
    const known = found.get(cite.doc) ?? []
    if (!known.includes(cite.quote)) found.set(cite.doc, [...known, cite.quote])
  }
  const walk = (part: ExplainedPart) => {
    add(part.cite)
    part.parts?.forEach(walk)
  }
  for (const whole of [why.scorecard, ...why.vetoes]) {
    add(whole.cite)
    whole.parts.forEach(walk)
  }
  walk(why.scope)
  return found
}
