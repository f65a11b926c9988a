import { printDate } from './civil-date.ts'
import type { CompiledPart, CompiledRule } from './compile/compiled.ts'
import type { Compiler } from './compile/compiler.ts'
import { counterFacts } from './counter-facts.ts'
import type { Text } from './definition.ts'
import type { ExplainedPart, Explanation, FactRead, MissingFact, Told } from './explanation.ts'
import { printValue } from './facts.ts'
import { type Node, reachable } from './ir.ts'
import { labelOf, notAnswered, showField, showValue } from './labels.ts'
import { meaningOfBook } from './meaning.ts'
import { missingOf, reasonsOf } from './missing.ts'
import { type Facts, type Frames, Interpreter } from './run.ts'
import type { Value } from './types.ts'

/** Where a fact came from, in words: `入户调查 2015-10-23`. */
export type SourceOf = (path: string) => Text | undefined

/** Explains rules of one compiler for one entity at a time, in the published format (rulebook 3.5). */
export class Explainer {
  readonly interpreter = new Interpreter()
  private readonly meaning: string

  constructor(
    readonly compiler: Compiler,
    private readonly sourceOf: SourceOf = () => undefined,
    meaning?: string,
  ) {
    this.meaning = meaning ?? meaningOfBook(compiler.book)
  }

  /** The whole tree of one rule for the given facts. Scorecards group their items by category; `line` picks the points where lines differ. */
  explain(rule: CompiledRule, facts: Facts, line = ''): Explanation {
    const frames: Frames = [facts]
    const node = this.nodeOf(rule, line)
    const value = this.told(node, frames)
    const parts = rule.score
      ? this.categories(rule, facts, line)
      : rule.item
        ? [this.item(rule, facts, line)]
        : rule.parts.map((p) => this.part(rule, p, frames))
    const bounds = rule.score ? (rule.score.lines[line] ?? Object.values(rule.score.lines)[0]!) : rule.bounds
    return {
      rule: rule.id,
      version: rule.version.id,
      kind: rule.definition.kind,
      title: rule.definition.title,
      at: printDate(rule.at),
      place: rule.place,
      book: this.meaning,
      value,
      ...(bounds
        ? {
            score: {
              least: this.interpreter.evaluate(bounds.least, frames) as number,
              most: this.interpreter.evaluate(bounds.most, frames) as number,
            },
          }
        : {}),
      ...(value === 'unknown' ? { reasons: this.reasons(rule, node, frames, line) } : {}),
      missing: this.missing(rule, facts, line),
      confidence: rule.confidence,
      cite: rule.version.cite,
      parts,
      would_change: counterFacts(this, rule, facts, line),
    }
  }

  /** The node whose value the rule has; scorecards and their items have one for each line. */
  nodeOf(rule: CompiledRule, line: string): Node {
    if (rule.score) return (rule.score.lines[line] ?? Object.values(rule.score.lines)[0]!).total
    if (rule.item) return (rule.item.lines[line] ?? rule.item.lines[''] ?? Object.values(rule.item.lines)[0]!).node
    return rule.node
  }

  told(node: Node, frames: Frames): Told {
    return this.interpreter.evaluate(node, frames) ?? 'unknown'
  }

  /** The missing facts of a rule, each with how many undecided parts it would settle alone; the most helpful first. */
  missing(rule: CompiledRule, facts: Facts, line = ''): MissingFact[] {
    const frames: Frames = [facts]
    if (this.interpreter.evaluate(this.nodeOf(rule, line), frames) !== undefined) return []
    const leaves = rule.score
      ? rule.score.items.map((item) => this.nodeOf(item, line))
      : rule.parts.length
        ? flat(rule.parts)
            .filter((p) => p.parts.length === 0)
            .map((p) => p.node)
        : [this.nodeOf(rule, line)]
    const each = leaves.map((leaf) => missingOf(leaf, frames, this.interpreter, []))
    // A total is as unknown as its items; a standard may be decided though some of its parts are not.
    const whole = rule.score
      ? new Set(each.flatMap((own) => [...own]))
      : rule.parts.length
        ? missingOf(this.nodeOf(rule, line), frames, this.interpreter, [])
        : each[0]!
    const settles = new Map<string, number>()
    for (const own of each) {
      for (const path of own) if (whole.has(path)) settles.set(path, (settles.get(path) ?? 0) + (own.size === 1 ? 1 : 0))
    }
    return [...whole]
      .map((path) => ({ path, label: this.label(rule, path), settles: settles.get(path) ?? 0 }))
      .sort((a, b) => b.settles - a.settles || (a.path < b.path ? -1 : 1))
  }

  private reasons(rule: CompiledRule, node: Node, frames: Frames, line: string): string[] {
    if (!rule.score) return reasonsOf(node, frames, this.interpreter)
    return [...new Set(rule.score.items.flatMap((item) => reasonsOf(this.nodeOf(item, line), frames, this.interpreter)))].sort()
  }

  label(rule: CompiledRule, path: string): Text {
    return labelOf(path, rule.definition.level, this.compiler.book.dictionary)
  }

  /** One condition outside any list of criteria, such as who is in scope. */
  condition(rule: CompiledRule, node: Node, title: Text, facts: Facts, expr?: string): ExplainedPart {
    const frames: Frames = [facts]
    return {
      id: rule.id,
      title,
      kind: 'criterion',
      value: this.told(node, frames),
      ...(expr ? { expr } : {}),
      cite: rule.version.cite,
      confidence: rule.version.confidence,
      read: this.reads(rule, node, [node], frames),
      missing: [...missingOf(node, frames, this.interpreter, [])],
    }
  }

  private categories(rule: CompiledRule, facts: Facts, line: string): ExplainedPart[] {
    const score = rule.score!
    return score.body.categories.map((category) => {
      const items = score.items.filter((i) => i.item!.category === category.id).map((i) => this.item(i, facts, line))
      const sum = (pick: (p: ExplainedPart) => number): number => items.reduce((s, i) => s + pick(i), 0)
      const points = { least: sum((i) => i.points!.least), most: sum((i) => i.points!.most), of: sum((i) => i.points!.of) }
      return {
        id: category.id,
        title: category.title,
        kind: 'category',
        value: points.least === points.most && items.every((i) => i.value !== 'unknown') ? points.least : 'unknown',
        points,
        confidence: rule.version.confidence,
        cite: rule.version.cite,
        read: [],
        missing: [...new Set(items.flatMap((i) => i.missing))],
        parts: items,
      }
    })
  }

  private item(rule: CompiledRule, facts: Facts, line: string): ExplainedPart {
    const frames: Frames = [facts]
    const own = rule.item!.lines[line] ?? rule.item!.lines[''] ?? Object.values(rule.item!.lines)[0]!
    const value = this.told(own.node, frames)
    const looked = [rule.item!.of, rule.item!.per, ...rule.item!.show].filter((n) => n !== null)
    const [least, most] = typeof value === 'number' ? [value, value] : own.range
    return {
      id: rule.id,
      title: rule.definition.title,
      kind: 'item',
      value,
      points: { least, most, of: own.range[1] },
      cite: rule.version.cite,
      confidence: rule.confidence,
      ...(rule.version.body.kind === 'item' && rule.version.body.item.of ? { expr: rule.version.body.item.of.text } : {}),
      read: this.reads(rule, own, [...looked, own.node], frames),
      missing: value === 'unknown' ? [...missingOf(own.node, frames, this.interpreter, [])] : [],
      ...this.each(rule, own.node, frames),
    }
  }

  private part(rule: CompiledRule, part: CompiledPart, frames: Frames): ExplainedPart {
    const value = this.told(part.node, frames)
    return {
      id: part.id,
      title: part.title,
      kind: part.kind,
      value,
      ...(part.core === undefined ? {} : { core: part.core }),
      ...(part.expr ? { expr: part.expr } : {}),
      cite: part.cite,
      confidence: part.confidence,
      read: part.parts.length ? [] : this.reads(rule, part, [part.node], frames),
      missing: value === 'unknown' ? [...missingOf(part.node, frames, this.interpreter, [])] : [],
      ...(part.parts.length ? { parts: part.parts.map((p) => this.part(rule, p, frames)) } : this.each(rule, part.node, frames)),
    }
  }

  /** The facts, parameters and counts that an expression looked at. */
  private reads(rule: CompiledRule, owner: object, nodes: Node[], frames: Frames): FactRead[] {
    let known = readBy.get(owner)
    if (!known) {
      const named = reachable(nodes).flatMap((n): [string, Node][] => {
        const name = n.op === 'param' ? `p.${n.name}` : n.op === 'field' ? n.path : n.op === 'aggregate' ? n.list : null
        return name !== null && (n.op === 'param' || ('depth' in n && n.depth === 0)) ? [[name, n]] : []
      })
      known = [...new Map(named.reverse()).values()].reverse()
      readBy.set(owner, known)
    }
    return known.flatMap((node) => this.read(rule, node, frames) ?? [])
  }

  private read(rule: CompiledRule, node: Node, frames: Frames): FactRead | null {
    const { dictionary } = this.compiler.book
    if (node.op === 'param') {
      const { parameter, value, head } = this.compiler.parameters.get(node.name)!
      const type = node.type as FactRead['type'] extends string
        ? { kind: FactRead['type']; unit?: string | null; decimals?: number }
        : never
      return {
        path: `p.${node.name}`,
        label: head.title,
        value: printed(node, node.value),
        shown: showValue(type.kind, node.value, type.unit, type.decimals ?? 0),
        type: type.kind,
        ...(type.unit ? { unit: type.unit } : {}),
        from: printDate(value.from),
        place: parameter.place,
        cite: value.cite,
        confidence: value.confidence,
      }
    }
    if (node.op === 'field' && node.depth === 0) {
      const field = dictionary.entities[rule.definition.level]!.fields[node.field]!
      const value = this.interpreter.evaluate(node, frames)
      const source = this.sourceOf(node.path)
      return {
        path: node.path,
        label: field.label,
        value: value === undefined ? null : printed(node, value),
        shown: showField(field, value, dictionary),
        type: field.type,
        ...(field.unit ? { unit: field.unit } : {}),
        ...(source ? { source } : {}),
      }
    }
    if (node.op === 'aggregate' && node.depth === 0) {
      const list = dictionary.entities[rule.definition.level]!.lists[node.list]!
      const rows = frames[0]![node.list]
      const count = Array.isArray(rows) ? rows.length : null
      const source = this.sourceOf(node.list)
      const shown =
        count === null ? (list.department ? { zh: '未比对', en: 'not compared' } : notAnswered) : { zh: `${count} 条`, en: `${count} rows` }
      return { path: node.list, label: list.label, value: count, shown, type: 'int', ...(source ? { source } : {}) }
    }
    return null
  }

  /** Row by row what a list test found, for rules that walk over members or records. */
  private each(rule: CompiledRule, node: Node, frames: Frames): { each?: NonNullable<ExplainedPart['each']> } {
    const { dictionary } = this.compiler.book
    const rows: NonNullable<ExplainedPart['each']> = []
    for (const { walk, fields } of walksOf(node)) {
      const children = frames[0]![walk.list]
      const test = walk.filter ?? walk.body
      if (!Array.isArray(children) || !test) continue
      const entity = dictionary.entities[dictionary.entities[rule.definition.level]!.lists[walk.list]!.entity]!
      for (const [i, child] of children.entries()) {
        const inner: Frames = [frames[0]!, child]
        const read = fields.map((f): FactRead => {
          const field = entity.fields[f.field]!
          const value = this.interpreter.evaluate(f, inner)
          return {
            path: `${walk.list}[${i + 1}].${f.field}`,
            label: field.label,
            value: value === undefined ? null : printed(f, value),
            shown: showField(field, value, dictionary),
            type: field.type,
          }
        })
        rows.push({ member: i + 1, list: walk.list, value: this.told(walk.body ?? walk.filter!, inner), read })
      }
    }
    return rows.length ? { each: rows } : {}
  }
}

/** What a part or item reads depends on the rule alone, so it is worked out once for each. */
const readBy = new WeakMap<object, Node[]>()
const walkedBy = new WeakMap<Node, Walk[]>()

/** A list test of the root, and the fields of its rows that it looks at. */
interface Walk {
  walk: Node & { op: 'aggregate' }
  fields: (Node & { op: 'field' })[]
}

function walksOf(node: Node): Walk[] {
  const known = walkedBy.get(node)
  if (known) return known
  const walks = reachable([node]).flatMap((walk): Walk[] => {
    if (walk.op !== 'aggregate' || walk.depth !== 0) return []
    const inside = reachable([walk.filter, walk.body].filter((n) => n !== null))
    return [{ walk, fields: inside.filter((n): n is Node & { op: 'field' } => n.op === 'field' && n.depth === 1) }]
  })
  walkedBy.set(node, walks)
  return walks
}

const printed = (node: Node, value: Value): string | number | boolean => (node.type.kind === 'date' ? printValue(node.type, value) : value)
const flat = (parts: CompiledPart[]): CompiledPart[] => parts.flatMap((p) => [p, ...flat(p.parts)])
