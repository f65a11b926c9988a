import type { Language } from './language.tsx'

/** Groups of three, true minus sign: `−2,800`. */
export const count = (n: number) => (n < 0 ? `−${group(-n)}` : group(n))

/** A difference always has its sign; nothing is `没有变` / `no change`. */
export function difference(n: number, language: Language, unit = '') {
  if (n === 0) return language === 'zh' ? '没有变' : 'no change'
  return `${n > 0 ? '+' : '−'}${group(Math.abs(n))}${unit}`
}

/** Two decimals always, `2.75%`; no denominator, no share. */
export const share = (part: number, of: number) => (of === 0 ? null : percent((part / of) * 100))

/** `−0.13%` from -0.13. */
export const percent = (n: number) => `${n < 0 ? '−' : ''}${Math.abs(n).toFixed(2)}%`

/** `12.3` seconds under a minute, then minutes and seconds. */
export function duration(seconds: number, language: Language) {
  const whole = Math.round(seconds)
  if (seconds < 10) return language === 'zh' ? `${seconds.toFixed(1)} 秒` : `${seconds.toFixed(1)} s`
  if (whole < 60) return language === 'zh' ? `${whole} 秒` : `${whole} s`
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60]
  return language === 'zh' ? `${minutes} 分 ${rest} 秒` : `${minutes} min ${rest} s`
}

/** A civil date as sentences and papers write it: `2015年12月31日` / `31 December 2015`. */
export function longDate(iso: string, language: Language) {
  const [year, month, day] = iso.slice(0, 10).split('-').map(Number) as [number, number, number]
  return language === 'zh' ? `${year}年${month}月${day}日` : `${day} ${months[month - 1]} ${year}`
}

const months = 'January February March April May June July August September October November December'.split(' ')
const group = (n: number) => String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
