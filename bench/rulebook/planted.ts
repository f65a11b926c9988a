import { proveBugs } from '@fupin/rulebook/engine/testing/plant-bugs.ts'
import { plantedBugs } from '@fupin/rulebook/engine/testing/planted-bugs.ts'
import type { Proof } from '@fupin/rulebook/engine/testing/proofs.ts'
import type { Measured } from '../measured.ts'
import { allFiles } from './books.ts'

const seed = Number(process.env.SEED ?? 1)

/** Bugs planted in what all engines share: which of the proofs find each. */
export async function run(): Promise<Measured[]> {
  const verdicts = (await proveBugs(await allFiles(), plantedBugs, true, seed)).filter((v) => v.bug !== null)
  const counts = new Map<Proof, number>()
  for (const { bug, found } of verdicts) {
    const by = Object.keys(found) as Proof[]
    console.log(`  ${bug}: ${by.join(', ') || 'NOT FOUND'}`)
    for (const proof of by) counts.set(proof, (counts.get(proof) ?? 0) + 1)
  }
  const found = verdicts.filter((v) => Object.keys(v.found).length > 0).length
  const shares = [...counts].map(([proof, n]) => `${proof} ${n}`).join(', ')
  const question = `planted bugs of all kinds of rule that no proof finds, of ${verdicts.length} (found by: ${shares}); 35 more in the SQL and the interpreter stand in the tests`
  return [{ id: 'B1b', question, value: verdicts.length - found, unit: 'not found', aim: 0, seed }]
}
