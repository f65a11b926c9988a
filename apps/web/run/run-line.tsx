import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { LineWords } from '../line/line-figures.tsx'
import { askLine } from '../wire/questions.ts'
import { useWords } from '../words/use-words.ts'

/** The line of each county of the run, in a sentence that opens its page. */
export function RunLines({ counties }: { counties: { code: string; name: string }[] }) {
  return (
    <ul className="run-lines">
      {counties.map((county) => (
        <RunLine key={county.code} {...county} />
      ))}
    </ul>
  )
}

function RunLine({ code, name }: { code: string; name: string }) {
  const { w } = useWords()
  const { data: line } = useQuery(askLine(code))
  return (
    <li>
      <Link to="/lines/$county" params={{ county: code }} className="plain-link">
        {w.line.title(name)}
      </Link>{' '}
      {line && (
        <>
          <strong>
            <LineWords line={line} />
          </strong>{' '}
          <span className="note">
            {line.quota === null ? w.line.noQuota : `${w.line.quota} ${w.line.persons(line.quota)}`}
            {line.deviation !== null && ` · ${w.line.deviation(line.deviation, line.quota)}`}
          </span>
        </>
      )}
    </li>
  )
}
