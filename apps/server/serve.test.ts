import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeDemoRun } from '@fupin/testing/demo-run.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunSource } from './run-source.ts'
import { serve } from './serve.ts'

describe('the server of a run', () => {
  let url: string
  let source: RunSource
  const ends: (() => unknown)[] = []

  beforeAll(async () => {
    const demo = await makeDemoRun(200)
    source = demo.source
    const webDir = mkdtempSync(join(tmpdir(), 'fupin-page-'))
    mkdirSync(join(webDir, 'assets'))
    writeFileSync(join(webDir, 'index.html'), '<!doctype html><script nonce="__CSP_NONCE__"></script>')
    const server = await serve({ port: 0, host: '127.0.0.1', source, webDir })
    url = server.url
    ends.push(server.close, demo.close, () => rmSync(webDir, { recursive: true }))
  })
  afterAll(async () => {
    for (const end of ends) await end()
  })

  test('listens on this machine only', () => expect(new URL(url).hostname).toBe('127.0.0.1'))

  test('refuses a page elsewhere that reaches it by a name of its own', async () => {
    const status = await new Promise((tell) =>
      get(`${url}/api/run`, { headers: { host: 'elsewhere.example' } }, (answer) => tell(answer.statusCode)),
    )
    expect(status).toBe(403)
  })

  test('allows nothing inline and nothing from outside, and makes each nonce once', async () => {
    const [first, second] = await Promise.all([fetch(url), fetch(`${url}/households?verdict=listed`)])
    const policy = first.headers.get('content-security-policy')!
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    const nonce = /'nonce-([^']+)'/.exec(policy)![1]!
    expect(await first.text()).toContain(`nonce="${nonce}"`)
    expect(second.headers.get('content-security-policy')).not.toBe(policy)
  })

  test('answers a household that is not there with a sentence in both languages', async () => {
    const answer = await fetch(`${url}/api/households/none`)
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(await answer.json()).toMatchObject({
      title: expect.stringContaining('没有找到'),
      title_en: expect.stringContaining('Not found'),
    })
  })

  test.for([
    ['scoreFrom=abc', 'scoreFrom'],
    ['verdict=poor', 'verdict'],
    ['sort=name', 'sort'],
    ['gaps=maybe', 'gaps'],
  ] as const)('names the filter it cannot read: %s', async ([query, name]) => {
    const answer = await fetch(`${url}/api/households?${query}`)
    expect(answer.status).toBe(400)
    expect(((await answer.json()) as { title: string }).title).toContain(name)
  })

  test('pages through all households once, by key', async () => {
    const seen: string[] = []
    let after: string | null = ''
    while (after !== null) {
      const page = (await (
        await fetch(`${url}/api/households?limit=37&sort=score${after && `&after=${encodeURIComponent(after)}`}`)
      ).json()) as {
        rows: { id: string }[]
        next: string | null
        all: { households: number }
      }
      seen.push(...page.rows.map((row) => row.id))
      after = page.next
      if (after === null) expect(seen).toHaveLength(page.all.households)
    }
    expect(new Set(seen).size).toBe(seen.length)
  })

  test('tells the state of the run at once and ends the stream when the run has', async () => {
    const words = await (await fetch(`${url}/api/run/events`)).text()
    expect(words.match(/^event: state$/gm)).toHaveLength(1)
    expect(JSON.parse(/^data: (.*)$/m.exec(words)![1]!)).toMatchObject({ state: 'done', demo: true })
  })

  test('gives the whole list as a file, and no other file of the disk', async () => {
    const list = await fetch(`${url}/api/export/list.csv`)
    expect(list.headers.get('content-disposition')).toContain('list.csv')
    expect((await list.text()).trim().split('\n').length - 1).toBe((await source.households({ sort: 'id', limit: 1 }))!.all.households)
    for (const name of ['..%2F..%2Fpackage.json', 'household.parquet', 'list.exe'])
      expect((await fetch(`${url}/api/export/${name}`)).status).toBe(404)
  })
})
