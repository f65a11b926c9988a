import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import { writeTable } from '@fupin/platform/exchange/write-table.ts'
import type { Dictionary } from '@fupin/rulebook/engine/dictionary.ts'
import { rootEntity } from '@fupin/whom/survey/read-survey.ts'
import type { DrawnCounty } from './draw-lines.ts'
import { fileHash } from './run-record.ts'

/** Rows that fit on a sheet beside its header and the note. */
const sheetRows = 1_048_570

export const madeUpNote = '演示数据，人物虚构 / made-up data'

/** Outputs that rest on the points and the line, and so on any defaults among the rules. */
const restOnRules: ReadonlySet<string> = new Set(['list', 'score_table', 'lines', 'causes'])

/** What a file says of itself: made-up people; rules without a document behind them. Null: nothing to say. */
function noteOf(name: string, madeUp: boolean, defaults: { rules: number; of: number }): string | null {
  const weak = `${defaults.of} 项规则中 ${defaults.rules} 项用默认值，没有文件出处 / ${defaults.rules} of ${defaults.of} rules are defaults without a document`
  const said = [...(madeUp ? [madeUpNote] : []), ...(defaults.rules > 0 && restOnRules.has(name) ? [weak] : [])]
  return said.length ? said.join(' · ') : null
}

const columns = {
  list: `select county_code, township_code, village_code, hamlet, household_id, head_name, persons, verdict, score, least as score_least, most as score_most, line,
    class_id as class, vetoes, gaps, missing, leads, in_band, reason_zh, reason_en from listed order by _key`,
  score_table:
    'select county_code, score, households, persons, cumulative_households, cumulative_persons, inside from score_step order by county_code, n',
  lines: 'select * from line_row order by county_code',
  causes: 'select * from cause_share',
  hits: `select h.household_id, t.member_no, t.department, t.list, t.source_file, t.source_row, strftime(strptime(t.as_of::varchar, '%Y%m%d'), '%Y-%m-%d') as as_of, t.state, t.reason_zh, t.reason_en, t.record
    from lead l join hit t on t.rowid = l.hit join household h on h._key = t.household order by t.household, t.list, t.source_row, t.member_no, t.state`,
  findings:
    'select file, sheet, "row", "column", value, code, severity, zh, en, household_id from finding order by file, sheet, "row", "column", code, value, household_id, zh',
}

export type Output = keyof typeof columns
export type Format = 'parquet' | 'csv' | 'xlsx'

/** Whether a file or folder of this name in an output folder comes from a run. */
export function isOutput(name: string): boolean {
  const table = /^(\w+)\.(parquet|csv|xlsx)$/.exec(name)?.[1]
  return name === 'snapshot' || name === 'run.json' || (table !== undefined && table in columns)
}

/** Writes every output in every format asked for; a table too long for a sheet is left out of XLSX. Files appear whole or not at all. */
export async function writeOutputs(
  duck: Duck,
  out: string,
  formats: Format[],
  madeUp: boolean,
  defaults: { rules: number; of: number },
): Promise<string[]> {
  await mkdir(out, { recursive: true })
  const write = async (own: Duck, wanted: Format[]): Promise<string[]> => {
    const written: string[] = []
    for (const [name, sql] of Object.entries(columns))
      for (const format of wanted) {
        if (format === 'xlsx' && (await own.one<{ n: number }>(`select count(*) as n from (${sql})`))!.n > sheetRows) continue
        const note = noteOf(name, madeUp, defaults)
        await writeTable(own, sql, join(out, `${name}.${format}`), note ? { note } : {})
        written.push(`${name}.${format}`)
      }
    return written
  }
  // Sheets are made by this program, the rest by the database: side by side on connections of their own.
  const sheets = await duck.connect()
  try {
    const files = await Promise.all([
      write(
        duck,
        formats.filter((f) => f !== 'xlsx'),
      ),
      write(
        sheets,
        formats.filter((f) => f === 'xlsx'),
      ),
    ])
    return files.flat()
  } finally {
    sheets.close()
  }
}

/** Makes `score_step` and `line_row` from the drawn lines. */
export async function lineTables(duck: Duck, drawn: DrawnCounty[], direction: 'higher_is_better_off' | 'higher_is_poorer'): Promise<void> {
  await duck.run(`create or replace table score_step (county_code varchar, n integer, score integer, households bigint, persons bigint, cumulative_households bigint, cumulative_persons bigint, inside boolean);
    create or replace table line_row (county_code varchar, quota bigint, line integer, low integer, high integer, known_out integer, known_in integer, least_out integer, least_in integer, most_out integer, most_in integer,
      inside_households bigint, inside_persons bigint, deviation bigint, set_by varchar, reason varchar)`)
  for (const d of drawn) {
    const inside = (score: number): string =>
      d.line === null ? 'null' : String(direction === 'higher_is_better_off' ? score <= d.line : score >= d.line)
    const steps = d.table.map(
      (s, n) =>
        `('${d.county}', ${n}, ${s.score}, ${s.households}, ${s.persons}, ${s.cumulativeHouseholds}, ${s.cumulativePersons}, ${inside(s.score)})`,
    )
    if (steps.length) await duck.run(`insert into score_step values ${steps.join(', ')}`)
    const of = (points: string, doubtful: string): string =>
      String(d.draws.find((x) => x.points === points && x.doubtful === doubtful)?.line ?? 'null')
    const last = d.line === null ? undefined : d.table.filter((s) => inside(s.score) === 'true').at(-1)
    const cells = [
      `'${d.county}'`,
      d.quota ?? 'null',
      d.line ?? 'null',
      d.line ?? d.interval?.low ?? 'null',
      d.line ?? d.interval?.high ?? 'null',
      of('known', 'out'),
      of('known', 'in'),
      of('least', 'out'),
      of('least', 'in'),
      of('most', 'out'),
      of('most', 'in'),
      last?.cumulativeHouseholds ?? 'null',
      last?.cumulativePersons ?? 'null',
      last && d.quota !== null ? last.cumulativePersons - d.quota : 'null',
      d.set ? quoteText(d.set.by) : 'null',
      d.set ? quoteText(d.set.reason) : 'null',
    ]
    await duck.run(`insert into line_row values (${cells.join(', ')})`)
  }
}

/** Freezes the facts that the run used, so that every reason can be computed again: Parquet by entity, with a manifest of hashes. */
export async function writeSnapshot(duck: Duck, out: string, dictionary: Dictionary): Promise<Record<string, string>> {
  const folder = join(out, 'snapshot')
  await mkdir(folder, { recursive: true })
  const root = rootEntity(dictionary)
  const entities = [...new Set([root.name, ...Object.values(root.lists).map((l) => l.entity)])]
  const hashes: Record<string, string> = {}
  for (const entity of entities) {
    const path = join(folder, `${entity}.parquet`)
    // Written in order of `_key`, as the tables are; light packing, because a run waits for it.
    await duck.run(`copy ${quoteName(entity)} to ${quoteText(`${path}.unfinished`)} (format parquet, compression snappy)`)
    await rename(`${path}.unfinished`, path)
    hashes[`${entity}.parquet`] = `sha256:${await fileHash(path)}`
  }
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify({ files: hashes }, null, 2)}\n`)
  return hashes
}
