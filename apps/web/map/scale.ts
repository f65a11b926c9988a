import type { MapArea } from '@fupin/whom/identification/identification.contract.ts'

export type Indicator = 'inside' | 'vetoed' | 'undecided'
export const indicators: Indicator[] = ['inside', 'vetoed', 'undecided']

/** Light to dark; far enough apart for colour-blind eyes and grey print. */
export const shades = ['#FAECC4', '#F5D48C', '#EFB155', '#D98230', '#AE551F', '#70301A']

/** Steps of a picture whose numbers no policy sorts, in per cent. */
const plainSteps = [0.5, 1, 3, 5, 10]

/** Class limits in per cent: shares of poor persons by the rulebook, the same for all years, so that two pictures compare. */
export const stepsOf = (indicator: Indicator, shareClasses: number[]) =>
  indicator === 'inside' && shareClasses.length ? shareClasses : plainSteps

/** Per cent of the persons surveyed; null where nobody was surveyed. */
export function shareOf(area: MapArea, indicator: Indicator): number | null {
  return area.persons === 0 ? null : (area[indicator].persons / area.persons) * 100
}

/** Which class a share falls in, 0 the lightest. */
export const classOf = (share: number, steps: number[]) => steps.filter((limit) => share >= limit).length

/** Dark shades carry white letters. */
export const lettersOn = (shade: number) => (shade >= 4 ? '#FFFFFF' : '#1C2528')

/** The legend's entries, lightest first. */
export function legend(steps: number[], under: (n: string) => string, over: (n: string) => string) {
  return shades.map((shade, index) => ({
    shade,
    words:
      index === 0 ? under(String(steps[0])) : index === steps.length ? over(String(steps.at(-1))) : `${steps[index - 1]}–${steps[index]}%`,
  }))
}
