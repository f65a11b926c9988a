import { fileURLToPath } from 'node:url'
import { booksFolder, openBook } from '@fupin/rulebook/shelf/open-book.ts'
import { build } from 'vite'
import { chromiumPath, openBrowser } from '../../apps/web/open-browser.ts'
import type { Measured } from '../measured.ts'
import { figures } from './explain.ts'
import type { Explained } from './explained-households.ts'

const households = Number(process.env.HOUSEHOLDS ?? 400)
const page = 'https://localhost/bench'

/** B5 in headless Chromium, at full speed and with the processor slowed to a quarter, as on a tablet. */
export async function run(): Promise<Measured[]> {
  if (!chromiumPath()) {
    console.log('  no Chromium here')
    return []
  }
  const code = await bundle()
  console.log(`  the engine with its test data is ${Math.round(code.length / 1000)} kB of script`)
  const { files } = await openBook(`${booksFolder}fupin`)
  const { context, close } = await openBrowser()
  try {
    const tab = await context.newPage()
    // Isolated, so that its clock tells five microseconds and not a tenth of a millisecond.
    const headers = {
      'content-type': 'text/html',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    }
    await tab.route('**/*', (route) => route.fulfill({ headers, body: '<!doctype html><title>bench</title>' }))
    await tab.goto(page)
    await tab.addScriptTag({ content: code })
    const session = await context.newCDPSession(tab)
    const told: Measured[] = []
    for (const rate of [1, 4]) {
      await session.send('Emulation.setCPUThrottlingRate', { rate })
      for (const what of ['card', 'all'] as const) {
        const explained: Explained = await tab.evaluate(
          async ([all, chosen, count]) => await (globalThis as never as Bench).bench.explainFromFiles(all, chosen, count, 100),
          [files, what, households] as const,
        )
        told.push(
          ...figures(
            `B5${what === 'card' ? 'b' : 'c'}`,
            `in Chromium${rate > 1 ? `, processor slowed ${rate} times` : ''}`,
            explained,
            rate > 1 ? 4 : 1,
          ),
        )
      }
    }
    return told
  } finally {
    await close()
  }
}

type Bench = { bench: typeof import('./explained-households.ts') }

/** The engine and the bench as one script, as pages get it. */
async function bundle(): Promise<string> {
  const made = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: fileURLToPath(new URL('./explained-households.ts', import.meta.url)), formats: ['iife'], name: 'bench' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  })
  const [first] = Array.isArray(made) ? made : [made]
  const output = first && 'output' in first ? first.output[0] : null
  if (output?.type !== 'chunk') throw new Error('the engine was not built')
  return output.code
}
