import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Duck } from '@fupin/platform/database/duckdb.ts'
import { duckdb } from '@fupin/rulebook/engine/sql/dialect.ts'
import { type Compiled, compileSelect } from '@fupin/rulebook/engine/sql/select.ts'
import type { Measured } from '../measured.ts'
import { day, householdFields, hundredRules, memberFields } from './population-book.ts'
import { makePopulation } from './population-data.ts'
import { zenSeconds } from './population-zen.ts'

const households = Number(process.env.HOUSEHOLDS ?? 1_000_000)
const rounds = Number(process.env.ROUNDS ?? 5)
const python = '/usr/bin/python3'
const { book, rules } = hundredRules()

/**
 * B3: 100 rules over 1,000,000 households: complete data against hand-vectorised numpy (committed beside this file), with missing sets against
 * our own values. Every engine adds up each column, and no time is told before the sums are equal.
 */
export async function run(): Promise<Measured[]> {
  const duck = await Duck.open({ memory: '6GB' })
  try {
    await makePopulation(duck, 1, households, false)
    const { members } = (await duck.one<{ members: number }>('select count(*) as members from member'))!
    console.log(`  ${households} households, ${members} members, complete`)
    const values = summed(statement(false), false)
    const rival = numpy()
    const own = (await duck.one<Record<string, number>>(values))!
    const differing = rival ? rules.filter((r) => rival.sums[r.name] !== own[r.name]) : []
    for (const r of differing.slice(0, 5)) console.log(`  ${r.name}: numpy ${rival!.sums[r.name]}, ours ${own[r.name]}`)
    if (differing.length) throw new Error(`${differing.length} of 100 column sums differ from numpy's: no time is told`)
    const complete = await times(duck, [values], rounds)
    const one = await times(duck, [values], rounds, 1)
    const found: Measured[] = [
      figure(
        'B3',
        `100 rules x ${households} complete households, values, 2 threads`,
        complete[0]!.wall,
        rival && { wall: rival.wall, name: 'numpy, one thread' },
      ),
      figure(
        'B3',
        'the same, processor time of all threads',
        complete[0]!.cpu,
        rival && { wall: rival.cpu, name: 'numpy, processor time' },
      ),
      figure('B3', 'the same, one thread', one[0]!.wall, rival && { wall: rival.wall, name: 'numpy, one thread' }),
    ]
    if (!rival) console.log(`  numpy: not installed (apt-get install python3-numpy): no comparison`)
    const zen = await zenSeconds(book, rules, households)
    if (zen)
      found.push({
        id: 'B3',
        question: `ZEN, the ${zen.rules} rules it has words for scaled to 100 x ${households}, processor time`,
        value: zen.seconds,
        unit: 's',
      })
    else console.log('  ZEN: not installed (RIVALS names a folder with its node_modules)')
    await makePopulation(duck, 1, households, true)
    const [plain, missing] = await times(duck, [values, summed(statement(true), true)], rounds)
    found.push(
      { id: 'B3', question: `100 rules x ${households} households with gaps, values`, value: plain!.wall, unit: 's' },
      {
        id: 'B3',
        question: `100 rules x ${households} households with gaps, values and missing sets`,
        value: missing!.wall,
        unit: 's',
        aim: 2 * plain!.wall,
        rival: 'twice our own values alone',
      },
    )
    return found
  } finally {
    duck.close()
  }
}

const figure = (id: string, question: string, value: number, rival: { wall: number; name: string } | null): Measured => ({
  id,
  question,
  value,
  unit: 's',
  ...(rival ? { aim: rival.wall, rival: rival.name } : {}),
})

function statement(missing: boolean): Compiled {
  const outputs = rules.map(({ name, node }) => ({ name, node, missing }))
  return compileSelect(book.dictionary, 'household', outputs, [], duckdb, { table: (entity) => entity })
}

/** A statement that adds up every column of the result: all of it is computed, none of it is kept. */
function summed(compiled: Compiled, masks: boolean): string {
  const columns = rules.flatMap(({ name, node }) => [
    `sum(${node.type.kind === 'bool' ? `${name}::utinyint` : name})::bigint as ${name}`,
    ...(masks ? (compiled.masks.get(name) ?? []).map((w) => `bit_xor(${name}__m${w}) as ${name}__m${w}`) : []),
  ])
  return `select ${columns.join(', ')} from (${compiled.sql})`
}

/** The middle of several rounds in which the statements take turns, so that a busy machine is busy for all. */
async function times(duck: Duck, statements: string[], count: number, threads = 2): Promise<{ wall: number; cpu: number }[]> {
  await duck.run(`set threads = ${threads}`)
  const all = statements.map((): { wall: number; cpu: number }[] => [])
  for (let i = 0; i < count; i++)
    for (const [j, sql] of statements.entries()) {
      const [start, cpu] = [performance.now(), process.cpuUsage()]
      await duck.rows(sql)
      const { user, system } = process.cpuUsage(cpu)
      all[j]!.push({ wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 })
    }
  await duck.run('set threads = 2')
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!
  return all.map((rows) => ({ wall: middle(rows.map((r) => r.wall)), cpu: middle(rows.map((r) => r.cpu)) }))
}

/** What numpy says and how long it takes; null where it is not installed. */
function numpy(): { sums: Record<string, number>; wall: number; cpu: number } | null {
  if (!existsSync(python)) return null
  try {
    execFileSync(python, ['-c', 'import numpy'], { stdio: 'ignore' })
  } catch {
    return null
  }
  const input = JSON.stringify({ households, rounds, day, household: householdFields, member: memberFields })
  const text = execFileSync(python, [fileURLToPath(new URL('./population.py', import.meta.url))], { input, maxBuffer: 1 << 26 }).toString()
  const told = JSON.parse(text) as { seconds: [number, number][]; sums: Record<string, number>; numpy: string }
  const middle = (i: 0 | 1): number => told.seconds.map((s) => s[i]).sort((a, b) => a - b)[Math.floor(told.seconds.length / 2)]!
  console.log(`  numpy ${told.numpy}: ${middle(0).toFixed(2)} s`)
  return { sums: told.sums, wall: middle(0), cpu: middle(1) }
}
