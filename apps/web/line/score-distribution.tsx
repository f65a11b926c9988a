import { useKeys } from '@fupin/platform/ui/keys.ts'
import { useNarrow } from '@fupin/platform/ui/width.ts'
import type { CountyLine } from '@fupin/whom/identification/identification.contract.ts'
import { Button } from 'antd'
import { useCallback, useState } from 'react'
import { Canvas } from '../charts/canvas.tsx'
import { useWords } from '../words/use-words.ts'
import { ends, peak } from './line-reading.ts'
import { ScoreTable } from './score-table.tsx'

/** Persons per score with the line over them; `T` shows the same numbers as a table. */
export function ScoreDistribution({ line, trial }: { line: CountyLine; trial: number | null }) {
  const { w } = useWords()
  const small = useNarrow()
  const [asTable, setAsTable] = useState(false)
  const draw = useCallback(
    async () => (await import('../charts/score-chart.ts')).scoreChart(line, trial, w, small),
    [line, trial, w, small],
  )
  useKeys({ t: () => setAsTable((before) => !before) })
  const { low, high } = ends(line.distribution)
  const stands = line.line === null ? w.line.notYet : `${w.line.legend.line} ${w.line.at(line.line)}`
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{w.line.distribution}</h2>
        <Button size="small" onClick={() => setAsTable(!asTable)}>
          {asTable ? w.line.tableChart : w.line.chartTable}
        </Button>
      </div>
      {asTable ? (
        <div className="fixed-height">
          <ScoreTable line={line} />
        </div>
      ) : (
        <>
          <Legend drawn={line.line !== null} />
          <Canvas summary={w.line.summary(low, high, peak(line.distribution) ?? low, stands)} height={small ? 260 : 320} option={draw} />
        </>
      )}
    </section>
  )
}

function Legend({ drawn }: { drawn: boolean }) {
  const { w } = useWords()
  const { legend } = w.line
  return (
    <p className="legend">
      <span className="key key-inside">{legend.inside}</span>
      <span className="key key-outside">{legend.outside}</span>
      <span className="key key-band">{drawn ? legend.band : w.line.notYet}</span>
      <span className="key key-cumulative">{legend.cumulative}</span>
      <span className="key key-line">{legend.line}</span>
      <span className="key key-quota">{legend.quota}</span>
    </p>
  )
}
