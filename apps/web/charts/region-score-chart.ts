import { count } from '@fupin/platform/ui/numbers.ts'
import type { RegionScores } from '@fupin/whom/run/web/region.contract.ts'
import type { Words } from '../words/zh.ts'
import { ink, tooltip } from './parts.ts'

/** Persons per score, stacked by the side of each county's own line, and cumulative persons with the sum of the quotas. */
export function regionScoreChart({ rows, quota }: RegionScores, w: Words, small: boolean) {
  const ordered = [...rows].sort((a, b) => a.score - b.score)
  const type = { color: ink.second, fontSize: 12 }
  const bar = (values: number[], color: string) => ({
    type: 'bar',
    stack: 'persons',
    barCategoryGap: '12%',
    data: values,
    itemStyle: { color },
  })
  const tip = (row: RegionScores['rows'][number]) =>
    [
      w.line.at(row.score),
      `${w.line.personsTerm} ${count(row.persons)}`,
      `${w.region.insideOwn} ${count(row.inside)}`,
      `${w.region.outsideOwn} ${count(row.outside)}`,
      `${w.region.openOwn} ${count(row.open)}`,
      `${w.line.cumulativePersons} ${count(row.cumulativePersons)}`,
    ].join('\n')
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: small ? 56 : 72, right: small ? 64 : 88, top: 30, bottom: 40 },
    tooltip: { ...tooltip, trigger: 'axis', formatter: (points: { dataIndex: number }[]) => tip(ordered[points[0]?.dataIndex ?? 0]!) },
    xAxis: {
      type: 'category',
      data: ordered.map((row) => String(row.score)),
      name: w.line.score,
      nameLocation: 'middle',
      nameGap: 26,
      nameTextStyle: type,
      axisLabel: type,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: ink.outline } },
    },
    yAxis: [
      { type: 'value', axisLabel: { ...type, formatter: count }, splitLine: { lineStyle: { color: ink.rule } } },
      { type: 'value', axisLabel: { ...type, formatter: count }, splitLine: { show: false } },
    ],
    series: [
      bar(
        ordered.map((row) => row.inside),
        ink.inside,
      ),
      bar(
        ordered.map((row) => row.open),
        ink.open,
      ),
      bar(
        ordered.map((row) => row.outside),
        ink.outside,
      ),
      {
        type: 'line',
        yAxisIndex: 1,
        showSymbol: false,
        data: ordered.map((row) => row.cumulativePersons),
        lineStyle: { color: ink.text, width: 1.5 },
        itemStyle: { color: ink.text },
        markLine:
          quota === null
            ? undefined
            : {
                symbol: 'none',
                silent: true,
                data: [
                  {
                    yAxis: quota,
                    lineStyle: { color: ink.policy, type: 'dashed', width: 1 },
                    label: { formatter: `${w.region.quotas} ${count(quota)}`, position: 'insideStartTop', color: ink.policy, fontSize: 12 },
                  },
                ],
              },
      },
    ],
  }
}
