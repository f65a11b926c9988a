import { type ReactNode, useState } from 'react'
import { SidePanel } from './side-panel.tsx'

interface Props {
  /** What the number is, as its heading: `线内`. */
  label: string
  /** The number as shown. */
  children: ReactNode
  /** One or two sentences: what is counted and how. */
  definition: string
  /** Rule, day and run behind the number, as label and value. */
  basis: [string, ReactNode][]
  /** The way to the records counted. */
  records?: ReactNode
  note?: ReactNode
  words: { open: string; close: string }
}

/** A number that opens: its definition, its day and rule, and the records behind it. */
export function Figure({ label, children, definition, basis, records, note, words }: Props) {
  const [open, setOpen] = useState(false)
  return (
    <div className="figure">
      <div className="figure-label">{label}</div>
      <button type="button" className="figure-value" title={words.open} onClick={() => setOpen(true)}>
        {children}
      </button>
      {note && <div className="figure-note">{note}</div>}
      {records && <div className="figure-note">{records}</div>}
      <SidePanel open={open} title={label} closeWord={words.close} onClose={() => setOpen(false)}>
        <p className="key-figure">{children}</p>
        <p>{definition}</p>
        <dl className="facts">
          {basis.map(([term, value]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {records && <p>{records}</p>}
      </SidePanel>
    </div>
  )
}
