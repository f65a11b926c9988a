import { count, difference, percent } from '@fupin/platform/ui/numbers.ts'
import { Unknown } from '@fupin/platform/ui/state.tsx'
import type { AreaFigures, AreaLine } from '@fupin/whom/run/web/region.contract.ts'
import { useWords } from '../words/use-words.ts'

/** A county's line, or the interval its draws leave open; above the county how many have a line. */
export function AreaLineWords({ area: { level, line }, short }: { area: Pick<AreaFigures, 'level' | 'line'>; short?: boolean }) {
  const { w } = useWords()
  if (!line) return <span className="note">{w.region.byCounty}</span>
  if (level !== 'county') return (short ? w.region.drawnShort : w.region.drawnOf)(line.drawn, line.counties)
  if (line.line !== null) return w.line.at(line.line)
  return (
    <Unknown
      word={
        line.low === null || line.high === null ? w.line.noQuota : short ? `${line.low}–${line.high}` : w.line.between(line.low, line.high)
      }
    />
  )
}

/** Persons up to the line minus the quota, over the counties that have a line. */
export function Deviation({ line, short }: { line: AreaLine | null; short?: boolean }) {
  const { w, language } = useWords()
  if (!line) return <span className="note">{w.region.byCounty}</span>
  if (line.quota === null) return <Unknown word={w.line.noQuota} />
  if (line.deviation === null) return <Unknown word={w.line.notYet} />
  const share =
    !short && line.drawn === line.counties && line.quota > 0
      ? w.region.inBrackets(`${line.deviation > 0 ? '+' : ''}${percent((line.deviation / line.quota) * 100)}`)
      : ''
  return (
    <span className="unbroken">
      {line.deviation === 0 ? w.region.exact : difference(line.deviation, language, w.region.personsUnit)}
      {share}
    </span>
  )
}

export const Quota = ({ line }: { line: AreaLine | null }) => {
  const { w } = useWords()
  if (!line) return <span className="note">{w.region.byCounty}</span>
  return line.quota === null ? <Unknown word={w.line.noQuota} /> : count(line.quota)
}
