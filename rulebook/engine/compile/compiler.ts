import type { Book, Definition, Group, Item, Part, Points, Scorecard, Version } from '../book.ts'
import { Bounds } from '../bounds.ts'
import type { Cite, Confidence } from '../definition.ts'
import { confidences } from '../definition.ts'
import type { Findings, Place } from '../finding.ts'
import { type Node, Nodes, reachable } from '../ir.ts'
import type { Expr } from '../load/reader.ts'
import type { LowerContext, Variable } from '../lower/context.ts'
import { lower } from '../lower/lower.ts'
import { type Ast, parse, SyntaxProblem } from '../parse.ts'
import { addRanges } from '../ranges.ts'
import { type Dates, type ResolvedParameter, resolveParameter, resolveRule } from '../resolve.ts'
import type { Type } from '../types.ts'
import { bool, int, isNumber, typeName } from '../types.ts'
import { compileItem } from './compile-item.ts'
import type { CompiledItem, CompiledPart, CompiledRule, CompiledScore } from './compiled.ts'

/** The weaker of two confidences; the order is that of `confidences`. */
export const weaker = (a: Confidence, b: Confidence): Confidence => (confidences.indexOf(a) >= confidences.indexOf(b) ? a : b)

/**
 * Compiles rules of one book for one place and date. Resolve first, compile after: parameters are values by now.
 * All findings go to one collector; a rule that has any gives null.
 */
export class Compiler {
  readonly nodes = new Nodes()
  readonly parameters = new Map<string, ResolvedParameter>()
  private readonly done = new Map<string, CompiledRule | null>()
  private readonly open: string[] = []
  /** Rules that the one being compiled refers to; their confidence is part of its own. */
  private readonly referred: Set<CompiledRule>[] = []
  private readonly limits = new Bounds(this.nodes)

  constructor(
    readonly book: Book,
    readonly place: string,
    readonly dates: Dates,
    readonly findings: Findings,
  ) {}

  /** Compiles a rule about its own level as root. `from` is where the reference stands, for findings. */
  rule(id: string, from: Place): CompiledRule | null {
    return this.ruleAt(id, from, null)
  }

  /** The value of a parameter, as a typed constant. */
  parameter(name: string, at: Place): ResolvedParameter | null {
    const found = resolveParameter(this.book, name, this.place, this.dates)
    if ('why' in found) {
      this.findings.add(at, `param.${found.why}`, found.zh, found.en)
      return null
    }
    this.parameters.set(name, found)
    return found
  }

  private ruleAt(id: string, from: Place, at: Variable | null): CompiledRule | null {
    const key = `${id}@${at?.depth ?? 0}@${at?.prefix ?? this.rootPrefix(id)}`
    if (this.done.has(key)) return this.done.get(key)!
    if (this.open.includes(key)) {
      this.findings.add(
        from,
        'rule.cycle',
        `规则互相引用成圈：${[...this.open, key].map((k) => k.split('@')[0]).join(' → ')}。`,
        `Rules refer to each other in a circle: ${[...this.open, key].map((k) => k.split('@')[0]).join(' → ')}.`,
      )
      return null
    }
    const found = resolveRule(this.book, id, this.place, this.dates)
    if ('why' in found) {
      this.findings.add(from, `rule.${found.why}`, found.zh, found.en)
      return null
    }
    this.open.push(key)
    this.referred.push(new Set())
    const compiled = found.version.ended ? null : this.version(found.definition, found.version, at)
    this.referred.pop()
    this.open.pop()
    this.done.set(key, compiled)
    return compiled
  }

  /** How names of facts begin where the rule is asked about its own level: such a reference is the rule itself. */
  private rootPrefix(id: string): string {
    const level = this.book.definitions.find((d) => d.id === id)?.level
    return `${level && this.book.dictionary.entities[level]?.variable}.`
  }

  private version(definition: Definition, version: Version, at: Variable | null): CompiledRule | null {
    const entity = this.book.dictionary.entities[definition.level]
    const { body } = version
    if (body.kind === 'code-list' || body.kind === 'form') return null
    if (!entity) {
      this.findings.add(
        definition.at,
        'level.unknown',
        `层级“${definition.level}”不在数据字典里。`,
        `Level "${definition.level}" is not in the dictionary.`,
      )
      return null
    }
    const variable: Variable = at ?? { entity: entity.name, depth: 0, prefix: `${entity.variable}.` }
    const cx = this.context(new Map([[entity.variable, variable]]), version)
    const bare = { id: definition.id, definition, version, place: this.place, at: this.dates.at, bounds: null, item: null, score: null }
    const lets = (): { name: string; node: Node }[] =>
      version.lets.flatMap(({ name }) => {
        const node = cx.lets.get(name)?.()
        return node ? [{ name, node }] : []
      })
    const finish = (node: Node | null, parts: CompiledPart[], more: Partial<CompiledRule> = {}): CompiledRule | null => {
      if (!node) return null
      const all = [node, ...Object.values(more.item?.lines ?? {}).map((l) => l.node)]
      const confidence = this.confidence(version, parts, all, more.score ?? null)
      return { ...bare, node, parts, lets: lets(), confidence, ...more }
    }
    const above = Object.values(entity.lists).some((l) => Object.keys(this.book.dictionary.entities[l.entity]?.lists ?? {}).length > 0)
    const decide = (node: Node | null): Node | null => (node && above && node.type.kind === 'bool' ? this.limits.decide(node) : node)
    switch (body.kind) {
      case 'derived': {
        const node = decide(this.expression(body.value, cx, body.type))
        if (node && !sameType(node.type, body.type)) {
          this.findings.add(
            body.value.at,
            'derived.type',
            `说是 ${typeName(body.type)}，算出来是 ${typeName(node.type)}。`,
            `Declared ${typeName(body.type)}, but the value is ${typeName(node.type)}.`,
          )
          return null
        }
        if (!node || !above || !isNumber(node.type)) return finish(node, [])
        const [least, most] = this.limits.of(node)
        return finish(node, [], { bounds: { least, most } })
      }
      case 'veto': {
        const when = this.condition(body.when, cx)
        const unless = body.unless.map((p) => this.part(p, cx, version, 'exception', decide))
        if (!when || unless.some((p) => !p)) return null
        const parts = unless as CompiledPart[]
        const main = this.whole(definition, version, body.when, when)
        return finish(parts.length ? this.and([when, this.not(this.or(parts.map((p) => p.node)))]) : when, [main, ...parts])
      }
      case 'check': {
        const when = this.condition(body.when, cx)
        return when && finish(when, [this.whole(definition, version, body.when, when)])
      }
      case 'standard': {
        const group = this.group(body.group, cx, version, decide)
        return group && finish(group.node, group.parts)
      }
      case 'item':
        return this.item(definition, version, body.item, cx, finish)
      case 'scorecard':
        return this.scorecard(definition, body.scorecard, cx, finish)
    }
  }

  /** The one condition of a veto or data rule, as the part that explanations show and cases must cover. */
  private whole(definition: Definition, version: Version, when: Expr, node: Node): CompiledPart {
    const { cite, confidence } = version
    return { id: 'when', title: definition.title, kind: 'criterion', cite, confidence, expr: when.text, node, parts: [], at: when.at }
  }

  private confidence(version: Version, parts: CompiledPart[], nodes: Node[], score: CompiledScore | null): Confidence {
    let weakest = version.confidence
    const walk = (part: CompiledPart): void => {
      weakest = weaker(weakest, part.confidence)
      part.parts.forEach(walk)
    }
    parts.forEach(walk)
    for (const node of reachable(nodes))
      if (node.op === 'param') weakest = weaker(weakest, this.parameters.get(node.name)?.value.confidence ?? 'OFF')
    for (const rule of [...this.referred.at(-1)!, ...(score ? [...score.items, ...score.vetoes] : [])])
      weakest = weaker(weakest, rule.confidence)
    return weakest
  }

  /** What expressions of one version can name. Lets are lowered when first read, and may name earlier ones. */
  private context(variables: Map<string, Variable>, version: Version): LowerContext & { at: Place } {
    const lets = new Map<string, () => Node | null>()
    const cx: LowerContext & { at: Place } = {
      dictionary: this.book.dictionary,
      nodes: this.nodes,
      asof: this.dates.at,
      variables,
      lets,
      at: version.at,
      param: (name, ast) => {
        const found = this.parameter(name, within(cx.at, ast))
        return found ? { value: found.value.value, type: found.head.type } : null
      },
      rule: (id, part, ast, inner) => this.reference(id, part, within(cx.at, ast), inner),
      report: (ast, code, zh, en) => this.findings.add(within(cx.at, ast), code, zh, en),
    }
    const busy = new Set<string>()
    for (const { name, expr } of version.lets) {
      let made: Node | null | undefined
      lets.set(name, () => {
        if (made !== undefined) return made
        if (busy.has(name)) {
          this.findings.add(expr.at, 'let.cycle', `let“${name}”引用了自己。`, `let "${name}" refers to itself.`)
          return null
        }
        busy.add(name)
        made = this.expression(expr, cx, null)
        busy.delete(name)
        return made
      })
    }
    return cx
  }

  private reference(id: string, part: string | null, at: Place, variables: Map<string, Variable>): Node | null {
    const level = this.book.definitions.find((d) => d.id === id)?.level
    const variable = [...variables.values()].filter((v) => v.entity === level).sort((a, b) => b.depth - a.depth)[0]
    if (level && !variable) {
      this.findings.add(
        at,
        'rule.level',
        `规则“${id}”说的是 ${level}，这里没有。`,
        `Rule "${id}" is about ${level}, and there is none here.`,
      )
      return null
    }
    const rule = this.ruleAt(id, at, variable ?? null)
    if (rule) this.referred.at(-1)?.add(rule)
    if (!rule && this.ended(id))
      this.findings.add(
        at,
        'rule.ended',
        `“${id}”此时已没有（status: none），不能引用。`,
        `"${id}" does not exist at this time (status: none) and cannot be referred to.`,
      )
    if (!rule || !part) return rule?.node ?? null
    const flat = (parts: CompiledPart[]): CompiledPart[] => parts.flatMap((p) => [p, ...flat(p.parts)])
    const found = flat(rule.parts).find((p) => p.id === part)
    if (!found) this.findings.add(at, 'rule.part', `规则“${id}”没有分项“${part}”。`, `Rule "${id}" has no part "${part}".`)
    return found?.node ?? null
  }

  /** Parses and lowers one expression; findings point into it. */
  expression(expr: Expr, cx: LowerContext & { at: Place }, expected: Type | null): Node | null {
    const outer = cx.at
    cx.at = expr.at
    try {
      return lower(parse(expr.text), cx, expected)
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error
      this.findings.add(
        within(expr.at, error),
        'expr.syntax',
        `表达式写法有误：${error.message}`,
        `The expression cannot be read: ${error.message}`,
      )
      return null
    } finally {
      cx.at = outer
    }
  }

  condition(expr: Expr, cx: LowerContext & { at: Place }): Node | null {
    const node = this.expression(expr, cx, bool)
    if (node && node.type.kind !== 'bool') {
      this.findings.add(
        expr.at,
        'type.bool',
        `条件要是“是或否”，不是 ${typeName(node.type)}。`,
        `A condition must be yes or no, not ${typeName(node.type)}.`,
      )
      return null
    }
    return node
  }

  private part(
    part: Part,
    cx: LowerContext & { at: Place },
    version: Version,
    kind: 'exception' | 'criterion',
    decide: (n: Node | null) => Node | null,
  ): CompiledPart | null {
    const cite: Cite = { ...version.cite, ...part.cite, doc: part.cite?.doc || version.cite.doc }
    const shared = {
      id: part.id,
      title: part.title,
      cite,
      confidence: part.confidence ?? version.confidence,
      at: part.at,
      ...(part.core === undefined ? {} : { core: part.core }),
    }
    const when = part.when ? decide(this.condition(part.when, cx)) : null
    const group = part.group ? this.group(part.group, cx, version, decide) : null
    if ((part.when && !when) || (part.group && !group)) return null
    if (!when && !group) return null
    const node = when && group ? this.and([when, group.node]) : (when ?? group!.node)
    return { ...shared, kind: group ? 'group' : kind, ...(part.when ? { expr: part.when.text } : {}), node, parts: group?.parts ?? [] }
  }

  private group(
    group: Group,
    cx: LowerContext & { at: Place },
    version: Version,
    decide: (n: Node | null) => Node | null,
  ): { node: Node; parts: CompiledPart[] } | null {
    const compile = (parts: Part[] | undefined, kind: 'exception' | 'criterion'): (CompiledPart | null)[] =>
      (parts ?? []).map((p) => this.part(p, cx, version, kind, decide))
    const [all, any, unless] = [compile(group.all_of, 'criterion'), compile(group.any_of, 'criterion'), compile(group.unless, 'exception')]
    const parts = [...all, ...any, ...unless]
    if (parts.some((p) => !p) || parts.length === 0) return null
    const nodes = (list: (CompiledPart | null)[]): Node[] => list.map((p) => p!.node)
    const conditions = [
      ...nodes(all),
      ...(any.length ? [this.or(nodes(any))] : []),
      ...(unless.length ? [this.not(this.or(nodes(unless)))] : []),
    ]
    return { node: this.and(conditions), parts: parts as CompiledPart[] }
  }

  private item(
    definition: Definition,
    version: Version,
    item: Item,
    cx: LowerContext & { at: Place },
    finish: Finish,
  ): CompiledRule | null {
    const compiled: CompiledItem | null = compileItem(this, definition, version, item, cx)
    if (!compiled) return null
    const main = Object.values(compiled.lines)[0]!
    return finish(main.node, [], { item: compiled })
  }

  private scorecard(definition: Definition, body: Scorecard, cx: LowerContext & { at: Place }, finish: Finish): CompiledRule | null {
    const ids = [
      ...new Set(this.book.definitions.filter((d) => d.kind === 'item' && d.scorecard === definition.id).map((d) => d.id)),
    ].filter((id) => !this.ended(id))
    const order = (r: CompiledRule): number => body.categories.findIndex((c) => c.id === r.item!.category)
    const items = ids.flatMap((id) => this.rule(id, definition.at) ?? []).sort((a, b) => order(a) - order(b))
    if (ids.length === 0) {
      this.findings.add(
        definition.at,
        'scorecard.empty',
        `评分表“${definition.id}”没有任何指标。`,
        `Scorecard "${definition.id}" has no items.`,
      )
      return null
    }
    const vetoIds = body.vetoes.filter((id) => !this.ended(id))
    const vetoes = vetoIds.flatMap((id) => this.rule(id, body.vetoesAt) ?? [])
    const scope = body.scope && this.condition(body.scope, cx)
    const persons = body.persons && this.expression(body.persons, cx, int)
    if (items.length !== ids.length || vetoes.length !== vetoIds.length || (body.scope && !scope) || (body.persons && !persons)) return null
    const lines: CompiledScore['lines'] = {}
    for (const line of body.lines.length ? body.lines : ['']) lines[line] = this.total(items, line)
    const main = Object.values(lines)[0]!
    return finish(main.total, [], {
      bounds: { least: main.least, most: main.most },
      score: { body, items, vetoes, scope: scope || null, persons: persons || null, lines },
    })
  }

  /** Whether the rule is said not to exist at this place and time: a scorecard goes on without such an item or veto. */
  private ended(id: string): boolean {
    const found = resolveRule(this.book, id, this.place, this.dates)
    return 'version' in found && found.version.ended
  }

  /** The total of a line: strict, and with every gap at its least and at its most. */
  private total(items: CompiledRule[], line: string): CompiledScore['lines'][string] {
    const of = (rule: CompiledRule): { node: Node; range: [number, number] } => rule.item!.lines[line] ?? rule.item!.lines['']!
    const filled = (gap: (range: [number, number]) => number): Node[] =>
      items.map((rule) => {
        const { node, range } = of(rule)
        const value = gap(range)
        return this.nodes.make({
          op: 'orElse',
          type: int,
          a: node,
          b: this.nodes.make({ op: 'const', type: int, value, range: [value, value] }),
          range,
        })
      })
    const sum = (i: 0 | 1): number => items.reduce((s, rule) => s + of(rule).range[i], 0)
    return {
      total: this.sum(items.map((rule) => of(rule).node)),
      known: this.sum(filled(() => 0)),
      least: this.sum(filled((r) => r[0])),
      most: this.sum(filled((r) => r[1])),
      range: [sum(0), sum(1)],
    }
  }

  /** A balanced tree of additions, so that no back end meets a hundred nested brackets. */
  private sum(nodes: Node[]): Node {
    if (nodes.length === 1) return nodes[0]!
    const half = Math.ceil(nodes.length / 2)
    const [a, b] = [this.sum(nodes.slice(0, half)), this.sum(nodes.slice(half))]
    return this.nodes.make({ op: 'add', type: int, a, b, guard: false, range: a.range && b.range ? addRanges(a.range, b.range) : null })
  }

  and(args: Node[]): Node {
    return args.length === 1 ? args[0]! : this.nodes.make({ op: 'and', type: bool, args, range: null })
  }

  or(args: Node[]): Node {
    return args.length === 1 ? args[0]! : this.nodes.make({ op: 'or', type: bool, args, range: null })
  }

  not(a: Node): Node {
    return this.nodes.make({ op: 'not', type: bool, a, range: null })
  }
}

type Finish = (node: Node | null, parts: CompiledPart[], more?: Partial<CompiledRule>) => CompiledRule | null

/** The place of a part of an expression. Expressions are one line; in folded text the line stays that of the start. */
export function within(at: Place, span: { start: number; end: number }): Place {
  return { file: at.file, line: at.line, column: at.column + span.start, length: Math.max(1, span.end - span.start) }
}

function sameType(a: Type, b: Type): boolean {
  if (a.kind === 'enum' && b.kind === 'enum') return a.name === b.name
  if (a.kind === 'int' && b.kind === 'int') return a.decimals === b.decimals
  return a.kind === b.kind
}

/** Points of one answer for one line of the scorecard. */
export const pointsFor = (points: Points, line: string): number => points[line] ?? points[''] ?? 0
export type { Ast }
