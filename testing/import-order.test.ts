import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')

/** Imports point left: a place may import its own, and what stands before it. `rulebook/engine` and `platform` know nobody. */
const mayImport: [place: string, allowed: string[]][] = [
  ['rulebook/engine/testing', ['rulebook/engine', 'rulebook/shelf', 'platform']],
  ['rulebook/engine', []],
  ['platform', []],
  ['rulebook/shelf', ['rulebook/engine', 'platform']],
  ['rulebook/books', ['rulebook/engine', 'rulebook/shelf', 'platform']],
  ['whom', ['rulebook/engine', 'rulebook/shelf', 'platform']],
  ['testing', ['rulebook/engine', 'rulebook/shelf', 'platform', 'whom', 'apps/server', 'apps/cli', 'apps/web']],
  ['apps/server', ['rulebook/engine', 'rulebook/shelf', 'platform', 'whom']],
  ['apps/web', ['rulebook/engine', 'platform', 'whom']],
  ['apps/cli', ['rulebook/engine', 'rulebook/shelf', 'platform', 'whom', 'apps/server', 'testing']],
  [
    'bench',
    ['rulebook/engine', 'rulebook/engine/testing', 'rulebook/shelf', 'platform', 'whom', 'apps/server', 'apps/cli', 'apps/web', 'testing'],
  ],
]

const sources = (readdirSync(root, { recursive: true }) as string[]).filter(
  (f) => /\.tsx?$/.test(f) && !/(^|\/)(node_modules|dist|\.fupin)\//.test(f) && !/\.test\.tsx?$/.test(f),
)
const placeOf = (path: string): string | undefined => mayImport.map(([place]) => place).find((place) => path.startsWith(`${place}/`))

/** The files of ours that a file imports, as paths from the root. */
function imports(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  const named = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((m) => m[1]!)
  return named.flatMap((name) => {
    if (name.startsWith('.')) return [relative(root, resolve(root, dirname(file), name))]
    const own = /^@fupin\/(rulebook|platform|whom|testing|bench|server|web|cli)\/(.+)$/.exec(name)
    if (!own) return []
    return [`${['server', 'web', 'cli'].includes(own[1]!) ? 'apps/' : ''}${own[1]}/${own[2]}`]
  })
}

test('imports point left', () => {
  const wrong = sources.flatMap((file) => {
    const place = placeOf(file)
    if (!place) return []
    const allowed = [place, ...mayImport.find(([p]) => p === place)![1]]
    return imports(file).flatMap((to) => {
      const at = placeOf(to)
      return at && !allowed.includes(at) ? [`${file} → ${to}`] : []
    })
  })
  expect(wrong).toEqual([])
})

test('the engine does no I/O, so that it runs in a browser', () => {
  const wrong = sources
    .filter((f) => placeOf(f) === 'rulebook/engine')
    .filter((f) => /from 'node:|from 'pg'|duckdb\/node/.test(readFileSync(join(root, f), 'utf8')))
  expect(wrong).toEqual([])
})

test('only one file knows each driver', () => {
  const users = (name: string): string[] => sources.filter((f) => new RegExp(`from '${name}'`).test(readFileSync(join(root, f), 'utf8')))
  expect(users('@marcbachmann/cel-js')).toEqual(['rulebook/engine/parse.ts', 'rulebook/engine/testing/cel-oracles.ts'])
  expect(users('pg')).toEqual(['platform/database/postgres.ts'])
  expect(users('@duckdb/node-api')).toEqual(['platform/database/duckdb.ts'])
})

test('no barrel files and no drawers without a name', () => {
  expect(sources.filter((f) => /(^|\/)(index\.tsx?|utils?|helpers?|common)(\/|\.tsx?$)/.test(f))).toEqual([])
})
