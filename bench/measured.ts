import { readFile, writeFile } from 'node:fs/promises'

/** One figure of a bench. */
export interface Measured {
  /** `B1`, with a letter where a question has several figures. */
  id: string
  question: string
  value: number
  unit: string
  /** What it should be: at most, or at least where `better` is `more`. */
  aim?: number
  better?: 'less' | 'more'
  /** The rival or limit of the same run, in words with its number. */
  rival?: string
  seed?: number
}

const number = (n: number): string => {
  if (Number.isInteger(n) || n >= 100) return Math.round(n).toLocaleString('en-US')
  return n
    .toPrecision(n < 1 ? 2 : 3)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
}

/** The figure by its aim, so that 1 or less is within it; empty where there is none. */
export function ratioOf({ value, aim, better }: Measured): string {
  if (aim === undefined) return ''
  if (aim === 0) return value === 0 ? '0' : 'over'
  return number(Number((better === 'more' ? aim / value : value / aim).toFixed(2)))
}

const aimOf = (m: Measured): string =>
  [m.aim === undefined ? '' : `${m.better === 'more' ? 'at least' : 'at most'} ${number(m.aim)} ${m.unit}`, m.rival ?? '']
    .filter(Boolean)
    .join('; ')

/** Figures as a table for the terminal. */
export function table(all: Measured[]): string {
  const rows = [
    ['id', 'question', 'figure', 'aim or rival', 'ratio', 'seed'],
    ...all.map((m) => [m.id, m.question, `${number(m.value)} ${m.unit}`, aimOf(m), ratioOf(m), m.seed === undefined ? '' : String(m.seed)]),
  ]
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((r) => r[i]!.length)))
  return rows
    .map((r) =>
      r
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const file = new URL('../docs/figures.md', import.meta.url)

/**
 * Puts figures into `docs/figures.md`: a figure of the same id and question takes the place of the one before, whatever the numbers
 * in its words; where several differ only in those, each takes its own place in their order.
 */
export async function record(all: Measured[], command: string, machine: string): Promise<void> {
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
  const cell = (text: string): string => text.replaceAll('|', '/')
  const date = new Date().toISOString().slice(0, 10)
  const plain = (text: string): string => text.replaceAll(/[\d.,]+/g, '#')
  const kept = [...lines]
  const placed = new Set<number>()
  for (const m of all) {
    const line = `| ${[m.id, m.question, `${number(m.value)} ${m.unit}`, aimOf(m), ratioOf(m), date, `\`${command}\``, machine].map(cell).join(' | ')} |`
    const start = `| ${m.id} | ${plain(cell(m.question))} |`
    const at = kept.findIndex(
      (l, i) => !placed.has(i) && l.startsWith(`| ${m.id} |`) && `| ${m.id} |${plain(l.slice(`| ${m.id} |`.length))}`.startsWith(start),
    )
    if (at >= 0) {
      lines[at] = line
      placed.add(at)
    } else lines.push(line)
  }
  await writeFile(file, `${lines.join('\n')}\n`)
}

/** The middle of several runs of the same, in seconds. */
export async function medianSeconds(rounds: number, run: () => Promise<unknown> | unknown): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < rounds; i++) {
    const start = performance.now()
    await run()
    times.push((performance.now() - start) / 1000)
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)]!
}

/** The middle of several runs in seconds of processor time, all threads: what the work itself takes, however busy the machine is. */
export async function medianProcessorSeconds(rounds: number, run: () => Promise<unknown> | unknown): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < rounds; i++) {
    const start = process.cpuUsage()
    await run()
    const { user, system } = process.cpuUsage(start)
    times.push((user + system) / 1e6)
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)]!
}
