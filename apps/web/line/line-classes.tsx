import { Pair } from '@fupin/platform/ui/pair.tsx'
import type { CountyLine } from '@fupin/whom/identification/identification.contract.ts'
import { Link } from '@tanstack/react-router'
import { Trust } from '../shell/basis.tsx'
import { useWords } from '../words/use-words.ts'

/** The households inside the line by class, with the limit of each and how sure that limit is. */
export function LineClasses({ line }: { line: CountyLine }) {
  const { w, say } = useWords()
  return (
    <section className="panel">
      <h2>{w.line.classes}</h2>
      <dl className="classes">
        {line.classes.map((one) => (
          <div key={one.id}>
            <dt>
              {say(one.title)} <span className="note">{w.line.classRange(one.upTo)}</span> <Trust of={one.confidence} short />
            </dt>
            <dd>
              <Link to="/households" search={{ county: line.county, class: one.id }}>
                <Pair {...one} />
              </Link>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
