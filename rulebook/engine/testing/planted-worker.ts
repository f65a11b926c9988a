import { parentPort, workerData } from 'node:worker_threads'
import { duckEngine } from '../../shelf/sql-engine.ts'
import type { BookFile } from '../load/load-book.ts'
import type { Verdict } from './plant-bugs.ts'
import type { PlantedBug } from './planted-bugs.ts'
import { type Proof, proofs } from './proofs.ts'

/** Runs beside the others with an engine that has every bug in it: first none planted, then each in its turn. */
const { books, bugs, every, seed } = workerData as { books: BookFile[][]; bugs: PlantedBug[]; every: boolean; seed: number }
const ground = { books, seed, engine: await duckEngine() }
const all = Object.keys(proofs) as Proof[]

async function verdict(planted: number, asked: Proof[]): Promise<Verdict> {
  const found: Verdict['found'] = {}
  for (const proof of asked) {
    Object.assign(globalThis, { planted })
    try {
      const [first] = await proofs[proof](ground)
      if (first) found[proof] = first
    } catch (error) {
      // An engine that breaks down has been found out too.
      found[proof] = String(error)
    }
    Object.assign(globalThis, { planted: -1 })
  }
  return { bug: bugs[planted]?.bug ?? null, found }
}

const verdicts: Verdict[] = [await verdict(-1, all)]
for (const [i, bug] of bugs.entries()) verdicts.push(await verdict(i, every ? all : [bug.by]))
await ground.engine.close()
parentPort!.postMessage(verdicts)
