import type { Text } from './definition.ts'

/** One thing wrong in a book, where it stands, and what to do about it. All findings of a book come at once. */
export interface BookFinding extends Text {
  code: string
  file: string
  /** From 1. */
  line: number
  /** From 1. */
  column: number
  /** Length of the marked text, at least 1. */
  length: number
}

/** Where a text stands in a file of the book. */
export interface Place {
  file: string
  line: number
  column: number
  length: number
}

/** Collects findings while a book is read; nothing stops at the first one. */
export class Findings {
  readonly all: BookFinding[] = []

  /** Takes a place, a stable code and the sentence in both languages. */
  add(at: Place, code: string, zh: string, en: string): void {
    const { file, line, column, length } = at
    if (this.all.some((f) => f.file === file && f.line === line && f.column === column && f.code === code && f.en === en)) return
    this.all.push({ file, line, column, length, code, zh, en })
  }
}

/** `file:line:column code sentence`, one line a finding, in reading order. */
export function printFinding(finding: BookFinding, language: 'zh' | 'en'): string {
  return `${finding.file}:${finding.line}:${finding.column} [${finding.code}] ${finding[language]}`
}
