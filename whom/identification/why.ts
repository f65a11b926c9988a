import type { Book } from '@fupin/rulebook/engine/book.ts'
import { printDate } from '@fupin/rulebook/engine/civil-date.ts'
import type { CompiledRule } from '@fupin/rulebook/engine/compile/compiled.ts'
import type { Text } from '@fupin/rulebook/engine/definition.ts'
import type { Dictionary, Field } from '@fupin/rulebook/engine/dictionary.ts'
import { Explainer } from '@fupin/rulebook/engine/explain.ts'
import type { ExplainedPart, Explanation, MissingFact } from '@fupin/rulebook/engine/explanation.ts'
import { showField } from '@fupin/rulebook/engine/labels.ts'
import type { Facts, Interpreter } from '@fupin/rulebook/engine/run.ts'
import { readFactsFrom } from '@fupin/rulebook/shelf/read-facts.ts'
import { rulesOf } from './county-rules.ts'
import { type Explaining, surveySource } from './explaining.ts'
import { householdRow } from './households.queries.ts'
import type { Why } from './identification.contract.ts'
import { type Standing, verdictOf } from './identification.rules.ts'
import { departmentLists } from './list-households.ts'
import { plainWords } from './plain-words.ts'

type Change = Why['wouldChange'][number]

/**
 * Why a household stands where it stands: computed again from the run's facts and rules by the interpreter, and so the same as the
 * run's own verdict. Null where the run has no such household.
 */
export async function whyOf(run: Explaining, id: string): Promise<Why | null> {
  const row = await householdRow(run.duck, id)
  const rules = row && rulesOf(run.groups, row.county_code)
  if (!row || !rules) return null
  const root = rules.scorecard.definition.level
  const [found] = await readFactsFrom(run.duck, run.book.dictionary, root, {
    read: null,
    table: (e) => `"${e}"`,
    where: `t._key = ${row._key}`,
  })
  const sources = await sourcesOf(run, row._key)
  const explainer = new Explainer(rules.compiler, (path) => sources.get(path), run.record.book.meaning)
  const { scorecard } = rules
  const score = scorecard.score!
  const facts = found!.facts
  const explained = explainer.explain(scorecard, facts)
  const vetoes = score.vetoes.map((v) => explainer.explain(v, facts))
  const scope: ExplainedPart = score.scope
    ? explainer.condition(scorecard, score.scope, { zh: '属于本次评估范围', en: 'within this round' }, facts, score.body.scope?.text)
    : {
        id: 'scope',
        title: { zh: '所有农户都评估', en: 'every household is assessed' },
        kind: 'criterion',
        value: true,
        confidence: scorecard.version.confidence,
        read: [],
        missing: [],
      }
  const line = { low: row.low, high: row.high }
  return {
    household: id,
    headName: row.head_name ?? '',
    verdict: row.verdict,
    county: row.county_code,
    countyName: run.countyName(row.county_code),
    line: row.line,
    score: { least: row.least!, most: row.most! },
    sentence: { zh: row.reason_zh, en: row.reason_en },
    plain: plainWords({
      headName: row.head_name ?? '',
      verdict: row.verdict,
      least: row.least!,
      most: row.most!,
      ...line,
      direction: score.body.direction,
      missing: explained.missing,
      vetoes,
      rules: score.vetoes,
      contest: contestOf(score.vetoes.filter((_, i) => vetoes[i]!.value === true)),
    }),
    scope,
    scorecard: explained,
    vetoes,
    missing: mergeMissing([explained, ...vetoes]),
    wouldChange: changes(explainer, scorecard, facts, line, vetoes, explained),
    confidence: scorecard.confidence,
    sources: documents(run.book, [explained, ...vetoes]),
    run: { id: run.record.id, book: run.record.book.meaning, asOf: run.record.book.as_of, demo: run.record.made_up },
  }
}

/** Where facts came from: the survey, with the day of the visit where it is known; records with department and day. */
async function sourcesOf(run: Explaining, key: number): Promise<Map<string, Text>> {
  const root = run.groups[0]!.scorecard.definition.level
  const entity = run.book.dictionary.entities[root]!
  const visited = entity.fields.visited_on
    ? (await run.duck.one<{ day: number | null }>(`select visited_on as day from household where _key = ${key}`))?.day
    : null
  const survey = surveySource(visited ?? null)
  const sources = new Map<string, Text>(Object.keys(entity.fields).map((f) => [`${entity.variable}.${f}`, survey]))
  for (const { list, title, asOf } of run.record.departments)
    if (asOf) sources.set(list, { zh: `${title.zh} ${printDate(asOf)}`, en: `${title.en}, ${printDate(asOf)}` })
  return sources
}

/** How long a family may object to the vetoes that hold. */
function contestOf(vetoes: CompiledRule[]): { days: number } | null {
  const days = vetoes.flatMap((v) => (v.version.body.kind === 'veto' && v.version.body.contest ? [v.version.body.contest.days] : []))
  return days.length ? { days: Math.max(...days) } : null
}

function mergeMissing(all: Explanation[]): MissingFact[] {
  const found = new Map<string, MissingFact>()
  for (const m of all.flatMap((e) => e.missing)) {
    const old = found.get(m.path)
    found.set(m.path, old ? { ...old, settles: old.settles + m.settles } : m)
  }
  return [...found.values()].sort((a, b) => b.settles - a.settles || (a.path < b.path ? -1 : 1))
}

/** Single changes that alter the verdict or an undecided score: answers to missing facts, other answers, a record that proves wrong. */
function changes(
  explainer: Explainer,
  scorecard: CompiledRule,
  facts: Facts,
  line: { low: number | null; high: number | null },
  vetoes: Explanation[],
  explained: Explanation,
): Change[] {
  const before = standing(explainer.interpreter, scorecard, facts)
  const verdict = (s: Standing): Why['verdict'] => verdictOf(s, line.low, line.high, scorecard.score!.body.direction)
  const now = verdict(before)
  const found: Change[] = []
  const consider = (label: Text, set: Change['set'], changed: Facts): void => {
    const after = standing(explainer.interpreter, scorecard, changed)
    const said = verdict(after)
    const narrowed = explained.value === 'unknown' && (after.least !== before.least || after.most !== before.most)
    if (said === now && !narrowed) return
    found.push({
      set,
      label,
      value: after.least === after.most ? after.least : 'unknown',
      ...(after.least === after.most ? { score: after.least } : {}),
      verdict: said,
    })
  }
  for (const change of [...explained.would_change, ...vetoes.flatMap((v) => v.would_change)]) {
    const changed = { ...facts }
    for (const [path, value] of Object.entries(change.set)) changed[path.split('.').at(-1)!] = value as Facts[string]
    consider(change.label, change.set, changed)
  }
  for (const path of missingOfRoot(explained))
    for (const change of answersTo(explainer, path, facts)) consider(change.label, change.set, change.facts)
  const entity = explainer.compiler.book.dictionary.entities[scorecard.definition.level]!
  for (const list of Object.values(entity.lists)) {
    const rows = facts[list.name]
    if (!list.department || !Array.isArray(rows) || rows.length === 0) continue
    consider(
      { zh: `${list.label.zh}的记录不属实`, en: `the record is wrong: ${list.label.en}` },
      { [list.name]: 0 },
      { ...facts, [list.name]: [] },
    )
  }
  // A veto may rest on records of several departments: all of them wrong is one change too.
  for (const veto of scorecard.score!.vetoes) {
    const lists = departmentLists(explainer.compiler.book, veto).filter((l) => Array.isArray(facts[l]) && (facts[l] as Facts[]).length > 0)
    if (lists.length < 2 || explainer.interpreter.evaluate(veto.node, [facts]) !== true) continue
    const { zh, en } = veto.definition.title
    consider({ zh: `“${zh}”的记录都不属实`, en: `all records behind "${en}" are wrong` }, Object.fromEntries(lists.map((l) => [l, 0])), {
      ...facts,
      ...Object.fromEntries(lists.map((l) => [l, [] as Facts[]])),
    })
  }
  const seen = new Set<string>()
  return found
    .filter((c) => {
      const key = JSON.stringify(c.set)
      const fresh = !seen.has(key)
      seen.add(key)
      return fresh
    })
    .slice(0, 30)
}

/** Missing facts of the household itself, by field name. */
const missingOfRoot = (explained: Explanation): string[] =>
  explained.missing.flatMap((m) => (/^[a-z]\.[a-z0-9_]+$/.test(m.path) ? [m.path.split('.')[1]!] : []))

/** What a missing number can do is seen at its ends: nothing at all, and as much as there can be. */
function numberEnds(field: Field, dictionary: Dictionary): { value: Facts[string]; shown: Text }[] {
  if ((field.type !== 'int' && field.type !== 'money') || !field.range) return []
  const least = Math.max(0, field.range[0])
  return [
    { value: least, shown: showField(field, least, dictionary) },
    { value: field.range[1], shown: { zh: '很多', en: 'a great deal' } },
  ]
}

/** Each answer a missing question can have: all of them, or for numbers both ends. */
function answersTo(explainer: Explainer, name: string, facts: Facts): { label: Text; set: Change['set']; facts: Facts }[] {
  const { dictionary } = explainer.compiler.book
  const entity = dictionary.entities.household ?? Object.values(dictionary.entities)[0]!
  const field = entity.fields[name]
  if (!field) return []
  const answers: { value: Facts[string]; shown: Text }[] =
    field.type === 'bool'
      ? [
          { value: true, shown: { zh: '是', en: 'yes' } },
          { value: false, shown: { zh: '否', en: 'no' } },
        ]
      : field.type === 'enum'
        ? dictionary.enums[field.enum!]!.values.map((v) => ({ value: v.key, shown: v.label }))
        : numberEnds(field, dictionary)
  return answers.map(({ value, shown }) => ({
    label: { zh: `${field.label.zh}：${shown.zh}`, en: `${field.label.en}: ${shown.en}` },
    set: { [`${entity.variable}.${name}`]: value as Change['set'][string] },
    facts: { ...facts, [name]: value },
  }))
}

/** The standing of facts under the rules, by the interpreter. */
export function standing(interpreter: Interpreter, scorecard: CompiledRule, facts: Facts): Standing {
  const score = scorecard.score!
  const line = Object.values(score.lines)[0]!
  const at = [facts]
  return {
    least: interpreter.evaluate(line.least, at) as number,
    most: interpreter.evaluate(line.most, at) as number,
    inScope: score.scope ? (interpreter.evaluate(score.scope, at) as boolean | undefined) : true,
    vetoes: score.vetoes.map((v) => interpreter.evaluate(v.node, at) as boolean | undefined),
  }
}

/** The documents behind an explanation, each with the places cited. */
function documents(book: Book, explanations: Explanation[]): Why['sources'] {
  const found = new Map<string, Set<string>>()
  const walk = (part: ExplainedPart): void => {
    if (part.cite) add(part.cite.doc, part.cite.at)
    for (const read of part.read) if (read.cite) add(read.cite.doc, read.cite.at)
    part.parts?.forEach(walk)
  }
  const add = (doc: string, at: string | undefined): void => {
    if (!found.has(doc)) found.set(doc, new Set())
    if (at) found.get(doc)!.add(at)
  }
  for (const e of explanations) {
    add(e.cite.doc, e.cite.at)
    e.parts.forEach(walk)
  }
  return [...found].map(([doc, at]) => {
    const source = book.sources[doc]
    return {
      doc,
      title: source?.title ?? { zh: '默认值，无文件出处', en: 'default, no document' },
      number: source?.number ?? null,
      at: [...at].sort(),
    }
  })
}
