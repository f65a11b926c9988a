import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { markedSheet, type SheetMarks } from './workbook/mark-sheet.ts'
import { MarkStyles } from './workbook/mark-styles.ts'
import { readSheetDirectory } from './workbook/sheet-directory.ts'
import { openArchive } from './workbook/zip-reader.ts'
import { ZipWriter } from './workbook/zip-writer.ts'

/**
 * Writes the workbook again with marks: red and yellow cells, and a column of reasons in each sheet that is named. Every other part, sheet, cell and
 * style is as it was. The file appears whole or not at all.
 * @param marks by name of the sheet
 */
export async function markWorkbook(path: string, out: string, marks: ReadonlyMap<string, SheetMarks>): Promise<void> {
  const archive = await openArchive(path)
  const unfinished = `${out}.unfinished`
  await mkdir(dirname(out), { recursive: true })
  try {
    const { sheets } = await readSheetDirectory(archive)
    const parts = new Map(sheets.flatMap(({ name, part }) => (marks.has(name) ? [[part, marks.get(name)!] as const] : [])))
    const styles = new MarkStyles((await archive.text('xl/styles.xml')) ?? '')
    const file = createWriteStream(unfinished)
    const failed = once(file, 'error').then(([error]) => Promise.reject(error))
    failed.catch(() => {})
    const work = async () => {
      const zip = new ZipWriter(file)
      // Sheets first: they say which twins the styles need.
      for (const name of archive.names) {
        const sheet = parts.get(name)
        if (sheet) await zip.entry(name, markedSheet(archive.stream(name), sheet, styles))
        else if (name !== 'xl/styles.xml') await zip.entry(name, archive.stream(name))
      }
      if (archive.names.includes('xl/styles.xml')) await zip.entry('xl/styles.xml', [styles.text()])
      await zip.end()
      file.end()
      await once(file, 'close')
    }
    await Promise.race([work(), failed])
    await rename(unfinished, out)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  } finally {
    archive.close()
  }
}
