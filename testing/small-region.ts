import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { booksFolder, openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { RegionOffice } from '@fupin/whom/run/web/region-office.ts'
import { writeSnapshot } from '@fupin/whom/snapshot/write-snapshot.ts'
import { synthesize } from './made-up/synthesize.ts'

const counties = ['450123', '450621', '451026']
const title = { zh: '全区识别运行', en: 'Identification run of the region' }

/** A made-up region of three counties in three cities, frozen as a snapshot; the offices over it end with `close`. */
export async function makeSmallRegion(households: number) {
  const folder = await mkdtemp(join(tmpdir(), 'fupin-region-'))
  const book = await openWholeBook(join(booksFolder, 'fupin'))
  await synthesize({ counties, households, seed: 5, out: folder, format: 'parquet', byCounty: true })
  const snapshot = join(folder, 'snapshot')
  await writeSnapshot({ book, survey: join(folder, 'survey'), departments: join(folder, 'departments'), out: snapshot })
  const offices: RegionOffice[] = []
  const keep = (office: RegionOffice): RegionOffice => {
    offices.push(office)
    return office
  }
  return {
    counties,
    /** An office that first makes the run, a chunk for each county; at so many times the quotas, beside an earlier run if one is named. */
    job: async (out: string, quotas = 1, earlier?: string) => {
      const quota = join(folder, `quota-${quotas}.csv`)
      const [head, ...rows] = (await readFile(join(folder, 'quota.csv'), 'utf8')).trim().split(/\r?\n/)
      const scaled = rows.map((row) => row.split(',')).map(([county, persons]) => `${county},${Math.round(Number(persons) * quotas)}`)
      await writeFile(quota, [head, ...scaled, ''].join('\n'))
      const job = { snapshot, quota, out: join(folder, out), chunkSize: Math.ceil(households / counties.length) }
      return keep(await RegionOffice.create({ book, title, job, ...(earlier === undefined ? {} : { compare: join(folder, earlier) }) }))
    },
    /** An office over the run that a job made. */
    run: async (out: string, keepOpen?: number) => keep(await RegionOffice.create({ book, title, run: join(folder, out), keepOpen })),
    close: async () => {
      for (const office of offices) await office.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
