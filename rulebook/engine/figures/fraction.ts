/** An exact number: `n / d` in lowest terms, `d` above zero. The arithmetic of published figures knows no floats. */
export interface Fraction {
  n: bigint
  d: bigint
}

/** A fraction in lowest terms. @throws RangeError where the denominator is zero. */
export function fraction(n: bigint, d: bigint = 1n): Fraction {
  if (d === 0n) throw new RangeError('division by zero')
  const g = gcd(n < 0n ? -n : n, d < 0n ? -d : d) || 1n
  return d < 0n ? { n: -n / g, d: -d / g } : { n: n / g, d: d / g }
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b]
  while (y) [x, y] = [y, x % y]
  return x
}

/** `12`, `-3.50` or `2/3` as written; null for anything else. */
export function readFraction(text: string): Fraction | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:\/(\d+))?$/.exec(text)
  if (!match || match[4] === '0') return null
  const decimals = match[3] ?? ''
  const size = fraction(BigInt(match[2]! + decimals), 10n ** BigInt(decimals.length) * BigInt(match[4] ?? 1))
  return match[1] ? minus(zero, size) : size
}

export const zero: Fraction = { n: 0n, d: 1n }
export const one: Fraction = { n: 1n, d: 1n }

export const plus = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d + b.n * a.d, a.d * b.d)
export const minus = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d - b.n * a.d, a.d * b.d)
export const times = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.n, a.d * b.d)
export const over = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d, a.d * b.n)
export const sign = (a: Fraction): -1 | 0 | 1 => (a.n < 0n ? -1 : a.n > 0n ? 1 : 0)
export const compare = (a: Fraction, b: Fraction): -1 | 0 | 1 => sign(minus(a, b))
export const size = (a: Fraction): Fraction => (a.n < 0n ? { n: -a.n, d: a.d } : a)

/** `10^-decimals`: one unit of the last digit of a number printed with so many decimals. */
export const lastDigit = (decimals: number): Fraction =>
  decimals >= 0 ? { n: 1n, d: 10n ** BigInt(decimals) } : { n: 10n ** BigInt(-decimals), d: 1n }

/** Rounds to so many decimals, half away from zero, and writes all of them: 18.0 stays `18.0`. */
export function round(a: Fraction, decimals: number): string {
  const scaled = times(size(a), { n: 10n ** BigInt(decimals), d: 1n })
  const whole = ((2n * scaled.n + scaled.d) / (2n * scaled.d)).toString().padStart(decimals + 1, '0')
  const text = decimals ? `${whole.slice(0, -decimals)}.${whole.slice(-decimals)}` : whole
  return a.n < 0n && /[1-9]/.test(text) ? `-${text}` : text
}

/** Exactly as a decimal where it ends, else null. */
export function exactly(a: Fraction): string | null {
  let d = a.d
  let decimals = 0
  while (d % 10n === 0n) [d, decimals] = [d / 10n, decimals + 1]
  let [twos, fives] = [0, 0]
  while (d % 2n === 0n) [d, twos] = [d / 2n, twos + 1]
  while (d % 5n === 0n) [d, fives] = [d / 5n, fives + 1]
  return d === 1n ? round(a, decimals + Math.max(twos, fives)) : null
}

const rootDecimals = 30n

/** The `k`-th root of a number not below zero, from below and from above, 10^-30 apart; equal where the root is a decimal that ends there. */
export function root(a: Fraction, k: number): { below: Fraction; above: Fraction } {
  if (a.n < 0n || !Number.isInteger(k) || k < 1) throw new RangeError('no such root')
  const scale = 10n ** rootDecimals
  const target = (a.n * scale ** BigInt(k)) / a.d
  let [low, high] = [0n, target + 1n]
  while (high - low > 1n) {
    const middle = (low + high) / 2n
    if (middle ** BigInt(k) <= target) low = middle
    else high = middle
  }
  const exact = low ** BigInt(k) * a.d === a.n * scale ** BigInt(k)
  return { below: fraction(low, scale), above: fraction(exact ? low : low + 1n, scale) }
}
