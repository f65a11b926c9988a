const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECKS = '10X98765432'

/** The 18th character for the first 17 (GB 11643-1999: weights modulo 11). */
export function checkCharacter(first17: string): string {
  let sum = 0
  for (let i = 0; i < 17; i++) sum += (first17.charCodeAt(i) - 48) * WEIGHTS[i]
  return CHECKS[sum % 11]
}

/** A number of 18 characters from its parts; birth is yyyymmdd, serial 0 to 999 and odd for men. */
export function idNumber(area: string, birth: number, serial: number): string {
  const first17 = `${area}${birth}${String(serial).padStart(3, '0')}`
  return first17 + checkCharacter(first17)
}

/** The same number as it was written before 1999: two digits of the year, no check character. */
export const oldForm = (number: string): string => number.slice(0, 6) + number.slice(8, 17)

const CREDIT_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** 统一社会信用代码: 17 characters with their check character (GB 32100-2015, weights 3^i modulo 31). */
export function creditCode(first17: string): string {
  let sum = 0
  let weight = 1
  for (let i = 0; i < 17; i++) {
    sum += CREDIT_ALPHABET.indexOf(first17[i]) * weight
    weight = (weight * 3) % 31
  }
  return first17 + CREDIT_ALPHABET[(31 - (sum % 31)) % 31]
}

/** Civil days since 1900-01-01 as yyyymmdd (Hinnant's civil-from-days). */
export function civil(daysSince1900: number): number {
  const z = daysSince1900 - 25567 + 719468
  const era = Math.floor(z / 146097)
  const dayOfEra = z - era * 146097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const part = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * part + 2) / 5) + 1
  const month = part < 10 ? part + 3 : part - 9
  return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0)) * 10000 + month * 100 + day
}

/** Days since 1900-01-01 of a civil date (Hinnant's days-from-civil). */
export function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146097 + dayOfEra - 719468 + 25567
}

/** yyyymmdd as 2015-10-16. */
export function dashed(date: number): string {
  const text = String(date)
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
}
