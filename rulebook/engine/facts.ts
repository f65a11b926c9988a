import { readDate } from './civil-date.ts'
import type { Dictionary, Entity, Field } from './dictionary.ts'
import type { Findings } from './finding.ts'
import type { Tree } from './load/yaml-tree.ts'
import type { Facts } from './run.ts'
import type { Type, Value } from './types.ts'

/** Reads the facts of a case: fields of the entity, lists of its children; what is not there is unknown. */
export function readFacts(tree: Tree | null, entity: Entity, dictionary: Dictionary, findings: Findings): Facts {
  const facts: Facts = {}
  if (tree?.kind !== 'map') return facts
  for (const [name, { key, value }] of tree.entries) {
    const list = entity.lists[name]
    const field = entity.fields[name]
    if (list) {
      const child = dictionary.entities[list.entity]!
      facts[name] = value.kind === 'seq' ? value.items.map((item) => readFacts(item, child, dictionary, findings)) : null
    } else if (field && value.kind === 'scalar') {
      const read = value.value === null ? null : readValue(field, value.text, dictionary)
      if (read === undefined)
        findings.add(
          value.at,
          'case.value',
          `“${value.text}”不是“${field.label.zh}”可以有的值。`,
          `"${value.text}" is no value of "${field.label.en}".`,
        )
      else facts[name] = read
    } else findings.add(key, 'field.unknown', `${entity.label.zh}没有字段“${name}”。`, `${entity.label.en} has no field "${name}".`)
  }
  return facts
}

/** A written value in the engine's units; undefined where the field cannot have it. */
export function readValue(field: Field, text: string, dictionary: Dictionary): Value | undefined {
  switch (field.type) {
    case 'bool':
      return text === 'true' ? true : text === 'false' ? false : undefined
    case 'int':
      return readScaled(text, field.decimals ?? 0)
    case 'money':
      return readScaled(text, 2)
    case 'date':
      return readDate(text) ?? undefined
    case 'enum':
      return dictionary.enums[field.enum!]?.values.some((v) => v.key === text) ? text : undefined
    default:
      return text
  }
}

/** Decimal text as a scaled integer, exactly; undefined where it has more decimals or is no number. */
export function readScaled(text: string, decimals: number): number | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim())
  const fraction = (match?.[3] ?? '').replace(/0+$/, '')
  if (!match || fraction.length > decimals) return undefined
  const size = Number(match[2]! + fraction.padEnd(decimals, '0'))
  if (!Number.isSafeInteger(size)) return undefined
  return match[1] && size !== 0 ? -size : size
}

/** A scaled integer as decimal text without trailing zeros beyond `least` decimals: 525 with two decimals is `5.25`. */
export function printScaled(value: number, decimals: number, least = 0): string {
  const digits = String(Math.abs(value)).padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction =
    decimals === 0
      ? ''
      : digits
          .slice(digits.length - decimals)
          .replace(/0+$/, '')
          .padEnd(least, '0')
  return `${value < 0 ? '-' : ''}${whole}${fraction ? `.${fraction}` : ''}`
}

/** A value as files and cases write it: yuan with two decimals, `yyyy-mm-dd`, enum keys. */
export function printValue(type: Type, value: Value): string {
  if (typeof value !== 'number') return String(value)
  if (type.kind === 'money') return printScaled(value, 2, 2)
  if (type.kind === 'int') return printScaled(value, type.decimals)
  if (type.kind === 'date') {
    const text = String(value)
    return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
  }
  return String(value)
}
