import { type Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { Entity } from '@fupin/rulebook/engine/dictionary.ts'
import { settleCounties } from '@fupin/whom/identification/settle-counties.ts'
import { nameForm } from '@fupin/whom/matching/match-records.ts'
import { applyDataRules } from '@fupin/whom/survey/data-rules.ts'
import { readSurvey, rootEntity, type SurveyRead } from '@fupin/whom/survey/read-survey.ts'
import { type Part, writePart } from './content-files.ts'
import type { CountyPart } from './snapshot-manifest.ts'

/** A household's key is its county's code times this, plus its number in the county: the county of any key is a division away. */
export const keysPerCounty = 10_000_000
const childrenPerCounty = 1_000_000_000

/** The first 17 digits of a number as an integer: the last is a check character and says nothing more. */
export const id17 = (number: string): string => `left(${number}, 17)::bigint`

/** A name, as names are compared, in 64 bits that are the same everywhere. */
export const nameKey = (name: string): string => `(md5_number(${nameForm(name)}) >> 64)::ubigint`

/**
 * Reads one survey (a county's folder, or a whole file of several counties) into typed parts by county under `<folder>/counties`, and asks
 * the book's data rules of it; rules about departments' records are not asked here, for these come later.
 * @throws Problem where the survey cannot be read at all.
 */
export async function readCounties(
  duck: Duck,
  book: Book,
  survey: { path: string; mapping?: string | undefined },
  folder: string,
  from: string,
): Promise<CountyPart[]> {
  await duck.run('drop table if exists finding')
  const read = await readSurvey(duck, {
    survey: survey.path,
    dictionary: book.dictionary,
    ...(survey.mapping ? { mapping: survey.mapping } : {}),
  })
  const codes = await settleCounties(duck, book, read.files[0]!)
  const [household, member] = read.files
  await applyDataRules(duck, book, { at: book.referenceDate, files: { household: household!, ...(member ? { member } : {}) } })
  await duck.run(`create or replace table _place as
    select _key, county_code, county_code::bigint * ${keysPerCounty} + row_number() over (partition by county_code order by _key) as k from household`)
  const counties: CountyPart[] = []
  for (const [i, code] of codes.entries()) counties.push(await writeCounty(duck, book, code, i === 0, read, folder, from))
  await duck.run('drop table _place')
  return counties
}

async function writeCounty(
  duck: Duck,
  book: Book,
  code: string,
  first: boolean,
  read: SurveyRead,
  folder: string,
  from: string,
): Promise<CountyPart> {
  const root = rootEntity(book.dictionary)
  const below = 'counties'
  const own = `select _key, k from _place where county_code = ${quoteText(code)}`
  const parts: Record<string, Part> = {}
  const name = (what: string): string => `${code}-${what}`
  const unread = Object.values(root.lists)
    .filter((l) => l.department)
    .map((l) => quoteName(`${l.name}_known`))
  parts.household = await writePart(
    duck,
    folder,
    below,
    name('household'),
    `select p.k as _key, h.* exclude (${['_key', ...unread].join(', ')}) from household h join (${own}) p using (_key) order by p.k`,
  )
  for (const entity of children(book, root)) {
    const keys =
      entity.name === 'member' && entity.fields.id_number ? `, ${id17('c.id_number')} as id17, ${nameKey('c.name')} as name_key` : ''
    parts[entity.name] = await writePart(
      duck,
      folder,
      below,
      name(entity.name),
      `select ${code}::bigint * ${childrenPerCounty} + row_number() over (order by p.k, c._key) as _key, p.k as _parent, c.* exclude (_key, _parent)${keys} from ${quoteName(entity.name)} c join (${own}) p on p._key = c._parent order by p.k, c._key`,
    )
  }
  // What names no household of a county stands with the first county of the survey, so that it is told once.
  const mine = `household_id in (select household_id from household where county_code = ${quoteText(code)})`
  const nobodys = 'household_id is null or household_id not in (select household_id from household where household_id is not null)'
  const findings = `from finding where ${first ? `(${mine}) or (${nobodys})` : mine}`
  parts.finding = await writePart(
    duck,
    folder,
    below,
    name('finding'),
    `${findings} order by file, sheet, "row", "column", code, value, household_id, zh`,
  )
  const count = (await duck.one<{ persons: number; errors: number; doubts: number }>(
    `select (select count(*) from ${quoteName(root.lists.members?.entity ?? 'household')} c join (${own}) p on p._key = ${root.lists.members ? 'c._parent' : 'c._key'}) as persons,
      count(*) filter (where severity = 'error') as errors, count(*) filter (where severity = 'doubt') as doubts ${findings}`,
  ))!
  return { code, households: parts.household.rows, leftOut: first ? read.leftOut : 0, ...count, parts, from }
}

/** Entities whose rows come with the survey, below the household. */
const children = (book: Book, root: Entity): Entity[] =>
  [...new Set(Object.values(root.lists).flatMap((l) => (l.department ? [] : [l.entity])))].map((name) => book.dictionary.entities[name]!)
