import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react'

interface Props<Key extends string> {
  label: string
  tabs: { key: Key; label: string }[]
  chosen: Key
  onChoose: (key: Key) => void
  children: ReactNode
}

/** Tabs that wrap onto a second line instead of hiding behind a button; ← → move between them. */
export function TabRow<Key extends string>({ label, tabs, chosen, onChoose, children }: Props<Key>) {
  const id = useId()
  const row = useRef<HTMLDivElement>(null)
  const press = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!by) return
    event.preventDefault()
    const at = (tabs.findIndex((tab) => tab.key === chosen) + by + tabs.length) % tabs.length
    onChoose(tabs[at]!.key)
    row.current?.querySelectorAll('button')[at]?.focus()
  }
  return (
    <>
      <div role="tablist" aria-label={label} className="tab-row" ref={row}>
        {tabs.map((tab) => (
          <button
            key={tab.key}
            type="button"
            role="tab"
            id={`${id}-${tab.key}`}
            aria-selected={tab.key === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={tab.key === chosen ? 0 : -1}
            onKeyDown={press}
            onClick={() => onChoose(tab.key)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`}>
        {children}
      </div>
    </>
  )
}
