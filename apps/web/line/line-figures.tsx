import { Figure } from '@fupin/platform/ui/figure.tsx'
import { Pair } from '@fupin/platform/ui/pair.tsx'
import { Unknown } from '@fupin/platform/ui/state.tsx'
import type { CountyLine } from '@fupin/whom/identification/identification.contract.ts'
import { Link } from '@tanstack/react-router'
import { Trust, useBasisRows } from '../shell/basis.tsx'
import { useWords } from '../words/use-words.ts'

/** The five figures of a line: where it stands, who is inside, the quota, who would flip, who cannot be decided. */
export function LineFigures({ line }: { line: CountyLine }) {
  const { w } = useWords()
  const basis = useBasisRows()
  const words = { open: w.openFigure, close: w.close }
  const see = (search: Record<string, string>) => (
    <Link to="/households" search={{ county: line.county, ...search }}>
      {w.line.seeList}
    </Link>
  )
  return (
    <section className="panel figures" aria-label={w.line.proposed}>
      <Figure label={w.line.proposed} definition={w.line.lineMeans} basis={basis} words={words} note={<Trust of={line.confidence} />}>
        <LineWords line={line} />
      </Figure>
      <Figure
        label={w.line.inside}
        definition={w.line.insideMeans}
        basis={basis}
        words={words}
        note={
          line.line === null
            ? line.interval && w.line.insideSure
            : line.cumulative !== null &&
              line.deviation !== null &&
              `${w.line.tableToLine(line.cumulative)} · ${w.line.deviation(line.deviation, line.quota)}`
        }
        records={see({ verdict: 'listed' })}
      >
        <Pair {...line.inside} />
      </Figure>
      <Figure label={w.line.quota} definition={w.line.quotaNote} basis={basis} words={words}>
        {line.quota === null ? <Unknown word={w.line.noQuota} /> : w.line.persons(line.quota)}
      </Figure>
      <Figure
        label={w.line.band(line.band.points)}
        definition={w.line.bandMeans}
        basis={basis}
        words={words}
        note={line.line !== null && w.line.bandNote(line.band.points)}
        records={line.line !== null && see({ band: 'true' })}
      >
        {line.line === null ? <Unknown word={w.line.notYet} /> : <Pair {...line.band} />}
      </Figure>
      <Figure
        label={w.line.straddle}
        definition={w.verdictMeans.undecided}
        basis={basis}
        words={words}
        note={w.line.straddleNote}
        records={see({ verdict: 'undecided' })}
      >
        <Pair {...line.undecided} />
      </Figure>
    </section>
  )
}

/** `61 分及以下`, or the interval while it cannot be drawn. */
export function LineWords({ line }: { line: CountyLine }) {
  const { w } = useWords()
  if (line.line !== null) return (line.direction === 'higher_is_better_off' ? w.line.orBelow : w.line.orAbove)(line.line)
  return <Unknown word={line.interval ? w.line.between(line.interval.low, line.interval.high) : w.line.notYet} />
}
