import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { Duck, quoteText } from '@fupin/platform/database/duckdb.ts'

const CHUNK = 1 << 18

/** A CSV file written in blocks of lines; memory stays at one block, and a full disk stops the writer at once. */
export class LineFile {
  rows = 0
  private lines: string[]
  private held = 0
  private readonly file: number
  private readonly hash = createHash('sha256')

  constructor(
    readonly path: string,
    headings: string[],
  ) {
    mkdirSync(dirname(path), { recursive: true })
    this.file = openSync(path, 'w')
    this.lines = [headings.join(',')]
  }

  add(line: string): void {
    this.lines.push(line)
    this.held += line.length
    this.rows++
    if (this.held >= CHUNK) this.flush()
  }

  /** Writes what is left and gives the digest of the whole file. */
  close(): string {
    this.flush()
    closeSync(this.file)
    return this.hash.digest('hex')
  }

  private flush(): void {
    if (this.lines.length === 0) return
    this.lines.push('')
    const bytes = Buffer.from(this.lines.join('\n'), 'utf8')
    this.hash.update(bytes)
    for (let at = 0; at < bytes.length; ) at += writeSync(this.file, bytes, at)
    this.lines = []
    this.held = 0
  }
}

/** Turns a CSV file into Parquet beside it (all columns text, as a survey is), removes the CSV, gives the new path and digest. */
export async function toParquet(csv: string): Promise<{ path: string; sha256: string }> {
  const path = csv.replace(/\.csv$/, '.parquet')
  const duck = await Duck.open({ threads: 1 })
  try {
    await duck.run(
      `copy (select * from read_csv(${quoteText(csv)}, header = true, all_varchar = true, delim = ',', quote = '"', parallel = false)) to ${quoteText(path)} (format parquet, compression zstd)`,
    )
  } finally {
    duck.close()
  }
  rmSync(csv)
  return { path, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') }
}
