import { count } from '@fupin/platform/ui/numbers.ts'
import type { CountyLine } from '@fupin/whom/identification/identification.contract.ts'
import { sideOf } from '../line/line-reading.ts'
import type { Words } from '../words/zh.ts'
import { ink, tooltip } from './parts.ts'

/** Persons per score as bars, cumulative persons as a line, and what policy draws over them in ochre. */
export function scoreChart(line: CountyLine, trial: number | null, w: Words, small: boolean) {
  const at = line.line ?? line.interval?.high ?? null
  const rows = [...line.distribution].sort((a, b) => a.score - b.score)
  const type = { color: ink.second, fontSize: 12 }
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: small ? 44 : 60, right: small ? 52 : 72, top: 34, bottom: 40 },
    tooltip: { ...tooltip, trigger: 'axis', formatter: (points: { dataIndex: number }[]) => tip(rows[points[0]?.dataIndex ?? 0]!, w) },
    xAxis: {
      type: 'category',
      data: rows.map((row) => String(row.score)),
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
      {
        type: 'bar',
        barCategoryGap: '12%',
        data: rows.map((row) => ({
          value: row.persons,
          itemStyle: { color: sideOf(line, row.score) === 'inside' ? ink.inside : ink.outside },
        })),
        markLine: lines(line, trial, w),
        markArea: band(line, at),
      },
      {
        type: 'line',
        yAxisIndex: 1,
        showSymbol: false,
        data: rows.map((row) => row.cumulativePersons),
        lineStyle: { color: ink.text, width: 1.5 },
        itemStyle: { color: ink.text },
        markLine: line.quota === null ? undefined : quota(line.quota, w),
      },
    ],
  }
}

const tip = (row: CountyLine['distribution'][number], w: Words) =>
  [
    w.line.at(row.score),
    `${w.line.households} ${count(row.households)}`,
    `${w.line.personsTerm} ${count(row.persons)}`,
    `${w.line.cumulativePersons} ${count(row.cumulativePersons)}`,
  ].join('\n')

function lines(line: CountyLine, trial: number | null, w: Words) {
  const label = (text: string, color: string) => ({ formatter: text, color, fontSize: 13, fontWeight: 600 })
  const stands = line.line !== null ? [line.line] : line.interval ? [line.interval.low, line.interval.high] : []
  return {
    symbol: 'none',
    silent: true,
    data: [
      ...stands.map((score, index) => ({
        xAxis: String(score),
        lineStyle: { color: ink.policy, type: 'solid', width: 2 },
        label: index === 0 ? label(`${w.line.legend.line} ${stands.join('–')}`, ink.policy) : { show: false },
      })),
      ...(trial !== null && !stands.includes(trial)
        ? [
            {
              xAxis: String(trial),
              lineStyle: { color: ink.text, type: 'dashed', width: 1.5 },
              label: { ...label(w.line.tryAt(trial), ink.text), position: 'insideEndTop' },
            },
          ]
        : []),
    ],
  }
}

const quota = (persons: number, w: Words) => ({
  symbol: 'none',
  silent: true,
  data: [
    {
      yAxis: persons,
      lineStyle: { color: ink.policy, type: 'dashed', width: 1 },
      label: { formatter: `${w.line.quota} ${count(persons)}`, position: 'insideStartTop', color: ink.policy, fontSize: 12 },
    },
  ],
})

function band(line: CountyLine, at: number | null) {
  if (at === null) return undefined
  const scores = line.distribution.map((row) => row.score)
  const [low, high] =
    line.interval && line.line === null ? [line.interval.low, line.interval.high] : [at - line.band.points, at + line.band.points]
  const within = (score: number) => String(Math.min(Math.max(...scores), Math.max(Math.min(...scores), score)))
  return { silent: true, itemStyle: { color: 'rgba(143,74,11,.12)' }, data: [[{ xAxis: within(low) }, { xAxis: within(high) }]] }
}
