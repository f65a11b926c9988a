import { join } from 'node:path'
import { type Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Pair, Verdict } from '@fupin/whom/identification/identification.contract.ts'
import type { OpenedRun } from '../open-part.ts'
import type { AreaFigures, AreaLevel, AreaLine, AreasAnswer, CountyLineRow } from './region.contract.ts'
import { placeName, shortName } from './short-name.ts'

const verdicts: readonly Verdict[] = ['listed', 'not_listed', 'vetoed', 'undecided', 'out_of_scope']

interface AreaRow extends Record<string, number | string | null> {
  level: AreaLevel
  code: string
  name: string
  parent: string | null
  households: number
  persons: number
  in_band_households: number
}

interface LineRow {
  county_code: string
  quota: number | null
  line: number | null
  low: number | null
  high: number | null
  known_out: number | null
  known_in: number | null
  least_out: number | null
  least_in: number | null
  most_out: number | null
  most_in: number | null
  inside_households: number | null
  inside_persons: number | null
  deviation: number | null
  set_by: string | null
  reason: string | null
}

/** The totals of a run by area, with quotas, lines and findings; read once (some ten thousand rows), answered from memory. */
export class RegionAreas {
  private readonly byCode = new Map<string, AreaFigures>()
  private readonly below = new Map<string, AreaFigures[]>()

  private constructor(
    readonly region: AreaFigures,
    areas: readonly AreaFigures[],
    readonly lines: readonly CountyLineRow[],
  ) {
    for (const area of areas) {
      this.byCode.set(area.code, area)
      if (area.parent) this.below.set(area.parent.code, [...(this.below.get(area.parent.code) ?? []), area])
    }
  }

  /** Reads `areas.parquet` and `lines.parquet` of a run. */
  static async read(duck: Duck, run: OpenedRun): Promise<RegionAreas> {
    const file = (name: string): string => `read_parquet(${quoteText(join(run.folder, `${name}.parquet`))})`
    const rows = await duck.rows<AreaRow>(`select * from ${file('areas')} order by code`)
    const drawn = new Map((await duck.rows<LineRow>(`select * from ${file('lines')}`)).map((l) => [l.county_code, l]))
    const names = new Map(rows.map((r) => [r.code, shortName(r.name)]))
    const counts = new Map<string, number>()
    for (const { parent } of rows) if (parent) counts.set(parent, (counts.get(parent) ?? 0) + 1)
    const found = new Map(run.snapshot.manifest.counties.map((c) => [c.code, { errors: c.errors, doubts: c.doubts }]))
    const counties = rows.filter((r) => r.level === 'county')
    const areas = rows.map((r): AreaFigures => {
      const own = r.level === 'township' || r.level === 'village' ? [] : counties.filter((c) => isWithin(c.code, r.code, run.book.root))
      return {
        level: r.level,
        code: r.code,
        name: names.get(r.code)!,
        parent: r.parent === null ? null : { code: r.parent, name: names.get(r.parent) ?? placeName(r.parent) },
        households: r.households,
        persons: r.persons,
        verdicts: Object.fromEntries(
          verdicts.map((v) => [v, { households: r[`${v}_households`] as number, persons: r[`${v}_persons`] as number }]),
        ) as Record<Verdict, Pair>,
        inBand: r.in_band_households,
        line: own.length
          ? sumLines(
              own.map((c) => drawn.get(c.code)),
              r.level === 'county',
            )
          : null,
        findings: own.length
          ? own.reduce(
              (sum, c) => ({
                errors: sum.errors + (found.get(c.code)?.errors ?? 0),
                doubts: sum.doubts + (found.get(c.code)?.doubts ?? 0),
              }),
              { errors: 0, doubts: 0 },
            )
          : null,
        below: counts.get(r.code) ?? 0,
      }
    })
    const region = areas.find((a) => a.level === 'region')!
    const lines = areas.filter((a) => a.level === 'county').map((a) => lineOf(a, drawn.get(a.code)))
    return new RegionAreas(region, areas, lines)
  }

  /** Counties of the run in order of their codes. */
  get counties(): AreaFigures[] {
    return this.lines.map((l) => this.byCode.get(l.code)!)
  }

  find(code: string): AreaFigures | null {
    return this.byCode.get(code) ?? null
  }

  childrenOf(code: string): AreaFigures[] {
    return this.below.get(code) ?? []
  }

  /** An area with those directly below. Null where the run has no such area. */
  answer(code: string): AreasAnswer | null {
    const area = this.find(code)
    if (!area) return null
    const rows = this.childrenOf(code)
    const left = (of: (p: Pair) => number): number => (rows.length ? of(area) - rows.reduce((sum, r) => sum + of(r), 0) : 0)
    return { area, trail: this.trail(area), rows, unplaced: { households: left((p) => p.households), persons: left((p) => p.persons) } }
  }

  /** Areas whose name contains the text or whose code begins with it, largest areas first. */
  search(text: string, limit: number): AreaFigures[] {
    const found: AreaFigures[] = []
    for (const area of this.byCode.values())
      if (area.level !== 'region' && (area.name.includes(text) || area.code.startsWith(text))) found.push(area)
    return found.sort((a, b) => a.code.length - b.code.length || (a.code < b.code ? -1 : 1)).slice(0, limit)
  }

  private trail(area: AreaFigures): AreasAnswer['trail'] {
    const up = area.parent === null ? null : this.find(area.parent.code)
    return [...(up ? this.trail(up) : []), { level: area.level, code: area.code, name: area.name }]
  }
}

const isWithin = (county: string, area: string, region: string): boolean => area === region || county.startsWith(area)

function sumLines(lines: readonly (LineRow | undefined)[], single: boolean): AreaLine {
  const known = lines.filter((l) => l !== undefined)
  const sum = (of: (l: LineRow) => number | null): number | null => {
    const values = known.flatMap((l) => of(l) ?? [])
    return values.length ? values.reduce((a, b) => a + b, 0) : null
  }
  const one = single ? known[0] : undefined
  return {
    counties: lines.length,
    drawn: known.filter((l) => l.line !== null).length,
    withQuota: known.filter((l) => l.quota !== null).length,
    quota: sum((l) => l.quota),
    line: one?.line ?? null,
    low: one?.low ?? null,
    high: one?.high ?? null,
    cumulativePersons: sum((l) => l.inside_persons),
    deviation: sum((l) => l.deviation),
  }
}

function lineOf(area: AreaFigures, row: LineRow | undefined): CountyLineRow {
  return {
    code: area.code,
    name: area.name,
    city: area.parent?.name ?? '',
    quota: row?.quota ?? null,
    line: row?.line ?? null,
    low: row?.low ?? null,
    high: row?.high ?? null,
    draws: {
      knownOut: row?.known_out ?? null,
      knownIn: row?.known_in ?? null,
      leastOut: row?.least_out ?? null,
      leastIn: row?.least_in ?? null,
      mostOut: row?.most_out ?? null,
      mostIn: row?.most_in ?? null,
    },
    set: row?.set_by ? { by: row.set_by, reason: row.reason ?? '' } : null,
    inside: area.verdicts.listed,
    undecided: area.verdicts.undecided,
    cumulative: row?.inside_persons == null ? null : { households: row.inside_households ?? 0, persons: row.inside_persons },
    deviation: row?.deviation ?? null,
  }
}
