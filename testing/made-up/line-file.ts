import { createHash } from 'node:crypto'
import { closeSync, createReadStream, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'

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
    readonly headings: string[],
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

/**
 * Turns CSV files of the same headings into one file, in their order, and removes them: Parquet with all columns text, as a survey is, or
 * CSV. One thread writes each file, so the bytes do not hang on the machine. `columns` may give an expression for a heading. Gives the digest.
 */
export async function joinFiles(
  parts: string[],
  headings: string[],
  path: string,
  options: { columns?: Record<string, string>; stopped?: () => boolean } = {},
): Promise<string> {
  mkdirSync(dirname(path), { recursive: true })
  if (path.endsWith('.csv') && !options.columns) return chain(parts, path)
  const shape = headings.map((heading) => `${quoteText(heading)}: 'VARCHAR'`).join(', ')
  const chosen = headings.map((heading) => `${options.columns?.[heading] ?? quoteName(heading)} as ${quoteName(heading)}`)
  const read = `read_csv([${parts.map(quoteText).join(', ')}], header = true, auto_detect = false, columns = {${shape}}, delim = ',', quote = '"', escape = '"', parallel = false)`
  const written = path.endsWith('.parquet')
    ? 'format parquet, compression zstd, row_group_size 61440'
    : "format csv, header true, delimiter ',', quote '\"'"
  const duck = await Duck.open({ threads: 1, memory: '2GB' })
  const spill = `${path}.spill`
  const watch = setInterval(() => options.stopped?.() && duck.interrupt(), 100)
  try {
    // Several threads of one process write at once: each spills to a place of its own.
    await duck.run(`set temp_directory = ${quoteText(spill)}`)
    await duck.run(`copy (select ${chosen.join(', ')} from ${read}) to ${quoteText(path)} (${written})`)
  } finally {
    clearInterval(watch)
    duck.close()
    rmSync(spill, { recursive: true, force: true })
  }
  for (const part of parts) rmSync(part)
  return digestOf(path)
}

/** Headings of a file of ours, which need no quotes. */
export const headingsOf = (path: string): string[] => {
  const bytes = readFileSync(path)
  return bytes.subarray(0, bytes.indexOf(10)).toString('utf8').split(',')
}

/** CSV files one after the other, with the headings of the first. */
function chain(parts: string[], path: string): string {
  const file = openSync(path, 'w')
  const hash = createHash('sha256')
  for (const [i, part] of parts.entries()) {
    const bytes = readFileSync(part)
    const rows = i === 0 ? bytes : bytes.subarray(bytes.indexOf(10) + 1)
    hash.update(rows)
    for (let at = 0; at < rows.length; ) at += writeSync(file, rows, at)
    rmSync(part)
  }
  closeSync(file)
  return hash.digest('hex')
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const block of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(block)
  return hash.digest('hex')
}
