import type { Book, Definition, Parameter } from './book.ts'
import { printDate } from './civil-date.ts'
import { checkCoverage } from './coverage.ts'
import { type BookFinding, Findings } from './finding.ts'
import { missingOf } from './missing.ts'
import { Compilers, expectedOf, type Question, questionsOf } from './questions.ts'
import { clockDate, placeChain, resolveParameter, staleSince, upperOf } from './resolve.ts'
import { Interpreter } from './run.ts'
import { twinsOf } from './twins.ts'
import type { Value } from './types.ts'

export interface BookCheck {
  findings: BookFinding[]
  /** The cases, and the boundary twins made from them: what the databases must answer alike. */
  questions: Question[]
  twins: Question[]
  rules: number
}

/** Checks a book whole: every version compiled at every date that changes it, locks and overrides, cases, coverage. */
export function checkBook(book: Book): BookCheck {
  const findings = new Findings()
  const compilers = new Compilers(book, findings)
  let rules = 0
  for (const definition of book.definitions) {
    rules += definition.versions.length
    checkOverride(book, definition, findings)
    checkReferences(book, definition, findings)
    for (const day of daysOf(book, definition))
      if (definition.kind !== 'code-list' && definition.kind !== 'form')
        compilers.at(definition.place, { at: day }).rule(definition.id, definition.at)
  }
  for (const parameter of book.parameters) checkOverride(book, parameter, findings)
  const questions = questionsOf(book, compilers, findings)
  const interpreter = new Interpreter()
  for (const question of questions) checkCase(question, interpreter, findings)
  checkCoverage(questions, findings)
  for (const definition of book.definitions)
    if (definition.cases.length === 0 && definition.kind !== 'code-list' && definition.kind !== 'form')
      findings.add(definition.at, 'cases.none', `“${definition.id}”没有例子。`, `"${definition.id}" has no cases.`)
  return { findings: findings.all, questions, twins: twinsOf(questions), rules }
}

/** The days on which a rule can change: starts of its versions, and of parameter values within them. */
function daysOf(book: Book, definition: Definition): number[] {
  const days = new Set<number>()
  const last = Math.max(...definition.versions.map((v) => v.to ?? 99991231))
  for (const version of definition.versions) {
    if (version.ended) continue
    days.add(version.from)
    for (const parameter of book.parameters)
      for (const value of parameter.values) if (value.from > version.from && value.from <= (version.to ?? last)) days.add(value.from)
  }
  // A book may hold thousands of later parameter dates that this rule never reads; the compilers share one work per day.
  return [...days].filter((day) => day <= 20301231).sort((a, b) => a - b)
}

function checkReferences(book: Book, definition: Definition, findings: Findings): void {
  for (const version of definition.versions) {
    if (version.body.kind !== 'scorecard') continue
    const { scorecard } = version.body
    const known = new Set(scorecard.categories.map((c) => c.id))
    for (const item of book.definitions.filter((d) => d.kind === 'item' && d.scorecard === definition.id))
      if (!known.has(item.category ?? ''))
        findings.add(
          item.at,
          'item.category',
          `评分表没有“${item.category ?? ''}”这一类。`,
          `The scorecard has no category "${item.category ?? ''}".`,
        )
    for (const category of scorecard.categories)
      if (!book.definitions.some((d) => d.scorecard === definition.id && d.category === category.id))
        findings.add(
          category.at,
          'category.empty',
          `“${category.title.zh}”这一类没有指标。`,
          `Category "${category.title.en}" has no items.`,
        )
    if (scorecard.lookup && !book.tables[scorecard.lookup.file])
      findings.add(
        scorecard.lookup.at,
        'lookup.file',
        `没有对照表 ${scorecard.lookup.file}。`,
        `There is no table ${scorecard.lookup.file}.`,
      )
  }
}

/** A lower level may change what an upper one opened, in the direction it allowed, and only the version it names. */
function checkOverride(book: Book, lower: Definition | Parameter, findings: Findings): void {
  const all: (Definition | Parameter)[] = 'values' in lower ? book.parameters : book.definitions
  const chain = placeChain(book, lower.place, book.referenceDate).filter((p) => p !== lower.place)
  const upper = chain.map((place) => all.find((o) => o.id === lower.id && o.place === place)).find((o) => o !== undefined)
  if (!upper) {
    if (lower.overrides)
      findings.add(
        lower.overrides.at,
        'override.nothing',
        `上级没有“${lower.id}”，无可改动。`,
        `No upper level has "${lower.id}"; there is nothing to override.`,
      )
    return
  }
  if (!lower.overrides) {
    findings.add(
      lower.at,
      'override.unnamed',
      `上级已有“${lower.id}”：要写明改的是哪一版（overrides）。`,
      `An upper level has "${lower.id}" already: name the version this changes (overrides).`,
    )
    return
  }
  const level = book.places.find((p) => p.code === lower.place)?.level ?? ''
  if (!upper.open)
    findings.add(lower.at, 'override.locked', `“${lower.id}”上级没有放开，不能改。`, `"${lower.id}" is locked by the upper level.`)
  else if (!upper.open.levels.includes(level))
    findings.add(
      lower.at,
      'override.level',
      `“${lower.id}”只放开给 ${upper.open.levels.join('、')}。`,
      `"${lower.id}" is open to ${upper.open.levels.join(', ')} only.`,
    )
  else if ('values' in lower && 'values' in upper) checkDirection(book, lower, upper, findings)
  if (!upperOf(book, lower, lower.overrides.place))
    findings.add(
      lower.overrides.at,
      'override.place',
      `${lower.overrides.place} 没有“${lower.id}”。`,
      `${lower.overrides.place} has no "${lower.id}".`,
    )
  const stale = staleSince(book, lower)
  const spans: { to: number | null }[] = 'values' in lower ? lower.values : lower.versions
  // What ended before the upper level's newer version was never stale.
  if (stale !== null && spans.some((s) => s.to === null || s.to >= stale))
    findings.add(
      lower.overrides.at,
      'override.stale',
      `对“${lower.id}”的改动已过时：上级自 ${printDate(stale)} 起有新的一版。请核对后改 overrides。`,
      `The override of "${lower.id}" is stale: the upper level has a newer version from ${printDate(stale)}. Check it and renew overrides.`,
    )
}

function checkDirection(book: Book, lower: Parameter, upper: Parameter, findings: Findings): void {
  const direction = upper.open!.direction
  if (direction === 'any') return
  for (const value of lower.values) {
    const above = resolveParameter(book, upper.id, upper.place, { at: clockDate(upper.clock, { at: value.from }) })
    if ('why' in above || typeof value.value !== 'number' || typeof above.value.value !== 'number') continue
    const wrong = direction === 'up' ? value.value < above.value.value : value.value > above.value.value
    if (wrong)
      findings.add(
        value.at,
        'override.direction',
        `“${lower.id}”只许${direction === 'up' ? '提高' : '降低'}。`,
        `"${lower.id}" may only be ${direction === 'up' ? 'raised' : 'lowered'}.`,
      )
  }
}

function checkCase(question: Question, interpreter: Interpreter, findings: Findings): void {
  const { source, node, facts } = question
  const expected = expectedOf(question)
  const name = `${question.definition.id}“${source.name.zh}”`
  if (expected === null) {
    findings.add(
      source.position,
      'case.expect',
      `${name}：期望值不是这条规则可以有的值。`,
      `${name}: the rule cannot have the expected value.`,
    )
    return
  }
  const value = interpreter.evaluate(node, [facts])
  const word = (v: Value | undefined): string => (v === undefined ? 'unknown' : String(v))
  if (value !== expected) {
    const found = value === undefined ? ` (missing: ${[...missingOf(node, [facts], interpreter)].join(', ')})` : ''
    findings.add(
      source.position,
      'case.wrong',
      `${name}：期望 ${word(expected)}，算出 ${word(value)}${found}。`,
      `${name}: expected ${word(expected)}, got ${word(value)}${found}.`,
    )
    return
  }
  if (source.missing) {
    const missing = [...missingOf(node, [facts], interpreter)].sort().join(', ')
    if (missing !== [...source.missing].sort().join(', '))
      findings.add(
        source.position,
        'case.missing',
        `${name}：缺的应是 ${source.missing.join('、')}，算出 ${missing}。`,
        `${name}: expected missing ${source.missing.join(', ')}, got ${missing}.`,
      )
  }
  if (source.because) {
    const failing = question.rule.parts.filter((p) => interpreter.evaluate(p.node, [facts]) === false).map((p) => p.id)
    if ([...failing].sort().join() !== [...source.because].sort().join())
      findings.add(
        source.position,
        'case.because',
        `${name}：未达到的应是 ${source.because.join('、')}，算出 ${failing.join('、')}。`,
        `${name}: expected to fail on ${source.because.join(', ')}, failed on ${failing.join(', ')}.`,
      )
  }
}
