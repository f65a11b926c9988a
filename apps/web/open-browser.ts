import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'

/** Debian's Chromium, or the one named by FUPIN_CHROMIUM; null = there is none on this machine. */
export const chromiumPath = (): string | null =>
  [process.env.FUPIN_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => path && existsSync(path),
  ) ?? null

/** A browser with a fresh profile that asks nothing of the outside; `close` takes the profile away again. */
export async function openBrowser(): Promise<{ context: BrowserContext; close: () => Promise<void> }> {
  const executablePath = chromiumPath()
  if (!executablePath) throw new Error('No Chromium here. On Debian: apt-get install chromium fonts-noto-cjk')
  const profile = mkdtempSync(join(tmpdir(), 'fupin-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: { width: 1440, height: 900 },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  const close = async () => {
    await context.close()
    rmSync(profile, { recursive: true, force: true })
  }
  return { context, close }
}
