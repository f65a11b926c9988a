import { LanguageContext } from '@fupin/platform/ui/language.tsx'
import { longDate } from '@fupin/platform/ui/numbers.ts'
import { PrintSheet } from '@fupin/platform/ui/print-sheet.tsx'
import type { HouseholdFile, Why } from '@fupin/whom/identification/identification.contract.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { place } from '../households/columns.tsx'
import { Answer } from '../shell/answer.tsx'
import { usePreferences } from '../shell/preferences.ts'
import { scoreRange, VerdictState } from '../shell/verdict.tsx'
import { askHousehold, askRun, askWhy } from '../wire/questions.ts'
import { useWords } from '../words/use-words.ts'

/** The sheet for the family: one A4 in large type, in the language chosen on this page. */
export function FamilyPaper() {
  const { id } = useParams({ from: '/households/$id/print' })
  const { preferences } = usePreferences()
  const [language, setLanguage] = useState(preferences.language)
  const file = useQuery(askHousehold(id))
  const why = useQuery(askWhy(id))
  return (
    <LanguageContext value={language}>
      <main className="paper-page">
        <Tools id={id} onSwitch={() => setLanguage(language === 'zh' ? 'en' : 'zh')} />
        <Answer of={file}>{(found) => <Answer of={why}>{(reasons) => <Sheet file={found} why={reasons} />}</Answer>}</Answer>
      </main>
    </LanguageContext>
  )
}

function Tools({ id, onSwitch }: { id: string; onSwitch: () => void }) {
  const { w } = useWords()
  return (
    <div className="paper-tools">
      <Link to="/households/$id" params={{ id }}>
        ‹ {w.paper.backToFile}
      </Link>
      <Button onClick={onSwitch}>{w.paper.switch}</Button>
      <Button type="primary" onClick={() => window.print()}>
        {w.printNow}
      </Button>
    </div>
  )
}

/** More than these are set smaller, so that the sheet stays one page. */
const [manySentences, manyLetters] = [12, 420]

function Sheet({ file, why }: { file: HouseholdFile; why: Why }) {
  const { w, say, language } = useWords()
  const { data: run } = useQuery(askRun)
  const sentences = why.plain[language]
  return (
    <PrintSheet
      kind="paper"
      language={language}
      title={w.paper.family}
      foot={
        <>
          {run && `${w.paper.rule}: ${say(run.book.scorecardTitle)} · `}
          {w.paper.asOf} {longDate(why.run.asOf, language)} · {w.paper.run} {why.run.id} · {w.paper.printedFrom} · {w.paper.page}
          {run && run.defaults.ids > 0 && ` · ⚑ ${w.basis.defaults(run.defaults.ids, run.defaults.of)}`}
          {why.run.demo && <strong> · {w.paper.demo}</strong>}
        </>
      }
    >
      {why.run.demo && <p className="paper-demo">{w.paper.demo}</p>}
      <p className="paper-who">
        <strong>{w.list.household(why.headName)}</strong> · {[file.countyName, place(file.line)].join(' ')} ·{' '}
        <span className="unbroken">
          {w.paper.number} {why.household}
        </span>
      </p>
      <p className="paper-result">
        <VerdictState of={why.verdict} /> {file.line.score && w.list.points(scoreRange(why.score))}
      </p>
      <div
        className={
          sentences.length > manySentences || sentences.join('').length > manyLetters ? 'paper-words paper-words-many' : 'paper-words'
        }
      >
        {sentences.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
      <p className="paper-note">{w.paper.note}</p>
      <div className="paper-signs">
        {w.paper.sign.map((who) => (
          <span key={who}>{who}</span>
        ))}
      </div>
    </PrintSheet>
  )
}
