import { readdir } from 'node:fs/promises'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import type { BookFile } from '@fupin/rulebook/engine/load/load-book.ts'
import { booksFolder, openBook, openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'

/** Every book that comes with the product. */
const names = async (): Promise<string[]> =>
  (await readdir(booksFolder, { withFileTypes: true })).filter((e) => e.isDirectory()).map((e) => e.name)

export const allBooks = async (): Promise<Book[]> => Promise.all((await names()).map((name) => openWholeBook(`${booksFolder}${name}`)))

/** Their files, for an engine that reads them itself. */
export const allFiles = async (): Promise<BookFile[][]> =>
  Promise.all((await names()).map(async (name) => (await openBook(`${booksFolder}${name}`)).files))
