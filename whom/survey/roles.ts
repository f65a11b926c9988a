import type { Dictionary, Entity, Field } from '@fupin/rulebook/engine/dictionary.ts'

/** Which fields of the member entity play the parts that checks across rows need. A book without them is simply not checked so far. */
export interface MemberRoles {
  idNumber: Field | null
  name: Field | null
  birth: Field | null
  sex: { field: Field; male: number; female: number } | null
  relation: { field: Field; heads: number[]; spouses: number[] } | null
}

/** Finds the parts by field name, and their values by the words of the national code lists (男 女; 户主; 配偶). */
export function memberRoles(entity: Entity, dictionary: Dictionary): MemberRoles {
  const { id_number: idNumber = null, name = null, birth = null, sex, relation } = entity.fields
  const ordinals = (field: Field | undefined, word: RegExp) =>
    (field?.type === 'enum' ? (dictionary.enums[field.enum!]?.values ?? []) : []).flatMap((v, i) => (word.test(v.label.zh) ? [i + 1] : []))
  const [male, female] = [ordinals(sex, /^男/)[0], ordinals(sex, /^女/)[0]]
  const heads = ordinals(relation, /户主$/)
  return {
    idNumber,
    name,
    birth: birth?.type === 'date' ? birth : null,
    sex: sex && male && female ? { field: sex, male, female } : null,
    relation: relation && heads.length ? { field: relation, heads, spouses: ordinals(relation, /^(配偶|妻|夫|丈夫|妻子)$/) } : null,
  }
}
