/** A sentence in both languages. */
export interface Sentence {
  zh: string
  en: string
}

/**
 * Something the person can act on: what happened, why, what to do next, in both languages.
 * Any other error is ours and keeps its stack.
 */
export class Problem extends Error {
  readonly code: string
  readonly zh: string
  readonly en: string

  constructor(code: string, sentence: Sentence, options?: { cause?: unknown }) {
    super(`${sentence.zh} ${sentence.en}`, options)
    this.name = 'Problem'
    this.code = code
    this.zh = sentence.zh
    this.en = sentence.en
  }
}

/** The sentence of any error: its own for a problem, else the plain message in both places. */
export function sentenceOf(error: unknown): Sentence {
  if (error instanceof Problem) return { zh: error.zh, en: error.en }
  const message = error instanceof Error ? error.message : String(error)
  return { zh: `程序出错：${message}`, en: `The program failed: ${message}` }
}
