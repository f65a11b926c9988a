import { resolve } from 'node:path'
import type { Finding } from '@fupin/platform/problems/finding.ts'
import { sha256 } from '@fupin/rulebook/engine/hash.ts'
import type { CountyRules } from '@fupin/whom/identification/county-rules.ts'
import type { DrawnCounty } from '@fupin/whom/identification/draw-lines.ts'
import { usualBand } from '@fupin/whom/identification/identify.ts'
import { bookRecord, defaultsOf } from '@fupin/whom/identification/run-record.ts'
import type { Snapshot } from '@fupin/whom/snapshot/open-snapshot.ts'
import { joinDigests } from './digest.ts'
import type { ListRead } from './relevant-records.ts'
import type { ChunkRecord, RunOptions, RunStep, SnapshotRunRecord } from './run-contract.ts'

interface Made {
  options: RunOptions
  snapshot: Snapshot
  groups: CountyRules[]
  started: Date
  records: ChunkRecord[]
  drawn: DrawnCounty[]
  seconds: Record<RunStep, number>
  inputs: Record<string, string>
  lists: ListRead[]
  findings: Finding[]
  resumed: boolean
  version: string
}

/** What pins a run over a snapshot, from what its chunks left. */
export function runRecord(made: Made): SnapshotRunRecord {
  const { options, snapshot, groups, started, records } = made
  const { counties, departments } = snapshot.manifest
  const sum = (of: (r: ChunkRecord) => number): number => records.reduce((all, r) => all + of(r), 0)
  const own = made.findings.filter((f) => f.severity === 'error').length
  const households = sum((r) => r.counts.households)
  const vetoes = groups[0]!.scorecard.score!.vetoes.map(({ id }, i) => {
    const [held, unknown] = [sum((r) => r.counts.vetoes[i]!.true), sum((r) => r.counts.vetoes[i]!.unknown)]
    return { id, true: held, false: households - held - unknown, unknown }
  })
  const read = departments.filter((d) => made.lists.some((l) => l.list === d.list))
  const [rows, members] = [read.reduce((all, d) => all + (d.parts.record?.rows ?? 0), 0), counties.reduce((all, c) => all + c.persons, 0)]
  return {
    id: started.toISOString().replaceAll(/[-:]/g, '').slice(0, 15),
    made_up: snapshot.manifest.made_up,
    started_at: started.toISOString(),
    seconds: (Date.now() - started.getTime()) / 1000,
    book: bookRecord(options.book, groups[0]!, options.at ?? options.book.referenceDate),
    defaults: defaultsOf(groups[0]!),
    database: { name: 'duckdb', version: made.version, statements_sha256: sha256(records.flatMap((r) => r.sql).join('\n')) },
    inputs: { ...made.inputs, snapshot: snapshot.manifest.id },
    departments: departments.map((d) => d.receipt),
    counts: {
      households,
      persons: sum((r) => r.counts.persons),
      left_out: counties.reduce((all, c) => all + c.leftOut, 0),
      errors: counties.reduce((all, c) => all + c.errors, 0) + own,
      doubts: counties.reduce((all, c) => all + c.doubts, 0) + made.findings.length - own,
      verdicts: verdicts(records),
    },
    vetoes,
    lines: made.drawn.map(({ county, quota, line, interval, draws, set }) => ({ county, quota, line, interval, draws, set })),
    digests: Object.fromEntries(
      Object.keys(records[0]?.counts.digests ?? {}).map((name) => [name, joinDigests(records.map((r) => r.counts.digests[name]!))]),
    ),
    snapshot: { folder: resolve(snapshot.folder), id: snapshot.manifest.id },
    band: options.bandPoints ?? usualBand,
    missing: options.missing ?? 'none',
    chunks: records.map(({ no, counties: codes, counts, seconds, reused }) => ({
      no,
      counties: codes,
      households: counts.households,
      seconds,
      reused,
    })),
    steps: made.seconds,
    comparison: { records: rows, members, kept: 0, pairs: (BigInt(rows) * BigInt(members)).toString() },
    peak_memory: process.resourceUsage().maxRSS * 1024,
    resumed: made.resumed,
  }
}

function verdicts(records: ChunkRecord[]): Record<string, { households: number; persons: number }> {
  const all: Record<string, { households: number; persons: number }> = {}
  for (const { counts } of records)
    for (const [verdict, { households, persons }] of Object.entries(counts.verdicts)) {
      all[verdict] ??= { households: 0, persons: 0 }
      all[verdict].households += households
      all[verdict].persons += persons
    }
  return all
}
