import type { Proof } from './proofs.ts'

/** A bug to be planted: an expression of the engine's source, what stands there instead, and the proof that must find it. */
export interface PlantedBug {
  bug: string
  file: string
  right: string
  wrong: string
  by: Proof
}

const of = (file: string, bugs: [bug: string, right: string, wrong: string, by?: Proof][]): PlantedBug[] =>
  bugs.map(([bug, right, wrong, by = 'second reading']) => ({ bug, file, right, wrong, by }))

/** Bugs of every kind of rule, in what all three engines share and in what explains and tests them. */
export const plantedBugs: PlantedBug[] = [
  ...of('compile/compile-item.ts', [
    ['a band open at its lower end is closed', "low.closed ? '>=' : '>'", "'>='"],
    ['a band closed at its upper end is open', "high.closed ? '<=' : '<'", "'<'"],
    ['a band holds at either end', 'compiler.and(tests)', 'compiler.or(tests)'],
    ['a single number is a band up to it', "compare(compiler, '==', of, low!.node, per)", "compare(compiler, '<=', of, low!.node, per)"],
    [
      'points of the first line for every line',
      "answers.map((a) => a.points[line] ?? a.points[''])",
      "answers.map((a) => a.points[''] ?? Object.values(a.points)[0])",
    ],
    ['the least points of an item are nothing', '[Math.min(...all), Math.max(...all)]', '[0, Math.max(...all)]'],
    ['yes and no are swapped', "a.key === 'true'", "a.key !== 'true'", 'cases'],
    [
      'a bound in yuan is taken for fen',
      "type.kind === 'money' ? 2 : type.kind === 'int' ? type.decimals : 0",
      "type.kind === 'int' ? type.decimals : 0",
    ],
    ['a bound in mu is taken for hundredths', "(plain[3] ?? '').padEnd(decimals, '0')", "(plain[3] ?? '')"],
    [
      'a band a head is one of the household',
      "compiler.nodes.make({ op: 'mul', type: bound.type, a: bound, b: per, guard: overflows(wide), range: clampRange(wide) })",
      'bound',
    ],
  ]),
  ...of('compile/compiler.ts', [
    [
      'a veto falls only where every exception holds',
      'this.not(this.or(parts.map((p) => p.node)))',
      'this.not(this.and(parts.map((p) => p.node)))',
    ],
    ['any of the criteria means all of them', 'any.length ? [this.or(nodes(any))] : []', 'any.length ? [this.and(nodes(any))] : []'],
    [
      'an exception of a standard is a criterion',
      'unless.length ? [this.not(this.or(nodes(unless)))] : []',
      'unless.length ? [this.or(nodes(unless))] : []',
    ],
    [
      'criteria under a condition are forgotten',
      'when && group ? this.and([when, group.node]) : (when ?? group!.node)',
      '(when ?? group!.node)',
    ],
    ['the least total counts a gap as nothing', 'this.sum(filled((r) => r[0]))', 'this.sum(filled(() => 0))'],
    ['the most total counts a gap at its least', 'this.sum(filled((r) => r[1]))', 'this.sum(filled((r) => r[0]))'],
    ['the known points count gaps', 'this.sum(filled(() => 0))', 'this.sum(filled((r) => r[1]))'],
    [
      'totals of all lines are those of the first',
      "rule.item!.lines[line] ?? rule.item!.lines['']!",
      'Object.values(rule.item!.lines)[0]!',
    ],
    [
      'a reference to a part takes another part',
      'flat(rule.parts).find((p) => p.id === part)',
      'flat(rule.parts).find((p) => p.id !== part)',
    ],
    ['a rule about households reads the village', 'this.ruleAt(id, at, variable ?? null)', 'this.ruleAt(id, at, null)'],
    [
      'a verdict is as sure as the surest part',
      'confidences.indexOf(a) >= confidences.indexOf(b) ? a : b',
      'confidences.indexOf(a) <= confidences.indexOf(b) ? a : b',
      'explanation',
    ],
  ]),
  ...of('resolve.ts', [
    ['a version begins a day late', 'span.from <= day', 'span.from < day'],
    ['a version ends a day early', 'day <= span.to', 'day < span.to'],
    ['a set of counties begins a day late', 's.from <= at', 's.from < at'],
    ['a set of counties ends a day early', 'at <= s.to', 'at < s.to'],
    ['the city goes before the set', '[...new Set(chain)]', '[...new Set([...chain.slice(0, 2), chain.at(-3)!, ...chain])]'],
    ['the region goes before the city', '[...new Set(chain)]', '[...new Set([...chain.slice(0, -3), chain.at(-2)!, ...chain])]'],
    ['the income year is its first day', 'dates.incomeYear * 10000 + 1231', 'dates.incomeYear * 10000 + 101'],
    ['every clock is that of the income year', "clock === 'income_year' && dates.incomeYear", 'dates.incomeYear'],
    [
      'an old version without an end holds for ever',
      'definition.versions.filter((v) => validOn(v, day)).sort((a, b) => b.from - a.from)[0]',
      'definition.versions.filter((v) => validOn(v, day)).sort((a, b) => a.from - b.from)[0]',
    ],
    [
      'an old value without an end holds for ever',
      'parameter.values.filter((v) => validOn(v, day)).sort((a, b) => b.from - a.from)[0]',
      'parameter.values.filter((v) => validOn(v, day)).sort((a, b) => a.from - b.from)[0]',
    ],
    ['an override never goes stale', 'spans.filter((s) => s.from > named.from).sort((a, b) => a.from - b.from)[0]', 'undefined'],
    ['an override goes stale a day late', 'newer?.from ?? null', '(newer ? newer.from + 1 : null)'],
  ]),
  ...of('load/read-definition.ts', [
    ['a parameter in yuan is taken for fen', 'reader.scaled(raw, 2)', '(reader.scaled(raw, 2) ?? 0) / 100'],
  ]),
  ...of('load/reader.ts', [
    ["a parameter loses the zeros of its unit's decimals", "match[2]! + fraction.padEnd(decimals, '0')", 'match[2]! + fraction'],
  ]),
  ...of('facts.ts', [
    ["a fact loses the zeros of its unit's decimals", "match[2]! + fraction.padEnd(decimals, '0')", 'match[2]! + fraction', 'cases'],
  ]),
  ...of('bounds.ts', [
    [
      'the least of a difference takes the least twice',
      "this.arithmetic('sub', a, B, node.type)",
      "this.arithmetic('sub', a, b, node.type)",
    ],
    ['the most of a count leaves out the doubtful', 'this.count(node, true)', 'this.count(node, false)'],
    ['the least of a count has the doubtful', 'this.count(node, false)', 'this.count(node, true)'],
    ['the most of a sum takes the least of each row', 'this.of(body)[end]', 'this.of(body)[0]'],
    ['a doubtful row is in the least of a sum', "end === 0 ? 'least' : 'greatest'", "'greatest'"],
    ['less is decided where the ends meet', "[test('<', A, b), test('<=', B, a)]", "[test('<=', A, b), test('<=', B, a)]"],
    ['more is decided by the best case', "[test('<', B, a), test('<=', A, b)]", "[test('<', b, A), test('<=', A, b)]"],
    ['equal is decided by the least alone', "and(and(test('==', a, A), test('==', b, B)), test('==', a, b))", "test('==', a, b)"],
    [
      'an unknown list has the least rows at most',
      'this.or(this.sum(node, 1), range[1], node.type)',
      'this.or(this.sum(node, 1), range[0], node.type)',
    ],
  ]),
  ...of('missing.ts', [
    ['facts of decided parts are named', 'interpreter.evaluate(n, at) !== undefined', 'false && at'],
    [
      'all branches of a choice are named',
      'collect(test === undefined ? n.c : test ? n.a : n.b, at)',
      '(collect(n.c, at), collect(n.a, at), collect(n.b, at))',
    ],
    ['rows that are not chosen are named', 'chosen && n.body', 'n.body'],
    ['the row before is named', 'rows[i + 1]', 'rows[i]! - 1', 'explanation'],
  ]),
  ...of('run.ts', [
    ['an answer that is not offered gets no points', 'table.get(x)', '(table.get(x) ?? 0)'],
    ['a half is rounded down', '2 * rest >= Math.abs(n) ? 1 : 0', '2 * rest > Math.abs(n) ? 1 : 0', 'engines'],
    ['a floor that cuts towards zero', 'rest !== 0 && rest < 0 !== n < 0 ? 1 : 0', '0', 'engines'],
    ['the most of nothing is 0', 'best ?? otherwise?.(frames)', 'best ?? 0', 'engines'],
    ['a number beyond the exact ones goes on', 'x > largest || x < -largest ? undefined : x', 'x', 'engines'],
  ]),
  ...of('lower/lists.ts', [
    ['all of a filter must be chosen', "ast.fn === 'exists' ? 'and' : 'or'", "'and'"],
    [
      'two filters are either filter',
      "this.cx.nodes.make({ op: 'and', type: bool, args: [pipe.filter, inner], range: null })",
      "this.cx.nodes.make({ op: 'or', type: bool, args: [pipe.filter, inner], range: null })",
    ],
  ]),
  ...of('lower/calls.ts', [
    ['an age is counted backwards', '[this.constant(date, this.cx.asof), a!]', '[a!, this.constant(date, this.cx.asof)]'],
    ['yuan in a rule are taken for fen', 'this.constant(money, a!.value * 100)', 'this.constant(money, a!.value)'],
    ['a month that is too short runs over', 'shiftMonths(day, by, rounding!)', "shiftMonths(day, by, 'up')"],
  ]),
  ...of('civil-date.ts', [
    [
      "a year older at New Year's",
      'Math.trunc((later - earlier) / 10000)',
      'Math.trunc(later / 10000) - Math.trunc(earlier / 10000)',
      'engines',
    ],
    ['no leap years', 'year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28', '28'],
  ]),
  ...of('ranges.ts', [['no product is too large', 'r[0] < -largest || r[1] > largest', 'false', 'engines']]),
  ...of('explain.ts', [
    ['the most of a category is the most there is', 'sum((i) => i.points!.most)', 'sum((i) => i.points!.of)', 'explanation'],
    ['every missing fact settles', 'own.size === 1 ? 1 : 0', '1', 'explanation'],
    ['rows are shown in another order', 'children.entries()', 'children.toReversed().entries()', 'explanation'],
    [
      'an item shows the points of the first line',
      "rule.item!.lines[line] ?? rule.item!.lines[''] ?? Object.values(rule.item!.lines)[0]!",
      'Object.values(rule.item!.lines)[0]!',
      'explanation',
    ],
  ]),
  ...of('counter-facts.ts', [
    [
      'a changed answer keeps its old points too',
      '((value as number | undefined) ?? 0) - ((old as number | undefined) ?? 0)',
      '((value as number | undefined) ?? 0)',
      'explanation',
    ],
    ['a total with gaps is told as if whole', 'open > 0 ? undefined : sum', 'sum', 'explanation'],
    ['one change stays while the next is tried', 'changed[field.name] = was', 'was', 'explanation'],
    ['facts that are there are asked for', 'paths && !paths.has(path)', 'false', 'explanation'],
  ]),
  ...of('twins.ts', [
    ['the threshold itself is not tried', '[edge - 1, edge, edge + 1]', '[edge - 1, edge + 1]', 'twins'],
    ['the day after a birthday is not tried', '[addDays(near, -1), near, addDays(near, 1)]', '[addDays(near, -1), near]', 'twins'],
    ['the least of a range is not tried', 'v >= low && v <= high', 'v > low && v <= high', 'twins'],
  ]),
  ...of('check-book.ts', [['no example ever fails', 'value !== expected', 'false && expected', 'wrong cases']]),
]
