import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Problem } from '@fupin/platform/problems/problem.ts'
import type { Book } from '@fupin/rulebook/engine/book.ts'
import { RegionOffice } from '@fupin/whom/run/web/region-office.ts'
import { secondsText } from '../progress-line.ts'
import { language, mustExist, say } from '../report.ts'

export interface RegionCall {
  run?: string
  compare?: string
  snapshot?: string
  quota?: string
  setLines?: string
  missing?: boolean
  out?: string
}

/** The office of a region: over a finished run, or over a snapshot that is run first. @throws Problem where a file is not there. */
export async function regionOffice(call: RegionCall, book: Book): Promise<RegionOffice> {
  await mustExist(call.compare)
  const compare = call.compare === undefined ? {} : { compare: call.compare }
  const title = { zh: '全区识别运行', en: 'Identification run of the region' }
  if (call.run) {
    if (!existsSync(join(call.run, 'run.json')))
      throw new Problem('run.none', {
        zh: `“${call.run}”里没有完成的运行（没有 run.json）。要先算，请用 --snapshot。`,
        en: `There is no finished run at "${call.run}" (no run.json). To run first, use --snapshot.`,
      })
    return RegionOffice.create({ book, title, run: call.run, ...compare })
  }
  await mustExist(call.quota, call.setLines)
  return RegionOffice.create({
    book,
    title,
    ...compare,
    job: {
      snapshot: call.snapshot!,
      quota: call.quota,
      setLines: call.setLines,
      out: call.out ?? resolve('.fupin', 'region-run'),
      missing: call.missing ? 'undecided' : 'none',
    },
  })
}

/** Says in the terminal how far the run is and what came of it; the page can stop it and let it go on. */
export async function tellRegion(office: RegionOffice, call: RegionCall): Promise<void> {
  const zh = language === 'zh'
  let before = ''
  office.subscribe(({ state, counts, problem, startedAt, finishedAt }) => {
    if (state === before) return
    before = state
    if (problem) say(problem[language])
    else if (state === 'stopped') say(zh ? '停下了。在页面上可以接着算。' : 'Stopped. The page lets it go on.')
    else if (state === 'done' && counts) {
      const { listed, undecided, vetoed } = counts
      const seconds = (Date.parse(finishedAt!) - Date.parse(startedAt!)) / 1000
      say(
        zh
          ? `线内 ${listed.households} 户 / ${listed.persons} 人；尚不能判定 ${undecided.households} 户；命中否决 ${vetoed.households} 户。运行用时 ${secondsText(seconds)}。`
          : `Inside the line ${listed.households} households / ${listed.persons} persons; undecided ${undecided.households}; vetoed ${vetoed.households}. The run took ${secondsText(seconds)}.`,
      )
      if (!call.run) say(zh ? '下次用 --run 直接打开这次的结果。' : 'Next time, --run opens this result at once.')
    }
  })
  await office.start()
}
