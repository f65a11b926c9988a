import type { Book, Group, Part } from '../book.ts'
import type { CompiledPart, CompiledRule } from '../compile/compiled.ts'
import { Compiler } from '../compile/compiler.ts'
import { type Confidence, confidences } from '../definition.ts'
import { Explainer } from '../explain.ts'
import type { ExplainedPart, Explanation, Told } from '../explanation.ts'
import { Findings } from '../finding.ts'
import { missingOf } from '../missing.ts'
import { resolveRule } from '../resolve.ts'
import type { Facts } from '../run.ts'
import type { Random } from './random.ts'
import { edgesOf, randomFacts } from './random-facts.ts'
import { nowhere } from './tiny-book.ts'

/** Every rule of a book at a place and day: what explanations are checked for. Rules without a version then are left out. */
export function rulesOn(book: Book, place = book.root, at = book.referenceDate): { rules: CompiledRule[]; compiler: Compiler } {
  const compiler = new Compiler(book, place, { at }, new Findings())
  const ids = [...new Set(book.definitions.filter((d) => d.kind !== 'code-list' && d.kind !== 'form').map((d) => d.id))]
  const standing = ids.filter((id) => {
    const found = resolveRule(book, id, place, { at })
    return 'version' in found && !found.version.ended
  })
  return { rules: standing.flatMap((id) => compiler.rule(id, nowhere) ?? []), compiler }
}

/**
 * Explains every rule for random households and holds each explanation against the facts themselves: values, parts put together again,
 * points added up, missing facts, what each of them settles, and every "would change" tried. Gives what is not so, in sentences.
 */
export function checkExplanations(random: Random, book: Book, households: number, place = book.root, at = book.referenceDate): string[] {
  const { rules, compiler } = rulesOn(book, place, at)
  const explainer = new Explainer(compiler, undefined, 'sha256:test')
  return rules.flatMap((rule) => {
    const edges = edgesOf([rule.node])
    const lines = rule.score ? Object.keys(rule.score.lines) : rule.item ? Object.keys(rule.item.lines) : ['']
    return Array.from({ length: households }).flatMap(() => {
      const gaps = {
        field: random.pick([0, 0.05, 0.3]),
        list: random.pick([0, 0.05]),
        emptyList: 0.2,
        rows: 3,
        offered: random.pick([0.9, 1]),
      }
      const facts = randomFacts(random, book.dictionary, rule.definition.level, edges, gaps)
      const line = random.pick(lines)
      const check = new Check(explainer, rule, facts, line)
      return check.wrong.map((w) => `${rule.id}${line ? `@${line}` : ''}: ${w} of ${JSON.stringify(facts).slice(0, 2000)}`)
    })
  })
}

class Check {
  readonly wrong: string[] = []
  private readonly told: Explanation

  constructor(
    private readonly explainer: Explainer,
    private readonly rule: CompiledRule,
    private readonly facts: Facts,
    private readonly line: string,
  ) {
    this.told = explainer.explain(rule, facts, line)
    this.head()
    this.missing()
    this.parts()
    this.rows()
    this.changes()
  }

  private must(so: boolean, what: string): void {
    if (!so) this.wrong.push(what)
  }

  private ask(facts: Facts): Told {
    return this.explainer.interpreter.evaluate(this.explainer.nodeOf(this.rule, this.line), [facts]) ?? 'unknown'
  }

  private head(): void {
    const { told, rule } = this
    this.must(told.value === this.ask(this.facts), `says ${told.value}, is ${this.ask(this.facts)}`)
    this.must(told.rule === rule.id && told.version === rule.version.id && told.place === rule.place, 'names another version')
    this.must(told.at.replaceAll('-', '') === String(rule.at), `says the day ${told.at}`)
    // A verdict is no surer than what it was made of.
    const used = leavesOf(told.parts).flatMap((p) => [p.confidence, ...p.read.flatMap((r) => r.confidence ?? [])])
    const rank = (c: Confidence): number => confidences.indexOf(c)
    this.must(
      used.every((c) => rank(c) <= rank(told.confidence)),
      `is said to be ${told.confidence}, rests on ${used}`,
    )
    if (!told.score) return
    const { least, most } = told.score
    this.must(
      typeof told.value === 'number' ? least === told.value && most === told.value : least <= most,
      `score [${least}, ${most}] for ${told.value}`,
    )
  }

  private missing(): void {
    const { told, rule } = this
    const named = [...new Set(told.missing.map((m) => m.path.replaceAll(/\[\d+\]/g, '')))].sort().join()
    const node = this.explainer.nodeOf(rule, this.line)
    const own = [...missingOf(node, [this.facts], this.explainer.interpreter)].sort().join()
    this.must(named === own, `misses [${named}], should [${own}]`)
    this.must(
      told.missing.every((m) => m.label.zh !== '' && m.label.en !== ''),
      'a missing fact has no name in words',
    )
    for (const { path } of told.missing) this.must(isGap(this.facts, path), `${path} is said to be missing, and is there`)
    const leaves = leavesOf(told.parts)
    if (rule.parts.length || rule.score)
      for (const m of told.missing) {
        const settles = leaves.filter((p) => p.value === 'unknown' && p.missing.length === 1 && p.missing[0] === m.path).length
        this.must(m.settles === settles, `${m.path} is said to settle ${m.settles}, settles ${settles}`)
      }
  }

  /** Puts the verdict together again from the parts as told, by the structure that stands in the book. */
  private parts(): void {
    const { told, rule } = this
    const { body } = rule.version
    const by = new Map(told.parts.map((p) => [p.id, p]))
    if (body.kind === 'standard') {
      const whole = together(body.group, told.parts)
      this.must(whole === told.value, `its parts make ${whole}, it says ${told.value}`)
    } else if (body.kind === 'veto') {
      const exceptions = body.unless.map((u) => by.get(u.id)!.value)
      const whole = all([by.get('when')!.value, ...(exceptions.length ? [negated(any(exceptions))] : [])])
      this.must(whole === told.value, `condition and exceptions make ${whole}, it says ${told.value}`)
    } else if (rule.score) {
      const items = told.parts.flatMap((c) => c.parts ?? [])
      this.must(items.length === rule.score.items.length, `${items.length} items of ${rule.score.items.length}`)
      const sum = (of: (p: ExplainedPart) => number): number => items.reduce((s, p) => s + of(p), 0)
      const [least, most] = [sum((p) => p.points!.least), sum((p) => p.points!.most)]
      this.must(
        least === told.score!.least && most === told.score!.most,
        `items add up to [${least}, ${most}], it says ${JSON.stringify(told.score)}`,
      )
      for (const c of told.parts) {
        const own = (of: 'least' | 'most'): number => (c.parts ?? []).reduce((s, p) => s + p.points![of], 0)
        for (const end of ['least', 'most'] as const)
          this.must(own(end) === c.points![end], `category ${c.id} says ${c.points![end]}, has ${own(end)}`)
      }
    }
    this.eachPart(rule.parts, told.parts)
  }

  private eachPart(own: CompiledPart[], told: ExplainedPart[]): void {
    for (const [i, part] of own.entries()) {
      const shown = told[i]!
      const value = this.explainer.interpreter.evaluate(part.node, [this.facts]) ?? 'unknown'
      this.must(shown.id === part.id && shown.value === value, `part ${part.id} is ${value}, told ${shown.id} ${shown.value}`)
      const missing = [...missingOf(part.node, [this.facts], this.explainer.interpreter)].sort().join()
      const named = [...new Set(shown.missing.map((m) => m.replaceAll(/\[\d+\]/g, '')))].sort().join()
      this.must(missing === named, `part ${part.id} misses [${missing}], told [${named}]`)
      this.eachPart(part.parts, shown.parts ?? [])
    }
  }

  /** What is shown as read is what the facts say, row by row. */
  private rows(): void {
    const text = (value: unknown): string => String(value ?? null).replaceAll('-', '')
    for (const part of leavesOf(this.told.parts)) {
      for (const read of part.read) {
        if (!/^\w+\.\w+$/.test(read.path) || read.path.startsWith('p.')) continue
        const fact = this.facts[read.path.split('.')[1]!]
        this.must(text(read.value) === text(fact), `${read.path} is shown as ${read.value}, is ${fact}`)
      }
      for (const row of part.each ?? [])
        for (const read of row.read) {
          const fact = (this.facts[row.list] as Facts[])[row.member - 1]![read.path.split('.').at(-1)!]
          this.must(text(read.value) === text(fact), `${read.path} is shown as ${read.value}, is ${fact}`)
          this.must(read.path.startsWith(`${row.list}[${row.member}].`), `${read.path} stands in row ${row.member}`)
        }
    }
  }

  private changes(): void {
    const missing = new Set(this.told.missing.map((m) => m.path))
    for (const change of this.told.would_change) {
      const set = Object.fromEntries(Object.entries(change.set).map(([path, value]) => [path.split('.')[1]!, value]))
      const after = this.ask({ ...this.facts, ...set })
      const what = JSON.stringify(change.set)
      this.must(after === change.value, `${what} is said to give ${change.value}, gives ${after}`)
      this.must(after !== this.told.value, `${what} changes nothing`)
      if (this.told.value === 'unknown')
        this.must(
          Object.keys(change.set).every((path) => missing.has(path)),
          `${what} is no missing fact`,
        )
    }
  }
}

const leavesOf = (parts: ExplainedPart[]): ExplainedPart[] => parts.flatMap((p) => (p.parts?.length ? leavesOf(p.parts) : [p]))

/** Whether a path such as `members[2].insured` or `h.poor` leads to nothing. */
function isGap(facts: Facts, path: string): boolean {
  const steps = path.split('.')
  let at: Facts | undefined = facts
  if (/^[a-z]$/.test(steps[0]!)) steps.shift()
  for (const step of steps.slice(0, -1)) {
    const [, list, row] = /^(\w+)\[(\d+)\]$/.exec(step) ?? []
    const rows: unknown = list && at?.[list]
    at = Array.isArray(rows) ? rows[Number(row) - 1] : undefined
  }
  return at !== undefined && (at[steps.at(-1)!] ?? null) === null
}

const all = (values: Told[]): Told => (values.includes(false) ? false : values.includes('unknown') ? 'unknown' : true)
const any = (values: Told[]): Told => (values.includes(true) ? true : values.includes('unknown') ? 'unknown' : false)
const negated = (value: Told): Told => (value === 'unknown' ? value : !value)

function together(group: Group, told: ExplainedPart[]): Told {
  const value = (part: Part): Told => told.find((t) => t.id === part.id)!.value
  const values = (parts: Part[] | undefined): Told[] => (parts ?? []).map(value)
  return all([
    ...values(group.all_of),
    ...(group.any_of?.length ? [any(values(group.any_of))] : []),
    ...(group.unless?.length ? [negated(any(values(group.unless)))] : []),
  ])
}
