import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { RunSource } from '@fupin/server/run-source.ts'
import { serve } from '@fupin/server/serve.ts'
import { makeDemoRun } from '@fupin/testing/demo-run.ts'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, openBrowser } from './open-browser.ts'

const webDir = fileURLToPath(new URL('./dist', import.meta.url))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const withBrowser = chromiumPath() !== null
if (!withBrowser) console.warn('SKIPPED: the office in a browser. On Debian: apt-get install chromium fonts-noto-cjk')

describe.skipIf(!withBrowser)('the office, on a small run of the main job', () => {
  let source: RunSource
  let url: string
  let browser: Awaited<ReturnType<typeof openBrowser>>
  let page: Page
  const ends: (() => Promise<unknown>)[] = []
  /** What the browser asked of others, and what it refused or could not run. */
  const outside: string[] = []
  const complaints: string[] = []
  let county: string

  beforeAll(async () => {
    if (!existsSync(`${webDir}/index.html`))
      await build({ configFile: fileURLToPath(new URL('./vite.config.ts', import.meta.url)), logLevel: 'warn' })
    const demo = await makeDemoRun(400)
    source = demo.source
    const server = await serve({ port: 0, host: '127.0.0.1', source, webDir })
    url = server.url
    browser = await openBrowser()
    ends.push(browser.close, server.close, demo.close)
    county = (await source.state()).counties[0]!.code
    browser.context.on('request', (request) => {
      if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) outside.push(request.url())
    })
    browser.context.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`${message.page()?.url()} ${message.text()}`)
    })
    browser.context.on('weberror', (error) => complaints.push(String(error.error())))
    page = await browser.context.newPage()
  })
  afterAll(async () => {
    for (const end of ends) await end()
  })
  afterEach(() => page.setViewportSize({ width: 1440, height: 900 }))

  const open = async (path: string, language: 'zh' | 'en' = 'zh') => {
    await page.goto(`${url}${path}`)
    await page.evaluate((chosen) => localStorage.setItem('fupin.preferences', JSON.stringify({ language: chosen })), language)
    await page.reload()
    await page.locator('h1').first().waitFor()
    await page.locator('.loading').waitFor({ state: 'detached' })
  }
  const mostGaps = async () => (await source.households({ sort: '-missing', limit: 1 }))!.rows[0]!
  const text = async (selector: string) => (await page.locator(selector).first().textContent()) ?? ''
  const numbers = (words: string) => (words.replaceAll(',', '').match(/\d+/g) ?? []).map(Number)

  test('ends with the result first, and each count opens to as many households', async () => {
    const { counts } = await source.state()
    await open('/run')
    for (const [index, verdict] of (['listed', 'not_listed', 'vetoed', 'undecided', 'out_of_scope'] as const).entries()) {
      expect(numbers((await page.locator('.figure-with-state .figure-value').nth(index).textContent()) ?? '')).toEqual([
        counts![verdict].households,
        counts![verdict].persons,
      ])
    }
    await page.locator('.figure-with-state a').first().click()
    await page.locator('.list-counts').waitFor()
    expect(page.url()).toContain('verdict=listed')
    expect(numbers(await text('.list-counts strong'))).toEqual([counts!.listed.households, counts!.listed.persons])
  })

  test('shows the line, the score beside it by an arrow key, and the chart as a table by T', async () => {
    const line = (await source.line(county))!
    await open(`/lines/${county}`)
    const figure = await text('.figures .figure-value')
    expect(numbers(figure)).toEqual(line.line === null ? [line.interval!.low, line.interval!.high] : [line.line])
    const before = numbers(await text('.trial-buttons strong'))[0]!
    await page.keyboard.press('ArrowRight')
    await expect.poll(async () => numbers(await text('.trial-buttons strong'))).toEqual([before + 1])
    const row = line.distribution.findLast((one) => one.score <= before + 1)!
    expect(numbers(await text('.trial-result')).slice(0, 2)).toEqual([row.cumulativeHouseholds, row.cumulativePersons])
    await page.keyboard.press('t')
    await expect.poll(() => page.locator('.fixed-height tbody tr').count()).toBe(line.distribution.length)
  })

  test('draws the score chart after the numbers are on the page', async () => {
    await open(`/lines/${county}`)
    await page.locator('.canvas canvas').waitFor()
    expect(await page.locator('.canvas').getAttribute('aria-label')).toMatch(/得分从 \d+ 到 \d+ 分/)
  })

  test('keeps filters in the address and gives the same number to whoever opens it', async () => {
    await open('/households')
    await page.getByLabel('姓名或户编号').fill((await mostGaps()).id)
    await page.getByLabel('姓名或户编号').press('Enter')
    await expect.poll(async () => numbers(await text('.list-counts strong'))[0]).toBe(1)
    const shared = page.url()
    expect(shared).toContain('text=')
    await page.goto(shared)
    await expect.poll(async () => numbers(await text('.list-counts strong'))[0]).toBe(1)
  })

  test('sorts by a column head and says so', async () => {
    await open('/households')
    await page.locator('th button', { hasText: '得分' }).click()
    await page.locator('th[aria-sort=ascending]', { hasText: '得分' }).waitFor()
    const { rows } = (await source.households({ sort: 'score', limit: 50 }))!
    await expect.poll(() => text('tbody tr a')).toBe(rows[0]!.id)
  })

  test('goes through a list by keyboard alone: down, open, next household, why, back to the row', async () => {
    const { rows } = (await source.households({ sort: 'id', limit: 50 }))!
    await open('/households')
    await page.locator('tbody tr').first().waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/households/${rows[1]!.id}`)
    await page.locator('#members').waitFor()
    await page.keyboard.press(']')
    await page.waitForURL(`**/households/${rows[2]!.id}`)
    await page.locator('.household-head', { hasText: rows[2]!.id }).waitFor()
    await page.keyboard.press('w')
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('why')
    await page.keyboard.press('Escape')
    await page.waitForURL('**/households')
  })

  test('says why: the verdict, each category with its points, and the sentence for the family', async () => {
    const { id } = await mostGaps()
    const why = (await source.why(id))!
    await open(`/households/${id}`)
    expect(await text('.why-sentence')).toBe(why.sentence.zh)
    const tree = page.locator('[role=tree]')
    for (const category of why.scorecard.parts) expect(await tree.textContent()).toContain(category.title.zh)
    await tree.locator('[role=treeitem]').first().focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowLeft')
    expect(await page.locator('[role=treeitem]:focus').getAttribute('aria-expanded')).toBe('false')
    await page.getByText('念给户主听').click()
    for (const sentence of why.plain.zh) await page.getByText(sentence).first().waitFor()
  })

  test.for(['zh', 'en'] as const)('prints the sheet for the family on one A4 (%s)', async (language) => {
    const { id } = await mostGaps()
    const why = (await source.why(id))!
    await open(`/households/${id}/print`, language)
    const sheet = await text('.sheet')
    for (const sentence of why.plain[language]) expect(sheet).toContain(sentence)
    expect(sheet).toContain(language === 'zh' ? '演示数据' : 'Made-up data')
    const paper = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
    expect(paper.match(/\/Type\s*\/Page\b(?!s)/g)).toHaveLength(1)
  })

  test('has the same numbers on the map and in the lists', async () => {
    const areas = (await source.map({ level: 'village', county }))!
    const inside = areas.reduce((sum, area) => sum + area.inside.persons, 0)
    await open(`/map?county=${county}`)
    expect(await page.locator('.blocks li').count()).toBe(areas.length)
    expect(await text('.schematic')).toContain('非地理位置')
    await page.keyboard.press('t')
    expect(numbers(await text('.map-total'))[1]).toBe(inside)
    const area = areas.find((one) => one.inside.households > 0)!
    await page.locator(`a[href*="village=${area.code}"]`).first().click()
    await expect.poll(async () => numbers(await text('.list-counts strong'))).toEqual([area.inside.households, area.inside.persons])
  })

  test('lists what the import found, kind by kind', async () => {
    const found = (await source.findings({ limit: 50 }))!
    await open('/findings')
    expect(numbers(await text('[role=status].list-counts'))[0]).toBe(found.total)
    expect(await page.locator('.kinds li').count()).toBe(found.kinds.length)
  })

  test('opens a figure to its definition, and Esc gives the focus back', async () => {
    await open('/run')
    await page.locator('.figure-value').first().focus()
    await page.keyboard.press('Enter')
    await page.locator('dialog[open]').waitFor()
    expect(await text('dialog[open]')).toContain('数据截至')
    await page.keyboard.press('Escape')
    await page.locator('dialog[open]').waitFor({ state: 'detached' })
    expect(await page.evaluate(() => document.activeElement?.className)).toContain('figure-value')
  })

  test.for([
    ['zh', 1440, 900],
    ['zh', 390, 844],
    ['en', 1440, 900],
    ['en', 390, 844],
  ] as const)('is readable by everybody (axe, %s at %i)', async ([language, width, height]) => {
    const { id } = await mostGaps()
    await page.setViewportSize({ width, height })
    for (const path of [
      '/run',
      `/lines/${county}`,
      '/households',
      `/households/${id}`,
      '/map',
      `/map?county=${county}`,
      '/findings',
      `/households/${id}/print`,
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
