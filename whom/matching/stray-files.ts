import { readdir } from 'node:fs/promises'
import { type Finding, finding } from '@fupin/platform/problems/finding.ts'
import type { DepartmentForm } from './department-form.ts'

const data = /\.(csv|csv\.gz|parquet|xlsx)$/

/** Files in a folder of departments that nothing would read: a data file without its manifest, a manifest that no form of the book knows. */
export async function strayFiles(folder: string, forms: readonly DepartmentForm[]): Promise<Finding[]> {
  const present = (await readdir(folder).catch(() => [] as string[])).sort()
  const known = new Set(forms.map((f) => f.file))
  const manifests = new Set(present.filter((n) => n.endsWith('.manifest.json')).map((n) => n.slice(0, -'.manifest.json'.length)))
  const bare = present.filter((n) => data.test(n) && known.has(n.replace(data, '')) && !manifests.has(n.replace(data, '')))
  return [
    ...bare.map((file) =>
      finding({
        file,
        code: 'no_manifest',
        zh: '文件没有收下：没有随交清单（同名的 .manifest.json），不知道来自哪个部门、截至哪天、有没有传完。请部门补交清单。',
        en: 'File not taken: it came without its manifest (.manifest.json of the same name), so department, day and completeness are unknown. Ask for it.',
      }),
    ),
    ...[...manifests]
      .filter((name) => !known.has(name))
      .map((name) =>
        finding({
          file: `${name}.manifest.json`,
          code: 'unknown_department_file',
          severity: 'doubt',
          zh: `规则簿里没有叫“${name}”的部门文件，没有读。请核对文件名。`,
          en: `The book knows no department file called “${name}”; it was not read. Check the name.`,
        }),
      ),
  ]
}
