import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const standing = new Set<string>()

/** A folder of its own below the system's temporary folder, which goes at the latest with this process. */
export async function passingFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `fupin-${name}-`))
  if (standing.size === 0)
    process.once('exit', () => {
      for (const one of standing) rmSync(one, { recursive: true, force: true })
    })
  standing.add(folder)
  return folder
}
