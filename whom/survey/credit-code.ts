/**
 * Unified social credit codes 统一社会信用代码 (GB 32100-2015): registration department, kind of body, 6 digits area,
 * 9 characters organisation code, 1 check character (weights 3^i mod 31 over 31 characters without I O S V Z).
 */

export type CreditCodeState = 'ok' | 'length' | 'letters' | 'department' | 'kind' | 'area' | 'organisation' | 'check'

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const organisationWeights = [3, 7, 9, 10, 5, 8, 4, 2]

/**
 * Registration departments (first character): the standard's own 1 staffing offices, 5 civil affairs, 9 industry and commerce, Y others,
 * and those given out later: 2 foreign affairs, 3 justice, 4 culture, 6 tourism, 7 religion, 8 trade unions, N rural collectives.
 */
const departments = '123456789NY'

/** Kinds of bodies (second character) where the standard lists them; the later departments are not held to a list. */
const kindsByDepartment: Record<string, string> = { '1': '1239', '5': '1239', '9': '123', Y: '1' }

/** What is wrong with a code, the first thing in the order of its parts. */
export function readCreditCode(written: string): CreditCodeState {
  const text = written
    .normalize('NFKC')
    .replace(/[\s'-]/g, '')
    .toUpperCase()
  if (text.length !== 18) return 'length'
  if ([...text].some((c) => !alphabet.includes(c))) return 'letters'
  if (!departments.includes(text[0]!)) return 'department'
  if (!(kindsByDepartment[text[0]!] ?? '123456789').includes(text[1]!)) return 'kind'
  if (!/^\d{6}$/.test(text.slice(2, 8))) return 'area'
  if (!organisationCodeStands(text.slice(8, 17))) return 'organisation'
  return checkCharacterOf(text) === text[17] ? 'ok' : 'check'
}

function checkCharacterOf(text: string): string {
  let weight = 1
  let sum = 0
  for (let i = 0; i < 17; i++) {
    sum += alphabet.indexOf(text[i]!) * weight
    weight = (weight * 3) % 31
  }
  return alphabet[(31 - (sum % 31)) % 31]!
}

/** Organisation code (GB 11714-1997): eight characters and a check character modulo 11. */
function organisationCodeStands(code: string): boolean {
  const value = (c: string) => (c >= 'A' ? c.charCodeAt(0) - 55 : Number(c))
  const sum = organisationWeights.reduce((total, weight, i) => total + weight * value(code[i]!), 0)
  const check = 11 - (sum % 11)
  return code[8] === (check === 10 ? 'X' : check === 11 ? '0' : String(check))
}
