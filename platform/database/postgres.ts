import pg from 'pg'
import { startTemporaryPostgres, type TemporaryPostgres } from './temporary-postgres.ts'

/** A PostgreSQL connection: SQL in, plain objects out. Only this file knows the driver. */
export class Postgres {
  private constructor(
    private readonly client: pg.Client,
    private readonly server: TemporaryPostgres | null,
  ) {}

  /** Connects to the server that `DATABASE_URL` names, or to a temporary one of this process alone. */
  static async open(): Promise<Postgres> {
    const url = process.env.DATABASE_URL
    const server = url ? null : await startTemporaryPostgres()
    const client = new pg.Client(server ? server.connection : { connectionString: url })
    await client.connect()
    return new Postgres(client, server)
  }

  async run(sql: string): Promise<void> {
    await this.client.query(sql)
  }

  /** All rows; bigint and numeric as numbers where that is exact, else bigint. */
  async rows(sql: string): Promise<Record<string, unknown>[]> {
    return (await this.client.query({ text: sql, types })).rows as Record<string, unknown>[]
  }

  async close(): Promise<void> {
    await this.client.end()
    await this.server?.stop()
  }
}

const [bigint, numeric] = [20, 1700]
const whole = (text: string): number | bigint => (Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text))

const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === bigint || oid === numeric ? whole : pg.types.getTypeParser(oid, format as 'text'),
} as pg.CustomTypesConfig
