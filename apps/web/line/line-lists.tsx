import { count } from '@fupin/platform/ui/numbers.ts'
import { TabRow } from '@fupin/platform/ui/tab-row.tsx'
import type { CountyLine } from '@fupin/whom/identification/identification.contract.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ShortList } from '../households/short-list.tsx'
import { Answer } from '../shell/answer.tsx'
import { askHouseholds } from '../wire/questions.ts'
import { useWords } from '../words/use-words.ts'
import { ScoreTable } from './score-table.tsx'

type Tab = 'scores' | 'band' | 'undecided' | 'vetoed' | 'same'

/** The lists behind the line. */
export function LineLists({ line }: { line: CountyLine }) {
  const { w } = useWords()
  const [tab, setTab] = useState<Tab>('scores')
  const counts: Record<Tab, number | null> = {
    scores: null,
    band: line.line === null ? null : line.band.households,
    vetoed: line.vetoed.households,
    undecided: line.undecided.households,
    same: line.line === null ? null : line.sameScore.households,
  }
  const shown = (Object.keys(counts) as Tab[]).filter((key) => (key !== 'same' && key !== 'band') || line.line !== null)
  const named = shown.map((key) => ({ key, label: counts[key] === null ? w.line.tabs[key] : `${w.line.tabs[key]} ${count(counts[key])}` }))
  return (
    <section className="panel">
      <TabRow label={w.list.title} tabs={named} chosen={tab} onChoose={setTab}>
        {tab === 'scores' ? <ScoreTable line={line} /> : <Households line={line} tab={tab} />}
      </TabRow>
    </section>
  )
}

function Households({ line, tab }: { line: CountyLine; tab: Exclude<Tab, 'scores'> }) {
  const { w } = useWords()
  const at = line.line === null ? undefined : String(line.line)
  const filters = {
    band: { band: 'true', sort: 'score' },
    vetoed: { verdict: 'vetoed', sort: 'id' },
    undecided: { verdict: 'undecided', sort: '-missing' },
    same: { scoreFrom: at, scoreTo: at, verdict: 'listed', sort: 'id' },
  }[tab]
  const search = { county: line.county, ...filters }
  const answer = useQuery(askHouseholds({ ...search, limit: 50 }))
  return (
    <Answer of={answer}>
      {(page) => (
        <>
          <ShortList page={page} search={search} label={w.line.tabs[tab]} />
          <p>
            {page.next && `${w.line.first50(page.rows.length)} · `}
            <Link to="/households" search={search}>
              {w.line.seeAll}
            </Link>
          </p>
        </>
      )}
    </Answer>
  )
}
