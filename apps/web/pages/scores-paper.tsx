import { count } from '@fupin/platform/ui/numbers.ts'
import { PrintSheet } from '@fupin/platform/ui/print-sheet.tsx'
import type { CountyLine } from '@fupin/whom/identification/identification.contract.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { LineWords } from '../line/line-figures.tsx'
import { sideOf } from '../line/line-reading.ts'
import { Answer } from '../shell/answer.tsx'
import { askLine, askRun } from '../wire/questions.ts'
import { useWords } from '../words/use-words.ts'

/** 一分一档表 on A4, with the line marked and places to sign. */
export function ScoresPaper() {
  const { county } = useParams({ from: '/lines/$county/print' })
  const { w } = useWords()
  const answer = useQuery(askLine(county))
  return (
    <main className="paper-page">
      <div className="paper-tools">
        <Link to="/lines/$county" params={{ county }}>
          ‹ {w.paper.backToLine}
        </Link>
        <Button type="primary" onClick={() => window.print()}>
          {w.printNow}
        </Button>
      </div>
      <Answer of={answer}>{(line) => <Sheet line={line} />}</Answer>
    </main>
  )
}

function Sheet({ line }: { line: CountyLine }) {
  const { w, say, language } = useWords()
  const { data: run } = useQuery(askRun)
  const heads = [w.line.score, w.line.line, w.line.households, w.line.personsTerm, w.line.cumulativeHouseholds, w.line.cumulativePersons]
  return (
    <PrintSheet
      kind="list"
      language={language}
      title={w.line.scoresTitle(line.name)}
      foot={
        run && (
          <>
            {say(run.book.scorecardTitle)} · {w.basis.asOf(run.book.asOf)} · {w.basis.run} {run.id} · {w.basis.book}{' '}
            {run.book.meaning.replace(/^sha256:/, '').slice(0, 16)}
            {run.defaults.ids > 0 && ` · ⚑ ${w.basis.defaults(run.defaults.ids, run.defaults.of)}`}
            {run.demo && <strong> · {w.paper.demo}</strong>}
          </>
        )
      }
    >
      <p className="paper-who">
        {w.line.proposed}: <LineWords line={line} /> · {w.line.quota}: {line.quota === null ? w.line.noQuota : w.line.persons(line.quota)}
        {line.deviation !== null && <> · {w.line.deviation(line.deviation, line.quota)}</>} · {w.basis.direction[line.direction]}
      </p>
      <table>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {line.distribution.map((row) => (
            <tr key={row.score} className={row.score === line.line ? 'paper-line' : undefined}>
              <td>{row.score}</td>
              <td>
                {row.score === line.line && '▶ '}
                {w.line.sides[sideOf(line, row.score)]}
              </td>
              <td>{count(row.households)}</td>
              <td>{count(row.persons)}</td>
              <td>{count(row.cumulativeHouseholds)}</td>
              <td>{count(row.cumulativePersons)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="paper-signs">
        {[...w.line.signatures, w.line.signDay].map((who) => (
          <span key={who}>{who}</span>
        ))}
      </div>
    </PrintSheet>
  )
}
