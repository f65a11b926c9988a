import { mkdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'vite'
import type { BookFile } from '../load/load-book.ts'
import type { PlantedBug } from './planted-bugs.ts'
import type { Proof } from './proofs.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const engine = fileURLToPath(new URL('../', import.meta.url))

/** What the proofs said of one planted bug, or of the engine as it is (`bug` null): each proof that found something, with its first finding. */
export interface Verdict {
  bug: string | null
  found: Partial<Record<Proof, string>>
}

/**
 * The engine's source with each bug beside what is right, chosen by the bug that is planted at the time: `(planted() === 3 ? wrong : right)`.
 * @throws where a bug's text does not stand in its file exactly once: what is not planted proves nothing.
 */
export function withBugs(file: string, source: string, bugs: PlantedBug[]): string {
  const here = bugs.filter((b) => b.file === file)
  const places = [...new Set(here.map((b) => b.right))].map((right) => {
    const count = source.split(right).length - 1
    if (count !== 1) throw new Error(`"${right}" stands ${count} times in ${file}`)
    return { right, at: source.indexOf(right) }
  })
  let [text, done] = ['', 0]
  for (const { right, at } of places.sort((a, b) => a.at - b.at)) {
    if (at < done) throw new Error(`"${right}" stands inside another bug of ${file}`)
    const planted = here.filter((b) => b.right === right)
    const choice = planted.reduce((rest, b) => `(globalThis.planted === ${bugs.indexOf(b)} ? ${b.wrong} : ${rest})`, right)
    // Lines end without semicolons: a bracket at the start of a statement would call what stands before it.
    const starts = /[^([{,:?=&|>+*/!-]\n\s*$/.test(source.slice(0, at))
    text += `${source.slice(done, at)}${starts ? ';' : ''}${choice}`
    done = at + right.length
  }
  return text + source.slice(done)
}

/** Builds the engine with all bugs in it, once, and asks the proofs about each: all of them, or only the one that must find it. */
export async function proveBugs(books: BookFile[][], bugs: PlantedBug[], every: boolean, seed = 1): Promise<Verdict[]> {
  const folder = `${root}.fupin/planted`
  const bundle = `${folder}/proofs-${process.pid}.mjs`
  const made = await build({
    configFile: false,
    root,
    logLevel: 'error',
    plugins: [
      {
        name: 'planted-bugs',
        enforce: 'pre',
        transform: (code, id) => (id.startsWith(engine) ? withBugs(id.slice(engine.length), code, bugs) : null),
      },
    ],
    build: { write: false, ssr: fileURLToPath(new URL('./planted-worker.ts', import.meta.url)), minify: false, target: 'node20' },
  })
  const [output] = 'output' in made ? made.output : []
  if (output?.type !== 'chunk') throw new Error('the engine was not built')
  await mkdir(folder, { recursive: true })
  await writeFile(bundle, output.code)
  const worker = new Worker(bundle, { workerData: { books, bugs, every, seed } })
  try {
    return await new Promise<Verdict[]>((done, fail) => {
      worker.once('message', done)
      worker.once('error', fail)
    })
  } finally {
    await worker.terminate()
    await rm(bundle, { force: true })
  }
}
