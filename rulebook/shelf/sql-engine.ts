import { Duck } from '@fupin/platform/database/duckdb.ts'
import { Postgres } from '@fupin/platform/database/postgres.ts'
import { type Dialect, duckdb, postgres } from '../engine/sql/dialect.ts'

/** One of the two databases that rules are compiled for: SQL in, rows as plain objects out (integers as numbers where exact). */
export interface SqlEngine {
  dialect: Dialect
  run(sql: string): Promise<void>
  rows(sql: string): Promise<Record<string, unknown>[]>
  close(): Promise<void>
}

/** DuckDB in this process; an open connection may be lent. */
export async function duckEngine(lent?: Duck): Promise<SqlEngine> {
  const duck = lent ?? (await Duck.open())
  return {
    dialect: duckdb,
    run: async (sql) => {
      await duck.run(sql)
    },
    rows: (sql) => duck.rows(sql),
    close: async () => {
      if (!lent) duck.close()
    },
  }
}

/** A temporary PostgreSQL, or the one that `DATABASE_URL` names (work happens in temporary tables there). */
export async function postgresEngine(): Promise<SqlEngine> {
  const server = await Postgres.open()
  return { dialect: postgres, run: (sql) => server.run(sql), rows: (sql) => server.rows(sql), close: () => server.close() }
}
