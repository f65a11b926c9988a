import { join } from 'node:path'
import { type Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { Field } from '@fupin/rulebook/engine/dictionary.ts'
import { type Node, reachable } from '@fupin/rulebook/engine/ir.ts'
import type { CountyRules } from '@fupin/whom/identification/county-rules.ts'
import { doubts, factColumn, matchLists } from '@fupin/whom/run/match-lists.ts'
import type { OpenedRun } from '@fupin/whom/run/open-part.ts'
import { type ListRead, listsRead } from '@fupin/whom/run/relevant-records.ts'
import { partsSql, type Snapshot } from '@fupin/whom/snapshot/open-snapshot.ts'
import type { ChangedRules } from './changed-rules.ts'

/** A department's list as the rules of both books read it: SQL of its hits over the whole region, or below a range of keys. */
export interface LaterList {
  read: ListRead
  hits(low?: number, high?: number): string
}

/**
 * The hits that the changed rules need. The run kept those that could matter to its own rules; where the later book looks at more records,
 * or at more of a record, only these are joined with the members again.
 */
export async function laterHits(
  duck: Duck,
  run: OpenedRun,
  after: Book,
  groups: { before: CountyRules[]; after: CountyRules[] },
  changed: readonly ChangedRules[],
): Promise<LaterList[]> {
  const wanted = listsOfNodes(changed.flatMap(nodesAsked))
  const [first, second] = [listsRead(run.book, groups.before), listsRead(after, groups.after)]
  const found: LaterList[] = []
  for (const name of wanted) {
    const [a, b] = [first.find((l) => l.list === name), second.find((l) => l.list === name)]
    if (a && b) found.push(await widened(duck, run, a, b))
    else if (a) found.push({ read: a, hits: (low, high) => ranged(file(run, name), low, high) })
    else if (b) found.push(await newList(duck, run.snapshot, b))
  }
  return found
}

/** Everything that the statement of a change asks. */
export const nodesAsked = (c: ChangedRules): Node[] =>
  [
    ...c.items.away.map((i) => i.node),
    ...c.items.add.map((i) => i.node),
    ...c.vetoes.flatMap((v) => (v.from === null ? [v.node] : [])),
    ...c.asked.map((v) => v.node),
    c.scope.before,
    c.scope.after,
  ].filter((n) => n !== null)

const listsOfNodes = (nodes: Node[]): string[] => [
  ...new Set(reachable(nodes).flatMap((n) => (n.op === 'aggregate' && n.depth === 0 ? [n.list] : []))),
]

const file = (run: OpenedRun, list: string): string => `read_parquet(${quoteText(join(run.folder, 'hit', `${list}.parquet`))})`

const ranged = (from: string, low?: number, high?: number): string =>
  `(select * from ${from}${low === undefined ? '' : ` where household >= ${low} and household < ${high}`})`

const recordOf = (snapshot: Snapshot, list: string) => snapshot.manifest.departments.find((d) => d.list === list)?.parts.record

async function widened(duck: Duck, run: OpenedRun, a: ListRead, b: ListRead): Promise<LaterList> {
  const record = recordOf(run.snapshot, a.list)
  const missing = b.fields.filter((f) => !a.fields.some((own) => own.name === f.name))
  const read: ListRead = { ...b, fields: [...a.fields, ...missing] }
  if (!record || (a.relevant === b.relevant && missing.length === 0))
    return { read, hits: (low, high) => ranged(file(run, a.list), low, high) }
  const fields = read.fields.map((f) => quoteName(f.name)).join(', ')
  const table = quoteName(`later_${a.list}`)
  const own = (f: Field): string =>
    missing.includes(f) ? `case when h.doubt = ${doubts.none} then e.${quoteName(f.name)} end` : `h.${quoteName(f.name)}`
  // Facts of a record that the run did not keep stand in the department's file, by row.
  const kept = missing.length
    ? `select h.household, h.member_no, h._row, h.doubt${read.fields.map((f) => `, ${own(f)} as ${quoteName(f.name)}`).join('')} from ${file(run, a.list)} h
       join (select _row, ${missing.map((f) => quoteName(f.name)).join(', ')} from ${partsSql(run.snapshot, [record])}) e using (_row)`
    : null
  const claimed = run.snapshot.manifest.across.claimed
  const members = run.snapshot.manifest.counties.map((c) => c.parts.member)
  // Records that only the later book looks at. Doubtful ones are always kept, so the run has them already.
  const more = `select m._parent as household, m.member_no, r._row, ${doubts.none}::utinyint as doubt${fields ? `, ${fields}` : ''}
    from (select * from ${partsSql(run.snapshot, [record])} e1 where coalesce(${b.relevant}, true) and not coalesce(${a.relevant}, true)) r
      join (select id17, _parent, member_no, name_key from ${partsSql(run.snapshot, members)} where id17 is not null) m on m.id17 = r.id17
    where not coalesce(r.name_key <> m.name_key, false)${claimed ? ` and m.id17 not in (select id17 from ${partsSql(run.snapshot, [claimed])})` : ''}`
  const extra = (await duck.one<{ n: number }>(
    `select count(*) as n from ${partsSql(run.snapshot, [record])} e1 where coalesce(${b.relevant}, true) and not coalesce(${a.relevant}, true)`,
  ))!.n
  if (extra === 0 && !kept) return { read, hits: (low, high) => ranged(file(run, a.list), low, high) }
  await duck.run(
    `create or replace table ${table} as ${[...(kept ? [kept] : []), ...(extra > 0 ? [more] : [])].join(' union all by name ')}`,
  )
  return {
    read,
    hits: (low, high) =>
      kept ? ranged(table, low, high) : `(from ${ranged(file(run, a.list), low, high)} union all by name from ${ranged(table, low, high)})`,
  }
}

async function newList(duck: Duck, snapshot: Snapshot, list: ListRead): Promise<LaterList> {
  await matchLists(duck, snapshot, [list])
  const facts = list.fields.map((f) => `, ${factColumn(list, f)} as ${quoteName(f.name)}`).join('')
  const table = quoteName(`later_${list.list}`)
  await duck.run(`create or replace table ${table} as select household, member_no, _row, doubt${facts} from hits; drop table hits`)
  return { read: list, hits: (low, high) => ranged(table, low, high) }
}
