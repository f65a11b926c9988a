import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Duck } from '@fupin/platform/database/duckdb.ts'
import type { Sentence } from '@fupin/platform/problems/problem.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import { compareDepartments } from '@fupin/whom/matching/compare-departments.ts'
import type { Receipt } from '@fupin/whom/matching/department-form.ts'
import { applyDataRules } from '@fupin/whom/survey/data-rules.ts'
import { readSurvey, type SurveyRead } from '@fupin/whom/survey/read-survey.ts'
import { causeShares } from './cause-shares.ts'
import { type CountyRules, rulesByCounty } from './county-rules.ts'
import { departmentForms, departmentWords } from './department-forms.ts'
import { type DrawnCounty, drawLines } from './draw-lines.ts'
import { listHouseholds } from './list-households.ts'
import { readQuota } from './read-quota.ts'
import { readSetLines, type SetLine } from './read-set-lines.ts'
import { bookRecord, databaseRecord, defaultsOf, fileHash, isMadeUp, type RunRecord, ruleCounts, verdictCounts } from './run-record.ts'
import { scoreHouseholds } from './score-households.ts'
import { settleCounties } from './settle-counties.ts'
import { wholeFolder } from './whole-folder.ts'
import { type Format, isOutput, lineTables, writeOutputs, writeSnapshot } from './write-results.ts'

export interface IdentifyOptions {
  book: Book
  /** Survey: a file, or a folder with households.* and members.*. */
  survey: string
  mapping?: string | undefined
  departments?: string | undefined
  quota?: string | undefined
  /** Lines that a person set, each with its reason (`county_code,line,reason,set_by`). */
  setLines?: string | undefined
  out: string
  /** Rule id of the scorecard; default: what the book names. */
  scorecard?: string | undefined
  /** yyyymmdd; default: the book's reference date. */
  at?: number | undefined
  /** Half width of the stability band in points: how far the line, or a score, may be off. */
  bandPoints?: number | undefined
  formats?: Format[] | undefined
  onStep?: ((step: Step) => void) | undefined
  /** Called once the survey is read: what it holds. */
  onRead?: ((read: SurveyRead) => void) | undefined
  signal?: AbortSignal | undefined
}

export type StepId = 'read' | 'compare' | 'score' | 'line' | 'list' | 'write'
export interface Step {
  id: StepId
  state: 'running' | 'done'
  seconds: number
  note: Sentence | null
}

export interface Identified {
  record: RunRecord
  read: SurveyRead
  receipts: Receipt[]
  drawn: DrawnCounty[]
  groups: CountyRules[]
}

/** How far a line may be moved to see who flips, where nobody says otherwise. */
export const usualBand = 1

/**
 * The main job, whole: reads survey and departments' files, scores every household by the book, applies the vetoes, draws each county's
 * line, proposes the list with a reason for every household, and writes it all to `out`. Only proposes: no register is changed.
 * @throws Problem where the book, the survey or the call cannot be used at all; everything less is a finding.
 */
export async function identify(duck: Duck, options: IdentifyOptions): Promise<Identified> {
  const { book, out } = options
  const scorecard = options.scorecard ?? book.identify?.scorecard
  if (!scorecard)
    throw new Problem('call.scorecard', {
      zh: '规则簿没有写明用哪张评分表，请用 --id 指定。',
      en: 'The book names no scorecard; give one with --id.',
    })
  if (!book.definitions.some((d) => d.id === scorecard && d.kind === 'scorecard'))
    throw new Problem('call.scorecard', {
      zh: `规则簿“${book.title.zh}”里没有评分表“${scorecard}”。`,
      en: `The book "${book.title.en}" has no scorecard "${scorecard}".`,
    })
  const at = options.at ?? book.referenceDate
  const started = new Date()
  const step = stepper(options)

  const read = await step(
    'read',
    () =>
      readSurvey(duck, { survey: options.survey, dictionary: book.dictionary, ...(options.mapping ? { mapping: options.mapping } : {}) }),
    (r) => ({
      zh: `${r.households} 户，${r.persons} 人，发现 ${r.findings.errors + r.findings.doubts} 条`,
      en: `${r.households} households, ${r.persons} persons, ${r.findings.errors + r.findings.doubts} findings`,
    }),
  )
  options.onRead?.(read)
  const forms = departmentForms(book)
  const receipts = await step(
    'compare',
    async () => {
      await departmentWords(duck, forms)
      return compareDepartments(duck, {
        dir: options.departments ?? null,
        forms,
        dictionary: book.dictionary,
        membersWithoutNumber: 'unknown',
      })
    },
    (all) => ({
      zh: `部门文件 ${all.filter((r) => r.state === 'compared').length}/${all.length} 份`,
      en: `${all.filter((r) => r.state === 'compared').length} of ${all.length} departments' files`,
    }),
  )

  const counties = await settleCounties(duck, book, read.files[0]!)
  const groups = rulesByCounty(book, scorecard, counties.length ? counties : [book.root], at)
  const scored = await step('score', async () => {
    const [household, member] = read.files
    await applyDataRules(duck, book, { at, files: { household: household!, ...(member ? { member } : {}) } })
    return scoreHouseholds(duck, book, groups)
  })
  const body = groups[0]!.scorecard.score!.body
  const quotas = options.quota ? await readQuota(duck, options.quota, new Set(counties)) : new Map<string, number>()
  const setLines = options.setLines ? await readSetLines(duck, options.setLines, new Set(counties)) : new Map<string, SetLine>()
  const drawn = await step(
    'line',
    async () => {
      const lines = await drawLines(duck, scored, body, quotas, setLines)
      await lineTables(duck, lines, body.direction)
      return lines
    },
    (lines) => ({
      zh: `${lines.filter((l) => l.line !== null).length}/${lines.length} 个县已划线`,
      en: `lines for ${lines.filter((l) => l.line !== null).length} of ${lines.length} counties`,
    }),
  )
  await step('list', async () => {
    await listHouseholds(duck, book, groups, scored, drawn, options.bandPoints ?? usualBand)
    await causeShares(duck, book.dictionary)
  })

  const record = await step('write', () =>
    wholeFolder(out, isOutput, 'run.json', async (aside) => {
      const made_up = await isMadeUp(options.survey)
      const other = await duck.connect()
      const [, snapshot] = await Promise.all([
        writeOutputs(duck, aside, options.formats ?? ['parquet', 'csv', 'xlsx'], made_up, defaultsOf(groups[0]!)),
        writeSnapshot(other, aside, book.dictionary),
      ]).finally(() => other.close())
      const found = (await duck.one<{ errors: number; doubts: number }>(
        `select count(*) filter (where severity = 'error') as errors, count(*) filter (where severity = 'doubt') as doubts from finding`,
      ))!
      const quotaHash = options.quota ? { [basename(options.quota)]: `sha256:${await fileHash(options.quota)}` } : {}
      const made: RunRecord = {
        id: started.toISOString().replaceAll(/[-:]/g, '').slice(0, 15),
        made_up,
        started_at: started.toISOString(),
        seconds: (Date.now() - started.getTime()) / 1000,
        book: bookRecord(book, groups[0]!, at),
        defaults: defaultsOf(groups[0]!),
        database: await databaseRecord(duck, scored),
        inputs: { ...snapshot, ...quotaHash },
        departments: receipts,
        counts: {
          households: read.households,
          persons: read.persons,
          left_out: read.leftOut,
          ...found,
          verdicts: await verdictCounts(duck),
        },
        ...(await ruleCounts(duck, scored)),
        lines: drawn.map(({ county, quota, line, interval, draws, set }) => ({ county, quota, line, interval, draws, set })),
      }
      await writeFile(join(aside, 'run.json'), `${JSON.stringify(made, null, 2)}\n`)
      return made
    }),
  )
  return { record, read, receipts, drawn, groups }
}

function stepper({
  onStep,
  signal,
}: IdentifyOptions): <T>(id: StepId, run: () => Promise<T>, note?: (result: T) => Sentence) => Promise<T> {
  return async (id, run, note) => {
    signal?.throwIfAborted()
    const begun = performance.now()
    onStep?.({ id, state: 'running', seconds: 0, note: null })
    const result = await run()
    onStep?.({ id, state: 'done', seconds: (performance.now() - begun) / 1000, note: note?.(result) ?? null })
    return result
  }
}
