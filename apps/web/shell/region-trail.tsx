import { useRun } from '../wire/follow-run.ts'
import { useWords } from '../words/use-words.ts'

/** In a county opened from a region: the way back up, each part a link. */
export function RegionTrail() {
  const { w } = useWords()
  const run = useRun()
  const within = run?.within
  const county = run?.counties[0]
  if (!within || !county) return null
  return (
    <nav className="trail" aria-label={w.region.trail}>
      <a href="/">{within.name}</a>
      {within.city && (
        <>
          <span aria-hidden="true">›</span>
          <a href={`/?area=${within.city.code}`}>{within.city.name}</a>
        </>
      )}
      <span aria-hidden="true">›</span>
      <a href={`/?area=${county.code}`}>{county.name}</a>
    </nav>
  )
}
