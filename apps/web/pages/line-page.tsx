import { useKeys } from '@fupin/platform/ui/keys.ts'
import { Nothing } from '@fupin/platform/ui/nothing.tsx'
import type { CountyLine } from '@fupin/whom/identification/identification.contract.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, Navigate, useNavigate, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { LineClasses } from '../line/line-classes.tsx'
import { LineDrawn } from '../line/line-drawn.tsx'
import { LineFigures } from '../line/line-figures.tsx'
import { LineLists } from '../line/line-lists.tsx'
import { LineNeighbours } from '../line/line-neighbours.tsx'
import { ends } from '../line/line-reading.ts'
import { ScoreDistribution } from '../line/score-distribution.tsx'
import { RunLines } from '../run/run-line.tsx'
import { Answer } from '../shell/answer.tsx'
import { ExportMenu } from '../shell/export-menu.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { noCounty, useArea } from '../shell/use-area.ts'
import { askLine, askRun } from '../wire/questions.ts'
import { useWords } from '../words/use-words.ts'

const files = ['score_table', 'lines', 'causes'].flatMap((name) => ['xlsx', 'csv', 'parquet'].map((kind) => `${name}.${kind}`))

/** The line of the county in the address; with none there, all counties of the run or its only one. */
export function LinePage() {
  const { county } = useParams({ from: '/office/lines/$county' })
  const { code, all } = useArea()
  const { w } = useWords()
  const run = useQuery(askRun)
  if (county !== noCounty) return <County county={county} />
  if (code) return <Navigate to="/lines/$county" params={{ county: code }} replace />
  return (
    <>
      <PageHead title={w.pages.lines} />
      <Answer of={run}>
        {({ state }) =>
          state === 'done' ? (
            <RunLines counties={all} />
          ) : (
            <Nothing action={<Link to="/run">{w.pages.run}</Link>}>{w.run.nothingYet}</Nothing>
          )
        }
      </Answer>
    </>
  )
}

/** How firm the line is, before anybody signs. */
function County({ county }: { county: string }) {
  const { w } = useWords()
  const { name } = useArea()
  const navigate = useNavigate()
  const answer = useQuery(askLine(county))
  useKeys({ p: () => void navigate({ to: '/lines/$county/print', params: { county } }) })
  return (
    <>
      <PageHead
        title={w.line.title(answer.data?.name ?? name)}
        more={answer.data && w.basis.direction[answer.data.direction]}
        deeds={
          <>
            <Link to="/lines/$county/print" params={{ county }}>
              {w.line.printScores}
            </Link>
            <ExportMenu files={files} />
            <Link to="/households" search={{ county, verdict: 'listed' }}>
              <Button type="primary" tabIndex={-1}>
                {w.line.seeList}
              </Button>
            </Link>
          </>
        }
      />
      <Answer of={answer} rows={12}>
        {(line) => <LineBody key={line.county} line={line} />}
      </Answer>
    </>
  )
}

function LineBody({ line }: { line: CountyLine }) {
  const { w } = useWords()
  const start = line.line ?? line.interval?.low ?? line.drawn.known
  const [trial, setTrial] = useState(start)
  const { low, high } = ends(line.distribution)
  const step = (by: number) => setTrial((at) => (at === null ? at : Math.min(high, Math.max(low, at + by))))
  useKeys({ arrowleft: () => step(-1), arrowright: () => step(1) })
  if (!line.distribution.length)
    return <Nothing action={<Link to="/findings">{w.pages.findings}</Link>}>{w.line.noQuotaLong(line.name)}</Nothing>
  return (
    <>
      {line.quota === null && <p className="band-note">▲ {w.line.noQuotaLong(line.name)}</p>}
      <LineFigures line={line} />
      {(line.line === null || line.set) && <LineDrawn line={line} />}
      <div className="chart-columns">
        <ScoreDistribution line={line} trial={trial} />
        <LineNeighbours line={line} trial={trial} onStep={step} onReset={() => setTrial(start)} />
      </div>
      {line.line !== null && !line.set && line.askFirst.length > 0 && <LineDrawn line={line} />}
      {line.classes.length > 0 && <LineClasses line={line} />}
      <LineLists line={line} />
    </>
  )
}
