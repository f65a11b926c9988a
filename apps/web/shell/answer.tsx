import { Failed, Loading } from '@fupin/platform/ui/nothing.tsx'
import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { Refusal } from '../wire/ask.ts'
import { useWords } from '../words/use-words.ts'

/** The page's three other faces: loading, refused with its reason, and (old content stays) the answer. */
export function Answer<T>({ of, rows, children }: { of: UseQueryResult<T>; rows?: number; children: (answer: T) => ReactNode }) {
  const { w, say } = useWords()
  if (of.data !== undefined) return children(of.data)
  if (!of.error) return <Loading word={w.loading} rows={rows} />
  if (!(of.error instanceof Refusal)) throw of.error
  const { type, said, number } = of.error
  return (
    <Failed
      title={say(said)}
      quote={number && w.quote(number)}
      action={type === 'run.not-done' ? <Link to="/run">{w.pages.run}</Link> : <Button onClick={() => void of.refetch()}>{w.retry}</Button>}
    />
  )
}
