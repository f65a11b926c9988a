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
  const fits = roomFor(geo, small ? 360 : 1120)
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
              show: !(many && small) && fits(code, (many ? shortCounty(name) : name).length * 11, many ? 14 : 30),
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

/** Whether a label of so many pixels lies within a county's extent, on a picture so many pixels wide. */
function roomFor(geo: Boundaries, width: number) {
  const extents = new Map(geo.features.map(({ properties, geometry }) => [properties.code, extentOf(geometry)]))
  const all = [...extents.values()]
  const scale = width / (Math.max(...all.map((e) => e.right)) - Math.min(...all.map((e) => e.left)))
  return (code: string, wide: number, high: number) => {
    const extent = extents.get(code)
    return extent !== undefined && (extent.right - extent.left) * scale > wide && (extent.top - extent.bottom) * scale > high
  }
}

/** West, east, south and north end of a polygon, in degrees. */
function extentOf(geometry: unknown) {
  const extent = { left: Infinity, right: -Infinity, bottom: Infinity, top: -Infinity }
  const walk = (part: unknown): void => {
    if (!Array.isArray(part)) return
    if (typeof part[0] !== 'number') {
      for (const below of part) walk(below)
      return
    }
    const [x, y] = part as [number, number]
    extent.left = Math.min(extent.left, x)
    extent.right = Math.max(extent.right, x)
    extent.bottom = Math.min(extent.bottom, y)
    extent.top = Math.max(extent.top, y)
  }
  walk((geometry as { coordinates: unknown }).coordinates)
  return extent
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
