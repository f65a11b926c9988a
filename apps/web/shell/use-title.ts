import { useEffect } from 'react'
import { useWords } from '../words/use-words.ts'
import { useArea } from './use-area.ts'

/** `页名 · 地区 · 扶贫` in the browser's tab. */
export function useTitle(page: string) {
  const { w } = useWords()
  const { name } = useArea()
  useEffect(() => {
    document.title = [page, name, w.product].filter(Boolean).join(' · ')
  }, [page, name, w.product])
}
