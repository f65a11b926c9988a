import { useRun } from '../wire/follow-run.ts'
import { useWords } from '../words/use-words.ts'
import { type Indicator, legend, stepsOf } from './scale.ts'

/** The classes of the picture, lightest first, and what has no data. */
export function Legend({ indicator }: { indicator: Indicator }) {
  const { w } = useWords()
  return (
    <ul className="map-legend" aria-label={w.map.indicator}>
      {legend(stepsOf(indicator, useRun()?.shareClasses ?? []), w.map.under, w.map.over).map(({ words }, index) => (
        <li key={words}>
          <span className={`swatch shade-${index}`} aria-hidden="true" /> {words}
        </li>
      ))}
      <li>
        <span className="swatch block-none" aria-hidden="true" /> {w.map.noData}
      </li>
    </ul>
  )
}
