import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { Problem } from '@fupin/platform/problems/problem.ts'
import type { Book } from '../engine/book.ts'
import { type BookFinding, printFinding } from '../engine/finding.ts'
import { type BookFile, loadBook } from '../engine/load/load-book.ts'

/** The folder of the books that come with the product. */
export const booksFolder = new URL('../books/', import.meta.url).pathname

/** Reads a book from its folder: all YAML and CSV files below it. Findings come along; `book` is null only where there is no book.yaml. */
export async function openBook(folder: string): Promise<{ book: Book | null; findings: BookFinding[]; files: BookFile[] }> {
  const names = await readdir(folder, { recursive: true }).catch(() => [] as string[])
  const wanted = names.filter((n) => n.endsWith('.yaml') || n.endsWith('.csv')).sort()
  const files = await Promise.all(
    wanted.map(async (name) => ({
      path: relative(folder, join(folder, name)).split(sep).join('/'),
      text: await readFile(join(folder, name), 'utf8'),
    })),
  )
  return { ...loadBook(files), files }
}

/** Opens a book that must be whole. @throws Problem with the first findings, one a line, where it is not. */
export async function openWholeBook(folder: string): Promise<Book> {
  const { book, findings } = await openBook(folder)
  if (book && findings.length === 0) return book
  const lines = (language: 'zh' | 'en'): string =>
    findings
      .slice(0, 20)
      .map((f) => printFinding(f, language))
      .join('\n')
  throw new Problem(book ? 'book.broken' : 'book.missing', {
    zh: `规则簿“${folder}”有 ${findings.length} 处要改：\n${lines('zh')}`,
    en: `The book "${folder}" has ${findings.length} findings:\n${lines('en')}`,
  })
}
