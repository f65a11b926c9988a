import { type ReactNode, useEffect, useState } from 'react'

/** Empty: what, why, and one action. */
export const Nothing = ({ children, action }: { children: ReactNode; action?: ReactNode }) => (
  <div className="nothing">
    <p>{children}</p>
    {action}
  </div>
)

/** Under 0.2 s nothing, then grey bars of about the final height, so that the page does not jump. */
export function Loading({ word, rows = 6 }: { word: string; rows?: number }) {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 200)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className="loading" role="status" aria-label={word}>
      {Array.from({ length: rows }, (_, row) => `bar ${row}`).map((bar) => (
        <div key={bar} className={late ? 'loading-bar' : 'loading-bar quiet'} />
      ))}
    </div>
  )
}

/** What happened, why, what to do, and a number to quote. */
export const Failed = ({ title, quote, action }: { title: string; quote?: string; action?: ReactNode }) => (
  <div className="failed" role="alert">
    <p>
      <span aria-hidden="true">■</span> {title}
    </p>
    {quote && <p className="note">{quote}</p>}
    {action}
  </div>
)
