import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Duck } from '@fupin/platform/database/duckdb.ts'
import { booksFolder, openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { IdentificationRun } from '@fupin/whom/identification/identification-run.ts'
import { demoCounty } from './demo-county.ts'
import { synthesize } from './made-up/synthesize.ts'

export interface DemoRun {
  source: IdentificationRun
  /** Input (`survey`, `departments`, `quota.csv`, `truth`) and `result`. */
  folder: string
  close(): Promise<void>
}

/** Makes up a small county, runs the main job on it, and gives the run with everything that can be asked of it. */
export async function makeDemoRun(households: number): Promise<DemoRun> {
  const folder = await mkdtemp(join(tmpdir(), 'fupin-demo-'))
  await synthesize({ counties: [demoCounty.code], households, seed: demoCounty.seed, out: folder })
  const duck = await Duck.open()
  const source = new IdentificationRun(duck, { ...demoOptions(folder), book: await openWholeBook(join(booksFolder, 'fupin')) })
  await source.start()
  return {
    source,
    folder,
    close: async () => {
      duck.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Where the input of a demo stands in its folder, and how its run is called. */
export function demoOptions(folder: string): {
  survey: string
  departments: string
  quota: string
  out: string
  title: { zh: string; en: string }
  demo: true
} {
  return {
    survey: join(folder, 'survey'),
    departments: join(folder, 'departments'),
    quota: join(folder, 'quota.csv'),
    out: join(folder, 'result'),
    title: { zh: '2015 年精准识别', en: 'Precise identification, 2015' },
    demo: true,
  }
}
