import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromiumPath } from '../apps/web/open-browser.ts'

/**
 * Before the tests: a browser and Chinese fonts. Where this program may install Debian packages it does; elsewhere it says what to
 * install, and the browser tests then say loudly that they were skipped.
 */
const wanted = [
  { packages: ['chromium'], there: () => chromiumPath() !== null },
  { packages: ['fonts-noto-cjk'], there: () => hasChineseFont() },
]

const missing = wanted.filter((w) => !w.there()).flatMap((w) => w.packages)
if (missing.length) install(missing)

function hasChineseFont(): boolean {
  if (existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc')) return true
  const listed = spawnSync('fc-list', [':lang=zh', 'family'], { encoding: 'utf8' })
  return listed.status === 0 && listed.stdout.trim() !== ''
}

function install(packages: string[]): void {
  const line = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`
  const may = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (!may) {
    process.stderr.write(
      `\n浏览器测试需要 ${packages.join('、')}，这里不能自动安装。请用管理员身份运行：\nThe browser tests need ${packages.join(', ')}. Please run as administrator:\n  ${line}\n\n`,
    )
    return
  }
  process.stderr.write(`安装 / installing ${packages.join(' ')} ...\n`)
  const done = spawnSync('bash', ['-c', `export DEBIAN_FRONTEND=noninteractive; ${line}`], { stdio: ['ignore', 'ignore', 'inherit'] })
  if (done.status !== 0) process.stderr.write(`没有装上。The packages could not be installed. By hand:\n  ${line}\n`)
}
