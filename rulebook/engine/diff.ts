import type { Body, Book, Definition, Group, Parameter, Part, Version } from './book.ts'
import { printDate } from './civil-date.ts'
import type { Text } from './definition.ts'
import { printValue } from './facts.ts'
import { canonical } from './hash.ts'
import { meaningOf } from './meaning.ts'

/** One thing that differs between two states of a book, by rule, version and part. */
export interface BookChange extends Text {
  /** Wording only keeps every decision; retroactive ones reach back before the other book's latest date. */
  class: 'wording' | 'threshold' | 'condition' | 'new' | 'ended' | 'dates' | 'loosened' | 'points'
  id: string
  place: string
  /** Starts before the reference date of the newer book. */
  retroactive: boolean
  /** Rules that refer to it, directly or through others. */
  dependants: string[]
}

type Draft = Omit<BookChange, 'dependants' | 'id' | 'place' | 'retroactive'> & { from?: number }

/** What B says otherwise than A, by meaning: parameters by value and date, rules by version and part. */
export function diffBooks(a: Book, b: Book): BookChange[] {
  const changes: BookChange[] = []
  const compare = <T extends Definition | Parameter>(before: T[], after: T[], each: (x: T, y: T) => Draft[]): void => {
    const key = (d: T): string => `${d.place} ${d.id}`
    const old = new Map(before.map((d) => [key(d), d]))
    for (const now of after) {
      const was = old.get(key(now))
      old.delete(key(now))
      if (!was) push(now, { class: 'new', zh: `新增“${now.title.zh}”`, en: `new: ${now.title.en}` })
      else for (const draft of each(was, now)) push(now, draft)
    }
    for (const gone of old.values()) push(gone, { class: 'ended', zh: `取消“${gone.title.zh}”`, en: `gone: ${gone.title.en}` })
  }
  const push = (of: Definition | Parameter, { from, ...draft }: Draft): void => {
    changes.push({
      ...draft,
      id: of.id,
      place: of.place,
      retroactive: from !== undefined && from < b.referenceDate,
      dependants: dependants(b, of.id),
    })
  }
  compare(a.parameters, b.parameters, parameterChanges)
  compare(a.definitions, b.definitions, definitionChanges)
  return changes
}

function parameterChanges(was: Parameter, now: Parameter): Draft[] {
  const changes: Draft[] = []
  const unit = (v: Parameter['values'][number]): string => printValue(now.type, v.value)
  for (const from of new Set([...was.values, ...now.values].map((v) => v.from))) {
    const [x, y] = [was.values.find((v) => v.from === from), now.values.find((v) => v.from === from)]
    if (x && y && x.value === y.value && x.to === y.to) continue
    const said = `${printDate(from)}: ${x ? unit(x) : '（无）'} → ${y ? unit(y) : '（无）'}`
    changes.push({
      class: x && y && x.value === y.value ? 'dates' : 'threshold',
      from,
      zh: `${now.title.zh} ${said}`,
      en: `${now.title.en} ${said.replaceAll('（无）', '(none)')}`,
    })
  }
  if (canonical(was.open) !== canonical(now.open))
    changes.push({
      class: 'loosened',
      zh: `${now.title.zh}：下级改动的权限变了`,
      en: `${now.title.en}: what lower levels may change is different`,
    })
  if (changes.length > 0) return changes
  if (meaningOf(was) !== meaningOf(now)) return [{ class: 'condition', zh: `${now.title.zh}：内容变了`, en: `${now.title.en}: changed` }]
  if (canonical(words(was)) !== canonical(words(now)))
    return [{ class: 'wording', zh: `${now.title.zh}：只改文字`, en: `${now.title.en}: wording only` }]
  return []
}

function definitionChanges(was: Definition, now: Definition): Draft[] {
  if (meaningOf(was) === meaningOf(now))
    return canonical(words(was)) === canonical(words(now))
      ? []
      : [{ class: 'wording', zh: `${now.title.zh}：只改文字`, en: `${now.title.en}: wording only` }]
  const changes: Draft[] = []
  for (const id of new Set([...was.versions, ...now.versions].map((v) => v.id))) {
    const [x, y] = [was.versions.find((v) => v.id === id), now.versions.find((v) => v.id === id)]
    if (!x || !y)
      changes.push({
        class: x ? 'ended' : 'new',
        from: (x ?? y)!.from,
        zh: `${now.title.zh} ${id}：${x ? '这一版没有了' : '新的一版'}`,
        en: `${now.title.en} ${id}: ${x ? 'version gone' : 'new version'}`,
      })
    else changes.push(...versionChanges(now, x, y))
  }
  if (canonical(was.open) !== canonical(now.open))
    changes.push({
      class: 'loosened',
      zh: `${now.title.zh}：下级改动的权限变了`,
      en: `${now.title.en}: what lower levels may change is different`,
    })
  return changes.length ? changes : [{ class: 'condition', zh: `${now.title.zh}：内容变了`, en: `${now.title.en}: changed` }]
}

function versionChanges(rule: Definition, x: Version, y: Version): Draft[] {
  const changes: Draft[] = []
  if (x.from !== y.from || x.to !== y.to)
    changes.push({
      class: 'dates',
      from: y.from,
      zh: `${rule.title.zh} ${y.id}：起止日变了`,
      en: `${rule.title.en} ${y.id}: dates changed`,
    })
  const [before, after] = [leaves(x), leaves(y)]
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [p, q] = [before.get(name), after.get(name)]
    if (p === q) continue
    const cls = p === undefined ? 'new' : q === undefined ? 'ended' : rule.kind === 'item' ? 'points' : 'condition'
    changes.push({
      class: cls,
      from: y.from,
      zh: `${rule.title.zh} ${y.id} ${name}：${p ?? '（无）'} → ${q ?? '（无）'}`,
      en: `${rule.title.en} ${y.id} ${name}: ${p ?? '(none)'} -> ${q ?? '(none)'}`,
    })
  }
  return changes
}

/** Every leaf of a version by its name, as one line of text. */
function leaves(version: Version): Map<string, string> {
  const found = new Map<string, string>()
  for (const { name, expr } of version.lets) found.set(`let ${name}`, expr.text)
  const part = (p: Part): void => {
    if (p.when) found.set(p.id, p.when.text)
    if (p.group) group(p.group)
  }
  const group = (g: Group): void => {
    for (const p of [...(g.all_of ?? []), ...(g.any_of ?? []), ...(g.unless ?? [])]) part(p)
  }
  const body: Body = version.body
  if (body.kind === 'veto') {
    found.set('when', body.when.text)
    for (const p of body.unless) part(p)
  } else if (body.kind === 'standard') group(body.group)
  else if (body.kind === 'derived') found.set('value', body.value.text)
  else if (body.kind === 'check') {
    found.set('when', body.when.text)
    found.set('severity', body.check.severity)
  } else if (body.kind === 'item') {
    const { item } = body
    if (item.of) found.set('of', item.of.text)
    for (const p of item.points) found.set(`points ${p.key}`, canonical(p.points))
    for (const band of item.bands) found.set(`band ${band.is.text}`, canonical(band.points))
    for (const [i, t] of item.tiers.entries()) found.set(`tier ${i + 1}`, `${t.when?.text ?? 'else'} ${canonical(t.points)}`)
  } else if (body.kind === 'scorecard') {
    const s = body.scorecard
    found.set('direction', s.direction)
    found.set('line', `${s.line?.rule ?? ''} ${s.line?.tie ?? ''}`)
    found.set('scope', s.scope?.text ?? '')
    found.set('vetoes', s.vetoes.join(', '))
    found.set('classes', s.classes.map((c) => `${c.id} ${c.upTo ?? ''}`).join(', '))
  }
  return found
}

/** Titles and citations, which change nothing of the meaning. */
const words = (one: Definition | Parameter): unknown =>
  'versions' in one
    ? [one.title, one.versions.map((v) => [v.cite, v.confidence])]
    : [one.title, one.values.map((v) => [v.cite, v.confidence])]

/** Rules whose expressions, items or vetoes name the given rule or parameter, and theirs. */
function dependants(book: Book, id: string): string[] {
  const found = new Set<string>()
  const texts = new Map(book.definitions.map((d) => [d, expressions(d.versions).join('\n')]))
  const search = (name: string): void => {
    const named = new RegExp(`\\bp\\.${name.replaceAll('.', '\\.')}\\b|"${name.replaceAll('.', '\\.')}"`)
    for (const d of book.definitions) {
      if (found.has(d.id) || d.id === id) continue
      const lists = d.versions.some((v) => v.body.kind === 'scorecard' && v.body.scorecard.vetoes.includes(name))
      const owns = d.kind === 'scorecard' && book.definitions.find((i) => i.id === name)?.scorecard === d.id
      if (named.test(texts.get(d)!) || lists || owns) {
        found.add(d.id)
        search(d.id)
      }
    }
  }
  search(id)
  return [...found].sort()
}

/** Every expression below a value: an `Expr` is a text with its place. */
function expressions(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return []
  if ('text' in value && typeof value.text === 'string' && 'at' in value) return [value.text]
  return Object.values(value).flatMap(expressions)
}
