import { useLanguage } from '@fupin/platform/ui/language.tsx'
import { en } from './en.ts'
import { zh } from './zh.ts'

const words = { zh, en }

/** The words of the chosen language, and `say` for two-language texts from the server. */
export function useWords() {
  const { language, say } = useLanguage()
  return { w: words[language], say, language }
}

export const wordsOf = (language: 'zh' | 'en') => words[language]
