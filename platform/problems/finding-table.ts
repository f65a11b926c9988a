import { type Duck, quoteText } from '../database/duckdb.ts'
import type { Finding } from './finding.ts'

/** Makes the empty table `finding` if it is not there yet. */
export async function createFindingTable(duck: Duck): Promise<void> {
  await duck.run(`create table if not exists finding (
    file varchar, sheet varchar, row bigint, "column" varchar, value varchar, code varchar, severity varchar,
    zh varchar, en varchar, household_id varchar)`)
}

/** Adds findings made outside the database. Values are cut at 200 characters: a finding is for reading. */
export async function addFindings(duck: Duck, findings: readonly Finding[]): Promise<void> {
  await createFindingTable(duck)
  const text = (value: string | null) => (value === null ? 'null' : quoteText(value.slice(0, 200)))
  for (let from = 0; from < findings.length; from += 500) {
    const rows = findings
      .slice(from, from + 500)
      .map(
        (f) =>
          `(${[text(f.file), text(f.sheet), f.row ?? 'null', text(f.column), text(f.value), text(f.code), text(f.severity), quoteText(f.zh), quoteText(f.en), text(f.householdId)].join(',')})`,
      )
    await duck.run(`insert into finding values ${rows.join(',')}`)
  }
}

/** All findings, by file and row, errors before doubts. */
export function findingRows(duck: Duck, where = 'true'): Promise<Finding[]> {
  return duck.rows<Finding>(`
    select file, sheet, row, "column", value, code, severity, zh, en, household_id as "householdId"
    from finding where ${where}
    order by file, sheet nulls first, row nulls first, severity desc, "column" nulls first, code, value`)
}
