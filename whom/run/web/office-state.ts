import type { Book } from '@fupin/rulebook/engine/book.ts'
import { printDate } from '@fupin/rulebook/engine/civil-date.ts'
import type { Text } from '@fupin/rulebook/engine/definition.ts'
import { meaningOfBook } from '@fupin/rulebook/engine/meaning.ts'
import { resolveParameter } from '@fupin/rulebook/engine/resolve.ts'
import type { Verdict } from '@fupin/whom/identification/identification.contract.ts'
import type { OpenedRun } from '../open-part.ts'
import type { OfficeState, RegionFacts } from './region.contract.ts'
import type { RegionAreas } from './region-areas.ts'
import { stepTitles } from './region-job.ts'

const verdicts: readonly Verdict[] = ['listed', 'not_listed', 'vetoed', 'undecided', 'out_of_scope']

/** What a book says of itself on every page. */
export function bookState(book: Book, scorecard?: string, at?: number): Pick<OfficeState, 'book' | 'shareClasses'> {
  const id = scorecard ?? book.identify?.scorecard ?? ''
  const day = at ?? book.referenceDate
  return {
    book: {
      id: book.id,
      title: book.title,
      meaning: meaningOfBook(book),
      scorecard: id,
      scorecardTitle: book.definitions.find((d) => d.id === id)?.title ?? { zh: id, en: id },
      asOf: printDate(day),
      place: book.root,
    },
    shareClasses: shareClasses(book, day),
  }
}

/** The state of a region before anything is known of its run. */
export const waitingState = (book: Pick<OfficeState, 'book' | 'shareClasses'>, title: Text, region: RegionFacts): OfficeState => ({
  ...book,
  id: '',
  state: 'waiting',
  // Until the snapshot says so, nothing shown is real.
  demo: true,
  title,
  defaults: { ids: 0, of: 0 },
  input: { households: 0, persons: 0, findings: 0, departments: [] },
  steps: [],
  counts: null,
  startedAt: null,
  finishedAt: null,
  secondsLeft: null,
  problem: null,
  counties: [],
  region,
})

/** The state of a region whose run is done. */
export function runState(before: OfficeState, { record, book, snapshot }: OpenedRun, areas: RegionAreas): OfficeState {
  const { region } = areas
  return {
    ...before,
    ...bookState(book, record.book.scorecard, Number(record.book.as_of.replaceAll('-', ''))),
    id: record.id,
    state: 'done',
    demo: record.made_up,
    defaults: { ids: record.defaults.rules, of: record.defaults.of },
    input: {
      households: record.counts.households,
      persons: record.counts.persons,
      findings: record.counts.errors + record.counts.doubts,
      departments: record.departments.map((d) => ({
        id: d.list,
        title: d.title,
        state: d.state,
        rows: d.rows,
        asOf: d.asOf === null ? null : printDate(d.asOf),
      })),
    },
    steps: Object.entries(record.steps).map(([id, seconds]) => ({
      id,
      title: stepTitles[id as keyof typeof stepTitles] ?? { zh: id, en: id },
      state: 'done',
      done: region.households,
      total: region.households,
      seconds,
      note: null,
    })),
    counts: Object.fromEntries(verdicts.map((v) => [v, region.verdicts[v]])) as OfficeState['counts'],
    startedAt: record.started_at,
    finishedAt: new Date(Date.parse(record.started_at) + record.seconds * 1000).toISOString(),
    secondsLeft: 0,
    problem: null,
    counties: snapshot.manifest.counties.map(({ code }) => ({ code, name: areas.find(code)?.name ?? code })),
    region: { ...before.region!, deeds: { stop: false, goOn: false }, stopping: false },
  }
}

/** The book's `share_class_1`, `share_class_2` ... in order, as far as it has them. */
function shareClasses(book: Book, at: number): number[] {
  const limits: number[] = []
  for (let i = 1; ; i++) {
    const found = resolveParameter(book, `share_class_${i}`, book.root, { at })
    if ('why' in found || typeof found.value.value !== 'number') return limits
    limits.push(found.value.value)
  }
}
