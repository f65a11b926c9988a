/** A state always has mark, word and colour together: colour alone says nothing to one man in twelve. */
export type Tone = 'todo' | 'done' | 'check' | 'wrong' | 'unknown' | 'ended'

export const marks: Record<Tone, string> = { todo: '○', done: '✓', check: '▲', wrong: '■', unknown: '?', ended: '×' }

export function State({ tone, word, mark = marks[tone] }: { tone: Tone; word: string; mark?: string }) {
  return (
    <span className={`state state-${tone}`}>
      <span aria-hidden="true">{mark}</span>&nbsp;{word}
    </span>
  )
}

/** A fact that is not there: its own word, violet and dashed, never blank, 0 or "no". */
export const Unknown = ({ word }: { word: string }) => <span className="unknown">{word}</span>
