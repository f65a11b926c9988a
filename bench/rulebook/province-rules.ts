import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import { duckdb } from '@fupin/rulebook/engine/sql/dialect.ts'
import { compileSelect } from '@fupin/rulebook/engine/sql/select.ts'
import type { Measured } from '../measured.ts'
import { hundredRules } from './population-book.ts'
import { makePopulation } from './population-data.ts'

const households = Number(process.env.HOUSEHOLDS ?? 4_880_000)
const rounds = Number(process.env.ROUNDS ?? 3)
/** Households of one chunk: small enough for the memory, large enough that planning does not count. */
const chunk = 400_000
const folder = join('.fupin', 'bench', `population-${households}`)
const { book, rules } = hundredRules()

/**
 * B4: 100 rules over a province of households with gaps, chunk by chunk from Parquet to Parquet, with missing sets and without: seconds and the
 * most memory that the process held. The data are made once, under `.fupin/bench`.
 */
export async function run(): Promise<Measured[]> {
  if (!existsSync(folder)) await makeParts()
  const parts = (await readdir(folder)).filter((p) => p.startsWith('household')).sort()
  const found: Measured[] = []
  for (const missing of [false, true]) {
    const times: { wall: number; cpu: number; memory: number; bytes: number }[] = []
    for (let i = 0; i < rounds; i++) times.push(await once(parts, missing))
    const middle = (of: (t: (typeof times)[number]) => number): number => times.map(of).sort((a, b) => a - b)[Math.floor(rounds / 2)]!
    const what = `100 rules x ${households} households in ${parts.length} chunks to Parquet, ${missing ? 'values and missing sets' : 'values'}`
    found.push(
      {
        id: 'B4',
        question: what,
        value: middle((t) => t.wall),
        unit: 's',
        ...(missing ? { aim: 40 } : {}),
        rival: `${(middle((t) => t.bytes) / 1e6).toFixed(0)} MB written`,
      },
      { id: 'B4', question: `${what}: processor time`, value: middle((t) => t.cpu), unit: 's' },
      { id: 'B4', question: `${what}: most memory`, value: middle((t) => t.memory) / 1e9, unit: 'GB', ...(missing ? { aim: 2 } : {}) },
    )
  }
  return found
}

/** Makes the population part by part; a part that was stopped is made again. */
async function makeParts(): Promise<void> {
  const aside = `${folder}.unfinished`
  await rm(aside, { recursive: true, force: true })
  await mkdir(aside, { recursive: true })
  console.log(`  making ${households} households in ${folder} ...`)
  for (let from = 1, i = 0; from <= households; from += chunk, i++) {
    const duck = await Duck.open({ memory: '3GB' })
    await makePopulation(duck, from, Math.min(households, from + chunk - 1), true)
    for (const table of ['household', 'member'])
      await duck.run(
        `copy ${table} to ${quoteText(join(aside, `${table}-${String(i).padStart(2, '0')}.parquet`))} (format parquet, row_group_size 61440)`,
      )
    duck.close()
  }
  await rename(aside, folder)
}

async function once(parts: string[], missing: boolean): Promise<{ wall: number; cpu: number; memory: number; bytes: number }> {
  const out = join('.fupin', 'bench', 'population-result')
  await rm(out, { recursive: true, force: true })
  await mkdir(out, { recursive: true })
  const duck = await Duck.open({ memory: '1400MB' })
  let memory = 0
  const watch = setInterval(() => {
    memory = Math.max(memory, process.memoryUsage.rss())
  }, 50)
  const [start, cpu] = [performance.now(), process.cpuUsage()]
  try {
    const outputs = rules.map(({ name, node }) => ({ name, node, missing }))
    for (const part of parts) {
      const file = (entity: string): string => `read_parquet(${quoteText(join(folder, part.replace('household', entity)))})`
      const { sql } = compileSelect(book.dictionary, 'household', outputs, [], duckdb, { table: file })
      await duck.run(`copy (${sql}) to ${quoteText(join(out, part))} (format parquet, compression snappy)`)
    }
    const { user, system } = process.cpuUsage(cpu)
    const wall = (performance.now() - start) / 1000
    let bytes = 0
    for (const part of parts) bytes += (await stat(join(out, part))).size
    return { wall, cpu: (user + system) / 1e6, memory, bytes }
  } finally {
    clearInterval(watch)
    duck.close()
    await rm(out, { recursive: true, force: true })
  }
}
