import type { ReactNode } from 'react'

interface Props {
  title: string
  language: 'zh' | 'en'
  /** Official papers have wide margins and large type; lists and forms have neither. */
  kind: 'paper' | 'list' | 'wide'
  /** Source, day of the data, version of the rule. */
  foot: ReactNode
  children: ReactNode
}

/** One A4 paper with its own layout, on the screen as it will be printed. */
export const PrintSheet = ({ title, language, kind, foot, children }: Props) => (
  <article className={`sheet sheet-${kind}`} lang={language === 'zh' ? 'zh-CN' : 'en'}>
    <h1>{title}</h1>
    {children}
    <footer>{foot}</footer>
  </article>
)
