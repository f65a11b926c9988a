import { rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import { fileHash } from '@fupin/whom/identification/run-record.ts'

/** A file of a snapshot. Its name holds its digest, so that it is never overwritten and many snapshots share it. */
export interface Part {
  /** Below the snapshot's folder. */
  path: string
  rows: number
  bytes: number
  sha256: string
}

/** Rows of a group: what DuckDB hands to one thread at a time. */
const groupRows = 122_880

/**
 * Writes a question's rows to `<folder>/<below>/<name>-<digest>.parquet`; the rows keep their order. Whole or not at all.
 * `aside` is a name for the file while it grows, which no other writer of this folder uses.
 */
export async function writePart(duck: Duck, folder: string, below: string, name: string, sql: string, aside = name): Promise<Part> {
  const growing = join(folder, below, `${aside}.unfinished`)
  try {
    const rows = await duck.run(`copy (${sql}) to ${quoteText(growing)} (format parquet, compression snappy, row_group_size ${groupRows})`)
    const sha256 = await fileHash(growing)
    const path = join(below, `${name}-${sha256.slice(0, 16)}.parquet`)
    const { size } = await stat(growing)
    await rename(growing, join(folder, path))
    return { path, rows, bytes: size, sha256 }
  } finally {
    await rm(growing, { force: true })
  }
}
