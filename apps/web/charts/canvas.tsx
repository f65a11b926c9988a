import { Failed } from '@fupin/platform/ui/nothing.tsx'
import { useEffect, useRef, useState } from 'react'
import { useWords } from '../words/use-words.ts'

type Option = Record<string, unknown>

interface Props {
  /** What the picture says, in a sentence, for those who do not see it. */
  summary: string
  /** Made when the chart library has arrived; another function (`useCallback`) draws the chart again. */
  option: (parts: typeof import('./parts.ts')) => Option | Promise<Option>
  height: number
  onPick?: (name: string) => void
}

/** A chart that comes after the numbers: the library loads once the page is painted. */
export function Canvas({ summary, option, height, onPick }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const { w } = useWords()
  const [failed, setFailed] = useState(false)
  const pick = useRef(onPick)
  pick.current = onPick
  useEffect(() => {
    let end = () => {}
    let gone = false
    setFailed(false)
    const draw = async () => {
      const parts = await import('./parts.ts')
      const made = await option(parts)
      if (gone || !place.current) return
      const chart = parts.init(place.current)
      chart.setOption(made)
      chart.on('click', (event) => pick.current?.(String(event.name)))
      const resize = new ResizeObserver(() => chart.resize())
      resize.observe(place.current)
      end = () => {
        resize.disconnect()
        chart.dispose()
      }
    }
    draw().catch(() => setFailed(true))
    return () => {
      gone = true
      end()
    }
  }, [option])
  if (failed) return <Failed title={w.chartFailed} />
  return <div ref={place} role="img" aria-label={summary} className="canvas" style={{ height }} />
}
