import type { Body, Book, Definition, Group, Parameter, Part } from '../book.ts'
import { addDays, printDate } from '../civil-date.ts'
import type { Findings, Place } from '../finding.ts'
import { typeName } from '../types.ts'
import { checkNames } from './read-check.ts'

/** What can be checked before any rule is compiled: ids, sources, references inside the dictionary, dates without holes. */
export function checkShape(book: Book, findings: Findings): void {
  twice(book.definitions, findings)
  twice(book.parameters, findings)
  checkNames(book, findings)
  for (const definition of book.definitions) {
    for (const version of definition.versions) {
      source(book, findings, version.at, version.cite.doc)
      for (const field of Object.keys(version.monotone))
        if (!['int', 'money', 'date'].includes(book.dictionary.entities[definition.level]?.fields[field]?.type ?? ''))
          findings.add(
            version.at,
            'monotone.field',
            `monotone 里的“${field}”不是本层级的数或日期。`,
            `"${field}" in monotone is no number or date of the rule's own level.`,
          )
      for (const part of partsOf(version.body)) if (part.cite?.doc) source(book, findings, part.at, part.cite.doc)
    }
    dates(findings, definition, definition.versions)
  }
  for (const parameter of book.parameters) {
    for (const value of parameter.values) source(book, findings, value.at, value.cite.doc)
    sameScale(book, findings, parameter)
    dates(findings, parameter, parameter.values)
  }
  const listed = new Map<string, string>()
  for (const [path, table] of Object.entries(book.tables).filter(([path]) => path.startsWith('figures/'))) {
    const ids = table.map((row) => row[0])
    for (const figure of book.figures)
      if (ids.includes(figure.id))
        source(book, findings, { file: path, line: ids.indexOf(figure.id) + 1, column: 1, length: 1 }, figure.cite.doc)
  }
  for (const [name, entity] of Object.entries(book.dictionary.entities)) {
    const at: Place = { file: `dictionary/entities/${name}.yaml`, line: 1, column: 1, length: 1 }
    for (const list of Object.values(entity.lists))
      if (!book.dictionary.entities[list.entity])
        findings.add(
          at,
          'list.entity',
          `“${list.name}”说的“${list.entity}”不在数据字典里。`,
          `List "${list.name}" names entity "${list.entity}", which the dictionary lacks.`,
        )
    // Every entity has one table, whose rows have one parent.
    for (const list of Object.values(entity.lists)) {
      const other = listed.get(list.entity)
      listed.set(list.entity, `${name}.${list.name}`)
      if (other)
        findings.add(
          at,
          'list.twice',
          `“${list.entity}”已经是 ${other} 的记录，不能又是 ${name}.${list.name} 的记录。`,
          `"${list.entity}" is listed by ${other} already and cannot be listed by ${name}.${list.name} too.`,
        )
    }
    for (const field of Object.values(entity.fields))
      if (field.enum && !book.dictionary.enums[field.enum])
        findings.add(
          at,
          'field.enum',
          `“${field.name}”的代码表“${field.enum}”不在数据字典里。`,
          `Field "${field.name}" names enum "${field.enum}", which the dictionary lacks.`,
        )
  }
}

/** Every criterion and exception of a body, however deep. */
function partsOf(body: Body): Part[] {
  const below = (group: Group): Part[] =>
    [...(group.all_of ?? []), ...(group.any_of ?? []), ...(group.unless ?? [])].flatMap((p) => [p, ...(p.group ? below(p.group) : [])])
  return body.kind === 'standard' ? below(body.group) : body.kind === 'veto' ? below({ unless: body.unless }) : []
}

function twice(all: (Definition | Parameter)[], findings: Findings): void {
  const seen = new Set<string>()
  for (const one of all) {
    const key = `${one.place} ${one.id}`
    if (seen.has(key))
      findings.add(one.at, 'id.twice', `编号“${one.id}”在同一地方写了两次。`, `Id "${one.id}" stands twice at the same place.`)
    seen.add(key)
  }
}

/** An override is read by its own type: without the decimals of what it overrides, yuan would be taken for fen. */
function sameScale(book: Book, findings: Findings, lower: Parameter): void {
  const upper = lower.overrides && book.parameters.find((p) => p.id === lower.id && p.place === lower.overrides!.place)
  const scale = ({ type }: Parameter): string => `${type.kind} ${type.kind === 'int' ? `${type.unit} ${type.decimals}` : ''}`
  if (!upper || scale(upper) === scale(lower)) return
  findings.add(
    lower.overrides!.at,
    'override.type',
    `“${lower.id}”上级的类型是 ${typeName(upper.type)}，这里是 ${typeName(lower.type)}：请照写 type、unit、decimals。`,
    `"${lower.id}" is ${typeName(upper.type)} above and ${typeName(lower.type)} here: repeat type, unit and decimals.`,
  )
}

function source(book: Book, findings: Findings, at: Place, doc: string): void {
  if (doc !== 'none' && !book.sources[doc])
    findings.add(
      at,
      'cite.unknown',
      `引用的文件“${doc}”不在 sources.yaml；没有文件请写 none。`,
      `Document "${doc}" is not in sources.yaml; write none where there is none.`,
    )
}

/** Versions of one place must neither overlap nor leave a day out; a value without an end holds until the next one. */
function dates(findings: Findings, owner: Definition | Parameter, spans: { from: number; to: number | null; at: Place }[]): void {
  if (spans.length === 0) findings.add(owner.at, 'versions.none', `“${owner.id}”没有任何版本。`, `"${owner.id}" has no version.`)
  const sorted = [...spans].sort((a, b) => a.from - b.from)
  for (const [i, span] of sorted.entries()) {
    if (span.to !== null && span.to < span.from) findings.add(span.at, 'dates.backward', '止日早于起日。', 'The end is before the start.')
    const next = sorted[i + 1]
    if (!next) continue
    if (next.from === span.from || (span.to !== null && next.from <= span.to))
      findings.add(
        next.at,
        'dates.overlap',
        `“${owner.id}”有两个版本同在 ${printDate(next.from)} 有效。`,
        `"${owner.id}" has two versions valid on ${printDate(next.from)}.`,
      )
    else if (span.to !== null && addDays(span.to, 1) !== next.from)
      findings.add(
        next.at,
        'dates.hole',
        `“${owner.id}”从 ${printDate(addDays(span.to, 1))} 到 ${printDate(addDays(next.from, -1))} 没有版本；若确实没有，写一个 status: none 的版本。`,
        `"${owner.id}" has no version from ${printDate(addDays(span.to, 1))} to ${printDate(addDays(next.from, -1))}; where that is meant, write a version with status: none.`,
      )
  }
}
