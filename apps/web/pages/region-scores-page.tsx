import { useKeys } from '@fupin/platform/ui/keys.ts'
import { count } from '@fupin/platform/ui/numbers.ts'
import { RecordList } from '@fupin/platform/ui/record-list.tsx'
import { useNarrow } from '@fupin/platform/ui/width.ts'
import type { RegionScores } from '@fupin/whom/run/web/region.contract.ts'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useCallback, useState } from 'react'
import { Canvas } from '../charts/canvas.tsx'
import { ends, peak } from '../line/line-reading.ts'
import { RegionExport } from '../region/region-export.tsx'
import { Answer } from '../shell/answer.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { askRegionScores } from '../wire/questions-region.ts'
import { useWords } from '../words/use-words.ts'

/** 一分一档 of the region: all counties together, each with its own line. */
export function RegionScoresPage() {
  const { w } = useWords()
  const answer = useQuery(askRegionScores)
  return (
    <>
      <PageHead
        title={w.region.scores}
        more={answer.data && w.basis.direction[answer.data.direction]}
        deeds={<RegionExport tables={['score_table']} />}
      />
      <p className="intro">{w.region.scoresIntro}</p>
      <Answer of={answer} rows={14}>
        {(scores) => <Scores scores={scores} />}
      </Answer>
    </>
  )
}

function Scores({ scores }: { scores: RegionScores }) {
  const { w } = useWords()
  const small = useNarrow()
  const [asTable, setAsTable] = useState(false)
  const draw = useCallback(
    async () => (await import('../charts/region-score-chart.ts')).regionScoreChart(scores, w, small),
    [scores, w, small],
  )
  useKeys({ t: () => setAsTable((before) => !before) })
  const { low, high } = ends(scores.rows)
  return (
    <>
      <section className="panel">
        <div className="panel-head">
          <h2>{w.line.distribution}</h2>
          <Button size="small" onClick={() => setAsTable(!asTable)}>
            {asTable ? w.line.tableChart : w.line.chartTable}
          </Button>
        </div>
        {asTable ? (
          <Table scores={scores} />
        ) : (
          <>
            <p className="legend">
              <span className="key key-inside">{w.region.insideOwn}</span>
              <span className="key key-outside">{w.region.outsideOwn}</span>
              <span className="key key-open">{w.region.openOwn}</span>
              <span className="key key-cumulative">{w.line.legend.cumulative}</span>
              {scores.quota !== null && <span className="key key-quota">{w.region.quotas}</span>}
            </p>
            <Canvas
              summary={w.line.summary(low, high, peak(scores.rows) ?? low, w.region.drawnOf(scores.drawn, scores.counties))}
              height={small ? 280 : 380}
              option={draw}
            />
          </>
        )}
      </section>
      {!asTable && (
        <section className="panel">
          <h2>{w.line.tabs.scores}</h2>
          <Table scores={scores} />
        </section>
      )}
    </>
  )
}

function Table({ scores }: { scores: RegionScores }) {
  const { w } = useWords()
  return (
    <RecordList
      label={w.region.scores}
      density="dense"
      rows={scores.rows}
      id={(row) => String(row.score)}
      columns={[
        { key: 'score', title: w.line.score, numeric: true, show: (row) => row.score },
        { key: 'households', title: w.line.households, numeric: true, show: (row) => count(row.households) },
        { key: 'persons', title: w.line.personsTerm, numeric: true, show: (row) => count(row.persons) },
        { key: 'inside', title: w.region.insideOwn, numeric: true, show: (row) => count(row.inside) },
        { key: 'outside', title: w.region.outsideOwn, numeric: true, show: (row) => count(row.outside) },
        { key: 'open', title: w.region.openOwn, numeric: true, show: (row) => count(row.open) },
        { key: 'upToHouseholds', title: w.line.cumulativeHouseholds, numeric: true, show: (row) => count(row.cumulativeHouseholds) },
        { key: 'upToPersons', title: w.line.cumulativePersons, numeric: true, show: (row) => count(row.cumulativePersons) },
      ]}
    />
  )
}
