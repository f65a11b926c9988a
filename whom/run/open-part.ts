import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import { readDivisions } from '@fupin/platform/regions/divisions.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import { contentOfBook } from '@fupin/rulebook/engine/meaning.ts'
import { causeShares } from '@fupin/whom/identification/cause-shares.ts'
import { type CountyRules, rulesByCounty } from '@fupin/whom/identification/county-rules.ts'
import { departmentForms, departmentWords } from '@fupin/whom/identification/department-forms.ts'
import { type DrawnCounty, standingTable } from '@fupin/whom/identification/draw-lines.ts'
import type { Explaining } from '@fupin/whom/identification/explaining.ts'
import { usualBand } from '@fupin/whom/identification/identify.ts'
import { listHouseholds } from '@fupin/whom/identification/list-households.ts'
import { placeNames } from '@fupin/whom/identification/place-names.ts'
import { scoreHouseholds } from '@fupin/whom/identification/score-households.ts'
import { lineTables } from '@fupin/whom/identification/write-results.ts'
import { countyParts, openSnapshot, partsSql, type Snapshot } from '@fupin/whom/snapshot/open-snapshot.ts'
import { recordTables } from './record-tables.ts'
import type { ChunkRecord, SnapshotRunRecord } from './run-contract.ts'
import { openEarlier } from './work-chunk.ts'

export interface OpenedRun {
  folder: string
  record: SnapshotRunRecord
  snapshot: Snapshot
  book: Book
}

/**
 * Opens a finished run with the snapshot it was made from and the book that it used.
 * @throws Problem where the run, its snapshot or its book is not there any more as it was.
 */
export async function openRun(folder: string, book: Book): Promise<OpenedRun> {
  const { record } = await openEarlier(folder)
  if (contentOfBook(book) !== record.book.content)
    throw new Problem('run.other_book', {
      zh: '这次运行用的不是这本规则簿（内容校验值不同），理由会对不上。请给出当时的规则簿。',
      en: 'The run did not use this book (its digest differs), so reasons would not fit. Give the book as it was then.',
    })
  return { folder, record, snapshot: await openSnapshot(`${record.snapshot.folder}@${record.snapshot.id.replace('sha256:', '')}`), book }
}

/** A part of a run laid open in a database: everything that `identify` leaves there, for one county or one household of it. */
export interface OpenedPart extends Explaining {
  county: string
  drawn: DrawnCounty
}

/**
 * Computes a county of a run again from snapshot and book, with all facts, records, gaps and sentences, in tables of the same names as
 * `identify` makes; with `key`, only one household of it. The verdicts must be those of the run.
 * @throws Problem `run.disagrees` where they are not: then the run, the snapshot or the program was changed.
 */
export async function openPart(duck: Duck, run: OpenedRun, county: string, key?: number): Promise<OpenedPart> {
  const { book, record, snapshot } = run
  const drawn = await drawnOf(run, county)
  const groups = rulesByCounty(book, record.book.scorecard, [county], dayOf(record.book.as_of))
  const forms = departmentForms(book)
  await departmentWords(duck, forms)
  await factTables(duck, run, county, key)
  await recordTables(duck, snapshot, book, forms)
  const scored = await scoreHouseholds(duck, book, groups)
  await standingTable(duck, scored)
  await listHouseholds(duck, book, groups, scored, [drawn], bandOf(record))
  await lineTables(duck, [drawn], groups[0]!.scorecard.score!.body.direction)
  await causeShares(duck, book.dictionary)
  await placeNames(duck)
  await mustAgree(duck, run, county, groups[0]!, key)
  return { duck, book, groups, record, county, drawn, countyName: (code) => readDivisions().find(code)?.name ?? code }
}

async function drawnOf(run: OpenedRun, county: string): Promise<DrawnCounty> {
  const chunk = run.record.chunks.find((c) => c.counties.includes(county))
  const name = chunk && join(run.folder, 'chunk', `${String(chunk.no).padStart(2, '0')}.json`)
  const drawn = name && (JSON.parse(await readFile(name, 'utf8')) as ChunkRecord).drawn.find((d) => d.county === county)
  if (drawn) return drawn
  throw new Problem('call.county', { zh: `这次运行里没有县 ${county}。`, en: `The run has no county ${county}.` })
}

/** Tables of the survey's facts, of a county or one household; findings of the county. */
async function factTables(duck: Duck, { book, snapshot, record }: OpenedRun, county: string, key?: number): Promise<void> {
  const part = snapshot.manifest.counties.find((c) => c.code === county)!
  const root = Object.values(book.dictionary.entities).find((e) => e.key === 'household_id') ?? book.dictionary.entities.household!
  for (const entity of Object.keys(part.parts)) {
    const own = entity === root.name ? '_key' : '_parent'
    const known = Object.values(root.lists)
      .filter((l) => l.department)
      .map((l) => `, ${record.departments.some((d) => d.list === l.name && d.state === 'compared')} as ${quoteName(`${l.name}_known`)}`)
    const where = key === undefined || entity === 'finding' ? '' : ` where ${own} = ${key}`
    await duck.run(
      `create or replace table ${quoteName(entity)} as select *${entity === root.name ? known.join('') : ''} from ${partsSql(snapshot, countyParts(snapshot, [county], entity))}${where}`,
    )
  }
  const across = snapshot.manifest.across.finding
  if (across)
    await duck.run(`insert into finding from ${partsSql(snapshot, [across])} where household_id in (select household_id from household)`)
}

/** Verdict, score and bounds of every household opened must be those that the run wrote. */
async function mustAgree(duck: Duck, run: OpenedRun, county: string, rules: CountyRules, key?: number): Promise<void> {
  const where = key === undefined ? `county_code = ${quoteText(county)}` : `_key = ${key}`
  const vetoes = rules.scorecard.score!.vetoes.map((_, i) => `(case when s.v${i} then ${2 ** i} else 0 end)`).join(' | ') || '0'
  const columns = 'verdict, score, known, least, most, vetoes'
  const own = `select l._key, l.verdict, l.score, l.known, l.least, l.most, ${vetoes} as vetoes from listed l join scored s using (_key)`
  const written = `select _key, ${columns} from ${runList(run, county)} where ${where}`
  const differing = (await duck.one<{ n: number }>(
    `select count(*) as n from (${own}) a full join (${written}) b using (_key) where a.verdict is null or b.verdict is null or ${columns
      .split(', ')
      .map((c) => `a.${c} is distinct from b.${c}`)
      .join(' or ')}`,
  ))!.n
  if (differing > 0)
    throw new Problem('run.disagrees', {
      zh: `县 ${county} 有 ${differing} 户重算的结果与运行写下的不同。快照、结果或程序被改动过，不能据此说明理由。`,
      en: `${differing} households of county ${county} come out otherwise than the run wrote. Snapshot, result or program was changed; no reasons can be given from it.`,
    })
}

/** The list of a run, of one county or of all. */
export function runList(run: { folder: string; record: SnapshotRunRecord }, county?: string): string {
  const parts = run.record.chunks
    .filter((c) => county === undefined || c.counties.includes(county))
    .map((c) => join(run.folder, 'list', `part-${String(c.no).padStart(2, '0')}.parquet`))
    .filter((path) => existsSync(path))
  return `read_parquet([${parts.map(quoteText).join(', ')}])`
}

/** Where a household stands in a run: its key and county. Null where the run has none of this number. */
export async function findHousehold(
  duck: Duck,
  run: OpenedRun,
  id: string,
  county?: string,
): Promise<{ key: number; county: string } | null> {
  const row = await duck.one<{ key: number; county: string }>(
    `select _key as key, county_code as county from ${runList(run, county)} where household_id = ?${county ? ` and county_code = ${quoteText(county)}` : ''} limit 1`,
    [id],
  )
  return row ?? null
}

const dayOf = (text: string): number => Number(text.replaceAll('-', ''))
const bandOf = (record: SnapshotRunRecord): number => record.band ?? usualBand
