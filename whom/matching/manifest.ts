import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { readDate } from '@fupin/rulebook/engine/civil-date.ts'
import type { Text } from '@fupin/rulebook/engine/definition.ts'

/** `<file>.manifest.json`: what a department says of the file it hands over. */
export interface Manifest {
  department: string
  /** Path of the data file, beside the manifest. */
  path: string
  legalBasis: string | null
  /** yyyymmdd */
  asOf: number
  rows: number
  sha256: string
}

export type ManifestRead = { manifest: Manifest } | { absent: true } | { refused: Refusal }

/** Why a file is not taken: a stable code, where, and the sentence. */
export interface Refusal extends Text {
  code: string
  file: string
  value: string | null
}

/** Reads a manifest and compares the data file with its checksum. */
export async function readManifest(path: string, department: string): Promise<ManifestRead> {
  const file = basename(path)
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return { absent: true }
  const refuse = (code: string, zh: string, en: string, value: string | null = null, of = file): ManifestRead => ({
    refused: { code, file: of, value, zh, en },
  })
  const said = parse(text)
  if (!said) return refuse('bad_manifest', '清单不是 JSON，读不懂。请重新取一份。', 'The manifest is no JSON. Fetch it again.')
  const asOf = typeof said.as_of === 'string' ? readDate(said.as_of) : null
  const missing = ['department', 'file', 'sha256'].filter((key) => typeof said[key] !== 'string' || said[key] === '')
  if (!Number.isInteger(said.rows)) missing.push('rows')
  if (asOf === null) missing.push('as_of')
  if (missing.length) {
    const names = missing.join('、')
    return refuse(
      'bad_manifest',
      `清单缺少或写错：${names}。请部门补正。`,
      `The manifest lacks or misstates: ${names}. Ask the department to correct it.`,
      names,
    )
  }
  const manifest: Manifest = {
    department: said.department as string,
    path: await dataFile(dirname(path), basename(said.file as string)),
    legalBasis: legalBasis(said.legal_basis),
    asOf: asOf!,
    rows: said.rows as number,
    sha256: (said.sha256 as string).toLowerCase(),
  }
  if (manifest.department !== department) {
    const [zh, en] = [
      `清单写的部门是“${manifest.department}”，这里应是“${department}”。文件没有收下。`,
      `The manifest names department “${manifest.department}”, here it must be “${department}”. File not taken.`,
    ]
    return refuse('wrong_department', zh, en, manifest.department)
  }
  const data = basename(manifest.path)
  if (!(await stat(manifest.path).catch(() => null))?.isFile()) {
    return refuse(
      'no_data_file',
      `清单里的文件“${data}”没有随交。请重新取一份。`,
      `The file “${data}” of the manifest is not there. Fetch it again.`,
      data,
    )
  }
  const found = await sha256(manifest.path)
  if (found !== manifest.sha256) {
    return refuse(
      'wrong_checksum',
      '文件没有收下：校验和与清单不同，多半没传完。请重新取一份。',
      'File not taken: its checksum differs from the manifest, probably cut off. Fetch it again.',
      found,
      data,
    )
  }
  return { manifest }
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''))
    return value && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** The data file: as the manifest names it, or that name with the ending of a format that is read. */
async function dataFile(folder: string, name: string): Promise<string> {
  for (const ending of ['', '.csv', '.parquet', '.xlsx', '.csv.gz']) {
    const path = join(folder, `${name}${ending}`)
    if ((await stat(path).catch(() => null))?.isFile()) return path
  }
  return join(folder, name)
}

/** The legal basis as one text: a manifest may give it in one language or in both. */
function legalBasis(said: unknown): string | null {
  if (typeof said === 'string') return said
  const zh = (said as { zh?: unknown } | null)?.zh
  return typeof zh === 'string' ? zh : null
}
