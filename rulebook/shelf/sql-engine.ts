import { Duck } from '@fupin/platform/database/duckdb.ts'
import { startTemporaryPostgres } from '@fupin/platform/database/temporary-postgres.ts'
import pg from 'pg'
import { type Dialect, duckdb, postgres } from '../engine/sql/dialect.ts'

/** One of the two databases that rules are compiled for: SQL in, rows as plain objects out (integers as numbers). */
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
  const url = process.env.DATABASE_URL
  const server = url ? null : await startTemporaryPostgres()
  const client = new pg.Client(server ? server.connection : { connectionString: url })
  await client.connect()
  // Numbers of rules never leave 2^53 (rulebook 2.5) and are plain; words of missing masks do, and come as bigint.
  const whole = (text: string): number | bigint => (Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text))
  const types = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      oid === 20 || oid === 1700 ? whole : pg.types.getTypeParser(oid, format as 'text'),
  }
  return {
    dialect: postgres,
    run: async (sql) => {
      await client.query(sql)
    },
    rows: async (sql) => (await client.query({ text: sql, types: types as never })).rows as Record<string, unknown>[],
    close: async () => {
      await client.end()
      await server?.stop()
    },
  }
}
