import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/**
 * Lets a run write its files aside and moves them into `out` when all of them are there; a run that fails leaves `out` as it was.
 * `mine` says which older files there belong to a run and go. The file named `last` comes last: where it stands, the rest is whole.
 */
export async function wholeFolder<T>(
  out: string,
  mine: (name: string) => boolean,
  last: string,
  write: (aside: string) => Promise<T>,
): Promise<T> {
  const aside = `${resolve(out)}.unfinished`
  await rm(aside, { recursive: true, force: true })
  await mkdir(aside, { recursive: true })
  try {
    const result = await write(aside)
    await mkdir(out, { recursive: true })
    await rm(join(out, last), { force: true })
    for (const name of await readdir(out)) if (mine(name)) await rm(join(out, name), { recursive: true, force: true })
    const written = await readdir(aside)
    for (const name of [...written.filter((n) => n !== last), ...written.filter((n) => n === last)])
      await rename(join(aside, name), join(out, name))
    return result
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}
