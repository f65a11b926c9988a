import { join } from 'node:path'
import { type Duck, quoteName, quoteText } from '@fupin/platform/database/duckdb.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'
import type { Part } from './content-files.ts'
import { readManifestOf, type SnapshotManifest } from './snapshot-manifest.ts'

export interface Snapshot {
  folder: string
  manifest: SnapshotManifest
}

/**
 * Opens a snapshot: a folder, or `folder@id` for one that stood there earlier.
 * @throws Problem where there is none.
 */
export async function openSnapshot(named: string): Promise<Snapshot> {
  const [, folder, id] = /^(.*?)(?:@(?:sha256:)?([0-9a-f]{16,64}))?$/.exec(named)!
  const manifest = await readManifestOf(folder!, id)
  if (manifest) return { folder: folder!, manifest }
  throw new Problem('snapshot.none', {
    zh: `“${named}”里没有快照。请先运行 fupin snapshot。`,
    en: `There is no snapshot at "${named}". Run fupin snapshot first.`,
  })
}

/** The rows of some parts as one relation, in the order given. */
export const partsSql = (snapshot: Snapshot, parts: (Part | undefined)[]): string =>
  `read_parquet([${parts.flatMap((p) => (p ? [quoteText(join(snapshot.folder, p.path))] : [])).join(', ')}])`

/** Parts of an entity for some counties. */
export const countyParts = (snapshot: Snapshot, counties: readonly string[], entity: string): (Part | undefined)[] =>
  snapshot.manifest.counties.filter((c) => counties.includes(c.code)).map((c) => c.parts[entity])

/** Entities that came with the survey. */
export const surveyEntities = (snapshot: Snapshot): string[] =>
  Object.keys(snapshot.manifest.counties[0]?.parts ?? {}).filter((name) => name !== 'finding')

/** Makes a view for each entity of the survey, over some counties. Lists of departments are not in it. */
export async function surveyViews(duck: Duck, snapshot: Snapshot, counties: readonly string[], prefix = ''): Promise<void> {
  for (const entity of surveyEntities(snapshot))
    await duck.run(
      `create or replace view ${quoteName(prefix + entity)} as select * from ${partsSql(snapshot, countyParts(snapshot, counties, entity))}`,
    )
}
