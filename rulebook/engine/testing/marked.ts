import { Compiler } from '../compile/compiler.ts'
import { Findings } from '../finding.ts'
import { type Files, findingsOf, lowered, referenceDates, tinyBook } from './tiny-book.ts'

/** Text with the place of each mark `«…»` taken out: what the marks enclose is what a finding must point at. */
export function unmark(text: string): { text: string; marks: { line: number; column: number; length: number }[] } {
  const marks: { line: number; column: number; length: number }[] = []
  let [line, column, out] = [1, 1, '']
  const open: { line: number; column: number; start: number }[] = []
  for (const char of text) {
    if (char === '«') open.push({ line, column, start: out.length })
    else if (char === '»') {
      const { start, ...at } = open.pop()!
      marks.push({ ...at, length: out.length - start })
    } else {
      out += char
      ;[line, column] = char === '\n' ? [line + 1, 1] : [line, column + 1]
    }
  }
  return { text: out, marks }
}

/** Checks one expression about a household; says each finding as `code column+length`, and where the marks are in the same words. */
export function checked(marked: string, about: 'household' | 'village' = 'household'): { found: string[]; marked: string[] } {
  const { text, marks } = unmark(marked)
  const findings = new Findings()
  lowered(new Compiler(tinyBook().book, '450000', referenceDates, findings), text, about)
  return { found: findings.all.map((f) => `${f.code} ${f.column}+${f.length}`), marked: marks.map((m) => `${m.column}+${m.length}`) }
}

/** Checks a whole small book one of whose files has marks; gives `code line:column` of all findings, and `line:column` of the marks. */
export function checkedBook(file: string, marked: string, files: Files = {}): { found: string[]; marks: string[] } {
  const { text, marks } = unmark(marked)
  const found = findingsOf({ ...files, [file]: text }).map((f) => `${f.file === file ? '' : `${f.file}:`}${f.line}:${f.column} ${f.code}`)
  return { found, marks: marks.map((m) => `${m.line}:${m.column}`) }
}
