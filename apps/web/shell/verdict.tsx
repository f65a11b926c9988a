import { count } from '@fupin/platform/ui/numbers.ts'
import { State, type Tone } from '@fupin/platform/ui/state.tsx'
import type { Verdict } from '@fupin/whom/identification/identification.contract.ts'
import { useWords } from '../words/use-words.ts'

const tones: Record<Verdict, { tone: Tone; mark?: string }> = {
  listed: { tone: 'todo' },
  not_listed: { tone: 'ended' },
  vetoed: { tone: 'wrong', mark: '◆' },
  undecided: { tone: 'unknown' },
  out_of_scope: { tone: 'ended', mark: '‖' },
}

export const verdicts = Object.keys(tones) as Verdict[]

/** What the machine proposes for a household: mark, word and colour. */
export function VerdictState({ of }: { of: Verdict }) {
  const { w } = useWords()
  const { tone, mark } = tones[of]
  return <State tone={tone} mark={mark} word={w.verdict[of]} />
}

/** `61`, or `58–66` while facts are missing; below nought the dash would read as a sign. */
export const scoreRange = (score: { least: number; most: number }) =>
  score.least === score.most ? count(score.least) : `${count(score.least)}${score.least < 0 ? '…' : '–'}${count(score.most)}`
