import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import { writeTable } from '@fupin/platform/exchange/write-table.ts'
import { madeUpNote } from '@fupin/whom/identification/write-results.ts'
import type { OpenedRun } from '../open-part.ts'
import { passingFolder } from './passing-folder.ts'

/** Tables of a region's run that a person may take away. Household lists are taken away county by county. */
const tables: Record<string, (file: (name: string) => string, area: string | null) => string> = {
  areas: (
    file,
    area,
  ) => `select * from ${file('areas')} ${area ? `where code = ${quoteText(area)} or starts_with(code, ${quoteText(area)})` : ''}
    order by case level when 'region' then 1 when 'city' then 2 when 'county' then 3 when 'township' then 4 else 5 end, code`,
  counties: (file, area) => `select a.code, a.name, l.* exclude (county_code), a.* exclude (level, code, name, parent)
    from ${file('areas')} a left join ${file('lines')} l on l.county_code = a.code where a.level = 'county' ${area ? `and starts_with(a.code, ${quoteText(area)})` : ''} order by a.code`,
  lines: (file) => `from ${file('lines')} order by county_code`,
  score_table: (file) => `from ${file('score_table')}`,
}

/** Makes the region's files when they are asked for; they stand in a folder of their own until `close`. */
export class RegionExports {
  private folder: Promise<string> | null = null
  private made = 0

  constructor(
    private readonly duck: Duck,
    private readonly run: OpenedRun,
  ) {}

  /** `areas.xlsx`, `lines.csv` ... of the region or of one area; `run.json` as it stands. Null for any other name. */
  async file(name: string, within: string | null): Promise<{ path: string } | null> {
    const area = within === this.run.book.root ? null : within
    if (name === 'run.json') return { path: join(this.run.folder, name) }
    const [, table, format] = /^([a-z_]+)\.(xlsx|csv|parquet)$/.exec(name) ?? []
    const sql = table === undefined ? undefined : tables[table]
    if (!sql || !format) return null
    this.folder ??= passingFolder('exports')
    const own = join(await this.folder, String(++this.made))
    await mkdir(own)
    const file = (of: string): string => `read_parquet(${quoteText(join(this.run.folder, `${of}.parquet`))})`
    await writeTable(this.duck, sql(file, area), join(own, name), this.run.record.made_up ? { note: madeUpNote } : {})
    return { path: join(own, name) }
  }

  async close(): Promise<void> {
    if (this.folder) await rm(await this.folder, { recursive: true, force: true })
  }
}
