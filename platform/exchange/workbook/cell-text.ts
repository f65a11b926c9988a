import { excelDay } from './styles.ts'

/** A number cell as text: the day it shows, or the number without the noise of the float; null where its digits are lost or it is none. */
export function numberText(raw: string, isDay: boolean, from1904: boolean): { text: string; refused?: 'error' | 'cut' } {
  const number = Number(raw)
  if (!Number.isFinite(number)) return { text: raw, refused: 'error' }
  if (Math.abs(number) >= 1e15) return { text: raw, refused: 'cut' }
  if (isDay) {
    const day = excelDay(number, from1904)
    if (day) return { text: day }
  }
  return { text: /^-?\d{1,15}$/.test(raw) ? raw : plainNumber(number) }
}

/** Excel holds 15 digits: what lies behind them is noise of the float. */
function plainNumber(number: number): string {
  const short = Number(number.toPrecision(15))
  const text = String(short)
  return text.includes('e') ? short.toFixed(20).replace(/\.?0+$/, '') : text
}

/** Can these bytes be copied as they stand: a plain number of at most 15 digits, without exponent or zeros that a float would not show? */
export function isPlainNumber(bytes: Uint8Array, from: number, to: number): boolean {
  let i = bytes[from] === 45 ? from + 1 : from
  const digits = to - i
  if (digits < 1 || digits > 15) return false
  const first = bytes[i]!
  // A leading zero stands alone or before a point.
  if (first === 48 && digits > 1 && bytes[i + 1] !== 46) return false
  let point = false
  for (; i < to; i++) {
    const c = bytes[i]!
    if (c === 46 && !point && digits > 2) point = true
    else if (c < 48 || c > 57) return false
  }
  const last = bytes[to - 1]!
  return first !== 46 && last !== 46 && !(point && last === 48)
}
