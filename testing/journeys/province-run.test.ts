import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import { openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { synthesize } from '@fupin/testing/made-up/synthesize.ts'
import { identify } from '@fupin/whom/identification/identify.ts'
import { whyOf } from '@fupin/whom/identification/why.ts'
import { findHousehold, openPart, openRun, runList } from '@fupin/whom/run/open-part.ts'
import type { RunOptions, SnapshotRunRecord } from '@fupin/whom/run/run-contract.ts'
import { runSnapshot } from '@fupin/whom/run/run-snapshot.ts'
import type { SnapshotManifest } from '@fupin/whom/snapshot/snapshot-manifest.ts'
import { writeSnapshot } from '@fupin/whom/snapshot/write-snapshot.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'fupin-province-'))
const at = (...names: string[]): string => join(folder, ...names)
const bookFolder = join(root, 'rulebook/books/fupin')
const counties = ['450621', '451029', '451228']
const book = await openWholeBook(bookFolder)
const duck = await Duck.open()
let manifest: SnapshotManifest
let record: SnapshotRunRecord

const options = (out: string, more: Partial<RunOptions> = {}): RunOptions => ({
  book,
  snapshot: at('snapshot'),
  quota: at('made', 'quota.csv'),
  out: at(out),
  chunkSize: 300,
  ...more,
})

/** Digest of every file of a run that holds its result. */
const resultOf = (out: string): Record<string, string> =>
  Object.fromEntries(
    [
      'areas.parquet',
      'lines.parquet',
      'score_table.parquet',
      ...['list', 'hit', 'cause'].flatMap((d) => readdirSync(at(out, d)).map((f) => `${d}/${f}`)),
    ].map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(at(out, file)))
        .digest('hex'),
    ]),
  )

beforeAll(async () => {
  await synthesize({ counties, households: 900, seed: 11, out: at('made'), format: 'parquet', byCounty: true })
  manifest = await writeSnapshot({ book, survey: at('made/survey'), departments: at('made/departments'), out: at('snapshot') })
  record = await runSnapshot(options('run'))
}, 120_000)
afterAll(() => {
  duck.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('a snapshot', () => {
  test('holds every county and every department, with the digest of each part', () => {
    expect(manifest.counties.map((c) => c.code)).toEqual(counties)
    expect(manifest.made_up).toBe(true)
    expect(manifest.departments.map((d) => d.receipt.state)).toEqual(manifest.departments.map(() => 'compared'))
    for (const part of [...manifest.counties, ...manifest.departments].flatMap((c) => Object.values(c.parts)))
      expect(
        createHash('sha256')
          .update(readFileSync(at('snapshot', part.path)))
          .digest('hex'),
      ).toBe(part.sha256)
  })

  test('made again from the same files is the same, and nothing is read twice', async () => {
    const seen: boolean[] = []
    const again = await writeSnapshot({
      book,
      survey: at('made/survey'),
      departments: at('made/departments'),
      out: at('snapshot'),
      onProgress: (p) => seen.push(p.kept),
    })
    expect(again.id).toBe(manifest.id)
    expect(seen).toEqual(seen.map(() => true))
    const fresh = await writeSnapshot({ book, survey: at('made/survey'), departments: at('made/departments'), out: at('fresh'), lanes: 1 })
    expect(fresh.id).toBe(manifest.id)
  })
})

describe('a run over a snapshot', () => {
  test('gives every household of every county the verdict that the county’s own files give', async () => {
    for (const county of counties) {
      const own = await Duck.open()
      try {
        await identify(own, {
          book,
          survey: at('made/survey', county),
          departments: at('made/departments'),
          quota: at('made', 'quota.csv'),
          out: at('own', county),
          formats: ['parquet'],
        })
        const differing =
          await own.rows(`with a as (select household_id, verdict, score, known, least, most, line, low, high, in_band, class_id from listed),
          b as (select household_id, verdict, score, known, least, most, line, low, high, in_band, class_id from ${runList({ folder: at('run'), record }, county)} where county_code = ${quoteText(county)})
          (from a except from b) union all (from b except from a)`)
        // Only who is claimed in two counties may differ: a county's own files cannot show that.
        const claimed = await own.rows<{ id: string }>(
          `select distinct household_id as id from read_parquet(${quoteText(at('snapshot', manifest.across.finding!.path))})`,
        )
        const known = new Set(claimed.map((c) => c.id))
        expect(differing.filter((d) => !known.has(String(d.household_id)))).toEqual([])
        expect((await own.one<{ n: number }>('select count(*) as n from listed'))!.n).toBeGreaterThan(100)
      } finally {
        own.close()
      }
    }
  }, 120_000)

  test('totals of villages, townships, counties, cities and the region add up, and to the list', async () => {
    const rows = await duck.rows<{ level: string; households: number; persons: number; listed: number; vetoed: number }>(
      `select level, sum(households)::bigint as households, sum(persons)::bigint as persons, sum(listed_persons)::bigint as listed, sum(vetoed_households)::bigint as vetoed from ${quoteText(at('run/areas.parquet'))} group by 1`,
    )
    expect(rows.map((r) => r.level).sort()).toEqual(['city', 'county', 'region', 'township', 'village'])
    const list = (await duck.one(
      `select count(*) as households, sum(persons)::bigint as persons, (sum(persons) filter (where verdict = 'listed'))::bigint as listed, count(*) filter (where verdict = 'vetoed') as vetoed from ${runList({ folder: at('run'), record })}`,
    ))!
    for (const { level, ...sums } of rows) expect({ level, ...sums }).toEqual({ level, ...list })
    expect(record.counts.households).toBe(list.households)
  })

  test('killed at any moment goes on and ends with the same bytes', async () => {
    const whole = resultOf('run')
    const moments = ['plan.json', 'hit/tax_records.parquet', 'chunk/01.json', 'list/part-02.parquet', 'chunk/02.json']
    for (const moment of moments) await runAndKill('killed', moment)
    expect(existsSync(at('killed', 'run.json'))).toBe(false)
    const ended = await runSnapshot(options('killed'))
    expect(ended.resumed).toBe(true)
    expect(ended.digests).toEqual(record.digests)
    expect(resultOf('killed')).toEqual(whole)
    expect(existsSync(at('killed.unfinished'))).toBe(false)
  }, 180_000)

  test('stopped by a person says where it is and goes on', async () => {
    const controller = new AbortController()
    const running = runSnapshot(options('stopped', { signal: controller.signal, onProgress: (p) => p.done > 0 && controller.abort() }))
    await expect(running).rejects.toMatchObject({ code: 'run.stopped' })
    expect(existsSync(at('stopped', 'run.json'))).toBe(false)
    expect((await runSnapshot(options('stopped'))).digests).toEqual(record.digests)
  }, 60_000)

  test('in one chunk or many, with one thread or two, has the same result', async () => {
    const one = await runSnapshot(options('one', { chunkSize: 100_000, threads: 1 }))
    expect(one.digests).toEqual(record.digests)
    expect(one.chunks.length).toBe(1)
    expect(record.chunks.length).toBeGreaterThan(1)
  }, 60_000)

  test('explains any household from the snapshot, and the explanation gives the run’s verdict', async () => {
    const run = await openRun(at('run'), book)
    const some = await duck.rows<{ id: string; verdict: string; least: number; most: number }>(
      `select household_id as id, verdict, least, most from ${runList(run)} where _key % 89 = 0 or verdict = 'out_of_scope' order by _key limit 12`,
    )
    expect(new Set(some.map((s) => s.verdict)).size).toBeGreaterThan(2)
    for (const { id, verdict, least, most } of some) {
      const own = await Duck.open()
      try {
        const found = await findHousehold(own, run, id)
        const why = await whyOf(await openPart(own, run, found!.county, found!.key), id)
        expect(why).toMatchObject({ verdict, score: { least, most } })
      } finally {
        own.close()
      }
    }
  }, 120_000)

  test('that was tampered with gives no reasons', async () => {
    cpSync(at('run'), at('tampered'), { recursive: true })
    const [part] = readdirSync(at('tampered/list'))
    const file = at('tampered/list', part!)
    await duck.run(
      `copy (select * replace (case when verdict = 'not_listed' then 'listed' else verdict end as verdict) from ${quoteText(file)}) to ${quoteText(`${file}.new`)} (format parquet)`,
    )
    cpSync(`${file}.new`, file)
    const own = await Duck.open()
    try {
      await expect(openPart(own, await openRun(at('tampered'), book), record.chunks[0]!.counties[0]!)).rejects.toMatchObject({
        code: 'run.disagrees',
      })
    } finally {
      own.close()
    }
  }, 60_000)
})

describe('a late file of a department', () => {
  test('re-runs only what it touches', async () => {
    // The tax office sends its file again with the records of one county changed: a business that was not there.
    cpSync(at('made'), at('late'), { recursive: true })
    const data = at('late/departments/tax_records.parquet')
    const members = quoteText(at('made/survey/450621/members.parquet'))
    await duck.run(`copy (select * from ${quoteText(at('made/departments/tax_records.parquet'))} union all by name
      (select id_number as "身份证号码", name as "法定代表人", '企业纳税' as "纳税类别" from ${members} where regexp_full_match(id_number, '\\d{17}[\\dX]') order by id_number limit 20)) to ${quoteText(`${data}.new`)} (format parquet)`)
    cpSync(`${data}.new`, data)
    rmSync(`${data}.new`)
    const said = JSON.parse(readFileSync(at('late/departments/tax_records.manifest.json'), 'utf8')) as Record<string, unknown>
    const { n } = (await duck.one<{ n: number }>(`select count(*) as n from ${quoteText(data)}`))!
    writeFileSync(
      at('late/departments/tax_records.manifest.json'),
      JSON.stringify({ ...said, rows: n, sha256: createHash('sha256').update(readFileSync(data)).digest('hex') }),
    )
    const read: string[] = []
    const later = await writeSnapshot({
      book,
      survey: at('late/survey'),
      departments: at('late/departments'),
      out: at('snapshot'),
      onProgress: (p) => !p.kept && read.push(p.what),
    })
    expect(read).toEqual(['tax_records'])
    const after = await runSnapshot(options('after', { earlier: at('run') }))
    expect(after.snapshot.id).toBe(later.id)
    const touched = after.chunks.filter((c) => !c.reused)
    expect(touched.map((c) => c.counties)).toEqual([record.chunks.find((c) => c.counties.includes('450621'))!.counties])
    expect(after.chunks.length).toBeGreaterThan(touched.length)
    const afresh = await runSnapshot(options('afresh'))
    expect(afresh.digests).toEqual(after.digests)
    expect(afresh.digests.verdict).not.toBe(record.digests.verdict)
    // The earlier run can still be made again: its snapshot stands.
    const again = await runSnapshot(options('again', { snapshot: `${at('snapshot')}@${manifest.id.slice(7, 23)}` }))
    expect(again.digests).toEqual(record.digests)
  }, 120_000)
})

/** Starts the command line on the run and kills it, hard, as soon as a file appears in its folder. */
async function runAndKill(out: string, moment: string): Promise<void> {
  const args = ['--import', 'tsx', 'apps/cli/fupin.ts', 'run', '--snapshot', at('snapshot'), '--book', bookFolder]
  const child = spawn(process.execPath, [...args, '--quota', at('made', 'quota.csv'), '--chunk', '300', '--out', at(out)], {
    cwd: root,
    stdio: 'ignore',
  })
  const ended = new Promise((done) => child.on('close', done))
  while (child.exitCode === null && !existsSync(join(at(`${out}.unfinished`), moment))) await sleep(2)
  child.kill('SIGKILL')
  await ended
}
