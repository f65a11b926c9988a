import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import yauzl from 'yauzl'

const root = resolve(import.meta.dirname, '../..')

export interface Ended {
  status: number | null
  out: string
  err: string
}

/** Runs `fupin` as a process of its own, from the root of the repository; standard output, standard error and exit status. */
export async function fupin(args: string[], language: 'zh' | 'en' = 'zh'): Promise<Ended> {
  return run(process.execPath, ['--import', 'tsx', 'apps/cli/fupin.ts', ...args], language)
}

/** The same by the line that the README gives. */
export async function fupinByNpm(args: string[], language: 'zh' | 'en' = 'zh'): Promise<Ended> {
  return run('npm', ['run', '-s', 'fupin', '--', ...args], language)
}

function run(command: string, args: string[], language: string): Promise<Ended> {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, FUPIN_LANG: language } })
  let [out, err] = ['', '']
  child.stdout.on('data', (piece) => {
    out += piece
  })
  child.stderr.on('data', (piece) => {
    err += piece
  })
  return new Promise((done, failed) => {
    child.on('error', failed)
    child.on('close', (status) => done({ status, out, err }))
  })
}

/** Where the data of others lie, for tests only. */
export const sharedData = resolve(root, process.env.FUPIN_SHARED ?? '../shared', 'data')

/** Cells of a CSV file of ours as records: quotes, doubled quotes, line breaks in cells. */
export function csv(path: string): Record<string, string>[] {
  const all = readFileSync(path, 'utf8').replace(/^\ufeff/, '')
  const rows: string[][] = [['']]
  let quoted = false
  for (let i = 0; i < all.length; i++) {
    const c = all[i]!
    const row = rows.at(-1)!
    if (quoted) {
      if (c !== '"') row[row.length - 1] += c
      else if (all[i + 1] === '"') row[row.length - 1] += all[++i]
      else quoted = false
    } else if (c === '"') quoted = true
    else if (c === ',') row.push('')
    else if (c === '\n') rows.push([''])
    else if (c !== '\r') row[row.length - 1] += c
  }
  if (rows.at(-1)!.join('') === '') rows.pop()
  const [head, ...body] = rows
  return body.map((cells) => Object.fromEntries(head!.map((name, i) => [name, cells[i] ?? ''])))
}

/** The text of a part inside a workbook. */
export function partOf(path: string, name: string): Promise<string> {
  return new Promise((done, failed) =>
    yauzl.open(path, { lazyEntries: true }, (error, zip) => {
      if (error) return failed(error)
      zip.on('entry', (entry: yauzl.Entry) => {
        if (entry.fileName !== name) return zip.readEntry()
        zip.openReadStream(entry, async (broken, stream) => (broken ? failed(broken) : done(await text(stream))))
      })
      zip.on('end', () => failed(new Error(`no ${name} in ${path}`)))
      zip.readEntry()
    }),
  )
}

/** Writes records as CSV, for input that a test makes. */
export function toCsv(rows: Record<string, string>[]): string {
  const names = Object.keys(rows[0] ?? {})
  const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  return `${[names, ...rows.map((r) => names.map((n) => r[n] ?? ''))].map((r) => r.map(cell).join(',')).join('\n')}\n`
}
