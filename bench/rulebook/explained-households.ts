import type { Book } from '@fupin/rulebook/engine/book.ts'
import { Explainer } from '@fupin/rulebook/engine/explain.ts'
import { meaningOfBook } from '@fupin/rulebook/engine/meaning.ts'
import { rulesOn } from '@fupin/rulebook/engine/testing/explanation-check.ts'
import { Random } from '@fupin/rulebook/engine/testing/random.ts'
import { edgesOf, randomFacts } from '@fupin/rulebook/engine/testing/random-facts.ts'

/** What one round of explaining took. Runs in Node and in a browser alike: no I/O. */
export interface Explained {
  /** Milliseconds for each household. */
  times: number[]
  rules: number
  items: number
  /** Of JSON, a household. */
  bytes: number
}

/**
 * Explains so many households, one after the other: `card` = the scorecard of the identification with every item, every veto and what would
 * change; `all` = every rule of the book about a household (items stand in their scorecard).
 */
export function explainHouseholds(book: Book, what: 'card' | 'all', households: number, warm: number): Explained {
  const { rules, compiler } = rulesOn(book)
  const about = rules.filter((r) => r.definition.level === 'household' && r.definition.kind !== 'item')
  const card = about.find((r) => r.id === book.identify!.scorecard)!
  const chosen = what === 'card' ? [card, ...card.score!.vetoes] : about
  const explainer = new Explainer(compiler, undefined, meaningOfBook(book))
  const random = new Random(1)
  const edges = edgesOf([card.node])
  const gaps = { field: 0.02, list: 0.05, emptyList: 0.5, rows: 5 }
  const all = Array.from({ length: households }, () => randomFacts(random, book.dictionary, 'household', edges, gaps))
  for (let i = 0; i < warm; i++) for (const rule of chosen) explainer.explain(rule, all[i % households]!)
  let bytes = 0
  const times = all.map((facts, i) => {
    const start = performance.now()
    const told = chosen.map((rule) => explainer.explain(rule, facts))
    const took = performance.now() - start
    if (i % 20 === 0) bytes += JSON.stringify(told).length
    return took
  })
  return { times, rules: chosen.length, items: card.score!.items.length, bytes: bytes / Math.ceil(households / 20) }
}

/** What a page calls: reads a book from its files and explains. */
export async function explainFromFiles(
  files: { path: string; text: string }[],
  what: 'card' | 'all',
  households: number,
  warm: number,
): Promise<Explained> {
  const { loadBook } = await import('@fupin/rulebook/engine/load/load-book.ts')
  return explainHouseholds(loadBook(files).book!, what, households, warm)
}
