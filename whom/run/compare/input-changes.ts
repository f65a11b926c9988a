import { readDivisions } from '@fupin/platform/regions/divisions.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { Text } from '@fupin/rulebook/engine/definition.ts'
import { type BookChange, diffBooks } from '@fupin/rulebook/engine/diff.ts'
import type { Receipt } from '@fupin/whom/matching/department-form.ts'
import type { SnapshotRunRecord } from '@fupin/whom/run/run-contract.ts'
import type { CountyPart } from '@fupin/whom/snapshot/snapshot-manifest.ts'
import type { FileSaid, InputChanges, LineMove } from './compare-contract.ts'
import type { SomeRun } from './pair-runs.ts'

/** What the two runs were made from and where that differs: told before any figure, for it is what the figures mean. */
export function inputChanges(a: SomeRun, b: SomeRun, books: { before?: Book | undefined; after?: Book | undefined }): InputChanges {
  const [before, after] = [byCode(a), byCode(b)]
  const codes = [...new Set([...before.keys(), ...after.keys()])].sort()
  const lines = lineMoves(a.record, b.record)
  return {
    snapshot: { before: a.record.snapshot.id, after: b.record.snapshot.id, same: a.record.snapshot.id === b.record.snapshot.id },
    counties: {
      changed: codes.filter((c) => before.has(c) && after.has(c) && !sameParts(before.get(c)!, after.get(c)!)),
      only_before: codes.filter((c) => !after.has(c)),
      only_after: codes.filter((c) => !before.has(c)),
    },
    departments: departments(a.record.departments, b.record.departments),
    book: {
      before: a.record.book.meaning,
      after: b.record.book.meaning,
      same: sameRules(a.record, b.record),
      as_of: { before: a.record.book.as_of, after: b.record.book.as_of },
      changes: bookChanges(books.before, books.after),
    },
    quotas: lines.filter((l) => l.quota.before !== l.quota.after).length,
    lines: lines.filter((l) => l.before.low !== l.after.low || l.before.high !== l.after.high).length,
  }
}

const bookChanges = (a: Book | undefined, b: Book | undefined): BookChange[] | null => (a && b ? diffBooks(a, b) : null)

const byCode = (run: SomeRun): Map<string, CountyPart> => new Map(run.snapshot.manifest.counties.map((c) => [c.code, c]))

/** Whether a county's households and members are the same facts under the same keys. */
export const sameParts = (a: CountyPart, b: CountyPart): boolean =>
  [...new Set([...Object.keys(a.parts), ...Object.keys(b.parts)])].every(
    (e) => e === 'finding' || a.parts[e]?.sha256 === b.parts[e]?.sha256,
  )

/** Whether the same rules stood on the same day. */
export const sameRules = (a: SnapshotRunRecord, b: SnapshotRunRecord): boolean =>
  a.book.meaning === b.book.meaning &&
  a.book.as_of === b.book.as_of &&
  a.book.scorecard === b.book.scorecard &&
  a.book.engine_meaning === b.book.engine_meaning

/** Whether all departments said the same. */
export const sameDepartments = (a: SnapshotRunRecord, b: SnapshotRunRecord): boolean =>
  departments(a.departments, b.departments).length === 0

function departments(a: Receipt[], b: Receipt[]): InputChanges['departments'] {
  const said = (r: Receipt | undefined): FileSaid | null =>
    r ? { state: r.state, file: r.file ?? null, sha256: r.sha256 ?? null, as_of: r.asOf ?? null } : null
  return [...new Set([...a, ...b].map((r) => r.list))].flatMap((list) => {
    const [before, after] = [a.find((r) => r.list === list), b.find((r) => r.list === list)]
    const title: Text = (after ?? before)!.title
    const same = before?.state === after?.state && before?.sha256 === after?.sha256 && before?.asOf === after?.asOf
    return same ? [] : [{ list, title, before: said(before), after: said(after) }]
  })
}

type Line = SnapshotRunRecord['lines'][number]

/** Quota and line of every county in both runs. */
export function lineMoves(a: { lines: Line[] }, b: { lines: Line[] }): LineMove[] {
  const of = (line: Line | undefined): LineMove['before'] => ({
    line: line?.line ?? null,
    low: line?.line ?? line?.interval?.low ?? null,
    high: line?.line ?? line?.interval?.high ?? null,
  })
  return [...new Set([...a.lines, ...b.lines].map((l) => l.county))].sort().map((county) => {
    const [x, y] = [a.lines.find((l) => l.county === county), b.lines.find((l) => l.county === county)]
    return {
      county,
      name: readDivisions().find(county)?.name ?? county,
      quota: { before: x?.quota ?? null, after: y?.quota ?? null },
      before: of(x),
      after: of(y),
    }
  })
}
