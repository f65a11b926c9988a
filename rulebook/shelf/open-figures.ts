import type { Book } from '../engine/book.ts'
import type { Published } from '../engine/figures/published.ts'
import { type BookFinding, Findings } from '../engine/finding.ts'
import type { BookFile } from '../engine/load/load-book.ts'
import { loadPublished } from '../engine/load/read-published.ts'
import { openBook, openWholeBook } from './open-book.ts'

/**
 * Opens a book with the tables, checks and contradictions of its documents, all computed once.
 * Findings of the figures come along; the book itself must be whole. @throws Problem where it is not.
 */
export async function openFigures(folder: string): Promise<{ book: Book; published: Published; findings: BookFinding[] }> {
  const { book, files, findings } = await openBook(folder)
  const whole = book && findings.length === 0 ? book : await openWholeBook(folder)
  const found = new Findings()
  return { book: whole, published: loadPublished(files, whole, found), findings: found.all }
}

/** What is wrong with the published figures of a book, beside the findings of the book itself. */
export function figureFindings(files: BookFile[], book: Book): BookFinding[] {
  const findings = new Findings()
  loadPublished(files, book, findings)
  return findings.all
}
