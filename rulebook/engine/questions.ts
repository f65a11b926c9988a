import type { Book, Case, Definition } from './book.ts'
import type { CompiledRule } from './compile/compiled.ts'
import { Compiler } from './compile/compiler.ts'
import { readFacts, readValue } from './facts.ts'
import type { Findings } from './finding.ts'
import type { Node } from './ir.ts'
import type { Dates } from './resolve.ts'
import type { Facts } from './run.ts'
import type { Value } from './types.ts'

/** A rule to be asked about given facts at a place and date: a case of the book, or a boundary twin made from one. */
export interface Question {
  rule: CompiledRule
  compiler: Compiler
  node: Node
  facts: Facts
  definition: Definition
  /** The case it is, or was made from. */
  source: Case
  twin: boolean
}

/** Compilers of one book by place and dates, so that each is built once. */
export class Compilers {
  private readonly made = new Map<string, Compiler>()

  constructor(
    readonly book: Book,
    private readonly findings: Findings,
  ) {}

  at(place: string, dates: Dates): Compiler {
    const key = `${place} ${dates.at} ${dates.incomeYear ?? ''}`
    let found = this.made.get(key)
    if (!found) {
      found = new Compiler(this.book, place, dates, this.findings)
      this.made.set(key, found)
    }
    return found
  }
}

/** The node of a rule for the line a case names; scorecards and items may have one for each line. */
export function nodeFor(rule: CompiledRule, line: string | null): Node {
  if (rule.score) return (rule.score.lines[line ?? ''] ?? Object.values(rule.score.lines)[0]!).total
  if (rule.item) return (rule.item.lines[line ?? ''] ?? Object.values(rule.item.lines)[0]!).node
  return rule.node
}

/** All cases of a book as questions. Cases whose rule does not compile are left out: their finding is there already. */
export function questionsOf(book: Book, compilers: Compilers, findings: Findings): Question[] {
  const questions: Question[] = []
  for (const definition of book.definitions) {
    const entity = book.dictionary.entities[definition.level]
    if (!entity) continue
    for (const source of definition.cases) {
      const dates: Dates = { at: source.at ?? book.referenceDate, incomeYear: source.incomeYear ?? undefined }
      const compiler = compilers.at(source.place ?? definition.place, dates)
      const rule = compiler.rule(definition.id, source.position)
      if (!rule) continue
      const facts = readFacts(source.given, entity, book.dictionary, findings)
      questions.push({ rule, compiler, node: nodeFor(rule, source.line), facts, definition, source, twin: false })
    }
  }
  return questions
}

/** The expected value of a case in engine units; undefined = unknown; null where the text cannot be the rule's value. */
export function expectedOf(question: Question): Value | undefined | null {
  const { expect } = question.source
  if (expect.unknown) return undefined
  const { type } = question.node
  const field = {
    name: 'expect',
    type: type.kind === 'enum' ? 'enum' : type.kind,
    label: { zh: '', en: '' },
    class: 'open',
    ...(type.kind === 'enum' ? { enum: type.name } : {}),
    ...(type.kind === 'int' ? { decimals: type.decimals } : {}),
  } as Parameters<typeof readValue>[0]
  return readValue(field, expect.text, question.compiler.book.dictionary) ?? null
}
