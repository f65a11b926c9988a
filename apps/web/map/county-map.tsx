import { useNarrow } from '@fupin/platform/ui/width.ts'
import type { MapArea } from '@fupin/whom/identification/identification.contract.ts'
import { useCallback, useMemo } from 'react'
import { Canvas } from '../charts/canvas.tsx'
import { useRun } from '../wire/follow-run.ts'
import { useWords } from '../words/use-words.ts'
import { type Indicator, stepsOf } from './scale.ts'

interface Props {
  areas: MapArea[]
  indicator: Indicator
  /** Only the counties of this city. */
  within?: string
  onPick: (county: string) => void
}

/** Counties on their borders, coloured by class. */
export function CountyMap({ areas, indicator, within, onPick }: Props) {
  const { w } = useWords()
  const small = useNarrow()
  const classes = useRun()?.shareClasses
  const steps = useMemo(() => stepsOf(indicator, classes ?? []), [indicator, classes])
  const draw = useCallback(
    async (parts: typeof import('../charts/parts.ts')) =>
      (await import('../charts/county-map.ts')).countyMap(parts.registerMap, areas, indicator, steps, w, within, small),
    [areas, indicator, steps, w, within, small],
  )
  const named = areas.length > namesInSummary ? w.counties(areas.length) : areas.map((area) => area.name).join(', ')
  return (
    <>
      <Canvas
        summary={`${w.map.title}: ${w.map.indicators[indicator]}. ${named}`}
        height={small ? 320 : 620}
        option={draw}
        onPick={(name) => {
          const area = areas.find((one) => one.name === name)
          if (area) onPick(area.code)
        }}
      />
      <p className="note">{w.map.mapNote}</p>
    </>
  )
}

/** More counties than these are counted in the summary, not named: the table names them. */
const namesInSummary = 20
