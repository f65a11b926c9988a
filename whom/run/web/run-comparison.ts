import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Duck, type DuckParameter, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Text } from '@fupin/rulebook/engine/definition.ts'
import type { Pair } from '@fupin/whom/identification/identification.contract.ts'
import { type Comparison, type Move, moveNames } from '../compare/compare-contract.ts'
import { compareRuns } from '../compare/compare-runs.ts'
import { movesOf } from '../compare/read-tallies.ts'
import { type Standing, standings, standingTitles } from '../compare/standings.ts'
import type { OpenedRun } from '../open-part.ts'
import type { ComparisonAnswer, MovedHousehold, MovesPage, MovesQuery } from './comparison.contract.ts'
import { passingFolder } from './passing-folder.ts'
import type { RegionAreas } from './region-areas.ts'
import { placeName } from './short-name.ts'

interface MoveRow {
  n: number
  county_code: string
  township_code: string | null
  village_code: string | null
  hamlet: string | null
  household_id: string
  head_name: string | null
  persons: number | null
  before: Standing
  after: Standing
  why_zh: string
  why_en: string
  reason_zh: string
  reason_en: string
}

/** An earlier run beside the one that is shown: who entered, who left, and why. */
export class RunComparison {
  private constructor(
    private readonly duck: Duck,
    private readonly said: Comparison,
    private readonly folder: string,
    /** Made here, and taken away at the end. */
    private readonly own: boolean,
  ) {}

  /** Opens the result of `fupin run compare`, or compares an earlier run with this one first (some seconds). @throws Problem where it cannot. */
  static async open(duck: Duck, run: OpenedRun, other: string): Promise<RunComparison> {
    const own = !existsSync(join(other, 'comparison.json'))
    const folder = own ? await passingFolder('compare') : other
    if (own)
      await compareRuns({ before: other, after: run.folder, out: folder, books: { after: run.book }, formats: ['parquet'], memory: '1GB' })
    const said = JSON.parse(await readFile(join(folder, 'comparison.json'), 'utf8')) as Comparison
    return new RunComparison(duck, said, folder, own)
  }

  async answer(areas: RegionAreas): Promise<ComparisonAnswer> {
    const { said } = this
    const cells = Object.entries(said.cells).map(([cell, tally]) => {
      const [from, to] = cell.split('>') as [Standing, Standing]
      return { from, to, households: tally.households, persons: to === 'absent' ? tally.persons_before : tally.persons_after }
    })
    const used = new Set(cells.flatMap((c) => [c.from, c.to]))
    return {
      before: pick(said.before),
      after: pick(said.after),
      inputs: {
        sameSnapshot: said.inputs.snapshot.same,
        countiesChanged:
          said.inputs.counties.changed.length + said.inputs.counties.only_after.length + said.inputs.counties.only_before.length,
        sameRules: said.inputs.book.same,
        quotasChanged: said.inputs.quotas,
        linesChanged: said.inputs.lines,
        departments: said.inputs.departments.map((d) => ({
          title: d.title,
          before: d.before?.sha256 ?? d.before?.state ?? null,
          after: d.after?.sha256 ?? d.after?.state ?? null,
        })),
      },
      standings: standings.filter((id) => id !== 'absent' || used.has(id)).map((id) => ({ id, title: standingTitles[id] })),
      cells,
      moves: moveNames.map((move) => ({
        move,
        households: said.moves[move].households,
        persons: move === 'gone_household' ? said.moves[move].persons_before : said.moves[move].persons_after,
      })),
      reasons: said.reasons,
      counties: await this.counties(areas),
    }
  }

  /** Households that stand elsewhere, page by page. */
  async moves({ move, why, county, after, limit }: MovesQuery): Promise<MovesPage> {
    const parts: string[] = []
    const values: DuckParameter[] = []
    if (move) parts.push(`concat("before", '>', "after") in (${cellsOfMove(move).map(quoteText).join(', ')})`)
    if (why) {
      parts.push('why = ?')
      values.push(why)
    }
    if (county) {
      parts.push('county_code = ?')
      values.push(county)
    }
    const where = parts.join(' and ') || 'true'
    const list = `read_parquet(${quoteText(join(this.folder, 'moves.parquet'))}, file_row_number = true)`
    const cursor = /^(-?)(\d+)$/.exec(after ?? '')
    const back = cursor?.[1] === '-'
    const from = cursor ? ` and file_row_number ${back ? '<' : '>'} ${cursor[2]}` : ''
    const found = await this.duck.rows<MoveRow>(
      `select file_row_number as n, * from ${list} where ${where}${from} order by file_row_number ${back ? 'desc' : 'asc'} limit ${limit + 1}`,
      values,
    )
    const more = found.length > limit
    const rows = found.slice(0, limit)
    if (back) rows.reverse()
    const [first, last] = [rows[0], rows.at(-1)]
    const total = (await this.duck.one<Pair>(
      `select count(*) as households, coalesce(sum(persons), 0)::bigint as persons from ${list} where ${where}`,
      values,
    ))!
    return {
      total,
      rows: rows.map(moved),
      next: (back ? cursor : more) && last ? String(last.n) : null,
      previous: (back ? more : cursor) && first ? `-${first.n}` : null,
    }
  }

  async close(): Promise<void> {
    if (this.own) await rm(this.folder, { recursive: true, force: true })
  }

  private async counties(areas: RegionAreas): Promise<ComparisonAnswer['counties']> {
    const sums = (name: string, move: Move): string => {
      const cells = cellsOfMove(move).map(quoteText).join(', ')
      return `coalesce(sum(households) filter (where concat("from", '>', "to") in (${cells})), 0)::bigint as ${name}_households,
        coalesce(sum(persons_after) filter (where concat("from", '>', "to") in (${cells})), 0)::bigint as ${name}_persons`
    }
    const rows = await this.duck.rows<Record<string, number> & { code: string }>(
      `select code, ${sums('entered', 'entered')}, ${sums('left', 'left')}, ${sums('undecided', 'became_undecided')}
       from read_parquet(${quoteText(join(this.folder, 'cells.parquet'))}) where dimension = 'county' group by 1 order by 1`,
    )
    const lines = new Map(this.said.lines.map((l) => [l.county, l]))
    return rows.map((r) => {
      const code = String(r.code)
      const pair = (name: string): Pair => ({ households: r[`${name}_households`]!, persons: r[`${name}_persons`]! })
      return {
        code,
        name: areas.find(code)?.name ?? placeName(code),
        city: areas.find(code)?.parent?.name ?? '',
        entered: pair('entered'),
        left: pair('left'),
        undecided: pair('undecided'),
        line: lines.get(code) ?? null,
      }
    })
  }
}

const pick = ({ id, households, persons }: Comparison['before']): ComparisonAnswer['before'] => ({ id, households, persons })

/** The pairs of standings that make a move. */
const cellsOfMove = (move: Move): string[] =>
  standings.flatMap((from) => standings.flatMap((to) => (movesOf(from, to).includes(move) ? [`${from}>${to}`] : [])))

function moved(row: MoveRow): MovedHousehold {
  const name = (code: string | null): string => (code ? placeName(code) : '')
  const text = (zh: string, en: string): Text => ({ zh, en })
  return {
    county: row.county_code,
    countyName: name(row.county_code),
    township: name(row.township_code),
    village: [name(row.village_code), row.hamlet].filter(Boolean).join(' '),
    id: row.household_id,
    headName: row.head_name ?? '',
    persons: row.persons ?? 0,
    before: row.before,
    after: row.after,
    title: text(row.why_zh, row.why_en),
    reason: text(row.reason_zh, row.reason_en),
  }
}
