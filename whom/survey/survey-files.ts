import { readdir, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { workbookSheets } from '@fupin/platform/exchange/open-workbook.ts'
import { type Finding, finding } from '@fupin/platform/problems/finding.ts'
import { Problem } from '@fupin/platform/problems/problem.ts'

/** Where the rows of one entity stand. */
export interface PartFile {
  path: string
  sheet?: string
}

export interface SurveyFiles {
  parts: Map<string, PartFile>
  mapping: string | null
  findings: Finding[]
}

const formats = ['.parquet', '.csv', '.csv.gz', '.xlsx']
const chinese: Record<string, string[]> = { households: ['农户', '户', '家庭'], members: ['家庭成员', '成员', '人口'] }

/**
 * The files of a survey: a folder with `households.*` and a file for each list (`members.*`), a workbook with sheets of those names,
 * or one file of households. `mapping.yaml` may stand beside.
 */
export async function findSurveyFiles(survey: string, lists: readonly string[]): Promise<SurveyFiles> {
  const there = await stat(survey).catch(() => null)
  if (!there)
    throw new Problem('no_survey', {
      zh: `没有找到调查数据“${survey}”。请核对路径。`,
      en: `There is no survey at “${survey}”. Check the path.`,
    })
  const names = ['households', ...lists]
  return there.isDirectory() ? inFolder(survey, names) : inFile(survey, names)
}

async function inFolder(folder: string, names: string[]): Promise<SurveyFiles> {
  const present = await readdir(folder)
  const parts = new Map<string, PartFile>()
  const findings: Finding[] = []
  for (const name of names) {
    const [first, ...others] = formats
      .flatMap((format) => [name, ...(chinese[name] ?? [])].map((n) => n + format))
      .filter((file) => present.includes(file))
    if (first) parts.set(name, { path: join(folder, first) })
    findings.push(...others.map((file) => notRead(file, first!)))
  }
  if (!parts.has('households')) {
    const zh = `“${folder}”里没有 households.csv、households.xlsx 或 households.parquet。`
    throw new Problem('no_households', { zh, en: `“${folder}” has no households.csv, households.xlsx or households.parquet.` })
  }
  const mapping = present.includes('mapping.yaml') ? join(folder, 'mapping.yaml') : null
  return { parts, mapping, findings }
}

async function inFile(path: string, names: string[]): Promise<SurveyFiles> {
  const parts = new Map<string, PartFile>([['households', { path }]])
  if (extname(path).toLowerCase() === '.xlsx') {
    const sheets = (await workbookSheets(path)).map((s) => s.name)
    for (const name of names) {
      const sheet = sheets.find((s) => [name, ...(chinese[name] ?? [])].includes(s))
      if (sheet) parts.set(name, { path, sheet })
    }
  }
  const beside = path.slice(0, -extname(path).length)
  const mapping =
    (await Promise.all([`${beside}.mapping.yaml`].map(async (file) => ((await stat(file).catch(() => null)) ? file : null))))[0] ?? null
  return { parts, mapping, findings: [] }
}

const notRead = (file: string, read: string): Finding =>
  finding({
    file: basename(file),
    code: 'file_not_read',
    severity: 'doubt',
    zh: `有“${read}”，所以没有读“${file}”。只留一份，以免弄错。`,
    en: `“${file}” was not read, because “${read}” is there. Keep one to avoid mistakes.`,
  })
