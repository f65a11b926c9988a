import { type ReactNode, useEffect, useRef } from 'react'

/** A button that opens a small list under it; Esc or a press elsewhere closes it. */
export function PopMenu({ label, children }: { label: string; children: ReactNode }) {
  const menu = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const close = () => menu.current?.removeAttribute('open')
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || !menu.current?.open) return
      event.preventDefault()
      close()
      menu.current.querySelector('summary')?.focus()
    }
    const elsewhere = (event: PointerEvent) => {
      if (event.target instanceof Node && !menu.current?.contains(event.target)) close()
    }
    document.addEventListener('keydown', press, true)
    document.addEventListener('pointerdown', elsewhere)
    return () => {
      document.removeEventListener('keydown', press, true)
      document.removeEventListener('pointerdown', elsewhere)
    }
  }, [])
  return (
    <details className="pop-menu" ref={menu}>
      <summary>{label}</summary>
      <div className="pop-list">{children}</div>
    </details>
  )
}
