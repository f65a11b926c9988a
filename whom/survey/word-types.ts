import { type Duck, quoteText } from '@fupin/platform/database/duckdb.ts'
import type { Dictionary } from '@fupin/rulebook/engine/dictionary.ts'
import { wordsOf } from './cell-sql.ts'
import type { FieldSource } from './column-plan.ts'

export interface WordType {
  type: string
  ordinals: number[]
}

/** DuckDB enum types for the words that files may use; fields with the same words share one. Two tables may be read side by side, so the names have the table's name. */
export class WordTypes {
  private readonly made = new Map<string, WordType>()

  constructor(
    private readonly duck: Duck,
    private readonly dictionary: Dictionary,
    private readonly table: string,
  ) {}

  /** The type for a yes/no or enum field; null for other fields. */
  async of(source: FieldSource): Promise<WordType | null> {
    const { field, words: mapped } = source
    if (field.type !== 'enum' && field.type !== 'bool') return null
    const key = JSON.stringify([field.type === 'bool' ? '' : field.enum, mapped])
    const known = this.made.get(key)
    if (known) return known
    const words = wordsOf(field, this.dictionary, mapped)
    const made = { type: `_words_${this.table}_${this.made.size + 1}`, ordinals: [...words.values()] }
    await this.duck.run(
      `drop type if exists ${made.type}; create type ${made.type} as enum (${[...words.keys()].map(quoteText).join(', ')})`,
    )
    this.made.set(key, made)
    return made
  }

  async drop(): Promise<void> {
    for (const { type } of this.made.values()) await this.duck.run(`drop type if exists ${type}`)
    this.made.clear()
  }
}
