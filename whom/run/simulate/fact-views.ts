import { type Duck, quoteName } from '@fupin/platform/database/duckdb.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import { listSql } from '@fupin/whom/run/match-lists.ts'
import { countyParts, partsSql, type Snapshot, surveyEntities } from '@fupin/whom/snapshot/open-snapshot.ts'
import type { LaterList } from './later-hits.ts'

/** Where the facts of some counties are read from. */
export interface Facts {
  snapshot: Snapshot
  /** Names entities and their lists; both books share it. */
  book: Book
  level: string
  lists: readonly LaterList[]
}

/** Did the department of a list deliver a file that was taken? */
const delivered = (snapshot: Snapshot, list: string): boolean =>
  snapshot.manifest.departments.find((d) => d.list === list)?.receipt.state === 'compared'

/**
 * Makes views with the names of the entities over some counties of a snapshot: those of the survey, and the departments' lists that the
 * changed rules read. `keys`: only these households (SQL of a set).
 */
export async function factViews(
  duck: Duck,
  facts: Facts,
  counties: readonly string[],
  range: { low?: number; high?: number } = {},
  keys?: string,
): Promise<void> {
  const { snapshot, book, level, lists } = facts
  const root = book.dictionary.entities[level]!
  const known = Object.values(root.lists)
    .filter((l) => l.department)
    .map((l) => `, ${delivered(snapshot, l.name)} as ${quoteName(`${l.name}_known`)}`)
  for (const entity of surveyEntities(snapshot)) {
    const own = entity === root.name ? '_key' : '_parent'
    await duck.run(
      `create or replace view ${quoteName(entity)} as select *${entity === root.name ? known.join('') : ''} from ${partsSql(snapshot, countyParts(snapshot, counties, entity))}${keys ? ` where ${own} in (${keys})` : ''}`,
    )
  }
  const member = root.lists.members ? 'numberless' : null
  // Members without a usable number stand in every list as unknown: they are looked up once for all of them.
  if (member && lists.length)
    await duck.run(
      `create or replace table numberless as select _parent, id17 from ${quoteName(root.lists.members!.entity)} where id17 is null`,
    )
  for (const { read, hits } of lists) {
    const own = keys ? `(select * from ${hits(range.low, range.high)} where household in (${keys}))` : hits(range.low, range.high)
    const relation = listSql(read, own, delivered(snapshot, read.list) ? member : null)
    await duck.run(`create or replace view ${quoteName(read.entity)} as ${relation}`)
  }
}
