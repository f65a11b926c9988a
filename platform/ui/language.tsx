import { createContext, use } from 'react'

export type Language = 'zh' | 'en'

/** Words for people, always in both languages. */
export interface Said {
  zh: string
  en: string
}

export const LanguageContext = createContext<Language>('zh')

/** The language of the page, and `say` to pick it from a two-language text. */
export function useLanguage() {
  const language = use(LanguageContext)
  return { language, say: (text: Said) => text[language] }
}
