import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { booksFolder } from '@fupin/rulebook/shelf/open-book.ts'
import type { Simulation } from '@fupin/whom/run/simulate/simulate-contract.ts'
import { quantile } from '../machine.ts'
import { type Measured, medianSeconds } from '../measured.ts'

const rounds = Number(process.env.ROUNDS ?? 5)
const survey = join('.fupin', 'bench', 'survey-50000', 'survey')

const province = join('.fupin', 'bench', 'province-4880000')

/** Changes of one rule each, tried on a run of the whole province. */
const changes: { id: string; what: string; file: string; from: RegExp; to: string }[] = [
  { id: 'item', what: 'points of an item', file: 'params-items.yaml', from: /(param: item_area_2\b.*value: )\d+/, to: '$135' },
  { id: 'veto', what: 'a veto, looser', file: 'params.yaml', from: /(param: veto_vehicle_value\b[\s\S]*?value: )\d+/, to: '$180000' },
  {
    id: 'veto-tighter',
    what: 'a veto, tighter: records of a department that the run did not keep are matched again',
    file: 'params.yaml',
    from: /(param: veto_vehicle_value\b[\s\S]*?value: )\d+/,
    to: '$120000',
  },
  { id: 'line', what: 'the tie rule of the line', file: 'rules/scorecard.yaml', from: /tie: lower/, to: 'tie: higher' },
]

/**
 * B7: a changed rule on a run of the made-up province, by county, size, ethnic group and village, with all its checks and lists; and the command
 * over 50,000 households from files and cold, start of the program included.
 */
export async function run(_parts: string[] = []): Promise<Measured[]> {
  return [...(await onProvince()), ...(await onCounty())]
}

async function onProvince(): Promise<Measured[]> {
  const finished = join(province, 'run')
  if (!existsSync(join(finished, 'run.json'))) {
    console.log('  no run of the made-up province: npm run bench -- province whole makes it')
    return []
  }
  const found: Measured[] = []
  const out = join('.fupin', 'bench', 'simulated')
  const changed = join('.fupin', 'bench', 'changed-book')
  for (const { id, what, file, from, to } of changes) {
    await rm(changed, { recursive: true, force: true })
    await cp(`${booksFolder}fupin`, changed, { recursive: true })
    const path = join(changed, '450000-guangxi', file)
    const text = await readFile(path, 'utf8')
    const edited = text.replace(from, to)
    if (edited === text) throw new Error(`${file} does not stand as it did`)
    await writeFile(path, edited)
    const args = [
      '--import',
      'tsx',
      'apps/cli/fupin.ts',
      'run',
      'simulate',
      '--run',
      finished,
      '--from',
      `${booksFolder}fupin`,
      '--to',
      changed,
    ]
    const told: Simulation[] = []
    // One round before those that count: the groups of a run are counted once and kept with it.
    for (let round = 0; round <= rounds; round++) {
      const { stdout } = await promisify(execFile)(process.execPath, [...args, '--out', out, '--formats', 'parquet', '--json'], {
        maxBuffer: 2 ** 28,
      })
      if (round > 0) told.push(JSON.parse(stdout) as Simulation)
    }
    const middle = (of: (s: Simulation) => number): number => quantile(told.map(of), 0.5)
    const { population, steps, moves } = told[0]!
    console.log(
      `  ${id}: ${moves.entered.households} enter, ${moves.left.households} leave; ${told.map((s) => s.seconds.toFixed(2)).join(' ')} s`,
    )
    console.log(
      `    ${Object.keys(steps)
        .map((s) => `${s} ${middle((t) => t.steps[s] ?? 0).toFixed(2)}`)
        .join(', ')}`,
    )
    found.push(
      {
        id: `B7-${id}`,
        question: `${what}, simulated on ${population.households} households`,
        value: middle((s) => s.seconds),
        unit: 's',
        aim: 5,
      },
      { id: `B7-${id}-memory`, question: 'its peak memory', value: middle((s) => s.peak_memory) / 2 ** 30, unit: 'GiB', aim: 2 },
    )
  }
  await rm(changed, { recursive: true, force: true })
  await rm(out, { recursive: true, force: true })
  return found
}

/** A changed rule (the floor area of the exit standard) tried on 50,000 made-up households, from their files. */
async function onCounty(): Promise<Measured[]> {
  if (!existsSync(survey)) {
    console.log('  no made-up county: run npx tsx bench/main-job.ts once')
    return []
  }
  const changed = join('.fupin', 'bench', 'changed-book')
  await rm(changed, { recursive: true, force: true })
  await mkdir(changed, { recursive: true })
  await cp(`${booksFolder}fupin`, changed, { recursive: true })
  await oneStepUp(join(changed, '450000-guangxi', 'params.yaml'))
  const args = [
    '--import',
    'tsx',
    'apps/cli/fupin.ts',
    'rules',
    'simulate',
    '--from',
    `${booksFolder}fupin`,
    '--to',
    changed,
    '--in',
    survey,
  ]
  const seconds = await medianSeconds(rounds, () =>
    promisify(execFile)(process.execPath, [...args, '--on', '2017-11-10', '--json'], { maxBuffer: 2 ** 28 }).catch(
      (ended: { code?: number }) => {
        // Status 1 says that the survey has findings, as made-up data do.
        if (ended.code !== 1) throw new Error(`simulate ended with ${ended.code}`)
      },
    ),
  )
  await rm(changed, { recursive: true, force: true })
  return [
    {
      id: 'B7-county',
      question: 'a changed parameter simulated on 50,000 households, whole command from cold',
      value: seconds,
      unit: 's',
      aim: 5,
    },
  ]
}

/** The floor area a head of the exit standard, one square metre more. */
async function oneStepUp(file: string): Promise<void> {
  const text = await readFile(file, 'utf8')
  const changed = text.replace(
    /(- param: area_min\n(?: .*\n)*? +- \{from: [^,]+, value: )(\d+)/,
    (_, before: string, n: string) => before + (Number(n) + 1),
  )
  if (changed === text) throw new Error(`area_min does not stand in ${file} as it did`)
  await writeFile(file, changed)
}
