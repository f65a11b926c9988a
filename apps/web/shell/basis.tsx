import { useNarrow } from '@fupin/platform/ui/width.ts'
import type { Confidence } from '@fupin/rulebook/engine/definition.ts'
import type { ReactNode } from 'react'
import { useRun } from '../wire/follow-run.ts'
import { useWords } from '../words/use-words.ts'
import { useArea } from './use-area.ts'

const trustOf: Record<Confidence, { mark: string; word: 'official' | 'form' | 'reported' | 'default' }> = {
  OFF: { mark: '●', word: 'official' },
  FORM: { mark: '◑', word: 'form' },
  NEWS: { mark: '○', word: 'reported' },
  CODE: { mark: '○', word: 'reported' },
  INF: { mark: '○', word: 'reported' },
  REC: { mark: '○', word: 'reported' },
  default: { mark: '⚑', word: 'default' },
}

/** How sure the basis is; the short form has the word for readers only, and as a tip. */
export function Trust({ of, short }: { of: Confidence; short?: boolean }) {
  const { w } = useWords()
  const { mark, word } = trustOf[of]
  return (
    <span className="trust" title={w.trust[word]}>
      <span aria-hidden="true">{mark}</span> <span className={short ? 'for-readers' : undefined}>{w.trust[word]}</span>
    </span>
  )
}

/** What the four marks mean, under a page that uses them without words. */
export function TrustMarks() {
  return (
    <p className="marks">
      {(['OFF', 'FORM', 'NEWS', 'default'] as const).map((mark) => (
        <Trust key={mark} of={mark} />
      ))}
    </p>
  )
}

/** Under every page's title: whose area, which rule, which day, which run, and what is missing below. */
export function Basis({ more }: { more?: string }) {
  const { w, say, language } = useWords()
  const run = useRun()
  const { name } = useArea()
  if (!run) return <p className="basis">&nbsp;</p>
  const absent = run.input.departments.filter((department) => department.state !== 'compared')
  return (
    <div className="basis-block">
      <p className="basis">
        {name && <span>{name}</span>}
        <span>{say(run.book.scorecardTitle)}</span>
        <span>{w.basis.asOf(run.book.asOf)}</span>
        {run.id && (
          <span>
            {w.basis.run} {run.id}
          </span>
        )}
        {run.defaults.ids > 0 && (
          <span>
            <span aria-hidden="true">⚑</span> {w.basis.defaults(run.defaults.ids, run.defaults.of)}
          </span>
        )}
        {more && <span>{more}</span>}
      </p>
      {absent.length > 0 && (
        <Band short={w.basis.absentShort(absent.length)}>
          {w.basis.absent(absent.map((department) => say(department.title)).join(language === 'zh' ? '、' : ', '))}
        </Band>
      )}
    </div>
  )
}

/** What the numbers below leave out; on a telephone its first words, the rest one step away. */
function Band({ short, children }: { short: string; children: ReactNode }) {
  const narrow = useNarrow()
  if (!narrow)
    return (
      <p className="band-note">
        <span aria-hidden="true">▲</span> {children}
      </p>
    )
  return (
    <details className="band-note">
      <summary>
        <span aria-hidden="true">▲</span> {short}
      </summary>
      {children}
    </details>
  )
}

/** The rows every figure shows of its basis. */
export function useBasisRows(): [string, string][] {
  const { w, say } = useWords()
  const run = useRun()
  const { name } = useArea()
  if (!run) return []
  return [
    [w.basis.place, name],
    [w.basis.rule, say(run.book.scorecardTitle)],
    [w.basis.asOfTerm, `${run.book.asOf} 24:00`],
    [w.basis.run, run.id],
    [w.basis.book, run.book.meaning.replace(/^sha256:/, '').slice(0, 16)],
  ]
}
