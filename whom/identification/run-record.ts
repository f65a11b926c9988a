import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Duck } from '@fupin/platform/database/duckdb.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import { printDate } from '@fupin/rulebook/engine/civil-date.ts'
import { sha256 } from '@fupin/rulebook/engine/hash.ts'
import { contentOfBook, meaningOfBook, meaningVersion } from '@fupin/rulebook/engine/meaning.ts'
import type { Receipt } from '@fupin/whom/matching/department-form.ts'
import type { CountyRules } from './county-rules.ts'
import type { DrawnCounty } from './draw-lines.ts'
import type { Scored } from './score-households.ts'

/** What pins a run (rulebook 3.7): book, engine, statements, inputs, counts, and a digest of the results. */
export interface RunRecord {
  id: string
  /** Generated people: said on every page, export and paper. */
  made_up: boolean
  started_at: string
  seconds: number
  book: {
    id: string
    meaning: string
    content: string
    engine_meaning: number
    scorecard: string
    scorecard_version: string
    confidence: string
    as_of: string
    place: string
  }
  /** Rules that rest on a default with no document behind it, of all the scorecard uses. */
  defaults: { rules: number; of: number }
  database: { name: string; version: string; statements_sha256: string }
  inputs: Record<string, string>
  departments: Receipt[]
  counts: {
    households: number
    persons: number
    left_out: number
    errors: number
    doubts: number
    verdicts: Record<string, { households: number; persons: number }>
  }
  vetoes: { id: string; true: number; false: number; unknown: number }[]
  lines: {
    county: string
    quota: number | null
    line: number | null
    interval: { low: number; high: number } | null
    draws: DrawnCounty['draws']
    /** Who set it and why, where a person did. */
    set: DrawnCounty['set']
  }[]
  digests: Record<string, string>
}

/** Counts of the verdicts, households and persons. */
export async function verdictCounts(duck: Duck): Promise<Record<string, { households: number; persons: number }>> {
  const rows = await duck.rows<{ verdict: string; households: number; persons: number }>(
    'select verdict, count(*) as households, coalesce(sum(persons), 0)::bigint as persons from listed group by 1 order by 1',
  )
  return Object.fromEntries(rows.map(({ verdict, households, persons }) => [verdict, { households, persons }]))
}

/** Counts and digests of every rule of the run. A digest is an order-free sum of 64-bit hashes of household, value and gaps. */
export async function ruleCounts(duck: Duck, scored: Scored): Promise<Pick<RunRecord, 'vetoes' | 'digests'>> {
  const digest = (column: string): string =>
    `printf('%032x', sum(('0x' || left(md5(concat_ws('|', h.household_id, coalesce(${column}::varchar, ''), s.gaps)), 16))::ubigint)::uhugeint)`
  const columns = ['score', 'least', 'most', ...scored.vetoes.map((_, i) => `v${i}`)]
  const names = ['score', 'least', 'most', ...scored.vetoes]
  const row = (await duck.one<Record<string, string>>(
    `select ${columns.map((c) => `${digest(`s.${c}`)} as ${c}`).join(', ')} from scored s join household h using (_key)`,
  ))!
  const vetoes = await Promise.all(
    scored.vetoes.map(async (id, i) => ({
      id,
      ...(await duck.one<{ true: number; false: number; unknown: number }>(
        `select count(*) filter (where v${i}) as "true", count(*) filter (where not v${i}) as "false", count(*) filter (where v${i} is null) as "unknown" from scored`,
      ))!,
    })),
  )
  return { vetoes, digests: Object.fromEntries(columns.map((c, i) => [names[i]!, row[c] ?? ''])) }
}

/** How many rules of the scorecard rest on a default of ours. */
export function defaultsOf({ scorecard }: CountyRules): { rules: number; of: number } {
  const all = [...scorecard.score!.items, ...scorecard.score!.vetoes, scorecard]
  return { rules: all.filter((r) => r.confidence === 'default').length, of: all.length }
}

/** The book's part of the record. */
export function bookRecord(book: Book, { scorecard }: CountyRules, at: number): RunRecord['book'] {
  return {
    id: book.id,
    meaning: meaningOfBook(book),
    content: contentOfBook(book),
    engine_meaning: meaningVersion,
    scorecard: scorecard.id,
    scorecard_version: scorecard.version.id,
    confidence: scorecard.confidence,
    as_of: printDate(at),
    place: scorecard.place,
  }
}

export async function databaseRecord(duck: Duck, scored: Scored): Promise<RunRecord['database']> {
  const { version } = (await duck.one<{ version: string }>('select version() as version'))!
  return { name: 'duckdb', version, statements_sha256: sha256(scored.sql.join('\n')) }
}

/** sha256 of a file, read in pieces. */
export async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** Whether the survey says of itself that its people are invented: a `manifest.json` beside it or above it with `made_up`. */
export async function isMadeUp(survey: string): Promise<boolean> {
  for (const folder of [survey, join(survey, '..'), join(survey, '..', '..')]) {
    const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => null)
    if (text && /"made_up"\s*:\s*true/.test(text)) return true
  }
  return false
}
