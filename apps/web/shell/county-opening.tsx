import { Failed } from '@fupin/platform/ui/nothing.tsx'
import { count, duration } from '@fupin/platform/ui/numbers.ts'
import type { OfficeState } from '@fupin/whom/run/web/region.contract.ts'
import { RunDeeds } from '../run/run-deeds.tsx'
import { useWords } from '../words/use-words.ts'
import { RegionTrail } from './region-trail.tsx'
import { useTitle } from './use-title.ts'

/** While a county is laid open: what is done, how long it takes, and what stands already. */
export function CountyOpening({ run }: { run: OfficeState }) {
  const { w, say, language } = useWords()
  const county = run.counties[0]!
  const [step] = run.steps
  useTitle(w.region.opening(county.name))
  return (
    <>
      <RegionTrail />
      <h1>{w.region.opening(county.name)}</h1>
      <section className="panel opening">
        {run.problem ? (
          <Failed title={say(run.problem)} action={<RunDeeds run={run} />} />
        ) : (
          <>
            <p role="status">{step && say(step.title)}</p>
            <progress value={step?.done ?? 0} max={Math.max(1, step?.total ?? 1)} aria-label={w.region.opening(county.name)} />
            <p className="note">
              {w.region.openingOf(count(step?.total ?? 0))}
              {run.secondsLeft !== null && ` · ${w.run.left(duration(Math.max(1, Math.round(run.secondsLeft)), language))}`}
            </p>
          </>
        )}
        <p className="note">{w.region.openingWhy}</p>
      </section>
    </>
  )
}
