import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { type Finding, finding } from '@fupin/platform/problems/finding.ts'
import { parseDocument } from 'yaml'

/** How one file's columns and words become fields and values of the dictionary. */
export interface FileMapping {
  /** Column in the file: field of the dictionary. */
  columns?: Record<string, string>
  /** Field: word in the file: what it means (key of an enum, `true`, `false`, a number, or empty for unknown). */
  values?: Record<string, Record<string, string>>
  /** Field: the value every row has. */
  constants?: Record<string, string>
  /** Field: the unit in which its column is written (公顷). */
  units?: Record<string, string>
  /** Name of the sheet in a workbook, or of several with the same header. */
  sheet?: string
  sheets?: string[]
  /** File of this part beside the others, where its name does not say it. */
  file?: string
  /** Name of the repeat group in the households' file whose numbered columns are the rows of this part. */
  repeat?: string
}

/** `mapping.yaml` beside the survey: one part a list, `households` and `members` first. */
export type SurveyMapping = Record<string, FileMapping>

/** Reads `mapping.yaml` (`.json` too); what is not understood is a finding with its line. */
export async function readMapping(path: string): Promise<{ mapping: SurveyMapping; findings: Finding[] }> {
  const file = basename(path)
  const text = await readFile(path, 'utf8')
  if (extname(path) === '.json') return { mapping: JSON.parse(text) as SurveyMapping, findings: [] }
  const document = parseDocument(text)
  const findings = document.errors.map((error) =>
    finding({
      file,
      row: error.linePos?.[0].line ?? null,
      code: 'bad_mapping',
      zh: `对照文件第 ${error.linePos?.[0].line ?? '?'} 行读不懂：${error.message.split('\n')[0]}`,
      en: `The mapping file cannot be read at line ${error.linePos?.[0].line ?? '?'}: ${error.message.split('\n')[0]}`,
    }),
  )
  return { mapping: findings.length ? {} : texts(document.toJS() ?? {}), findings }
}

/** YAML reads `1: true` as number and yes/no; the files hold texts. */
function texts(read: Record<string, FileMapping>): SurveyMapping {
  const asText = (record: Record<string, unknown> | undefined) =>
    Object.fromEntries(Object.entries(record ?? {}).map(([k, v]) => [String(k), v === null || v === undefined ? '' : String(v)]))
  return Object.fromEntries(
    Object.entries(read).map(([part, m]) => [
      part,
      {
        ...(m?.sheet === undefined ? {} : { sheet: String(m.sheet) }),
        ...(m?.sheets === undefined ? {} : { sheets: [m.sheets].flat().map(String) }),
        ...(m?.file === undefined ? {} : { file: String(m.file) }),
        ...(m?.repeat === undefined ? {} : { repeat: String(m.repeat) }),
        units: asText(m?.units),
        columns: asText(m?.columns),
        constants: asText(m?.constants),
        values: Object.fromEntries(Object.entries(m?.values ?? {}).map(([field, words]) => [field, asText(words)])),
      },
    ]),
  )
}
