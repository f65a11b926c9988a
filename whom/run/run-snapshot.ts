import { Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import { createFindingTable, findingRows } from '@fupin/platform/problems/finding-table.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import { contentOfBook } from '@fupin/rulebook/engine/meaning.ts'
import { type CountyRules, rulesByCounty } from '@fupin/whom/identification/county-rules.ts'
import { usualBand } from '@fupin/whom/identification/identify.ts'
import { readQuota } from '@fupin/whom/identification/read-quota.ts'
import { readSetLines, type SetLine } from '@fupin/whom/identification/read-set-lines.ts'
import { fileHash } from '@fupin/whom/identification/run-record.ts'
import { openSnapshot, type Snapshot } from '@fupin/whom/snapshot/open-snapshot.ts'
import { dictionaryShape } from '@fupin/whom/snapshot/snapshot-manifest.ts'
import { areaTotals } from './area-totals.ts'
import { keepHits } from './keep-hits.ts'
import { planChunks } from './plan-chunks.ts'
import { listsRead } from './relevant-records.ts'
import { RunClock } from './run-clock.ts'
import type { ChunkRecord, RunOptions, RunStep, SnapshotRunRecord } from './run-contract.ts'
import { RunFolder } from './run-folder.ts'
import { runRecord } from './run-summary.ts'
import { openEarlier, runChunk, type Working } from './work-chunk.ts'
import { writeTotals } from './write-totals.ts'

/** Households worked on at a time, where nobody says otherwise. */
export const usualChunk = 800_000
const usualMemory = '2GB'

/**
 * The main job over a snapshot, for any number of counties: compares, scores, applies the vetoes, draws each county's line, gives every
 * household its verdict, and counts by area. Works chunk by chunk in bounded memory. A run that was stopped or killed goes on when it is
 * called again with the same inputs, and its result is the same. With `earlier`, chunks that nothing touched are taken from that run.
 * @throws Problem where snapshot, book or quota cannot be used, or where `signal` stops it.
 */
export async function runSnapshot(options: RunOptions): Promise<SnapshotRunRecord> {
  const started = new Date()
  const snapshot = await openSnapshot(options.snapshot)
  const setting = await settingOf(options, snapshot)
  const folder = await RunFolder.open(options.out, setting.plan)
  const duck = await Duck.open({ memory: options.memory ?? usualMemory, threads: options.threads ?? 2 })
  const stop = (): void => duck.interrupt()
  options.signal?.addEventListener('abort', stop)
  try {
    const { counties } = snapshot.manifest
    const { groups } = setting
    const lists = listsRead(options.book, groups)
    const chunks = planChunks(counties, options.chunkSize ?? usualChunk)
    const clock = new RunClock(options, counties, snapshot.manifest.departments)
    const { quotas, setLines, inputs } = await readInputs(duck, options, snapshot)
    options.signal?.throwIfAborted()
    const seconds = {} as Record<RunStep, number>
    const earlier = options.earlier === undefined ? null : await openEarlier(options.earlier)
    const begun = performance.now()
    clock.begin('compare')
    await keepHits(duck, snapshot, lists, folder, earlier?.folder ?? null)
    seconds.compare = (performance.now() - begun) / 1000
    const working: Working = { duck, options, snapshot, folder, groups, lists, quotas, setLines, earlier }
    const records: ChunkRecord[] = []
    const chunksBegun = performance.now()
    for (const chunk of chunks) {
      options.signal?.throwIfAborted()
      clock.begin('chunks')
      records.push(await runChunk(working, chunk))
      clock.end(chunk)
    }
    seconds.chunks = (performance.now() - chunksBegun) / 1000
    const totalsBegun = performance.now()
    clock.begin('totals')
    const drawn = records.flatMap((r) => r.drawn)
    const parts = records.map((r) => quoteText(folder.file('list', `part-${String(r.no).padStart(2, '0')}.parquet`)))
    await areaTotals(duck, `read_parquet([${parts.join(', ')}])`, options.book.root)
    const body = groups[0]!.scorecard.score!.body
    await writeTotals(duck, folder, drawn, body.direction)
    const findings = await findingRows(duck)
    seconds.totals = (performance.now() - totalsBegun) / 1000
    const record = runRecord({
      options,
      snapshot,
      groups,
      started,
      records,
      drawn,
      seconds,
      inputs,
      lists,
      resumed: folder.resumed,
      findings,
      version: await version(duck),
    })
    await folder.note('run.json', record)
    await folder.finish()
    clock.finish()
    return record
  } catch (error) {
    if (options.signal?.aborted) throw stopped(options.out, error)
    throw error
  } finally {
    options.signal?.removeEventListener('abort', stop)
    duck.close()
  }
}

const stopped = (out: string, cause: unknown): Problem =>
  new Problem(
    'run.stopped',
    {
      zh: `运行已停下，做完的部分留在“${out}.unfinished”。同样的命令再运行一次，就从停下的地方接着做。`,
      en: `The run was stopped; what is done stays in "${out}.unfinished". The same command goes on from there.`,
    },
    { cause },
  )

interface Setting {
  groups: CountyRules[]
  /** Everything that decides the result, as text: a folder of work with another plan is of no use. */
  plan: string
}

async function settingOf(options: RunOptions, snapshot: Snapshot): Promise<Setting> {
  const { book } = options
  const scorecard = options.scorecard ?? book.identify?.scorecard
  if (!scorecard || !book.definitions.some((d) => d.id === scorecard && d.kind === 'scorecard'))
    throw new Problem('call.scorecard', {
      zh: `规则簿“${book.title.zh}”里没有评分表“${scorecard ?? ''}”，请用 --id 指定。`,
      en: `The book "${book.title.en}" has no scorecard "${scorecard ?? ''}"; give one with --id.`,
    })
  if (dictionaryShape(book.dictionary) !== snapshot.manifest.dictionary)
    throw new Problem('run.dictionary', {
      zh: '快照是按另一版字典写的，字段对不上。请用这本规则簿重新运行 fupin snapshot。',
      en: 'The snapshot was written with another dictionary, so its fields do not fit. Run fupin snapshot again with this book.',
    })
  const at = options.at ?? book.referenceDate
  const counties = snapshot.manifest.counties.map((c) => c.code)
  const plan = JSON.stringify({
    snapshot: snapshot.manifest.id,
    book: contentOfBook(book),
    scorecard,
    at,
    band: options.bandPoints ?? usualBand,
    missing: options.missing ?? 'none',
    chunk: options.chunkSize ?? usualChunk,
    quota: options.quota === undefined ? null : await fileHash(options.quota),
    setLines: options.setLines === undefined ? null : await fileHash(options.setLines),
  })
  return { groups: rulesByCounty(book, scorecard, counties.length ? counties : [book.root], at), plan }
}

async function readInputs(
  duck: Duck,
  options: RunOptions,
  snapshot: Snapshot,
): Promise<{ quotas: Map<string, number>; setLines: Map<string, SetLine>; inputs: Record<string, string> }> {
  await createFindingTable(duck)
  const counties = new Set(snapshot.manifest.counties.map((c) => c.code))
  const quotas = options.quota ? await readQuota(duck, options.quota, counties) : new Map<string, number>()
  const setLines = options.setLines ? await readSetLines(duck, options.setLines, counties) : new Map<string, SetLine>()
  const inputs: Record<string, string> = {}
  for (const path of [options.quota, options.setLines]) if (path) inputs[path.split('/').at(-1)!] = `sha256:${await fileHash(path)}`
  return { quotas, setLines, inputs }
}

const version = async (duck: Duck): Promise<string> => (await duck.one<{ version: string }>('select version() as version'))!.version
