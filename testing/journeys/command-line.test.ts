import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { csv, fupin, fupinByNpm, toCsv } from './command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'fupin-command-line-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => join(folder, name)

it('help of every command ends well and speaks both languages', async () => {
  const commands = [
    [],
    ['rules'],
    ['rules', 'check'],
    ['rules', 'evaluate'],
    ['rules', 'diff'],
    ['rules', 'simulate'],
    ['identify'],
    ['check-id'],
    ['synth'],
    ['serve'],
  ]
  for (const pair of [0, 2, 4, 6, 8].map((i) => commands.slice(i, i + 2)))
    for (const ended of await Promise.all(pair.map((command) => fupin([...command, '--help'])))) {
      expect(ended).toMatchObject({ status: 0, err: '' })
      expect(ended.out).toContain('--help')
      expect(ended.out).toMatch(/[\u4e00-\u9fff].* · [a-z]/i)
    }
})

describe('a wrong call', () => {
  const ppi = ['--book', 'rulebook/books/ppi']
  const evaluate = ['rules', 'evaluate', ...ppi, '--id', 'ppi.vnm2009']
  it.concurrent.each<[string, string[]]>([
    ['no such command', ['bogus']],
    ['an option is lacking', ['identify', ...ppi]],
    ['no such option', ['check-id', '--colour', 'red']],
    ['no such kind', ['check-id', '--kind', 'iban', '--in', 'package.json', '--out', at('x.csv')]],
    ['no such engine', [...evaluate, '--in', 'package.json', '--out', at('x.csv'), '--engine', 'sqlite']],
    ['no such engine to check with', ['rules', 'check', 'rulebook/books/ppi', '--engines', 'interpreter,sqlite']],
    ['no date', [...evaluate, '--in', 'package.json', '--out', at('x.csv'), '--on', 'soon']],
    ['no such input', [...evaluate, '--in', 'nowhere.csv', '--out', at('x.csv')]],
    ['no such book', ['rules', 'evaluate', '--book', 'nowhere', '--id', 'x', '--in', 'package.json', '--out', at('x.csv')]],
    ['no such book to check', ['rules', 'check', 'nowhere']],
    ['no such rule', ['rules', 'evaluate', ...ppi, '--id', 'ppi.atlantis', '--in', 'package.json', '--out', at('x.csv')]],
    ['no such scorecard', ['identify', ...ppi, '--id', 'ppi.vnm2009.q1', '--survey', 'package.json', '--out', at('x')]],
    ['no such survey', ['identify', ...ppi, '--survey', 'nowhere', '--out', at('x')]],
    ['no such folder of departments', ['identify', ...ppi, '--survey', 'package.json', '--departments', 'nowhere', '--out', at('x')]],
    ['no such quota', ['identify', ...ppi, '--survey', 'package.json', '--quota', 'nowhere.csv', '--out', at('x')]],
    ['no such format', ['identify', ...ppi, '--survey', 'package.json', '--formats', 'csv,pdf', '--out', at('x')]],
    ['no folder can stand there', ['synth', '--households', '30', '--out', 'package.json/x']],
    ['no households', ['synth', '--households', '-3', '--out', at('x')]],
    ['no such county', ['synth', '--households', '30', '--county', '123456', '--out', at('x')]],
    ['no such department', ['synth', '--households', '30', '--without', 'wizards', '--out', at('x')]],
  ])('%s: status 2, one sentence, nothing written', async (_, call) => {
    const ended = await fupin(call, 'en')
    expect([ended.status, ended.err]).toEqual([2, expect.not.stringMatching(/\n {4}at /)])
    expect(ended.err + ended.out).not.toBe('')
    expect(existsSync(at('x'))).toBe(false)
    expect(existsSync(at('x.csv'))).toBe(false)
  })
})

describe('results', () => {
  it('come with status 0 by npm, as the README says it', async () => {
    writeFileSync(at('numbers.csv'), toCsv([{ value: '91110000600037341L' }, { value: '1' }]))
    const ended = await fupinByNpm(['check-id', '--kind', 'gb32100', '--in', at('numbers.csv'), '--out', at('checked.csv')], 'en')
    expect(ended).toMatchObject({ status: 0, out: '', err: '2 checked, 1 wrong.\n' })
    expect(csv(at('checked.csv')).map((r) => r.valid)).toEqual(['true', 'false'])
  })

  it('of a file with a bad cell are whole but for it, and the status is 1', async () => {
    const sheet = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`q${i + 1}`, 'A']))
    writeFileSync(at('sheets.csv'), toCsv([sheet, { ...sheet, q3: 'Z' }, sheet]))
    const ended = await fupin(
      ['rules', 'evaluate', '--book', 'rulebook/books/ppi', '--id', 'ppi.vnm2009', '--in', at('sheets.csv'), '--out', at('sheets.out.csv')],
      'en',
    )
    expect(ended.status).toBe(1)
    expect(ended.err).toMatch(/sheets\.csv:3 q3 .*Z/)
    expect(csv(at('sheets.out.csv')).map((r) => [r.row, r.value === '', r.missing])).toEqual([
      ['1', false, ''],
      ['2', true, 'q3'],
      ['3', false, ''],
    ])
  })

  it('are told to machines with --json', async () => {
    const sheet = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`q${i + 1}`, i ? 'A' : 'Z']))
    writeFileSync(at('one.csv'), toCsv([sheet]))
    const ended = await fupin([
      'rules',
      'evaluate',
      '--book',
      'rulebook/books/ppi',
      '--id',
      'ppi.vnm2009',
      '--in',
      at('one.csv'),
      '--out',
      at('one.out.csv'),
      '--json',
    ])
    expect([ended.status, ended.err]).toEqual([1, ''])
    expect(JSON.parse(ended.out)).toMatchObject({
      rows: 1,
      findings: [{ file: 'one.csv', row: 2, column: 'q1', value: 'Z', severity: 'error' }],
    })
    writeFileSync(at('more.csv'), toCsv([{ value: '1' }]))
    const checked = await fupin(['check-id', '--kind', 'gb11643', '--in', at('more.csv'), '--out', at('more.out.csv'), '--json'])
    expect(JSON.parse(checked.out)).toEqual({ rows: 1, invalid: 1 })
  })

  it('of two books that differ are told by meaning, for people and for machines', async () => {
    const plain = await fupin(['rules', 'diff', 'rulebook/books/ppi', 'rulebook/books/ppi'])
    expect(plain).toMatchObject({ status: 0, out: '' })
    const machine = await fupin(['rules', 'diff', 'rulebook/books/ppi', 'rulebook/books/ppi', '--json'])
    const { from, to, changes } = JSON.parse(machine.out) as { from: string; to: string; changes: unknown[] }
    expect([from === to, changes]).toEqual([true, []])
  })
})
