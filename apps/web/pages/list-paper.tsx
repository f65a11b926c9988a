import { Pair } from '@fupin/platform/ui/pair.tsx'
import { PrintSheet } from '@fupin/platform/ui/print-sheet.tsx'
import type { HouseholdPage } from '@fupin/whom/identification/identification.contract.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { place } from '../households/columns.tsx'
import { Answer } from '../shell/answer.tsx'
import { scoreRange } from '../shell/verdict.tsx'
import { askHouseholds, askRun } from '../wire/questions.ts'
import { useWords } from '../words/use-words.ts'

/** As many as the server gives at once; a longer list is taken as a file. */
const mostRows = 200

/** The filtered list as it stands on the screen, on A4 across. */
export function ListPaper() {
  const search = useSearch({ from: '/households-print' })
  const { start: _start, ...filters } = search
  const { w } = useWords()
  const answer = useQuery(askHouseholds({ ...filters, limit: mostRows }))
  return (
    <main className="paper-page">
      <div className="paper-tools paper-tools-wide">
        <Link to="/households" search={search}>
          ‹ {w.file.toList}
        </Link>
        <Button type="primary" onClick={() => window.print()}>
          {w.printNow}
        </Button>
      </div>
      <Answer of={answer}>{(page) => <Sheet page={page} />}</Answer>
    </main>
  )
}

function Sheet({ page }: { page: HouseholdPage }) {
  const { w, say, language } = useWords()
  const { data: run } = useQuery(askRun)
  const { head } = w.list
  const heads = [head.id, head.name, head.place, head.persons, head.score, head.verdict, head.class, head.missing, head.reason]
  return (
    <PrintSheet
      kind="wide"
      language={language}
      title={w.list.title}
      foot={
        run && (
          <>
            {say(run.book.scorecardTitle)} · {w.basis.asOf(run.book.asOf)} · {w.basis.run} {run.id}
            {run.defaults.ids > 0 && ` · ⚑ ${w.basis.defaults(run.defaults.ids, run.defaults.of)}`}
            {run.demo && <strong> · {w.paper.demo}</strong>}
          </>
        )
      }
    >
      <p className="paper-who">
        {w.list.matching} <Pair {...page.total} />
        {page.total.households > page.rows.length && <> · {w.list.printedFirst(page.rows.length)}</>} · {w.basis.proposal}
      </p>
      <table>
        <thead>
          <tr>
            {heads.map((title) => (
              <th key={title} scope="col" className={title === head.reason || title === head.place ? 'text-cell' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {page.rows.map((row) => (
            <tr key={row.id}>
              <td>{row.id}</td>
              <td>{row.headName}</td>
              <td className="text-cell">{place(row)}</td>
              <td>{row.persons}</td>
              <td>{row.score ? scoreRange(row.score) : w.list.notScored}</td>
              <td>{w.verdict[row.verdict]}</td>
              <td>{row.classTitle ? say(row.classTitle) : w.list.noClass}</td>
              <td>{row.missing}</td>
              <td className="text-cell">{say(row.reason)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </PrintSheet>
  )
}
