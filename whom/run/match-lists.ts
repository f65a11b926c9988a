import { type Duck, quoteName } from '@fupin/platform/database/duckdb.ts'
import type { Field } from '@fupin/rulebook/engine/dictionary.ts'
import { partsSql, type Snapshot } from '@fupin/whom/snapshot/open-snapshot.ts'
import { columnType } from '@fupin/whom/survey/cell-sql.ts'
import type { ListRead } from './relevant-records.ts'

/** Whether a record is the member's beyond doubt, or for a person to decide. */
export const doubts = { none: 0, otherName: 1, claimedTwice: 2 } as const

/** Facts of a record travel in columns that all lists share: numbers `n0`, `n1` ..., texts `t0` ... */
const isText = (field: Field): boolean => field.type === 'text' || field.type === 'code'
const shared = (lists: readonly ListRead[], text: boolean): number =>
  Math.max(0, ...lists.map((l) => l.fields.filter((f) => isText(f) === text).length))

function carried(list: ListRead, numbers: number, texts: number): string[] {
  const own = (text: boolean): string[] => list.fields.filter((f) => isText(f) === text).map((f) => quoteName(f.name))
  const fill = (names: string[], count: number, prefix: string, type: string): string[] =>
    Array.from({ length: count }, (_, i) => `${names[i] ? `e1.${names[i]}` : 'null'}::${type} as ${prefix}${i}`)
  return [...fill(own(false), numbers, 'n', 'bigint'), ...fill(own(true), texts, 't', 'varchar')]
}

/**
 * Joins every record of the lists with the members of the whole region by number, in one pass, and keeps in the table `hits` those that
 * can make a difference: `list` (its place in `lists`), `_row`, `household`, `member_no`, `doubt` and the facts that rules read.
 * A right number with another name, or a number that two households claim, is always kept, as a doubt.
 */
export async function matchLists(duck: Duck, snapshot: Snapshot, lists: readonly ListRead[]): Promise<number> {
  const [numbers, texts] = [shared(lists, false), shared(lists, true)]
  const facts = [...Array.from({ length: numbers }, (_, i) => `n${i}`), ...Array.from({ length: texts }, (_, i) => `t${i}`)]
  const records = lists.flatMap((list, i) => {
    const part = snapshot.manifest.departments.find((d) => d.list === list.list)?.parts.record
    return part
      ? [
          `select ${i}::utinyint as list, e1._row, e1.id17, e1.name_key, coalesce(${list.relevant}, true) as relevant, ${carried(list, numbers, texts).join(', ')} from ${partsSql(snapshot, [part])} e1`,
        ]
      : []
  })
  const members = snapshot.manifest.counties.map((c) => c.parts.member)
  const claimed = snapshot.manifest.across.claimed
  const columns = `list utinyint, _row bigint, household bigint, member_no integer, doubt utinyint${facts.map((f) => `, ${f} ${f.startsWith('n') ? 'bigint' : 'varchar'}`).join('')}`
  await duck.run(`create or replace table hits (${columns})`)
  if (records.length === 0 || !members.some(Boolean)) return 0
  const twice = claimed ? `m.id17 in (select id17 from ${partsSql(snapshot, [claimed])})` : 'false'
  return duck.run(`insert into hits
    select list, _row, household, member_no, (case when other_name then ${doubts.otherName} when twice then ${doubts.claimedTwice} else ${doubts.none} end)::utinyint, ${facts.join(', ')}
    from (
      select r.list, r._row, m._parent as household, m.member_no, r.relevant, coalesce(r.name_key <> m.name_key, false) as other_name, ${twice} as twice, ${facts.map((f) => `r.${f}`).join(', ')}
      from (${records.join(' union all ')}) r join (select id17, _parent, member_no, name_key from ${partsSql(snapshot, members)} where id17 is not null) m on m.id17 = r.id17)
    where relevant or other_name or twice`)
}

/** The column of `hits` that carries a fact of this list, in the fact's own type; a doubtful record has no facts. */
export function factColumn(list: ListRead, field: Field): string {
  const same = list.fields.filter((f) => isText(f) === isText(field))
  return `case when doubt = ${doubts.none} then ${isText(field) ? 't' : 'n'}${same.indexOf(field)} end::${columnType(field)}`
}

/**
 * The records of one list as rules read them, from the relation `hits` of that list. Members without a usable number (`_parent` in `nameless`)
 * cannot be compared: "has none" is never concluded from that, so their households get a record of unknown facts.
 */
export function listSql(list: ListRead, hits: string, nameless: string | null): string {
  const own = `select household as _parent${list.fields.map((f) => `, ${quoteName(f.name)}`).join('')} from ${hits}`
  return nameless ? `${own} union all select _parent${list.fields.map((f) => `, null::${columnType(f)}`).join('')} from ${nameless}` : own
}
