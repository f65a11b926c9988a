import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkIdFile, checkIds, type IdKind } from './check-ids.ts'
import { readCreditCode } from './credit-code.ts'
import { from15, readIdNumber } from './id-number.ts'
import { aFolder } from './survey-fixture.ts'

const cases: Record<IdKind, [string, boolean][]> = {
  gb11643: [
    ['360426199101010071', true],
    ['120103198806018241', true],
    ['12345678', false],
    ['360426199101010072', false],
    ['371001198010082394', true],
    ['345955198706122245', false],
  ],
  gb32100: [
    ['91110000600037341L', true],
    ['12345678', false],
    ['A1110000600037341L', false],
    ['91110000600037342L', false],
  ],
}

describe.each(Object.keys(cases) as IdKind[])('%s', (kind) => {
  test.for(cases[kind])('%s is valid: %s', ([value, valid]) => {
    const [checked] = checkIds(kind, [value])
    expect(checked).toMatchObject({ value, valid })
    expect(checked!.reason === '').toBe(valid)
  })

  test('a file of them is written with verdict and reason in the same order', async () => {
    const folder = await aFolder({ 'numbers.csv': `value\n${cases[kind].map(([v]) => v).join('\n')}\n` })
    const out = join(folder, 'out.csv')
    const invalid = cases[kind].filter(([, valid]) => !valid).length
    expect(await checkIdFile(kind, join(folder, 'numbers.csv'), out)).toEqual({ rows: cases[kind].length, invalid })
    const lines = (await readFile(out, 'utf8')).trim().split('\n')
    expect(lines[0]).toBe('value,valid,reason')
    expect(lines.slice(1).map((l) => l.split(',').slice(0, 2))).toEqual(cases[kind].map(([v, valid]) => [v, String(valid)]))
  })
})

test('a credit code says which part is wrong', () => {
  expect(readCreditCode('A1110000600037341L')).toBe('department')
  expect(readCreditCode('9811000060003734')).toBe('length')
  expect(readCreditCode('98110000600037341L')).toBe('kind')
  expect(readCreditCode('9111000O600037341L')).toBe('letters')
  expect(readCreditCode('9111A000600037341L')).toBe('area')
  expect(readCreditCode('91110000600037351L')).toBe('organisation')
  expect(readCreditCode('91110000600037341M')).toBe('check')
})

test('a file without the column value says so', async () => {
  const folder = await aFolder({ 'numbers.csv': 'number\n1\n' })
  await expect(checkIdFile('gb11643', join(folder, 'numbers.csv'), join(folder, 'out.csv'))).rejects.toThrow('value')
})

const vectors = join(process.env.FUPIN_SHARED ?? '../shared', 'data/codes/vectors.json')
if (!existsSync(vectors)) console.warn(`SKIPPED: the published test numbers are not at ${vectors}; set FUPIN_SHARED.`)

test.skipIf(!existsSync(vectors))('all published test numbers get the published verdict', async () => {
  const published = JSON.parse(await readFile(vectors, 'utf8')) as Record<IdKind, { value: string; expected: boolean }[]> & {
    disabilityCertificate: { value: string; idPart: string }[]
    conversion15to18: { in: string; out: string }[]
  }
  for (const kind of ['gb11643', 'gb32100'] as const) {
    expect(published[kind].length).toBeGreaterThan(0)
    const checked = checkIds(
      kind,
      published[kind].map((v) => v.value),
    )
    expect(checked.map((c) => [c.value, c.valid])).toEqual(published[kind].map((v) => [v.value, v.expected]))
  }
  for (const { value, idPart } of published.disabilityCertificate)
    expect(readIdNumber(value)).toMatchObject({ state: 'ok_disability', id18: idPart })
  for (const { in: old, out } of published.conversion15to18) expect(from15(old)).toBe(out)
})
