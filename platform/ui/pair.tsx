import { useLanguage } from './language.tsx'
import { count } from './numbers.ts'

/** 户 and 人 together, always with their units; a line may break only after the slash. */
export function Pair({ households, persons }: { households: number; persons: number }) {
  const { language } = useLanguage()
  const [first, second] = pairParts({ households, persons }, language)
  return (
    <span className="pair">
      <span className="unbroken">{first} /</span> <span className="unbroken">{second}</span>
    </span>
  )
}

/** The same as plain text, for titles and what is read aloud. */
export const pairText = (pair: { households: number; persons: number }, language: 'zh' | 'en') => pairParts(pair, language).join(' / ')

function pairParts({ households, persons }: { households: number; persons: number }, language: 'zh' | 'en') {
  return language === 'zh'
    ? [`${count(households)} 户`, `${count(persons)} 人`]
    : [`${count(households)} ${households === 1 ? 'household' : 'households'}`, `${count(persons)} ${persons === 1 ? 'person' : 'persons'}`]
}
