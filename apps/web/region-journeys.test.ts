import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { serve } from '@fupin/server/serve.ts'
import { makeSmallRegion } from '@fupin/testing/small-region.ts'
import type { RegionOffice } from '@fupin/whom/run/web/region-office.ts'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, openBrowser } from './open-browser.ts'

const webDir = fileURLToPath(new URL('./dist', import.meta.url))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const withBrowser = chromiumPath() !== null
if (!withBrowser) console.warn('SKIPPED: the office of a region in a browser. On Debian: apt-get install chromium fonts-noto-cjk')

describe.skipIf(!withBrowser)('the office of a region, on a small one', { timeout: 120_000 }, () => {
  let office: RegionOffice
  let url: string
  let page: Page
  const ends: (() => Promise<unknown>)[] = []
  /** What the browser asked of others, and what it refused or could not run. */
  const outside: string[] = []
  const complaints: string[] = []
  const county = '450621'

  beforeAll(async () => {
    if (!existsSync(`${webDir}/index.html`))
      await build({ configFile: fileURLToPath(new URL('./vite.config.ts', import.meta.url)), logLevel: 'warn' })
    const region = await makeSmallRegion(900)
    // An earlier run, for the comparison: the same region at other quotas.
    const earlier = await region.job('earlier', 0.7)
    await earlier.start()
    office = await region.job('run', 1, 'earlier')
    const server = await serve({ port: 0, host: '127.0.0.1', source: office, webDir })
    url = server.url
    const browser = await openBrowser()
    ends.push(browser.close, server.close, region.close)
    browser.context.on('request', (request) => {
      if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) outside.push(request.url())
    })
    browser.context.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`${message.page()?.url()} ${message.text()}`)
    })
    browser.context.on('weberror', (error) => complaints.push(String(error.error())))
    page = await browser.context.newPage()
  }, 240_000)
  afterAll(async () => {
    for (const end of ends) await end()
  })
  afterEach(() => page.setViewportSize({ width: 1440, height: 900 }))

  const settled = async () => {
    await page.locator('h1').first().waitFor()
    await page.locator('.opening').waitFor({ state: 'detached', timeout: 60_000 })
    await page.locator('.loading').waitFor({ state: 'detached', timeout: 60_000 })
  }
  const open = async (path: string, language: 'zh' | 'en' = 'zh') => {
    await page.goto(`${url}${path}`)
    await page.evaluate((chosen) => localStorage.setItem('fupin.preferences', JSON.stringify({ language: chosen })), language)
    await page.reload()
    await settled()
  }
  const text = async (selector: string) => (await page.locator(selector).first().textContent()) ?? ''
  const numbers = (words: string) => (words.replaceAll(',', '').match(/\d+/g) ?? []).map(Number)
  const region = async (code: string | null = null) => (await office.area(code))!

  test('shows the run at work with its time left, stops it, and lets it go on', async () => {
    await page.goto(url)
    await page.locator('.run-state').waitFor({ timeout: 90_000 })
    void office.start()
    await page.getByRole('button', { name: '停下' }).click()
    await page.getByRole('button', { name: '接着算' }).waitFor({ timeout: 60_000 })
    expect(await text('.run-state')).toContain('停下了')
    await page.getByRole('button', { name: '接着算' }).click()
    await page.getByRole('button', { name: '看全区结果' }).waitFor({ timeout: 60_000 })
    await page.getByRole('button', { name: '看全区结果' }).click()
    await settled()
    expect(new URL(page.url()).pathname).toBe('/')
  })

  test('opens with the region’s figures; each leads to as many households', async () => {
    const { area } = await region()
    await open('/')
    for (const [index, verdict] of (['listed', 'not_listed', 'vetoed', 'undecided', 'out_of_scope'] as const).entries())
      expect(numbers((await page.locator('.figure-with-state .figure-value').nth(index).textContent()) ?? '')).toEqual([
        area.verdicts[verdict].households,
        area.verdicts[verdict].persons,
      ])
    await page.locator('.figure-with-state').nth(2).getByRole('link').click()
    await page.locator('.list-counts').waitFor()
    expect(numbers(await text('.list-counts strong'))).toEqual([area.verdicts.vetoed.households, area.verdicts.vetoed.persons])
  })

  test('unfolds a city to its counties by keyboard, keeps it in the address, and enters the one below', async () => {
    await open('/')
    expect(await page.locator('tbody tr').count()).toBe(3)
    await page.keyboard.press('j')
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => page.locator('tbody tr').count()).toBe(4)
    expect(page.url()).toContain('open=4506')
    await page.reload()
    await expect.poll(() => page.locator('tbody tr').count()).toBe(4)
    await page.getByRole('link', { name: '上思县' }).click()
    await page.getByRole('heading', { level: 1, name: '上思县识别结果' }).waitFor()
    expect(await page.locator('nav.trail').first().textContent()).toContain('防城港市')
  })

  test('sorts the areas and finds one by name anywhere below', async () => {
    await open('/')
    await page.locator('th button', { hasText: '拟列入户' }).click()
    await page.locator('th[aria-sort=ascending]').waitFor()
    const { rows } = await region()
    const least = [...rows].sort((a, b) => a.verdicts.listed.persons - b.verdicts.listed.persons)[0]!
    expect(await text('tbody tr')).toContain(least.name)
    await page.getByLabel('按名称或代码找地区').fill('平福')
    await page.getByLabel('按名称或代码找地区').press('Enter')
    await page.locator('tbody tr', { hasText: '上思县' }).waitFor()
    expect(page.url()).toContain('text=')
  })

  test('opens a county from its figures, after saying what it does, with the same number in its register', async () => {
    const { area } = await region(county)
    await open(`/?area=${county}`)
    await page.locator('.figure-with-state').first().getByRole('link').click()
    await page.locator('.list-counts').waitFor({ timeout: 60_000 })
    expect(page.url()).toContain(`/county/${county}/households`)
    expect(numbers(await text('.list-counts strong'))).toEqual([area.verdicts.listed.households, area.verdicts.listed.persons])
    const id = await text('tbody tr a')
    await page.locator('tbody tr a').first().click()
    await page.locator('.household-head', { hasText: id }).waitFor()
    expect(page.url()).toContain(`/county/${county}/households/`)
    await page.locator('.why-sentence').waitFor()
    await page.locator('nav.trail').first().getByRole('link', { name: '防城港市' }).click()
    await page.getByRole('heading', { level: 1, name: '防城港市识别结果' }).waitFor()
  })

  test('finds a household of any county by its number, and opens its file', async () => {
    const { rows } = (await office.households({ limit: 1, area: '451026' }))!
    await open('/')
    await page.locator('#search').fill(rows[0]!.id)
    await page.locator('#search').press('Enter')
    await page.locator('tbody tr').first().waitFor()
    expect(numbers(await text('.list-counts strong'))[0]).toBe(1)
    await page.getByRole('link', { name: rows[0]!.id }).click()
    await page.locator('.household-head', { hasText: rows[0]!.id }).waitFor({ timeout: 60_000 })
  })

  test('lists the lines of all counties, and says how the run was made and how to repeat it', async () => {
    await open('/region/lines')
    const lines = (await office.lines())!
    for (const line of lines) expect(await text(`tbody tr:has-text("${line.name}")`)).toContain(String(line.quota))
    const made = (await office.made())!
    await open('/region/made')
    const words = await text('main')
    expect(words).toContain(made.snapshot.id.replace('sha256:', ''))
    for (const { value } of made.digests) expect(words).toContain(value)
    expect(await text('pre.command')).toContain(`--on ${made.book.asOf}`)
  })

  test('shows who entered and left since an earlier run, and why', async () => {
    const compared = (await office.comparison())!
    const entered = compared.moves.find((one) => one.move === 'entered')!
    expect(entered.households).toBeGreaterThan(0)
    await open('/region/compare')
    await page.locator('.figure', { hasText: '新列入' }).getByRole('button', { name: '看这些户' }).first().click()
    await expect.poll(async () => numbers(await text('#moved .list-counts strong'))).toEqual([entered.households, entered.persons])
    expect(page.url()).toContain('move=entered')
    expect(await text('#moved tbody tr')).toContain('→ 拟列入')
  })

  test.for([
    ['zh', 1440, 900],
    ['zh', 390, 844],
    ['en', 1440, 900],
    ['en', 390, 844],
  ] as const)('is readable by everybody (axe, %s at %i)', { timeout: 180_000 }, async ([language, width, height]) => {
    await page.setViewportSize({ width, height })
    for (const path of [
      '/',
      '/?area=4506&open=450621',
      '/?view=map',
      '/run',
      '/map',
      '/region/lines',
      '/region/scores',
      '/region/households',
      '/region/made',
      '/region/compare',
      `/county/${county}/households`,
    ]) {
      await open(path, language)
      await page.evaluate(axe)
      const grave = await page.evaluate(async () => {
        const { violations } = await (
          globalThis as unknown as {
            axe: { run: () => Promise<{ violations: { impact: string; id: string; nodes: { html: string }[] }[] }> }
          }
        ).axe.run()
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)
      })
      expect(grave, path).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${path} scrolls sideways`).toBeLessThanOrEqual(
        0,
      )
    }
  })

  test('asked nothing of other machines, and its own policy refused nothing', () => {
    expect(outside).toEqual([])
    expect(complaints).toEqual([])
  })
})
