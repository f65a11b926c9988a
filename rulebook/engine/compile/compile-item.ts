import type { Definition, Item, Points, Version } from '../book.ts'
import type { Findings, Place } from '../finding.ts'
import type { Node } from '../ir.ts'
import type { Expr } from '../load/reader.ts'
import { isRounded } from '../lower/basics.ts'
import type { LowerContext } from '../lower/context.ts'
import { clampRange, everything, mulRanges, overflows } from '../ranges.ts'
import type { Type, Value } from '../types.ts'
import { bool, int, isNumber, typeName } from '../types.ts'
import { type Bound, faults, type Interval, readCell } from './cells.ts'
import type { CompiledItem } from './compiled.ts'
import type { Compiler } from './compiler.ts'

type Context = LowerContext & { at: Place }
interface Answer {
  test: Node | null
  key: string | null
  points: Points
  at: Place
}

/** Compiles a scored item: points by answer, by band of a number, or by tiers of conditions. */
export function compileItem(compiler: Compiler, definition: Definition, version: Version, item: Item, cx: Context): CompiledItem | null {
  const { findings } = compiler
  const forms = [item.points.length > 0, item.bands.length > 0, item.tiers.length > 0].filter(Boolean).length
  if (forms !== 1) {
    findings.add(
      version.at,
      'item.form',
      '一个指标要有 points、bands、tiers 三者之一。',
      'An item has exactly one of points, bands, tiers.',
    )
    return null
  }
  const of = item.of ? compiler.expression(item.of, cx, null) : null
  const per = item.per ? compiler.expression(item.per, cx, int) : null
  if ((item.of && !of) || (item.per && !per)) return null
  if (!of && item.tiers.length === 0) {
    findings.add(version.at, 'item.of', '要写看哪一项（of）。', 'What is looked at (of) is missing.')
    return null
  }
  const answers = item.points.length
    ? byAnswer(compiler, item, of!)
    : item.bands.length
      ? byBand(compiler, item, of!, per, cx)
      : byTier(compiler, item, cx)
  if (!answers) return null
  const lines = linesOf(compiler, definition, answers)
  const made: CompiledItem['lines'] = {}
  for (const line of lines) {
    const points = answers.map((a) => a.points[line] ?? a.points[''])
    const missing = answers.find((_, i) => points[i] === undefined)
    if (missing) {
      findings.add(missing.at, 'item.points.line', `没有“${line}”这条线的分。`, `There are no points for the line "${line}".`)
      return null
    }
    const all = points as number[]
    const range: [number, number] = [Math.min(...all), Math.max(...all)]
    if (item.range && line === '' && (item.range[0] !== range[0] || item.range[1] !== range[1]))
      findings.add(
        version.at,
        'item.range',
        `range 写 [${item.range}]，各答案是 [${range}]。`,
        `range says [${item.range}], the answers give [${range}].`,
      )
    made[line] = { node: pointsNode(compiler, of, answers, all), range }
  }
  const show = item.show.flatMap((e) => compiler.expression(e, cx, null) ?? [])
  const points = answers.map((a, i) => ({
    test: a.test,
    key: a.key,
    at: a.at,
    points: Object.fromEntries(lines.map((l) => [l, answers[i]!.points[l] ?? answers[i]!.points['']!])),
  }))
  return { category: definition.category ?? '', of, per, show, lines: made, answers: points }
}

/** The lines with points of their own; `''` where one number serves all. */
function linesOf(compiler: Compiler, definition: Definition, answers: Answer[]): string[] {
  const scorecard = compiler.book.definitions.find((d) => d.id === definition.scorecard)
  const named = scorecard?.versions.flatMap((v) => (v.body.kind === 'scorecard' ? v.body.scorecard.lines : [])) ?? []
  if (!scorecard)
    compiler.findings.add(
      definition.at,
      'item.scorecard',
      `没有评分表“${definition.scorecard ?? ''}”。`,
      `There is no scorecard "${definition.scorecard ?? ''}".`,
    )
  return answers.some((a) => !('' in a.points)) ? [...new Set(named)] : ['']
}

function pointsNode(compiler: Compiler, of: Node | null, answers: Answer[], points: number[]): Node {
  const constant = (n: number): Node => compiler.nodes.make({ op: 'const', type: int, value: n, range: [n, n] })
  const range: [number, number] = [Math.min(...points), Math.max(...points)]
  if (answers.every((a) => a.key !== null)) {
    const table = answers.map((a, i) => [of!.type.kind === 'bool' ? a.key === 'true' : (a.key as Value), points[i]!] as const)
    return compiler.nodes.make({ op: 'lookup', type: int, a: of!, table, range })
  }
  return answers.reduceRight<Node>(
    (rest, answer, i) => {
      const own = constant(points[i]!)
      // The last band needs no test: what no other band takes is its own, and a gap was refused before.
      if (i === answers.length - 1 || !answer.test) return own
      return compiler.nodes.make({ op: 'if', type: int, c: answer.test, a: own, b: rest, range })
    },
    constant(points.at(-1)!),
  )
}

function byAnswer(compiler: Compiler, item: Item, of: Node): Answer[] | null {
  const { findings } = compiler
  const keys =
    of.type.kind === 'bool'
      ? ['true', 'false']
      : of.type.kind === 'enum'
        ? (compiler.book.dictionary.enums[of.type.name]?.values.map((v) => v.key) ?? [])
        : null
  if (!keys) {
    findings.add(
      item.of!.at,
      'item.points.type',
      `points 只用于“是或否”和代码；${typeName(of.type)} 请用 bands。`,
      `points serve yes-or-no and enums; for ${typeName(of.type)} use bands.`,
    )
    return null
  }
  const wrong = item.points.filter((p) => !keys.includes(p.key))
  for (const p of wrong)
    findings.add(
      p.at,
      'enum.key',
      `没有答案“${p.key}”；有：${keys.join('、')}。`,
      `There is no answer "${p.key}"; there are ${keys.join(', ')}.`,
    )
  const without = keys.filter((key) => !item.points.some((p) => p.key === key))
  const refused = without.length > 0 && !item.otherUnknown
  if (refused)
    findings.add(
      item.of!.at,
      'enum.withoutPoints',
      `这些答案没有分：${without.join('、')}。若本题不提供这些答案，写 other: unknown。`,
      `These answers have no points: ${without.join(', ')}. Where the question does not offer them, write other: unknown.`,
    )
  return wrong.length || refused ? null : item.points.map((p) => ({ test: null, key: p.key, points: p.points, at: p.at }))
}

function byBand(compiler: Compiler, item: Item, of: Node, per: Node | null, cx: Context): Answer[] | null {
  const { findings } = compiler
  if (!isNumber(of.type)) {
    findings.add(
      item.of!.at,
      'item.bands.type',
      `bands 只用于数，不是 ${typeName(of.type)}。`,
      `bands serve numbers, not ${typeName(of.type)}.`,
    )
    return null
  }
  if (isRounded(of)) {
    findings.add(
      item.of!.at,
      'expr.perCompared',
      '分档前不要先除：写 of 和 per，由机器交叉相乘。',
      'Do not divide before banding: write of and per; they are compared crosswise.',
    )
    return null
  }
  const answers: Answer[] = []
  const intervals: Interval[] = []
  let open = false
  for (const [i, band] of item.bands.entries()) {
    const cell = readCell(band.is)
    if (!cell) {
      findings.add(
        band.at,
        'band.form',
        `“${band.is.text}”不是区间。写作 5、[2..5]、< 13、>= 3 或 else。`,
        `"${band.is.text}" is no band. Write 5, [2..5], < 13, >= 3 or else.`,
      )
      return null
    }
    if (cell.kind === 'else') {
      open = true
      if (i !== item.bands.length - 1) findings.add(band.at, 'band.else', 'else 只能在最后。', 'else can only stand last.')
      answers.push({ test: null, key: null, points: band.points, at: band.at })
      continue
    }
    const low = cell.low && bound(compiler, cell.low, of.type, cx)
    const high = cell.high && bound(compiler, cell.high, of.type, cx)
    if ((cell.low && !low) || (cell.high && !high)) return null
    const tests = [
      low && compare(compiler, low.closed ? '>=' : '>', of, low.node, per),
      high && compare(compiler, high.closed ? '<=' : '<', of, high.node, per),
    ].filter((t) => t !== null)
    const equal = cell.low && cell.high && cell.low.expr === cell.high.expr
    answers.push({
      test: equal ? compare(compiler, '==', of, low!.node, per) : compiler.and(tests),
      key: null,
      points: band.points,
      at: band.at,
    })
    intervals.push({
      low: low && { value: numberOf(low.node), closed: low.closed },
      high: high && { value: numberOf(high.node), closed: high.closed },
    })
  }
  const range = per ? ([0, Number.MAX_SAFE_INTEGER] as const) : (of.range ?? everything)
  const { gap, unreached } = faults(intervals, range, !per)
  for (const i of unreached)
    findings.add(
      item.bands[i]!.at,
      'band.unreached',
      '前面的区间已全部盖住它，轮不到。',
      'The bands above it take everything; it is never reached.',
    )
  if (gap !== null && !open)
    findings.add(item.of!.at, 'band.gap', `区间之间有空档，例如 ${gap}。`, `The bands leave a gap, for example at ${gap}.`)
  return answers
}

/** A bound is a parameter, an expression without facts, or a plain number in the unit of what is looked at. */
function bound(compiler: Compiler, bound: Bound, type: Type, cx: Context): { node: Node; closed: boolean } | null {
  const plain = /^(-?)(\d+)(?:\.(\d+))?$/.exec(bound.expr.text)
  if (plain) {
    const decimals = type.kind === 'money' ? 2 : type.kind === 'int' ? type.decimals : 0
    const fraction = (plain[3] ?? '').padEnd(decimals, '0')
    if (fraction.length > decimals) {
      compiler.findings.add(bound.expr.at, 'value.decimals', `至多 ${decimals} 位小数。`, `At most ${decimals} decimals.`)
      return null
    }
    const value = Number(plain[2]! + fraction) * (plain[1] ? -1 : 1)
    return { node: compiler.nodes.make({ op: 'const', type, value, range: [value, value] }), closed: bound.closed }
  }
  const node = compiler.expression(bound.expr, cx, type)
  if (!node) return null
  if (node.op !== 'const' && node.op !== 'param') {
    compiler.findings.add(bound.expr.at, 'band.bound', '区间的端点要是数或参数。', 'A bound must be a number or a parameter.')
    return null
  }
  const fits = node.type.kind === type.kind && (node.type.kind !== 'int' || type.kind !== 'int' || node.type.decimals === type.decimals)
  if (!fits)
    compiler.findings.add(
      bound.expr.at,
      'type.mix',
      `端点是 ${typeName(node.type)}，比的是 ${typeName(type)}。`,
      `The bound is ${typeName(node.type)}, compared is ${typeName(type)}.`,
    )
  return fits ? { node, closed: bound.closed } : null
}

const numberOf = (node: Node): number => (node.op === 'const' || node.op === 'param' ? (node.value as number) : 0)

/** `of` against `bound`, or crosswise against `bound * per`: thresholds are never compared with a rounded quotient. */
function compare(compiler: Compiler, by: '>=' | '>' | '<=' | '<' | '==', of: Node, bound: Node, per: Node | null): Node {
  const wide = mulRanges(bound.range ?? everything, per?.range ?? everything)
  const right = per
    ? compiler.nodes.make({ op: 'mul', type: bound.type, a: bound, b: per, guard: overflows(wide), range: clampRange(wide) })
    : bound
  return compiler.nodes.make({ op: 'compare', by, type: bool, a: of, b: right, range: null })
}

function byTier(compiler: Compiler, item: Item, cx: Context): Answer[] | null {
  const answers: Answer[] = []
  for (const tier of item.tiers) {
    const test = tier.when && compiler.condition(tier.when, cx)
    if (tier.when && !test) return null
    answers.push({ test: test || null, key: null, points: tier.points, at: tier.at })
  }
  const last = answers.at(-1)!
  const early = answers.slice(0, -1).find((a) => !a.test)
  if (last.test)
    return complain(
      compiler.findings,
      last.at,
      'tiers.else',
      '最后一档要是 else: true，否则有人落在各档之外。',
      'The last tier must be else: true, or some fall outside all tiers.',
    )
  if (early)
    return complain(compiler.findings, early.at, 'tiers.unreachable', '它后面的档永远轮不到。', 'The tiers behind it are never reached.')
  return answers
}

function complain(findings: Findings, at: Place, code: string, zh: string, en: string): null {
  findings.add(at, code, zh, en)
  return null
}

export type { Expr }
