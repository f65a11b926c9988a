import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

const households = /^(households|农户|户|家庭)\.(parquet|csv|csv\.gz|xlsx)$/

/**
 * The surveys in a folder: the folder (or file) itself, or, where it holds no households but folders that do (one a county), each of these
 * in order of name.
 */
export async function surveysIn(path: string): Promise<string[]> {
  const there = await stat(path).catch(() => null)
  if (!there?.isDirectory()) return [path]
  const entries = (await readdir(path, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))
  if (entries.some((e) => e.isFile() && households.test(e.name))) return [path]
  const below: string[] = []
  for (const entry of entries)
    if (entry.isDirectory() && (await readdir(join(path, entry.name))).some((name) => households.test(name)))
      below.push(join(path, entry.name))
  return below.length ? below : [path]
}
