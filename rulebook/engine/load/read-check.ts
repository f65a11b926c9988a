import { type Body, type Book, checkClasses } from '../book.ts'
import type { Findings } from '../finding.ts'
import type { Reader } from './reader.ts'
import type { MapTree } from './yaml-tree.ts'

/** Reads the body of a data rule: its condition, how grave it is, which fields it is about, what it says. */
export function readCheck(reader: Reader, map: MapTree): Body | null {
  const when = reader.expr(reader.need(map, 'when') ?? undefined)
  const severity = reader.needString(map, 'severity')
  const finds = checkClasses.find((c) => c === reader.needString(map, 'finds'))
  const about = reader.strings(reader.need(map, 'about') ?? undefined)
  const saysTree = reader.need(map, 'says')
  if (severity !== 'error' && severity !== 'doubt')
    reader.wrong(map.at, 'check.severity', 'severity 只有 error、doubt。', 'severity is error or doubt.')
  if (!finds) reader.wrong(map.at, 'check.finds', `finds 只有 ${checkClasses.join('、')}。`, `finds is one of ${checkClasses.join(', ')}.`)
  if (!when || !saysTree || !finds || (severity !== 'error' && severity !== 'doubt')) return null
  return {
    kind: 'check',
    when,
    check: { severity, finds, about, says: reader.text(saysTree, saysTree.at), saysAt: saysTree.at },
  }
}

/** The places in a sentence where a value stands: `{field}` or `{p.parameter}`. */
export const sentenceSlots = (text: string): string[] => [...text.matchAll(/\{([^{}]+)\}/g)].map((m) => m[1]!)

/** What the data rules of a book name must be there: the level has a table in surveys, fields and parameters exist. */
export function checkNames(book: Book, findings: Findings): void {
  for (const definition of book.definitions.filter((d) => d.kind === 'check')) {
    const fields = book.dictionary.entities[definition.level]?.fields ?? {}
    for (const { body, at } of definition.versions) {
      if (body.kind !== 'check') continue
      const { about, says, saysAt } = body.check
      if (about.length === 0) findings.add(at, 'check.about', 'about 至少要写一个字段。', 'about needs at least one field.')
      for (const field of about.filter((f) => !fields[f]))
        findings.add(at, 'check.about', `${definition.level} 没有字段“${field}”。`, `${definition.level} has no field "${field}".`)
      for (const slot of new Set([...sentenceSlots(says.zh), ...sentenceSlots(says.en)])) {
        const known = slot.startsWith('p.') ? book.parameters.some((p) => p.id === slot.slice(2)) : fields[slot]
        if (!known)
          findings.add(saysAt, 'check.slot', `句子里的“{${slot}}”不是字段或参数。`, `"{${slot}}" in the sentence is no field or parameter.`)
      }
    }
  }
}
