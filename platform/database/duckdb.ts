import { rmSync } from 'node:fs'
import { tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance, type DuckDBType, DuckDBTypeId, type JS } from '@duckdb/node-api'

/** A value handed to `?` in a question. */
export type DuckParameter = string | number | bigint | boolean | null
type Row = Record<string, unknown>

export interface DuckOptions {
  /** Without it the database lives in memory. */
  file?: string
  /** Default 2. */
  threads?: number
  /** As DuckDB writes it (`4GB`). Default: half of the machine's memory, at most 6 GB. */
  memory?: string
}

/** Spill folders of the databases that are open: they go with this process. A folder of its own for each, for they name their files alike. */
const spills = new Set<string>()
let opened = 0

/** DuckDB in this process: SQL in, plain objects out. One object is one connection; `connect` opens another on the same data. */
export class Duck {
  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
    /** Of the connection that owns the database: where it spills. */
    private readonly spill: string | null,
  ) {}

  /** Opens a database file, or memory. Spills to a folder of its own under the system's temporary folder, gone when it is closed. */
  static async open(options: DuckOptions = {}): Promise<Duck> {
    // DuckDB makes the folder when it first spills.
    const spill = join(tmpdir(), `fupin-spill-${process.pid}-${++opened}`)
    if (opened === 1) process.once('exit', () => spills.forEach(removeFolder))
    spills.add(spill)
    const instance = await DuckDBInstance.create(options.file ?? ':memory:', {
      threads: String(options.threads ?? 2),
      memory_limit: options.memory ?? `${Math.min(6, Math.max(1, Math.floor(totalmem() / 2 ** 31)))}GB`,
      temp_directory: spill,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    })
    return new Duck(instance, await instance.connect(), spill)
  }

  /** Another connection to the same data, for work side by side. */
  async connect(): Promise<Duck> {
    return new Duck(this.instance, await this.instance.connect(), null)
  }

  /** Runs one or several statements; gives the number of rows the last one changed. */
  async run(sql: string, values?: readonly DuckParameter[]): Promise<number> {
    const result = await this.connection.run(sql, values ? [...values] : undefined)
    return result.rowsChanged
  }

  /** All rows as plain objects: integers as numbers where that is exact, else bigint; days as `yyyy-mm-dd`. */
  async rows<T extends object = Row>(sql: string, values?: readonly DuckParameter[]): Promise<T[]> {
    const reader = await this.connection.runAndReadAll(sql, values ? [...values] : undefined)
    return plain(reader.getRowObjectsJS(), reader.deduplicatedColumnNames(), reader.columnTypes()) as T[]
  }

  /** The first row, or undefined. */
  async one<T extends object = Row>(sql: string, values?: readonly DuckParameter[]): Promise<T | undefined> {
    return (await this.rows<T>(sql, values))[0]
  }

  /** Rows in batches of about 2,000, without holding them all. */
  async *stream<T extends object = Row>(sql: string, values?: readonly DuckParameter[]): AsyncGenerator<T[]> {
    const result = await this.connection.stream(sql, values ? [...values] : undefined)
    const [names, types] = [result.deduplicatedColumnNames(), result.columnTypes()]
    for await (const batch of result.yieldRowObjectJs()) yield plain(batch, names, types) as T[]
  }

  /** One text column in batches, with nothing between DuckDB and the strings: for writing files. */
  async *texts(sql: string): AsyncGenerator<string[]> {
    const result = await this.connection.stream(sql)
    for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
      yield chunk.getColumnValues(0) as string[]
    }
  }

  /** Names and types of what a question would give, without running it. */
  async describe(sql: string): Promise<{ name: string; type: string }[]> {
    return (await this.rows<{ column_name: string; column_type: string }>(`describe ${sql}`)).map((c) => ({
      name: c.column_name,
      type: c.column_type,
    }))
  }

  /** Share done of the running question, 0 to 100, or -1 where DuckDB does not know. */
  get percentDone(): number {
    return this.connection.progress.percentage
  }

  /** Stops the running question; its promise fails. */
  interrupt(): void {
    this.connection.interrupt()
  }

  close(): void {
    this.connection.closeSync()
    if (this.spill === null) return
    this.instance.closeSync()
    removeFolder(this.spill)
    spills.delete(this.spill)
  }
}

const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true })

function plain(rows: Record<string, JS>[], names: readonly string[], types: readonly DuckDBType[]): Row[] {
  const days = names.filter((_, i) => types[i]!.typeId === DuckDBTypeId.DATE)
  for (const row of rows) {
    for (const name of names) {
      const value = row[name]
      if (typeof value === 'bigint' && value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) row[name] = Number(value)
    }
    for (const name of days) {
      const day = row[name]
      if (day instanceof Date) row[name] = day.toISOString().slice(0, 10)
    }
  }
  return rows
}

/** A name as SQL writes it: `"a ""b"""`. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A text as SQL writes it: `'it''s'`. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`
