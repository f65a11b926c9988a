/**
 * Digest of a column over any number of rows, in any order: each row's key and value are mixed into 62 bits, the sum of these is the
 * digest. Integers only and the same in DuckDB and PostgreSQL, so that two engines, or two years, can be compared without the rows.
 * It finds accidents; who wants to be safe against malice compares the files' sha256.
 */
const prime = 2_147_483_629
const [first, second] = [1_181_783_497, 40_692_007]

/** SQL of one row's share. `key` and `value` are integers, the value within 2^31; NULL counts as a value of its own. */
export function mixed(key: string, value: string): string {
  const folded = `((${key}) % ${prime} * ${first} + (coalesce(${value}, -2147483647) + 2147483648) % ${prime} * ${second}) % ${prime}`
  // A product of two different foldings of the same number: no linear change of one row is made good by another.
  return `(${folded}) * ((${folded}) % 1073741789 + 1)`
}

/** SQL of a digest: the sum over the rows, as a whole number. */
export const digestSql = (key: string, value: string): string => `sum(${mixed(key, value)})::varchar`

/** The digest of several parts from the digests of each. */
export const joinDigests = (parts: readonly string[]): string => parts.reduce((sum, part) => sum + BigInt(part), 0n).toString()
