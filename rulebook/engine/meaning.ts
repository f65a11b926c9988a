import type { Book, Definition, Parameter } from './book.ts'
import { canonical, sha256 } from './hash.ts'

/** Raised when the engine itself changes what a rule means; old runs keep the number they were made with. */
export const meaningVersion = 1

/** Keys that carry words, places in files and examples, not meaning. */
const wordless = new Set([
  'at',
  'title',
  'label',
  'cases',
  'position',
  'covers',
  'cite',
  'confidence',
  'vetoesAt',
  'show',
  'card',
  'ask',
  'aliases',
  'issuer',
  'url',
  'note',
  'monotone',
])

/**
 * The meaning of one definition or parameter: sha256 over canonical JSON with `like` resolved, without titles, comments and cases.
 * Two texts that decide every household alike for the same reasons of form have one hash.
 */
export const meaningOf = (one: Definition | Parameter): string => sha256(canonical(strip(one)))

/** The meaning of a whole book, with its dictionary and tables: what pins a run. */
export function meaningOfBook(book: Book): string {
  const rules = book.definitions.map((d) => `${d.place} ${d.id} ${meaningOf(d)}`).sort()
  const parameters = book.parameters.map((p) => `${p.place} ${p.id} ${meaningOf(p)}`).sort()
  const dictionary = sha256(canonical(strip(book.dictionary)))
  return `sha256:${sha256(canonical({ engine: meaningVersion, root: book.root, sets: strip(book.sets), rules, parameters, dictionary, tables: book.tables }))}`
}

/** The hash of the files as they are, wording included. */
export const contentOfBook = (book: Book): string => `sha256:${sha256(canonical(book.files))}`

/** An expression keeps its text and loses its place; the rest loses words. */
function strip(value: unknown): unknown {
  if (Array.isArray(value)) return inOrder(value.map(strip))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, v]) => (wordless.has(key) && !(key === 'at' && typeof v !== 'object') ? [] : [[key, strip(v)]])),
  )
}

/** Points by answer and lets stand in the file as a map: their order says nothing. All other lists keep theirs. */
function inOrder(list: unknown[]): unknown[] {
  const name = (one: unknown): string | null => {
    if (one === null || typeof one !== 'object') return null
    const [keys, of] = [Object.keys(one).sort().join(), one as Record<string, unknown>]
    return keys === 'key,points' ? String(of.key) : keys === 'expr,name' ? String(of.name) : null
  }
  if (list.length === 0 || list.some((one) => name(one) === null)) return list
  return [...list].sort((a, b) => (name(a)! < name(b)! ? -1 : 1))
}
