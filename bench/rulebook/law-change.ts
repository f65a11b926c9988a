import { execFile } from 'node:child_process'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { checkBook } from '@fupin/rulebook/engine/check-book.ts'
import { booksFolder, openBook } from '@fupin/rulebook/shelf/open-book.ts'
import { type Measured, medianProcessorSeconds, medianSeconds } from '../measured.ts'

const rounds = Number(process.env.ROUNDS ?? 5)
const program = [process.execPath, '--import', 'tsx', 'apps/cli/fupin.ts', 'rules', 'check'] as const

/** B9: from an edited file of the law to a book that is read, compiled and checked, and its cases answered in three engines; cold. */
export async function run(): Promise<Measured[]> {
  const folder = join('.fupin', 'bench', 'edited-book')
  await rm(folder, { recursive: true, force: true })
  await cp(`${booksFolder}fupin`, folder, { recursive: true })
  const file = join(folder, '450000-guangxi', 'rules', 'standards', 'two-three.yaml')
  await writeFile(file, `${await readFile(file, 'utf8')}# edited\n`)
  const { book } = await openBook(folder)
  const versions = book!.definitions.reduce((n, d) => n + d.versions.length, 0)
  const check = async (): Promise<void> => {
    const read = await openBook(folder)
    const found = [...read.findings, ...checkBook(read.book!).findings]
    if (found.length) throw new Error(`${found[0]!.file}:${found[0]!.line} ${found[0]!.en}`)
  }
  const checked = await medianSeconds(rounds, check)
  const processor = await medianProcessorSeconds(rounds, check)
  const cold = (more: string[]): Promise<number> =>
    medianSeconds(rounds, () => promisify(execFile)(program[0], [...program.slice(1), folder, ...more], { maxBuffer: 2 ** 26 }))
  const own = await cold(['--engines', 'interpreter'])
  const three = await cold([])
  await rm(folder, { recursive: true, force: true })
  const what = `an edited book of ${versions} rule versions`
  return [
    {
      id: 'B9',
      question: `${what}: read, compiled, checked with cases and twins, the program being warm`,
      value: checked,
      unit: 's',
      aim: 1,
      rival: `${processor.toFixed(2)} s of processor time`,
    },
    { id: 'B9', question: `${what}: the same by the command line from cold, interpreter alone`, value: own, unit: 's' },
    {
      id: 'B9',
      question: `${what}: the same from cold with cases and twins in three engines, databases started`,
      value: three,
      unit: 's',
      aim: 10,
    },
  ]
}
