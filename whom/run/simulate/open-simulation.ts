import { Duck } from '@fupin/platform/database/duckdb.ts'
import { createFindingTable, findingRows } from '@fupin/platform/problems/finding-table.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { Text } from '@fupin/rulebook/engine/definition.ts'
import { contentOfBook, meaningOfBook } from '@fupin/rulebook/engine/meaning.ts'
import { type CountyRules, rulesByCounty } from '@fupin/whom/identification/county-rules.ts'
import { readQuota } from '@fupin/whom/identification/read-quota.ts'
import type { SetLine } from '@fupin/whom/identification/read-set-lines.ts'
import type { StepProgress } from '@fupin/whom/run/compare/compare-contract.ts'
import { someRun } from '@fupin/whom/run/compare/compare-runs.ts'
import type { TableFormat } from '@fupin/whom/run/compare/write-comparison.ts'
import type { OpenedRun } from '@fupin/whom/run/open-part.ts'
import { dictionaryShape } from '@fupin/whom/snapshot/snapshot-manifest.ts'
import { type ChangedRules, changedRules, wholeBecause } from './changed-rules.ts'

export interface SimulateOptions {
  /** Folder of a finished run. */
  run: string
  /** The book as it is, which the run was made with, and as it would be. */
  from: Book
  to: Book
  out: string
  /** yyyymmdd for the later book; default: the day of the run. */
  at?: number | undefined
  /** Default: the run's quotas. */
  quota?: string | undefined
  /** Run the later book whole as well and compare every household. */
  prove?: boolean | undefined
  /** Chooses the sample that is asked again. */
  seed?: number | undefined
  formats?: readonly TableFormat[] | undefined
  memory?: string | undefined
  threads?: number | undefined
  onProgress?: ((progress: StepProgress) => void) | undefined
}

/** A simulation laid out: the run, both books compiled for every county, and what differs. */
export interface Opened {
  run: OpenedRun
  after: Book
  at: number
  scorecard: string
  groups: { before: CountyRules[]; after: CountyRules[] }
  /** By groups of counties that have one set of rules in both books. */
  changed: ChangedRules[]
  /** Why the later book must run whole, if it must. */
  because: Text | null
  quota: { before(county: string): number | null; after(county: string): number | null }
  set(county: string): SetLine | null
}

/**
 * Opens the run and compiles both books for its counties.
 * @throws Problem where the run was not made with the earlier book, or the snapshot does not fit the later one's dictionary.
 */
export async function openSimulation(options: SimulateOptions): Promise<Opened> {
  const { from, to } = options
  const bare = await someRun(options.run)
  const { record, snapshot } = bare
  if (contentOfBook(from) !== record.book.content && meaningOfBook(from) !== record.book.meaning)
    throw new Problem('run.other_book', {
      zh: '这次运行用的不是“现在的规则簿”（意义不同），得分对不上。请给出运行时的那一本。',
      en: 'The run did not use the book given as it is now (their meanings differ), so its points do not fit. Give the book as it was then.',
    })
  if (dictionaryShape(to.dictionary) !== snapshot.manifest.dictionary)
    throw new Problem('run.dictionary', {
      zh: '拟改的规则簿改了字典，快照里的字段对不上。请先用新规则簿运行 fupin snapshot 和 fupin run，再用 fupin run compare 比较。',
      en: 'The later book changes the dictionary, so the fields of the snapshot do not fit. Run fupin snapshot and fupin run with it, then fupin run compare.',
    })
  const counties = snapshot.manifest.counties.map((c) => c.code)
  const scorecard = to.definitions.some((d) => d.id === record.book.scorecard && d.kind === 'scorecard')
    ? record.book.scorecard
    : (to.identify?.scorecard ?? record.book.scorecard)
  const day = Number(record.book.as_of.replaceAll('-', ''))
  const at = options.at ?? day
  const places = counties.length ? counties : [from.root]
  const groups = { before: rulesByCounty(from, record.book.scorecard, places, day), after: rulesByCounty(to, scorecard, places, at) }
  const pairs = groups.before.flatMap((a) =>
    groups.after.flatMap((b) => {
      const own = a.counties.filter((c) => b.counties.includes(c))
      return own.length ? [{ a, b, own }] : []
    }),
  )
  const because = pairs.map(({ a, b }) => wholeBecause(a, b, { before: from, after: to })).find((t) => t !== null) ?? unlike(pairs)
  const lines = new Map(record.lines.map((l) => [l.county, l]))
  const quotas = options.quota === undefined ? null : await quotasOf(options.quota, counties)
  const quota = (county: string): number | null => lines.get(county)?.quota ?? null
  return {
    run: { ...bare, book: from },
    after: to,
    at,
    scorecard,
    groups,
    changed: because ? [] : pairs.map(({ a, b, own }) => changedRules(a, b, own)),
    because,
    quota: { before: quota, after: quotas ? (county) => quotas.get(county) ?? null : quota },
    set: (county) => lines.get(county)?.set ?? null,
  }
}

/** Bits of vetoes mean one thing in the whole region: where counties have different lists of vetoes, nothing can be taken over by bit. */
function unlike(pairs: { a: CountyRules; b: CountyRules }[]): Text | null {
  const ids = (rules: CountyRules): string => rules.scorecard.score!.vetoes.map((v) => v.id).join()
  const one = (all: CountyRules[]): boolean => new Set(all.map(ids)).size <= 1
  if (one(pairs.map((p) => p.a)) && one(pairs.map((p) => p.b))) return null
  return { zh: '各县的一票否决不是同一组', en: 'counties have different sets of vetoes' }
}

/** The quotas of a file; a row that does not count is a problem here, for the comparison would rest on it. */
async function quotasOf(path: string, counties: readonly string[]): Promise<Map<string, number>> {
  const duck = await Duck.open()
  try {
    await createFindingTable(duck)
    const quotas = await readQuota(duck, path, new Set(counties))
    const [first] = await findingRows(duck)
    if (first) throw new Problem('simulate.quota', { zh: `${first.file}：${first.zh}`, en: `${first.file}: ${first.en}` })
    return quotas
  } finally {
    duck.close()
  }
}
