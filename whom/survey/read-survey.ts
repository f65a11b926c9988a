import { type Duck, quoteName } from '@fupin/platform/database/duckdb.ts'
import { addFindings, createFindingTable } from '@fupin/platform/problems/finding-table.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import type { Dictionary, Entity } from '@fupin/rulebook/engine/dictionary.ts'
import { columnType, createCellMacros } from './cell-sql.ts'
import { checkHouseholds, numberRows } from './household-checks.ts'
import { checkIdNumbers } from './id-checks.ts'
import { checkComposition, checkHouseholdOfMembers } from './member-checks.ts'
import { placeFindings } from './place-findings.ts'
import { columnsElsewhere, nameHouseholds, type PartRead, readPart, tieToHouseholds } from './read-part.ts'
import { memberRoles } from './roles.ts'
import { findMapping, findSurveyFiles } from './survey-files.ts'
import type { CheckedFile } from './survey-findings.ts'
import { readMapping, type SurveyMapping } from './survey-mapping.ts'

export interface SurveyRead {
  households: number
  /** Members, or the persons that households declare where there is no members file. */
  persons: number
  members: number
  /** Rows that were left out whole, of all files. */
  leftOut: number
  findings: { errors: number; doubts: number }
  /** What was read: file names without folder. */
  files: string[]
}

/**
 * Reads a survey into the tables of `docs/formats.md`: `household`, one table for each child entity, `finding` (added to).
 * Good rows are complete; bad rows stand in `finding`; the same survey repaired gives what a clean one gives.
 */
export async function readSurvey(
  duck: Duck,
  options: { survey: string; dictionary: Dictionary; mapping?: SurveyMapping | string },
): Promise<SurveyRead> {
  const { survey, dictionary } = options
  const root = rootEntity(dictionary)
  const surveyLists = Object.values(root.lists).filter((list) => !list.department)
  const mapping = await mappingOf(duck, options.mapping ?? (await findMapping(survey)))
  const found = await findSurveyFiles(survey, root, dictionary, mapping)
  await createFindingTable(duck)
  await createCellMacros(duck)
  await addFindings(duck, found.findings)

  const parts = surveyLists.filter((list) => found.parts.has(list.name))
  const elsewhere = columnsElsewhere(found.parts)
  const [households, children] = await sideBySide(
    duck,
    (on) =>
      readPart(on, {
        part: found.parts.get('households')!,
        mapping: mapping.households,
        entity: root,
        dictionary,
        table: 'household',
        elsewhere,
      }),
    async (on) => {
      const read = new Map<string, PartRead>()
      for (const list of parts) {
        const entity = dictionary.entities[list.entity]!
        const part = found.parts.get(list.name)!
        read.set(list.name, await readPart(on, { part, mapping: mapping[list.name], entity, dictionary, table: `_staged_${list.name}` }))
      }
      return read
    },
  )
  await tieToHouseholds(duck, found.parts)
  await nameHouseholds(duck, 'household', households)
  for (const [list, read] of children) await nameHouseholds(duck, `_staged_${list}`, read)
  let leftOut = await checkHouseholds(duck, households.at)
  for (const list of Object.values(root.lists)) {
    const entity = dictionary.entities[list.entity]!
    const read = children.get(list.name)
    if (read) {
      await duck.run(`drop table if exists _member; alter table ${quoteName(`_staged_${list.name}`)} rename to _member`)
      leftOut += await placeChildren(duck, entity, read.at, households.at, read.rows, dictionary)
    } else if (list.entity !== root.name) await emptyTable(duck, entity)
    const known = read ? 'household_id in (select household_id from _member)' : 'false'
    await duck.run(`update household set ${quoteName(`${list.name}_known`)} = ${known}`)
  }
  const files = [...new Set([households, ...children.values()].map((read) => read.at.file))]
  // Rows of repeats first: their numbers hold more than a row.
  for (const { places } of [...children.values(), households]) await placeFindings(duck, places)
  await duck.run('drop table if exists _member')
  await duck.run('drop table if exists _left_out')
  return summary(duck, root, households.at, leftOut, files)
}

/** The entity that stands at the top: the one with the key `household_id`, else the one named household. */
export function rootEntity(dictionary: Dictionary): Entity {
  const entity = Object.values(dictionary.entities).find((e) => e.key === 'household_id') ?? dictionary.entities.household
  if (!entity)
    throw new Problem('no_household_entity', { zh: '这本规则簿的字典里没有农户。', en: 'The dictionary of this book has no household.' })
  return entity
}

/** Two readings at once, each on a connection of its own; both have ended when this ends. The first one's failure is told first. */
async function sideBySide<A, B>(duck: Duck, first: (on: Duck) => Promise<A>, second: (on: Duck) => Promise<B>): Promise<[A, B]> {
  const other = await duck.connect()
  try {
    const [a, b] = await Promise.allSettled([first(duck), second(other)])
    if (a.status === 'rejected') throw a.reason
    if (b.status === 'rejected') throw b.reason
    return [a.value, b.value]
  } finally {
    other.close()
  }
}

/** Checks the staged rows of `_member` and puts those that stay under their households. Gives how many were left out. */
async function placeChildren(
  duck: Duck,
  entity: Entity,
  at: CheckedFile,
  households: CheckedFile,
  rows: number,
  dictionary: Dictionary,
): Promise<number> {
  await checkHouseholdOfMembers(duck, at)
  const roles = memberRoles(entity, dictionary)
  if (entity.name === 'member') {
    await checkIdNumbers(duck, at, roles)
    await duck.run('delete from _member where _row in (select _row from _left_out_member)')
    await checkComposition(duck, at, households, roles)
  }
  const fields = Object.keys(entity.fields).map((f) => `, m.${quoteName(f)}`)
  const inOrder = 'row_number() over (partition by m.household_id order by m.rowid)'
  const own = `case when m.member_no is not null and count(*) over (partition by m.household_id, m.member_no) = 1 then m.member_no else ${inOrder} end`
  const number = entity.fields.member_no ? '' : `, (${at.columns.has('member_no') ? own : inOrder})::integer as member_no`
  await duck.run(`create or replace table ${quoteName(entity.name)} as
    select 0::bigint as _key, h._key as _parent${number}${fields.join('')}
    from _member m join household h using (household_id) order by m.rowid`)
  await numberRows(duck, quoteName(entity.name))
  await duck.run('drop table if exists _left_out_member')
  const kept = await duck.one<{ n: number }>(`select count(*) as n from ${quoteName(entity.name)}`)
  return rows - kept!.n
}

/** The table of a child entity without rows: its file was not given. */
export async function emptyTable(duck: Duck, entity: Entity): Promise<void> {
  const fields = Object.values(entity.fields).map((f) => `, ${quoteName(f.name)} ${columnType(f)}`)
  const number = entity.name === 'member' && !entity.fields.member_no ? ', member_no integer' : ''
  await duck.run(`create or replace table ${quoteName(entity.name)} (_key bigint, _parent bigint${number}${fields.join('')})`)
}

/** The mapping that was given or found, read; what is wrong with it goes to `finding`. @throws Problem where it cannot be understood. */
export async function mappingOf(duck: Duck, given: SurveyMapping | string | null): Promise<SurveyMapping> {
  if (given === null) return {}
  if (typeof given !== 'string') return given
  const { mapping, findings } = await readMapping(given)
  await createFindingTable(duck)
  await addFindings(duck, findings)
  const first = findings[0]
  if (first) throw new Problem(first.code, first)
  return mapping
}

async function summary(duck: Duck, root: Entity, at: CheckedFile, leftOut: number, files: string[]): Promise<SurveyRead> {
  const keepPersons = root.fields.persons || at.columns.has('persons')
  await duck.run(`alter table household drop column _row${keepPersons ? '' : '; alter table household drop column persons'}`)
  const members = root.lists.members
    ? (await duck.one<{ n: number }>(`select count(*) as n from ${quoteName(root.lists.members.entity)}`))!.n
    : 0
  const sum = keepPersons ? 'coalesce(sum(persons), 0)::bigint' : '0'
  const counts = (await duck.one<{ households: number; persons: number }>(
    `select count(*) as households, ${sum} as persons from household`,
  ))!
  const found = (await duck.one<{ errors: number; doubts: number }>(
    `select count(*) filter (where severity = 'error') as errors, count(*) filter (where severity = 'doubt') as doubts from finding`,
  ))!
  return { households: counts.households, members, persons: members || counts.persons, leftOut, findings: found, files }
}
