import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '@fupin/platform/problems/problem.ts'
import type { Dictionary, Entity } from '@fupin/rulebook/engine/dictionary.ts'
import { sha256 } from '@fupin/rulebook/engine/hash.ts'
import type { Receipt } from '@fupin/whom/matching/department-form.ts'
import type { Part } from './content-files.ts'

/** Raised when the layout of parts changes: older snapshots are then refused, not misread. */
export const snapshotFormat = 1

/** Facts of one county, typed as rules read them. */
export interface CountyPart {
  code: string
  households: number
  persons: number
  leftOut: number
  errors: number
  doubts: number
  /** By entity (`household`, `member` ...), and `finding`. */
  parts: Record<string, Part>
  /** Digest of what it was read from: files, mapping, dictionary, layout. The same digest needs no reading again. */
  from: string
}

/** One department's file: its receipt, and its records typed. */
export interface DepartmentPart {
  list: string
  receipt: Receipt
  parts: Record<string, Part>
  from: string
}

export interface SnapshotManifest {
  format: number
  /** Digest of everything below but `created_at`. */
  id: string
  created_at: string
  made_up: boolean
  /** Digest of what gave fields their columns: `dictionaryShape`. */
  dictionary: string
  counties: CountyPart[]
  departments: DepartmentPart[]
  /** Numbers that more than one household of the region claims, and what was found only across counties. */
  across: Record<string, Part>
}

/** Digest of what columns mean: entities, their fields with type and scale, the order of enums' values. Labels and words may change. */
export function dictionaryShape({ entities, enums }: Dictionary): string {
  const fields = (entity: Entity): unknown => Object.values(entity.fields).map((f) => [f.name, f.type, f.enum ?? null, f.decimals ?? 0])
  const lists = (entity: Entity): unknown => Object.values(entity.lists).map((l) => [l.name, l.entity, l.department ?? null])
  const shape = [
    Object.values(entities).map((e) => [e.name, e.key ?? null, fields(e), lists(e)]),
    Object.entries(enums).map(([name, e]) => [name, e.values.map((v) => v.key)]),
  ]
  return `sha256:${sha256(JSON.stringify(shape))}`
}

/** The id of a snapshot: the digest of its parts. */
export function snapshotId(manifest: Omit<SnapshotManifest, 'id' | 'created_at'>): string {
  const { format, made_up, dictionary, counties, departments, across } = manifest
  return `sha256:${sha256(JSON.stringify({ format, made_up, dictionary, counties, departments, across }))}`
}

const current = 'manifest.json'

/** The snapshot that stands in a folder now, or the one with this id (`sha256:...`, or its first digits). Null: there is none yet. */
export async function readManifestOf(folder: string, id?: string): Promise<SnapshotManifest | null> {
  const name = id === undefined ? current : join('manifests', `${id.replace(/^sha256:/, '').slice(0, 16)}.json`)
  const text = await readFile(join(folder, name), 'utf8').catch(() => null)
  if (text === null) return null
  const manifest = JSON.parse(text) as SnapshotManifest
  if (manifest.format === snapshotFormat) return manifest
  throw new Problem('snapshot.format', {
    zh: `快照“${folder}”是另一版程序写的（格式 ${manifest.format}，本版读 ${snapshotFormat}）。请用 fupin snapshot 重新生成。`,
    en: `The snapshot "${folder}" was written by another version of the program (format ${manifest.format}; this one reads ${snapshotFormat}). Make it again with fupin snapshot.`,
  })
}

/** Keeps the manifest under its id for ever and makes it the one that stands. */
export async function keepManifest(folder: string, manifest: SnapshotManifest): Promise<void> {
  const text = `${JSON.stringify(manifest, null, 1)}\n`
  const hash = manifest.id.replace(/^sha256:/, '').slice(0, 16)
  for (const path of [join(folder, 'manifests', `${hash}.json`), join(folder, current)]) {
    await writeFile(`${path}.unfinished`, text)
    await rename(`${path}.unfinished`, path)
  }
}
