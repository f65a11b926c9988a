import { BarChart, LineChart, MapChart } from 'echarts/charts'
import { GeoComponent, GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from 'echarts/components'
import { init, registerMap, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([BarChart, LineChart, MapChart, GridComponent, GeoComponent, MarkLineComponent, MarkAreaComponent, TooltipComponent, CanvasRenderer])

export { init, registerMap }

export const ink = {
  text: '#1C2528',
  second: '#4A575C',
  rule: '#D9DEDC',
  outline: '#5D6B70',
  inside: '#0E6377',
  outside: '#C3CCCB',
  open: '#9C8FD0',
  policy: '#8F4A0B',
}

/** Drawn on the canvas: the page's policy allows no styles inside markup. */
export const tooltip = {
  renderMode: 'richText' as const,
  backgroundColor: '#fff',
  borderColor: ink.rule,
  textStyle: { color: ink.text, fontSize: 13 },
}
