import { Failed, Nothing } from '@fupin/platform/ui/nothing.tsx'
import { Link } from '@tanstack/react-router'
import { useWords } from '../words/use-words.ts'

const words = {
  zh: {
    lost: '没有这一页',
    lostLong: '地址可能抄错了，或者这一页已经搬走。请从运行页进入。',
    broken: '这一页画不出来',
    brokenLong: '原因在程序，不在您；数据没有改动。请重新打开这一页；还不行，请把下面这句告诉维护的人。',
  },
  en: {
    lost: 'There is no such page',
    lostLong: 'The address may be mistyped, or the page has moved. Start from the Run page.',
    broken: 'This page cannot be drawn',
    brokenLong: 'The reason lies in the program; no data changed. Open the page again; if it stays, quote the sentence below.',
  },
}

/** An address without a page. */
export function Unknown() {
  const { w, language } = useWords()
  return (
    <main id="content" className="stray">
      <h1>{words[language].lost}</h1>
      <Nothing action={<Link to="/run">{w.pages.run}</Link>}>{words[language].lostLong}</Nothing>
    </main>
  )
}

/** A fault of ours while drawing a page. */
export function OutOfOrder({ error }: { error: unknown }) {
  const { language } = useWords()
  return (
    <main id="content" className="stray">
      <h1>{words[language].broken}</h1>
      <Failed title={words[language].brokenLong} quote={error instanceof Error ? error.message : String(error)} />
    </main>
  )
}
