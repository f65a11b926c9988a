import { percent } from '@fupin/platform/ui/numbers.ts'
import type { MapArea } from '@fupin/whom/identification/identification.contract.ts'
import { classOf, type Indicator, lettersOn, shades, shareOf } from '../map/scale.ts'
import { ask } from '../wire/ask.ts'
import type { Words } from '../words/zh.ts'
import { ink, type registerMap, tooltip } from './parts.ts'

interface Boundaries {
  type: 'FeatureCollection'
  features: { type: 'Feature'; properties: { code: string; name: string }; geometry: unknown }[]
}

/** With more counties than these only names fit beside each other. */
const manyCounties = 30

/** `龙胜各族自治县` is 龙胜 on a crowded map. */
const shortCounty = (name: string) =>
  name.replace(/(各族|[壮瑶苗侗仫佬毛南]+族)*自治县$|[县区市]$/u, (tail) => (name.length - tail.length >= 2 ? '' : tail))

let boundaries: Promise<Boundaries> | undefined

/** County borders, from this machine, once. */
function countyBoundaries(): Promise<Boundaries> {
  boundaries ??= ask<Boundaries>('/boundaries/counties.geojson').catch((error: unknown) => {
    boundaries = undefined
    throw error
  })
  return boundaries
}

/** The counties coloured by class; a county outside the run is hatched and says so. */
export async function countyMap(
  register: typeof registerMap,
  areas: MapArea[],
  indicator: Indicator,
  steps: number[],
  w: Words,
  within?: string,
  small?: boolean,
) {
  const all = await countyBoundaries()
  const geo = within ? { ...all, features: all.features.filter(({ properties }) => properties.code.startsWith(within)) } : all
  const map = `counties ${within ?? ''}`
  const many = areas.length > manyCounties
  register(map, geo as unknown as Parameters<typeof registerMap>[1])
  const hatch = { color: { image: hatched(), repeat: 'repeat' } }
  const data = geo.features.map(({ properties: { code, name } }) => {
    const area = areas.find((one) => one.code === code)
    const value = area ? shareOf(area, indicator) : null
    const shade = value === null ? null : classOf(value, steps)
    return {
      name,
      value: value ?? undefined,
      itemStyle: shade === null ? hatch : { areaColor: shades[shade]! },
      label:
        shade === null
          ? { show: false }
          : {
              show: !(many && small),
              formatter: many ? shortCounty(name) : `${name}\n${percent(value!)}`,
              color: lettersOn(shade),
              fontSize: many ? 11 : 12,
              fontWeight: many ? 400 : 600,
              textBorderColor: shade >= 4 ? shades[shade] : '#fff',
              textBorderWidth: 2,
            },
    }
  })
  const shown = new Map(data.map((one) => [one.name, one]))
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    tooltip: {
      ...tooltip,
      formatter: ({ name }: { name: string }) =>
        `${name} ${shown.get(name)?.value === undefined ? w.map.noData : percent(shown.get(name)!.value!)}`,
    },
    series: [
      {
        type: 'map',
        map,
        nameProperty: 'name',
        aspectScale: 0.92,
        data: data.map(({ itemStyle, ...one }) => ({
          ...one,
          itemStyle: 'areaColor' in itemStyle ? itemStyle : { areaColor: itemStyle.color },
        })),
        itemStyle: { borderColor: '#FFFFFF', borderWidth: 1 },
        label: { show: false },
        labelLayout: { hideOverlap: true },
        emphasis: { itemStyle: { areaColor: 'inherit', borderColor: ink.inside, borderWidth: 2 }, label: { show: false } },
        select: { disabled: true },
        left: 0,
        right: 0,
        top: 0,
        bottom: 0,
      },
    ],
  }
}

/** Diagonal lines on grey: no data, never the lightest class. */
function hatched() {
  const tile = document.createElement('canvas')
  tile.width = tile.height = 8
  const pen = tile.getContext('2d')!
  pen.fillStyle = '#E3E6E5'
  pen.fillRect(0, 0, 8, 8)
  pen.strokeStyle = '#C3CCCB'
  pen.lineWidth = 1.5
  for (const from of [-8, 0, 8]) {
    pen.beginPath()
    pen.moveTo(from, 8)
    pen.lineTo(from + 8, 0)
    pen.stroke()
  }
  return tile
}
