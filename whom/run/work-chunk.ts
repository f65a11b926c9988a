import { existsSync } from 'node:fs'
import { copyFile, link, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import { sha256 } from '@fupin/rulebook/engine/hash.ts'
import { causeShares } from '@fupin/whom/identification/cause-shares.ts'
import type { CountyRules } from '@fupin/whom/identification/county-rules.ts'
import { drawLines } from '@fupin/whom/identification/draw-lines.ts'
import { usualBand } from '@fupin/whom/identification/identify.ts'
import type { SetLine } from '@fupin/whom/identification/read-set-lines.ts'
import { scoreHouseholds } from '@fupin/whom/identification/score-households.ts'
import { type Snapshot, surveyViews } from '@fupin/whom/snapshot/open-snapshot.ts'
import { listChunk, listPartSql } from './chunk-list.ts'
import { listSql } from './match-lists.ts'
import { type Chunk, chunkName } from './plan-chunks.ts'
import type { ListRead } from './relevant-records.ts'
import type { ChunkRecord, RunOptions, SnapshotRunRecord } from './run-contract.ts'
import type { RunFolder } from './run-folder.ts'

/** All that the chunks of a run share. */
export interface Working {
  duck: Duck
  options: RunOptions
  snapshot: Snapshot
  folder: RunFolder
  groups: CountyRules[]
  lists: ListRead[]
  quotas: Map<string, number>
  setLines: Map<string, SetLine>
  earlier: Earlier | null
}

export interface Earlier {
  folder: string
  record: SnapshotRunRecord
}

/** An earlier run, finished. @throws Problem where there is none. */
export async function openEarlier(folder: string): Promise<Earlier> {
  const text = await readFile(join(folder, 'run.json'), 'utf8').catch(() => null)
  if (text === null)
    throw new Problem('run.none', {
      zh: `“${folder}”里没有完成的运行（没有 run.json）。`,
      en: `There is no finished run at "${folder}" (no run.json).`,
    })
  return { folder, record: JSON.parse(text) as SnapshotRunRecord }
}

/** Works one chunk, or takes what stands: from this run before it was stopped, or from the earlier run where nothing touched it. */
export async function runChunk(w: Working, chunk: Chunk): Promise<ChunkRecord> {
  const begun = performance.now()
  const lap = laps()
  const name = chunkName(chunk.no)
  const [part, note] = [`list/part-${name}.parquet`, `chunk/${name}.json`]
  const before = await w.folder.noted<ChunkRecord>(note)
  if (before && (await w.folder.size(part)) === before.bytes) return before
  const key = await chunkKey(w, chunk)
  const kept = await fromEarlier(w, chunk, key)
  if (kept) return kept
  await chunkViews(w, chunk)
  const own = w.groups
    .map((group) => ({ ...group, counties: group.counties.filter((c) => chunk.counties.includes(c)) }))
    .filter((group) => group.counties.length > 0)
  lap('views')
  const missing = w.options.missing === 'undecided' ? 'masks' : 'none'
  const scored = await scoreHouseholds(w.duck, w.options.book, own, { missing })
  lap('score')
  const drawn = await drawLines(w.duck, scored, own[0]!.scorecard.score!.body, w.quotas, w.setLines)
  lap('line')
  const counts = await listChunk(
    w.duck,
    w.options.book,
    own,
    scored,
    drawn,
    w.lists,
    (list) => hitsSql(w, list, chunk),
    w.options.bandPoints ?? usualBand,
  )
  lap('list')
  await w.duck.run('create or replace view listed as select * from chunk_list')
  await causeShares(w.duck, w.options.book.dictionary)
  await w.folder.whole(`cause/part-${name}.parquet`, (growing) => w.duck.run(`copy cause_share to ${quoteText(growing)} (format parquet)`))
  if (missing === 'masks') {
    await w.folder.whole(`gap/part-${name}.parquet`, (growing) =>
      w.duck.run(`copy (from masks order by _key) to ${quoteText(growing)} (format parquet)`),
    )
    await w.folder.note(`gap/part-${name}.json`, scored.bits)
    await w.duck.run('drop table masks')
  }
  await w.folder.whole(part, (growing) => w.duck.run(`copy (${listPartSql}) to ${quoteText(growing)} (format parquet)`))
  const record: ChunkRecord = {
    no: chunk.no,
    steps: lap('write'),
    counties: chunk.counties,
    counts,
    drawn,
    sql: scored.sql,
    key,
    seconds: (performance.now() - begun) / 1000,
    reused: false,
    bytes: (await stat(w.folder.file(part))).size,
  }
  await w.folder.note(note, record)
  return record
}

/** Seconds by part of the work; each call ends the part that is named. */
function laps(): (part: string) => Record<string, number> {
  const seconds: Record<string, number> = {}
  let last = performance.now()
  return (part) => {
    const now = performance.now()
    seconds[part] = (now - last) / 1000
    last = now
    return seconds
  }
}

const hitsSql = (w: Working, list: ListRead, chunk: Chunk): string =>
  `(select * from read_parquet(${quoteText(w.folder.file('hit', `${list.list}.parquet`))}) where household >= ${chunk.low} and household < ${chunk.high})`

/** Is the list known: did its department deliver a file that was taken? */
const delivered = (w: Working, list: string): boolean =>
  w.snapshot.manifest.departments.find((d) => d.list === list)?.receipt.state === 'compared'

/** Views with the names of the entities over the chunk's part of the snapshot, departments' lists among them. */
async function chunkViews(w: Working, chunk: Chunk): Promise<void> {
  await surveyViews(w.duck, w.snapshot, chunk.counties, '_read_')
  const root = w.options.book.dictionary.entities[w.groups[0]!.scorecard.definition.level]!
  const known = Object.values(root.lists)
    .filter((l) => l.department)
    .map((l) => `, ${delivered(w, l.name)} as ${quoteName(`${l.name}_known`)}`)
  for (const entity of Object.keys(w.snapshot.manifest.counties[0]?.parts ?? {}).filter((e) => e !== 'finding'))
    await w.duck.run(
      `create or replace view ${quoteName(entity)} as select *${entity === root.name ? known.join('') : ''} from ${quoteName(`_read_${entity}`)}`,
    )
  // Read once, for every list asks for them: members whom no department can be asked about.
  const member = root.lists.members ? '_nameless' : null
  if (member)
    await w.duck.run(`create or replace table ${member} as select _parent from ${quoteName(root.lists.members!.entity)} where id17 is null`)
  for (const list of w.lists)
    await w.duck.run(
      `create or replace view ${quoteName(list.entity)} as ${listSql(list, hitsSql(w, list, chunk), delivered(w, list.list) ? member : null)}`,
    )
}

/** Digest of all that a chunk's list is made from. */
async function chunkKey(w: Working, chunk: Chunk): Promise<string> {
  const counties = w.snapshot.manifest.counties.filter((c) => chunk.counties.includes(c.code))
  const hits: unknown[] = []
  for (const list of w.lists)
    hits.push([
      list.list,
      delivered(w, list.list),
      (await w.duck.one<{ d: string }>(`select coalesce(sum(hash(x)::hugeint), 0)::varchar as d from ${hitsSql(w, list, chunk)} x`))!.d,
    ])
  const plan = JSON.parse(await readFile(w.folder.file('plan.json'), 'utf8')) as Record<string, unknown>
  return sha256(
    JSON.stringify([
      { ...plan, snapshot: null, quota: null, setLines: null, chunk: null },
      counties.map((c) => Object.entries(c.parts).map(([entity, p]) => (entity === 'finding' ? null : [entity, p.sha256]))),
      hits,
      counties.map((c) => [c.code, w.quotas.get(c.code) ?? null, w.setLines.get(c.code) ?? null]),
    ]),
  )
}

async function fromEarlier(w: Working, chunk: Chunk, key: string): Promise<ChunkRecord | null> {
  if (!w.earlier) return null
  const name = chunkName(chunk.no)
  const note = join(w.earlier.folder, 'chunk', `${name}.json`)
  const old = JSON.parse(await readFile(note, 'utf8').catch(() => 'null')) as ChunkRecord | null
  if (old?.key !== key) return null
  const gaps = w.options.missing === 'undecided' ? [`gap/part-${name}.parquet`, `gap/part-${name}.json`] : []
  for (const file of [...gaps, `cause/part-${name}.parquet`, `list/part-${name}.parquet`]) {
    const from = join(w.earlier.folder, file)
    if (!existsSync(from)) return null
    await w.folder.whole(file, (growing) => link(from, growing).catch(() => copyFile(from, growing)))
  }
  const record = { ...old, reused: true, seconds: 0 }
  await w.folder.note(`chunk/${name}.json`, record)
  return record
}
