import type { Sentence } from '@fupin/platform/problems/problem.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { DrawnCounty } from '@fupin/whom/identification/draw-lines.ts'
import type { RunRecord } from '@fupin/whom/identification/run-record.ts'
import type { ChunkCounts } from './chunk-list.ts'

export interface RunOptions {
  book: Book
  /** Folder of a snapshot, or `folder@id`. */
  snapshot: string
  quota?: string | undefined
  setLines?: string | undefined
  out: string
  scorecard?: string | undefined
  /** yyyymmdd; default: the book's reference date. */
  at?: number | undefined
  bandPoints?: number | undefined
  /** `none`: values only. `undecided`: also which facts are missing, for households that are not decided without them. */
  missing?: 'none' | 'undecided' | undefined
  /** Folder of an earlier run: what the change does not touch is taken from it. */
  earlier?: string | undefined
  /** About so many households at a time. */
  chunkSize?: number | undefined
  /** Limit for the database, as DuckDB writes it. */
  memory?: string | undefined
  threads?: number | undefined
  onProgress?: ((progress: RunProgress) => void) | undefined
  signal?: AbortSignal | undefined
}

export interface RunProgress {
  step: RunStep
  title: Sentence
  /** Households whose verdict stands, of all. */
  done: number
  of: number
  seconds: number
  /** Null until there is something to reckon from. */
  secondsLeft: number | null
}

export type RunStep = 'compare' | 'chunks' | 'totals'

/** What is kept of a chunk beside its list. */
export interface ChunkRecord {
  no: number
  counties: string[]
  counts: ChunkCounts
  drawn: DrawnCounty[]
  sql: string[]
  /** What the list was made from: an equal key needs no working again. */
  key: string
  seconds: number
  /** Seconds by part of the work. */
  steps: Record<string, number>
  reused: boolean
  bytes: number
}

/** `run.json` of a run over a snapshot: a run record, and how it was made. */
export interface SnapshotRunRecord extends RunRecord {
  snapshot: { folder: string; id: string }
  /** Half width of the stability band in points. */
  band: number
  missing: 'none' | 'undecided'
  chunks: { no: number; counties: string[]; households: number; seconds: number; reused: boolean }[]
  steps: Record<RunStep, number>
  /** Records in departments' files, and pairs a naive comparison would have looked at. */
  comparison: { records: number; members: number; kept: number; pairs: string }
  /** Most memory the process held, in bytes. */
  peak_memory: number
  resumed: boolean
}
