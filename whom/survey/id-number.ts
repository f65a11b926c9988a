import { daysInMonth } from '@fupin/rulebook/engine/civil-date.ts'

/**
 * Citizen identity numbers 公民身份号码 (GB 11643-1999): 6 digits area, 8 birth, 3 sequence (odd = male), 1 check character (ISO 7064 MOD 11-2).
 * The old form of 15 digits has no century and no check character. A second-generation disability certificate 残疾人证 has 20 characters
 * (22 after a replacement): the number, then class 1-7 and grade 1-4 (GB/T 26341-2010).
 */

export type IdState = 'ok' | 'ok_15' | 'ok_disability' | 'cut' | 'length' | 'letters' | 'area' | 'birth' | 'check' | 'disability'

export interface IdFacts {
  state: IdState
  /** The 18 characters by which people are compared; null where the number does not stand. */
  id18: string | null
  /** yyyymmdd */
  birth: number | null
  sex: 'male' | 'female' | null
  /** The last character the first 17 ask for, where only that is wrong. */
  wanted: string | null
}

/** First two digits: provinces and regions by GB/T 2260, with 71 Taiwan, 81 Hong Kong, 82 Macao, 83 residence permits of Taiwan. */
export const provincePrefixes = [
  11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82,
  83,
]
export const checkWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
export const checkCharacters = '10X98765432'

/** The check character of the first 17 digits. */
export function checkCharacter(first17: string): string {
  const sum = checkWeights.reduce((total, weight, i) => total + weight * (first17.charCodeAt(i) - 48), 0)
  return checkCharacters[sum % 11]!
}

/** Brings a written number to plain signs: full-width digits, blanks, a leading apostrophe, a small x. */
export const idText = (written: string): string =>
  written
    .normalize('NFKC')
    .replace(/[\s'’‘]/g, '')
    .toUpperCase()

/** The 18-character form of an old 15-digit number: 19 goes before the year, the check character behind. */
export function from15(old: string): string {
  const first17 = `${old.slice(0, 6)}19${old.slice(6)}`
  return first17 + checkCharacter(first17)
}

/** What a number says, and whether it can be a number of this standard. Never repairs anything. */
export function readIdNumber(written: string): IdFacts {
  const text = idText(written)
  const no = (state: IdState, wanted: string | null = null): IdFacts => ({ state, id18: null, birth: null, sex: null, wanted })
  if (/^\d(\.\d+)?E\+?\d+$/.test(text)) return no('cut')
  if (/^\d{15}$/.test(text)) {
    const facts = readEighteen(from15(text))
    return facts.state === 'ok' ? { ...facts, state: 'ok_15' } : facts
  }
  if (/^\d{17}[\dX]$/.test(text)) return readEighteen(text)
  if (/^\d{17}[\dX]\d{2}(\d{2}|B\d)?$/.test(text)) {
    const facts = readEighteen(text.slice(0, 18))
    if (facts.state !== 'ok') return facts
    return /^[1-7][1-4]/.test(text.slice(18)) ? { ...facts, state: 'ok_disability' } : no('disability')
  }
  return no(/^[\dX]*$/.test(text) || text.length !== 18 ? 'length' : 'letters')
}

function readEighteen(text: string): IdFacts {
  const no = (state: IdState, wanted: string | null = null): IdFacts => ({ state, id18: null, birth: null, sex: null, wanted })
  if (!provincePrefixes.includes(Number(text.slice(0, 2)))) return no('area')
  const [year, month, day] = [Number(text.slice(6, 10)), Number(text.slice(10, 12)), Number(text.slice(12, 14))]
  if (year < 1850 || year > 2100 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return no('birth')
  const wanted = checkCharacter(text)
  // A spreadsheet keeps 15 digits and writes zeros behind them.
  if (wanted !== text[17]) return no(text.endsWith('000') ? 'cut' : 'check', wanted)
  return { state: 'ok', id18: text, birth: Number(text.slice(6, 14)), sex: Number(text[16]) % 2 === 1 ? 'male' : 'female', wanted }
}
