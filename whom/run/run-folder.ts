import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/**
 * The folder of a run while it works: `<out>.unfinished`. Every file in it appears whole (it grows under another name), so whatever stands
 * there after a stop, at whatever moment, can be used by a run with the same plan. At the end its files move to `out`, `run.json` last.
 */
export class RunFolder {
  private constructor(
    readonly out: string,
    readonly path: string,
    /** Work of an earlier run with the same plan stands here. */
    readonly resumed: boolean,
  ) {}

  /** Opens the folder for a run with this plan. Work that was done under another plan is thrown away. */
  static async open(out: string, plan: string): Promise<RunFolder> {
    const path = `${resolve(out)}.unfinished`
    const same = (await readFile(join(path, 'plan.json'), 'utf8').catch(() => null)) === plan
    if (!same) await rm(path, { recursive: true, force: true })
    for (const below of ['list', 'hit', 'chunk']) await mkdir(join(path, below), { recursive: true })
    if (!same) await writeFile(join(path, 'plan.json'), plan)
    return new RunFolder(resolve(out), path, same)
  }

  file(...names: string[]): string {
    return join(this.path, ...names)
  }

  has(...names: string[]): boolean {
    return existsSync(this.file(...names))
  }

  /** Lets `write` make a file under another name, then gives it its own. */
  async whole(name: string, write: (growing: string) => Promise<unknown>): Promise<void> {
    const growing = this.file(`${name}.unfinished`)
    await mkdir(dirname(growing), { recursive: true })
    await write(growing)
    await rename(growing, this.file(name))
  }

  async note(name: string, what: unknown): Promise<void> {
    await this.whole(name, (growing) => writeFile(growing, `${JSON.stringify(what, null, 1)}\n`))
  }

  /** What was noted under a name; null where nothing was. */
  async noted<T>(name: string): Promise<T | null> {
    const text = await readFile(this.file(name), 'utf8').catch(() => null)
    return text === null ? null : (JSON.parse(text) as T)
  }

  /** Moves everything to `out`; what an earlier run left there goes first. Where `run.json` stands, the rest is whole. */
  async finish(): Promise<void> {
    await mkdir(this.out, { recursive: true })
    await rm(join(this.out, 'run.json'), { force: true })
    const made = await readdir(this.path)
    for (const name of made) await rm(join(this.out, name), { recursive: true, force: true })
    const last = 'run.json'
    for (const name of [...made.filter((n) => n !== last), ...made.filter((n) => n === last)])
      await rename(join(this.path, name), join(this.out, name))
    await rm(this.path, { recursive: true, force: true })
  }

  /** Bytes of a file, or null. */
  async size(name: string): Promise<number | null> {
    return (await stat(this.file(name)).catch(() => null))?.size ?? null
  }
}
