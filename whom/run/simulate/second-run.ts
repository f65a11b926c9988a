import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { SetLine } from '@fupin/whom/identification/read-set-lines.ts'
import { ordinalSql } from '@fupin/whom/run/compare/standings.ts'
import { type OpenedRun, runList } from '@fupin/whom/run/open-part.ts'
import type { SnapshotRunRecord } from '@fupin/whom/run/run-contract.ts'
import { runSnapshot } from '@fupin/whom/run/run-snapshot.ts'
import type { DrawnLine } from './draw-both.ts'
import type { Checks } from './simulate-contract.ts'

/** What a run of the later book takes beside the book. */
export interface SecondRun {
  run: OpenedRun
  book: Book
  scorecard: string
  at: number
  quota(county: string): number | null
  set(county: string): SetLine | null
  memory?: string | undefined
  threads?: number | undefined
}

/** Runs the later book as a whole over the run's snapshot, with these quotas and set lines, into a folder. */
export async function runSecond(second: SecondRun, out: string): Promise<SnapshotRunRecord> {
  const { run, book, scorecard, at, memory, threads } = second
  const papers = `${resolve(out)}.papers`
  await mkdir(papers, { recursive: true })
  try {
    const counties = run.snapshot.manifest.counties.map((c) => c.code)
    const quotas = counties.flatMap((c) => (second.quota(c) === null ? [] : [`${c},${second.quota(c)}`]))
    const lines = counties.flatMap((c) => {
      const set = second.set(c)
      return set ? [[c, String(set.line), set.reason, set.by].map(cell).join(',')] : []
    })
    const [quota, setLines] = [join(papers, 'quota.csv'), join(papers, 'set_lines.csv')]
    await writeFile(quota, `county_code,persons\n${quotas.join('\n')}\n`)
    await writeFile(setLines, `county_code,line,reason,set_by\n${lines.join('\n')}\n`)
    return await runSnapshot({
      book,
      snapshot: `${run.snapshot.folder}@${run.snapshot.manifest.id.replace('sha256:', '')}`,
      ...(quotas.length ? { quota } : {}),
      ...(lines.length ? { setLines } : {}),
      out,
      scorecard,
      at,
      bandPoints: run.record.band,
      memory,
      threads,
    })
  } finally {
    await rm(papers, { recursive: true, force: true })
  }
}

const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`

/** Columns of the list that a simulation must have right for every household. */
const proved = ['verdict', 'score', 'known', 'least', 'most', 'vetoes', 'open', 'low', 'high'] as const

/** Keeps what the statement says of every household of a chunk under the later book. */
export async function keepForProof(duck: Duck, first: boolean): Promise<void> {
  const select = `select key_b as key, ${proved.map((c) => `${c}_b as ${c}`).join(', ')} from pair`
  await duck.run(first ? `create or replace table later as ${select}` : `insert into later by name ${select}`)
}

/** Runs the later book whole and counts households and lines of which the simulation says otherwise. The second run is thrown away. */
export async function prove(
  duck: Duck,
  second: SecondRun,
  drawn: readonly DrawnLine[],
  out: string,
): Promise<NonNullable<Checks['proof']>> {
  const folder = `${resolve(out)}.proof`
  try {
    const record = await runSecond(second, folder)
    const whole = `select _key as key, ${ordinalSql('verdict')} as verdict, score, known, least, most, vetoes, open_vetoes as open, low, high from ${runList({ folder, record })}`
    const differs = proved.map((c) => `a.${c} is distinct from b.${c}`).join(' or ')
    const found = (await duck.one<{ households: number; differing: number }>(
      `select count(*) as households, count(*) filter (where a.key is null or b.key is null or ${differs}) as differing from later a full join (${whole}) b on a.key = b.key`,
    ))!
    const lines = record.lines.filter((line) => {
      const own = drawn.find((d) => d.county === line.county)
      return JSON.stringify([own?.line, own?.interval]) !== JSON.stringify([line.line, line.interval])
    })
    return { ...found, lines: lines.length }
  } finally {
    await rm(folder, { recursive: true, force: true })
    await rm(`${folder}.unfinished`, { recursive: true, force: true })
  }
}

/** The list of a part of a run, by its number. */
export const partOf = (run: OpenedRun, no: number): string =>
  `read_parquet(${quoteText(join(run.folder, 'list', `part-${String(no).padStart(2, '0')}.parquet`))})`
