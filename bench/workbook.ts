import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Duck } from '@fupin/platform/database/duckdb.ts'
import { openReading } from '@fupin/platform/exchange/open-table.ts'
import { writeTable } from '@fupin/platform/exchange/write-table.ts'
import { figure, machine, quantile } from './machine.ts'
import { sharedTextsWorkbook } from './shared-texts-workbook.ts'

/**
 * A workbook of 1,000,000 rows and 12 columns, out and in again, each in a process of its own. Limits of issue 3: out 8 s, in 12 s, 150 MB.
 * Memory is the highest resident size of the process (VmHWM) less what it held when Node, the program and an empty DuckDB stood ready.
 */
const rows = Number(process.env.ROWS ?? 1_000_000)
const rounds = Number(process.env.ROUNDS ?? 3)
const folder = join('.fupin', 'bench')
const ours = join(folder, `workbook-${rows}.xlsx`)
const shared = join(folder, `workbook-${rows}-shared.xlsx`)

/** People are invented: numbers and names come from the row's number. */
const table = `select (450621100000 + i % 97)::varchar as village_code, (4506211000000000 + i)::varchar as household_id,
  (450621195001010000 + i * 7)::varchar as id_number, ['覃','韦','黄','梁','李','陆'][i % 6 + 1] || ['桂花','建国','小明','秀英','志强'][i % 5 + 1] as name,
  (i % 2 = 0) as has_water, date '1950-01-01' + (i % 25000)::integer as birth, (i % 7)::integer as persons, (i * 37 % 100)::integer as score,
  ((i * 7919 % 5000) / 100)::decimal(6,2) as paddy_area, (i * 104729 % 90000)::bigint as income, ['砖混','砖木','土坯','钢混'][i % 4 + 1] as structure,
  case when i % 3 = 0 then null else '屯 ' || (i % 1000)::varchar end as hamlet from range(${rows}) t(i)`

const jobs = {
  /** DuckDB's table to the workbook. */
  out: async (duck: Duck) => writeTable(duck, table, ours),
  /** The workbook through one pass of DuckDB: every cell is looked at. */
  in: (duck: Duck) => passOver(duck, ours),
  shared: (duck: Duck) => passOver(duck, shared),
  make: async (duck: Duck) => sharedTextsWorkbook(duck, table, shared),
}

async function passOver(duck: Duck, path: string): Promise<void> {
  const { reading, findings } = await openReading(duck, path)
  if (!reading) throw new Error(findings[0]?.en)
  const counts = reading.columns.map((c, i) => `count("${c.name}") as c${i}, sum(strlen("${c.name}")) as l${i}`)
  const seen = await duck.one<{ n: number; c0: number; c11: number }>(`select count(*) as n, ${counts.join(', ')} from ${reading.from}`)
  await reading.close()
  if (seen?.n !== rows || seen.c0 !== rows || seen.c11 !== rows - Math.ceil(rows / 3)) throw new Error(`read ${JSON.stringify(seen)}`)
}

const highest = (): number => Number(/VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) / 1024

const job = process.argv[2] as keyof typeof jobs | undefined
if (job) {
  const duck = await Duck.open({ memory: process.env.DUCK_MEMORY ?? '100MB' })
  await duck.one('select count(*) as n from range(10)')
  const [before, start, cpu] = [process.memoryUsage().rss / 2 ** 20, performance.now(), process.cpuUsage()]
  await jobs[job](duck)
  const { user, system } = process.cpuUsage(cpu)
  console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000, worked: (user + system) / 1e6, megabytes: highest() - before }))
  duck.close()
} else {
  console.log(await machine())
  await mkdir(folder, { recursive: true })
  for (const [name, what, limit] of [
    ['out', 'written', 8],
    ['in', 'read, texts in the cells', 12],
    ['shared', 'read, shared texts as Excel writes them', 12],
  ] as const) {
    if (name === 'shared' && !existsSync(shared)) inChild('make')
    const found = Array.from({ length: rounds }, () => inChild(name))
    const seconds = found.map((f) => f.seconds)
    figure(`${rows} x 12 ${what}, median of ${rounds}`, quantile(seconds, 0.5), limit, 's')
    figure('  peak memory beyond the start, highest', Math.max(...found.map((f) => f.megabytes)), 150, 'MB')
    console.log(
      `  all: ${seconds.map((s) => s.toFixed(2)).join(' ')} s; processor time ${found.map((f) => f.worked.toFixed(1)).join(' ')} s; file ${(statSync(name === 'shared' ? shared : ours).size / 2 ** 20).toFixed(0)} MB`,
    )
  }
}

function inChild(name: string): { seconds: number; worked: number; megabytes: number } {
  const child = spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), name], {
    encoding: 'utf8',
    env: process.env,
  })
  if (child.status !== 0) throw new Error(child.stderr)
  return JSON.parse(child.stdout.trim().split('\n').at(-1)!) as { seconds: number; worked: number; megabytes: number }
}
