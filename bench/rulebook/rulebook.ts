import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Measured } from '../measured.ts'

/** The questions of the rulebook, each in a file of its own that exports `run`. B3 and B4 need several minutes and gigabytes: ask for them by name. */
const questions: { id: string; file: string; large?: boolean }[] = [
  { id: 'B1', file: 'equality' },
  { id: 'B1f', file: 'fuzz' },
  { id: 'B1b', file: 'planted' },
  { id: 'B1m', file: 'changed-households' },
  { id: 'B2', file: 'gaps' },
  { id: 'B3', file: 'population', large: true },
  { id: 'B4', file: 'province-rules', large: true },
  { id: 'B5', file: 'explain' },
  { id: 'B5b', file: 'explain-in-browser' },
  { id: 'B6', file: 'throughput' },
  { id: 'B7', file: 'simulate' },
  { id: 'B8', file: 'bounds' },
  { id: 'B9', file: 'law-change' },
]

/** Runs the questions named (`B1`, `B5b` ...), or all but the large ones; gives their figures. */
export async function run(parts: string[]): Promise<Measured[]> {
  const chosen = questions.filter((q) => (parts.length ? parts.includes(q.id) || parts.includes(q.file) : !q.large))
  const all: Measured[] = []
  for (const { id, file } of chosen) {
    const path = fileURLToPath(new URL(`./${file}.ts`, import.meta.url))
    if (!existsSync(path)) continue
    console.log(`\n${id} ${file}`)
    const module = (await import(path)) as { run?: () => Promise<Measured[]> }
    if (module.run) all.push(...(await module.run()))
  }
  return all
}
