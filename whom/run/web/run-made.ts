import { join } from 'node:path'
import { type Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import { printDate } from '@fupin/rulebook/engine/civil-date.ts'
import type { Text } from '@fupin/rulebook/engine/definition.ts'
import type { OpenedRun } from '../open-part.ts'
import type { RunStep } from '../run-contract.ts'
import type { RunMade } from './region.contract.ts'
import { stepTitles } from './region-job.ts'

const digestTitles: Record<string, Text> = {
  score: { zh: '得分', en: 'score' },
  least: { zh: '缺项取最低', en: 'gaps at least' },
  most: { zh: '缺项取最高', en: 'gaps at most' },
  vetoes: { zh: '成立的否决', en: 'vetoes that hold' },
  open_vetoes: { zh: '未定的否决', en: 'open vetoes' },
  verdict: { zh: '结论', en: 'verdict' },
}

/** What pins a run, for reading: from its record, its snapshot's manifest and its book. */
export async function runMade(duck: Duck, { folder, record, snapshot, book }: OpenedRun): Promise<RunMade> {
  const { manifest } = snapshot
  const titles = new Map(book.definitions.map((d) => [d.id, d.title]))
  const title = (id: string): Text => titles.get(id) ?? { zh: id, en: id }
  const rows = [...manifest.counties, ...manifest.departments].flatMap((p) => Object.values(p.parts)).reduce((sum, p) => sum + p.rows, 0)
  const kept = new Map<string, number>()
  for (const { list } of record.departments) {
    const path = quoteText(join(folder, 'hit', `${list}.parquet`))
    const counted = await duck.one<{ n: number }>(`select count(*) as n from read_parquet(${path})`).catch(() => null)
    if (counted) kept.set(list, counted.n)
  }
  return {
    id: record.id,
    startedAt: record.started_at,
    seconds: record.seconds,
    peakMemoryBytes: record.peak_memory,
    resumed: record.resumed,
    steps: Object.entries(record.steps).map(([id, seconds]) => ({ id, title: stepTitles[id as RunStep] ?? { zh: id, en: id }, seconds })),
    chunks: record.chunks,
    snapshot: {
      id: manifest.id,
      madeAt: manifest.created_at,
      counties: manifest.counties.length,
      households: manifest.counties.reduce((sum, c) => sum + c.households, 0),
      persons: manifest.counties.reduce((sum, c) => sum + c.persons, 0),
      rows,
      leftOut: record.counts.left_out,
    },
    book: {
      id: record.book.id,
      title: book.title,
      scorecard: title(record.book.scorecard),
      scorecardId: record.book.scorecard,
      version: record.book.scorecard_version,
      asOf: record.book.as_of,
      meaning: record.book.meaning,
      content: record.book.content,
    },
    database: { name: record.database.name, version: record.database.version, statements: record.database.statements_sha256 },
    inputs: Object.entries(record.inputs)
      .filter(([name]) => name !== 'snapshot')
      .map(([name, sha256]) => ({ name, sha256 })),
    departments: record.departments.map((d) => ({
      list: d.list,
      title: d.title,
      basis: d.legalBasis,
      state: d.state,
      asOf: d.asOf === null ? null : printDate(d.asOf),
      rows: d.rows,
      goodRows: d.goodRows,
      sha256: d.sha256,
      kept: kept.get(d.list) ?? null,
      problem: d.problem,
    })),
    comparison: { records: record.comparison.records, members: record.comparison.members, pairs: record.comparison.pairs },
    vetoes: record.vetoes.map((v) => ({ id: v.id, title: title(v.id), true: v.true, unknown: v.unknown })),
    digests: Object.entries(record.digests).map(([name, value]) => ({ name, title: digestTitles[name] ?? { zh: name, en: name }, value })),
    defaults: record.defaults,
    band: record.band,
    missing: record.missing,
  }
}
