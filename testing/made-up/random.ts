/**
 * The dice of the made-up county. A stream is sfc32 (Chris Doty-Humphrey's "small fast counting" generator, 128 bits of state, from
 * PractRand), started from a text through the 32-bit mixing of MurmurHash3. The same text gives the same numbers on every machine:
 * only 32-bit integer arithmetic is used. Not for secrets.
 */
export interface Dice {
  /** A number in [0, 1) with 32 bits. */
  next(): number
  /** True with probability p. */
  chance(p: number): boolean
  /** A whole number from low to high, both included. */
  between(low: number, high: number): number
  /** One of a list, all alike. */
  pick<T>(list: readonly T[]): T
  /** An index drawn by running sums that end in their total. */
  draw(sums: ArrayLike<number>): number
  /** A number from the standard normal distribution (sum-free: inverse of a uniform, Acklam's approximation). */
  normal(): number
}

export function dice(seed: string): Dice {
  let [a, b, c, d] = mix(seed)
  const next = (): number => {
    const t = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return (t >>> 0) / 4294967296
  }
  for (let i = 0; i < 12; i++) next()
  return {
    next,
    chance: (p) => next() < p,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: (list) => list[Math.floor(next() * list.length)],
    draw(sums) {
      const at = next() * sums[sums.length - 1]
      let index = 0
      while (index < sums.length - 1 && sums[index] <= at) index++
      return index
    },
    normal: () => quantile((next() * 4294967295 + 0.5) / 4294967296),
  }
}

/** Running sums of weights, for `draw`. */
export function running(weights: readonly number[]): Float64Array {
  const sums = new Float64Array(weights.length)
  let total = 0
  weights.forEach((weight, i) => {
    total += weight
    sums[i] = total
  })
  return sums
}

function mix(seed: string): [number, number, number, number] {
  let [p, q, r, s] = [1779033703, 3144134277, 1013904242, 2773480762]
  for (let i = 0; i < seed.length; i++) {
    const unit = seed.charCodeAt(i)
    p = q ^ Math.imul(p ^ unit, 597399067)
    q = r ^ Math.imul(q ^ unit, 2869860233)
    r = s ^ Math.imul(r ^ unit, 951274213)
    s = p ^ Math.imul(s ^ unit, 2716044179)
  }
  p = Math.imul(r ^ (p >>> 18), 597399067)
  q = Math.imul(s ^ (q >>> 22), 2869860233)
  r = Math.imul(p ^ (r >>> 17), 951274213)
  s = Math.imul(q ^ (s >>> 19), 2716044179)
  return [p ^ q ^ r ^ s, q ^ p, r ^ p, s ^ p]
}

/**
 * Quantile of the standard normal distribution, error below 1.2e-9 (P. J. Acklam's rational approximation). Only + - * / and sqrt, log:
 * in the tails the last bit of log may differ between engines, so results are rounded before anything is written.
 */
export function quantile(p: number): number {
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p))
    return tail(q)
  }
  if (p > 1 - 0.02425) return -tail(Math.sqrt(-2 * Math.log(1 - p)))
  const q = p - 0.5
  const r = q * q
  return (
    ((((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r - 30.66479806614716) * r +
      2.506628277459239) *
      q) /
    (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r - 13.28068155288572) * r + 1)
  )
}

const tail = (q: number): number =>
  (((((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q + 4.374664141464968) * q +
    2.938163982698783) /
  ((((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1)

/** Share of the standard normal distribution below x (Abramowitz and Stegun 26.2.17, error below 7.5e-8). */
export function share(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const density = 0.3989422804014327 * Math.exp((-x * x) / 2)
  const upper = density * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return x >= 0 ? 1 - upper : upper
}
