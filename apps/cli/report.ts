import { Problem } from '@fupin/platform/problems/problem.ts'
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
    if (!(error instanceof Problem)) throw error
    say(error[language])
    process.exitCode = error.code.startsWith('call.') ? 2 : 1
  }
}
