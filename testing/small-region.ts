import { mkdtemp, rm } from 'node:fs/promises'
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
    /** An office that first makes the run, a chunk for each county. */
    job: async (out: string) =>
      keep(
        await RegionOffice.create({
          book,
          title,
          job: { snapshot, quota: join(folder, 'quota.csv'), out: join(folder, out), chunkSize: Math.ceil(households / counties.length) },
        }),
      ),
    /** An office over the run that a job made. */
    run: async (out: string, keepOpen?: number) => keep(await RegionOffice.create({ book, title, run: join(folder, out), keepOpen })),
    close: async () => {
      for (const office of offices) await office.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
