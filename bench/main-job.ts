import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Duck } from '@fupin/platform/database/duckdb.ts'
import { booksFolder, openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { demoCounty } from '@fupin/testing/demo-county.ts'
import { synthesize } from '@fupin/testing/made-up/synthesize.ts'
import { identify } from '@fupin/whom/identification/identify.ts'
import type { Format } from '@fupin/whom/identification/write-results.ts'
import { figure, machine, quantile } from './machine.ts'

/** The main job on 50,000 made-up households, from files to written lists with reasons. Limit of issue 2: 3 s after start. */
const households = 50_000
const limit = 3
const rounds = Number(process.env.ROUNDS ?? 5)
const folder = join('.fupin', 'bench', `survey-${households}`)

console.log(await machine())
if (!existsSync(join(folder, 'survey'))) {
  await mkdir(folder, { recursive: true })
  console.log(`making up ${households} households in ${folder} ...`)
  await synthesize({ counties: [demoCounty.code], households, seed: demoCounty.seed, out: folder })
}
const book = await openWholeBook(`${booksFolder}fupin`)
for (const formats of [
  ['parquet', 'csv', 'xlsx'],
  ['parquet', 'csv'],
] satisfies Format[][]) {
  const times: number[] = []
  const worked: number[] = []
  const steps = new Map<string, number[]>()
  for (let round = 0; round < rounds; round++) {
    const out = join('.fupin', 'bench', 'lists')
    await rm(out, { recursive: true, force: true })
    const duck = await Duck.open()
    const start = performance.now()
    const cpu = process.cpuUsage()
    const { record } = await identify(duck, {
      book,
      survey: join(folder, 'survey'),
      departments: join(folder, 'departments'),
      quota: join(folder, 'quota.csv'),
      out,
      formats,
      onStep: (s) => s.state === 'done' && steps.set(s.id, [...(steps.get(s.id) ?? []), s.seconds]),
    })
    times.push((performance.now() - start) / 1000)
    const { user, system } = process.cpuUsage(cpu)
    worked.push((user + system) / 1e6)
    duck.close()
    if (record.counts.households < households * 0.9) throw new Error(`only ${record.counts.households} households were read`)
  }
  figure(`${households} households to lists (${formats.join(', ')}), median of ${rounds}`, quantile(times, 0.5), limit, 's')
  // On a busy machine the clock says more about others; processor time says what the job itself took, all cores together.
  console.log(`  processor time (median): ${quantile(worked, 0.5).toFixed(2)} s`)
  console.log(`  all: ${times.map((t) => t.toFixed(2)).join(' ')} s`)
  console.log(`  by step (median): ${[...steps].map(([id, all]) => `${id} ${quantile(all, 0.5).toFixed(2)}`).join(', ')} s`)
}
