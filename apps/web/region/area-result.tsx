import { Figure } from '@fupin/platform/ui/figure.tsx'
import { count } from '@fupin/platform/ui/numbers.ts'
import { Pair } from '@fupin/platform/ui/pair.tsx'
import type { AreaFigures } from '@fupin/whom/run/web/region.contract.ts'
import { Link } from '@tanstack/react-router'
import { useBasisRows } from '../shell/basis.tsx'
import { VerdictState, verdicts } from '../shell/verdict.tsx'
import { countyOffice } from '../wire/office-base.ts'
import { useWords } from '../words/use-words.ts'
import { AreaRecords, countyOf } from './area-records.tsx'
import { AreaLineWords, Deviation, Quota } from './line-words.tsx'

/** Who is proposed in an area, who not, who cannot be decided yet, and how its lines stand; each number opens. */
export function AreaResult({ area }: { area: AreaFigures }) {
  const { w } = useWords()
  const basis = useBasisRows()
  const words = { open: w.openFigure, close: w.close }
  const rows: [string, string][] = [[w.basis.place, area.name], ...basis.slice(1)]
  const county = countyOf(area)
  const lines = county ? (
    <a href={countyOffice(county, `/lines/${county}`)}>{w.run.seeLine}</a>
  ) : (
    <Link to="/region/lines">{w.region.seeLines}</Link>
  )
  return (
    <section className="panel" aria-label={w.run.result}>
      <div className="figures">
        {verdicts.map((verdict) => (
          <div key={verdict} className="figure-with-state">
            <VerdictState of={verdict} />
            <Figure
              label={w.verdict[verdict]}
              definition={w.verdictMeans[verdict]}
              basis={rows}
              words={words}
              note={w.region.ofPersons(area.verdicts[verdict].persons, area.persons)}
              records={
                <AreaRecords area={area} verdict={verdict}>
                  {w.run.listLink}
                </AreaRecords>
              }
            >
              <Pair {...area.verdicts[verdict]} />
            </Figure>
          </div>
        ))}
      </div>
      {area.line && (
        <div className="figures figures-second">
          <Figure label={w.region.columns.line} definition={w.line.lineMeans} basis={rows} words={words} records={lines}>
            <AreaLineWords area={area} />
          </Figure>
          <Figure
            label={w.line.quota}
            definition={w.line.quotaNote}
            basis={rows}
            words={words}
            note={area.level !== 'county' && w.region.quotaOf(area.line.withQuota, area.line.counties)}
          >
            <Quota line={area.line} /> {area.line.quota !== null && w.region.personsUnit}
          </Figure>
          <Figure
            label={w.region.columns.deviation}
            definition={w.region.deviationMeans}
            basis={rows}
            words={words}
            note={area.level !== 'county' && area.line.drawn > 0 && w.region.deviationOf(area.line.drawn)}
          >
            <Deviation line={area.line} />
          </Figure>
          <Figure
            label={w.region.columns.findings}
            definition={w.region.findingsMeans}
            basis={rows}
            words={words}
            records={county && <a href={countyOffice(county, '/findings')}>{w.run.seeFindings}</a>}
          >
            {w.region.findingsOf(count(area.findings!.errors), count(area.findings!.doubts))}
          </Figure>
        </div>
      )}
      <p className="note">{w.basis.proposal}</p>
    </section>
  )
}
