import { machine } from './machine.ts'
import { type Measured, record, table } from './measured.ts'

/** A bench: what it asks, and how it is run. Names given after it choose parts of it. */
interface Bench {
  question: string
  load(): Promise<{ run(parts: string[]): Promise<Measured[]> }>
}

/** Every bench by name. Files that print their own figures stand below with the command that runs them. */
const benches: Record<string, Bench> = {
  province: {
    question: 'the main job over 4.88 million households: seconds, memory, growth, beside PostgreSQL',
    load: () => import('./province.ts'),
  },
  rulebook: { question: 'is the rulebook right, and how fast is it: B1 to B9', load: () => import('./rulebook/rulebook.ts') },
}
const scripts: Record<string, string> = {
  'main-job': '50,000 households, from files to written lists',
  workbook: 'a workbook of a million rows, out and in',
}

const [name, ...rest] = process.argv.slice(2)
const bench = name ? benches[name] : undefined
if (bench) {
  const parts = rest.filter((r) => !r.startsWith('--'))
  const on = await machine()
  console.log(`${on}, ${new Date().toISOString().slice(0, 10)}`)
  const { run } = await bench.load()
  const all = await run(parts)
  console.log(`\n${table(all)}`)
  if (rest.includes('--write')) await record(all, ['npm run bench --', name, ...parts].join(' '), on)
  process.exitCode = all.some((m) => m.aim === 0 && m.value !== 0) ? 1 : 0
} else if (name && scripts[name]) await import(`./${name}.ts`)
else {
  if (name) console.error(`there is no bench "${name}"\n`)
  console.log('npm run bench -- NAME [PART...] [--write]      --write puts the figures into docs/figures.md\n')
  for (const [n, { question }] of Object.entries(benches)) console.log(`  ${n.padEnd(12)}${question}`)
  for (const [n, question] of Object.entries(scripts)) console.log(`  ${n.padEnd(12)}${question}`)
  process.exitCode = name ? 2 : 0
}
