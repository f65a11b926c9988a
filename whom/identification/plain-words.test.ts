import { describe, expect, test } from 'vitest'
import type { Verdict } from './identification.contract.ts'
import { plainWords } from './plain-words.ts'

const told = (verdict: Verdict) =>
  plainWords({
    headName: '韦建国',
    verdict,
    least: 50,
    most: 50,
    low: 53,
    high: 53,
    direction: 'higher_is_better_off',
    missing: [],
    vetoes: [],
    rules: [],
    contest: { days: 15 },
  })

describe('the words read to a family', () => {
  test.for(['listed', 'not_listed', 'undecided', 'out_of_scope'] as const)('name no days to object where no veto holds (%s)', (verdict) => {
    expect(told(verdict).zh.join('')).not.toContain('15')
    expect(told(verdict).zh.join('')).toContain('有意见')
  })

  test('name the days of the veto that holds', () => expect(told('vetoed').zh.at(-1)).toContain('15 天'))

  test.for(['listed', 'not_listed', 'vetoed', 'undecided', 'out_of_scope'] as const)('are as many in both languages (%s)', (verdict) => {
    expect(told(verdict).en).toHaveLength(told(verdict).zh.length)
  })
})
