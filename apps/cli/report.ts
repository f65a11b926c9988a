import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Problem } from '@fupin/platform/problems/problem.ts'
import { readDate } from '@fupin/rulebook/engine/civil-date.ts'
import type { BookFinding } from '@fupin/rulebook/engine/finding.ts'

/** 0 done, 1 findings, 2 wrong call (docs/formats.md). */
export type Status = 0 | 1 | 2

/** Language of messages: English where the environment asks for it, else Chinese. */
export const language: 'zh' | 'en' = (process.env.FUPIN_LANG ?? process.env.LANG ?? '').toLowerCase().startsWith('en') ? 'en' : 'zh'

/** Says a sentence on standard error, so that standard output stays for results. */
export const say = (text: string): void => void process.stderr.write(`${text}\n`)

/** Prints findings of books, one a line, or as JSON. */
export function printFindings(findings: BookFinding[], json: boolean): void {
  if (json) return void process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`)
  for (const f of findings) process.stdout.write(`${f.file}:${f.line}:${f.column} [${f.code}] ${f[language]}\n`)
}

/** Runs a command: problems become one clear sentence and status 1 (2 where the call itself was wrong); other errors keep their stack. */
export async function perform(command: () => Promise<Status>): Promise<void> {
  try {
    process.exitCode = await command()
  } catch (error) {
    const problem = error instanceof Problem ? error : systemProblem(error)
    if (!problem) throw error
    say(problem[language])
    process.exitCode = problem.code.startsWith('call.') || nothingThere.has(problem.code) ? 2 : 1
  }
}

/** What the system refuses about a path, as a sentence; null for every other error. */
function systemProblem(error: unknown): Problem | null {
  const { code, path } = (error ?? {}) as { code?: unknown; path?: unknown }
  if (typeof code !== 'string' || typeof path !== 'string') return null
  if (code === 'ENOSPC')
    return new Problem('disk_full', { zh: `磁盘满了，写不下“${path}”。`, en: `The disk is full; "${path}" cannot be written.` })
  if (!['EACCES', 'EPERM', 'ENOTDIR', 'EISDIR', 'EROFS', 'ENOENT'].includes(code)) return null
  return new Problem('call.path', {
    zh: `“${path}”不能读写（${code}）。请核对路径和权限。`,
    en: `"${path}" cannot be read or written (${code}). Check path and permission.`,
  })
}

/** A call that names what is not there is a wrong call; what is there and cannot be read is a finding. */
const nothingThere = new Set(['book.missing', 'no_file', 'no_survey', 'no_households'])

/** A date of the command line as yyyymmdd; undefined where none was given. */
export function dateOf(text: string | undefined): number | undefined {
  const at = text === undefined ? undefined : readDate(text)
  if (at === null) throw new Problem('call.date', { zh: `“${text}”不是日期（年-月-日）。`, en: `"${text}" is not a date (yyyy-mm-dd).` })
  return at
}

/** A number of the command line that must be whole and not negative; undefined where none was given. */
export function countOf(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new Problem('call.number', { zh: `${option} 后面要是整数，不是“${text}”。`, en: `${option} takes a whole number, not "${text}".` })
}

/** Checks that the files and folders that were named are there, before anything is done. */
export async function mustExist(...paths: (string | undefined)[]): Promise<void> {
  for (const path of paths)
    if (path !== undefined && !(await stat(path).catch(() => null)))
      throw new Problem('call.path', { zh: `没有“${path}”。请核对路径。`, en: `There is no "${path}". Check the path.` })
}

/** Writes a result file whole or not at all. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const unfinished = `${path}.unfinished`
  try {
    await writeFile(unfinished, text)
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}
