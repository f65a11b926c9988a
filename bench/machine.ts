import { cpus, loadavg } from 'node:os'
import { Duck } from '@fupin/platform/database/duckdb.ts'

/** What a figure was got on: processor, cores, load, Node, DuckDB. */
export async function machine(): Promise<string> {
  const duck = await Duck.open()
  const { version } = (await duck.one<{ version: string }>('select version() as version'))!
  duck.close()
  return `${cpus()[0]?.model.trim() ?? process.arch}, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}, Node ${process.version}, DuckDB ${version}`
}

/** One line of a bench: what, figure, limit, and how the two compare (below 1 = within the limit). */
export function figure(what: string, value: number, limit: number, unit: string): void {
  const ratio = value / limit
  console.log(
    `${what}: ${value.toFixed(value < 10 ? 3 : 1)} ${unit}, limit ${limit} ${unit}, ratio ${ratio.toFixed(2)}${ratio > 1 ? '  OVER' : ''}`,
  )
}

/** The value below which a share of all values lies. */
export const quantile = (values: number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
}
