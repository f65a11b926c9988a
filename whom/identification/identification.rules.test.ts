import { describe, expect, it } from 'vitest'
import {
  type Direction,
  drawEveryWay,
  drawLine,
  inBand,
  insideOf,
  neighbours,
  type ScoreCount,
  type Standing,
  scoreTable,
  verdictOf,
} from './identification.rules.ts'

const at = (score: number, persons: number, households = 1): ScoreCount => ({ score, households, persons })
const better: Direction = 'higher_is_better_off'
const poorer: Direction = 'higher_is_poorer'

describe('一分一档', () => {
  it('begins with the poorest, in both directions, and adds up', () => {
    const counts = [at(60, 3), at(40, 4, 2), at(50, 5)]
    expect(scoreTable(counts, better).map((s) => [s.score, s.cumulativeHouseholds, s.cumulativePersons])).toEqual([
      [40, 2, 4],
      [50, 3, 9],
      [60, 4, 12],
    ])
    expect(scoreTable(counts, poorer).map((s) => [s.score, s.cumulativePersons])).toEqual([
      [60, 3],
      [50, 8],
      [40, 12],
    ])
  })
})

describe('the line', () => {
  const table = scoreTable([at(40, 10), at(50, 10), at(60, 10)], better)

  it('is the score whose cumulative persons are closest to the quota', () => {
    expect(drawLine(table, 18, 'lower')).toBe(50)
    expect(drawLine(table, 14, 'lower')).toBe(40)
    expect(drawLine(table, 26, 'lower')).toBe(60)
  })

  it('goes to the lower or the higher score on a tie, as the scorecard says, in both directions', () => {
    expect([drawLine(table, 15, 'lower'), drawLine(table, 15, 'higher')]).toEqual([40, 50])
    const down = scoreTable([at(40, 10), at(50, 10), at(60, 10)], poorer)
    expect([drawLine(down, 15, 'lower'), drawLine(down, 15, 'higher')]).toEqual([50, 60])
  })

  it('is none where nobody is counted', () => {
    expect(drawLine([], 100, 'lower')).toBeNull()
  })

  it('is the poorest score for a quota of nobody, and the last one for a quota above all', () => {
    expect(drawLine(table, 0, 'lower')).toBe(40)
    expect(drawLine(table, 1_000_000, 'lower')).toBe(60)
    expect(drawLine(scoreTable([at(40, 10), at(60, 10)], poorer), 1_000_000, 'lower')).toBe(40)
  })

  it('has its neighbours a point down and up, each with its deviation, also where nobody has that score', () => {
    expect(neighbours(table, 50, 18, better)).toEqual([
      { score: 49, households: 1, persons: 10, deviation: -8 },
      { score: 50, households: 2, persons: 20, deviation: 2 },
      { score: 51, households: 2, persons: 20, deviation: 2 },
    ])
    expect(insideOf(table, 39, better)).toEqual({ households: 0, persons: 0 })
    expect(insideOf(scoreTable([at(40, 1), at(60, 2)], poorer), 50, poorer)).toEqual({ households: 1, persons: 2 })
  })
})

describe('a line with gaps', () => {
  const tables = (known: ScoreCount[], least: ScoreCount[], most: ScoreCount[], doubtful: ScoreCount[] = []) => ({
    known: { certain: known, doubtful },
    least: { certain: least, doubtful },
    most: { certain: most, doubtful },
  })

  it('stands where all six draws agree', () => {
    const same = [at(40, 10), at(50, 10)]
    const drawn = drawEveryWay(tables(same, same, same), 20, better, 'lower')
    expect(drawn).toMatchObject({ line: 50, interval: null })
    expect(drawn.draws.map((d) => `${d.points} ${d.doubtful}`)).toEqual([
      'known out',
      'known in',
      'least out',
      'least in',
      'most out',
      'most in',
    ])
  })

  it('is an interval where gaps or undecided vetoes move it', () => {
    const drawn = drawEveryWay(tables([at(40, 10), at(50, 10)], [at(38, 10), at(50, 10)], [at(45, 10), at(50, 10)]), 10, better, 'lower')
    expect(drawn).toMatchObject({ line: null, interval: { low: 38, high: 45 } })
    const doubt = drawEveryWay(
      tables([at(40, 10), at(50, 10)], [at(40, 10), at(50, 10)], [at(40, 10), at(50, 10)], [at(30, 10)]),
      20,
      better,
      'lower',
    )
    expect(doubt).toMatchObject({ line: null, interval: { low: 40, high: 50 } })
  })

  it('is none where nobody is counted in any way', () => {
    expect(drawEveryWay(tables([], [], []), 20, better, 'lower')).toMatchObject({ line: null, interval: null })
  })
})

describe('the band', () => {
  it('holds who flips when the line moves by a point', () => {
    expect([48, 49, 50, 51, 52].map((s) => inBand(s, 50, 1, better))).toEqual([false, false, true, true, false])
    expect([48, 49, 50, 51, 52].map((s) => inBand(s, 50, 1, poorer))).toEqual([false, true, true, false, false])
    expect(inBand(50, 50, 0, better)).toBe(false)
  })
})

describe('the verdict', () => {
  const sure = (score: number, more: Partial<Standing> = {}): Standing => ({
    least: score,
    most: score,
    inScope: true,
    vetoes: [false],
    ...more,
  })

  it('follows score and line in both directions', () => {
    expect([50, 51].map((s) => verdictOf(sure(s), 50, 50, better))).toEqual(['listed', 'not_listed'])
    expect([50, 49].map((s) => verdictOf(sure(s), 50, 50, poorer))).toEqual(['listed', 'not_listed'])
  })

  it('is open while the score may lie on either side, or the line may', () => {
    expect(verdictOf(sure(0, { least: 49, most: 51 }), 50, 50, better)).toBe('undecided')
    expect(verdictOf(sure(50), 49, 51, better)).toBe('undecided')
    expect(verdictOf(sure(49), 49, 51, better)).toBe('listed')
    expect(verdictOf(sure(52), 49, 51, better)).toBe('not_listed')
    expect(verdictOf(sure(50), null, null, better)).toBe('undecided')
  })

  it('asks for no veto where the household is outside anyway, and never takes an unknown veto for none', () => {
    expect(verdictOf(sure(60, { vetoes: [undefined] }), 50, 50, better)).toBe('not_listed')
    expect(verdictOf(sure(40, { vetoes: [undefined] }), 50, 50, better)).toBe('undecided')
    expect(verdictOf(sure(40, { vetoes: [undefined, true] }), 50, 50, better)).toBe('vetoed')
    expect(verdictOf(sure(60, { vetoes: [true] }), null, null, better)).toBe('vetoed')
  })

  it('leaves who is outside the round outside, whatever else holds', () => {
    expect(verdictOf(sure(40, { inScope: false, vetoes: [true] }), 50, 50, better)).toBe('out_of_scope')
    expect(verdictOf(sure(40, { inScope: undefined }), 50, 50, better)).toBe('undecided')
    expect(verdictOf(sure(60, { inScope: undefined }), 50, 50, better)).toBe('not_listed')
  })
})
