import { percent } from '@fupin/platform/ui/numbers.ts'
import type { MapArea } from '@fupin/whom/identification/identification.contract.ts'
import { ListLink } from '../shell/list-link.tsx'
import { useRun } from '../wire/follow-run.ts'
import { useWords } from '../words/use-words.ts'
import { classOf, type Indicator, shareOf, stepsOf } from './scale.ts'

/** One block per village, by township: a schematic that invents no shape. */
export function VillageBlocks({
  areas,
  county,
  name,
  indicator,
}: {
  areas: MapArea[]
  county: string
  name: string
  indicator: Indicator
}) {
  const { w } = useWords()
  return (
    <div>
      <h2>{w.map.villagesOf(name)}</h2>
      <p className="schematic">{w.map.schematic}</p>
      {byTownship(areas).map(([code, township, villages]) => (
        <section key={code} className="township">
          <h3>{township}</h3>
          <ul className="blocks">
            {villages.map((village) => (
              <li key={village.code}>
                <Block area={village} county={county} indicator={indicator} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

function Block({ area, county, indicator }: { area: MapArea; county: string; indicator: Indicator }) {
  const { w } = useWords()
  const value = shareOf(area, indicator)
  const steps = stepsOf(indicator, useRun()?.shareClasses ?? [])
  return (
    <ListLink
      search={{ county, village: area.code, ...verdictOf(indicator) }}
      className={`block ${value === null ? 'block-none' : `shade-${classOf(value, steps)}`}`}
    >
      <span>{area.name}</span>
      <span>{value === null ? w.map.noData : percent(value)}</span>
    </ListLink>
  )
}

/** The list behind a block: the households counted in its numerator. */
export const verdictOf = (indicator: Indicator) => ({ verdict: { inside: 'listed', vetoed: 'vetoed', undecided: 'undecided' }[indicator] })

const byTownship = (areas: MapArea[]) =>
  [...new Map(areas.map((area) => [area.parent, area.parentName]))]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([code, name]) => [code, name, areas.filter((area) => area.parent === code).sort((a, b) => a.code.localeCompare(b.code))] as const)
