import { type ReactNode, useEffect, useRef } from 'react'

interface Props {
  open: boolean
  title: string
  closeWord: string
  onClose: () => void
  children: ReactNode
}

/** A drawer at the right; the browser's own dialog holds the focus, Esc closes it, focus returns to where it was. */
export function SidePanel({ open, title, closeWord, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (open && !dialog.current?.open) dialog.current?.showModal()
    if (!open && dialog.current?.open) dialog.current.close()
  }, [open])
  if (!open) return null
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard's way out is Esc, which a dialog has by itself
    <dialog
      ref={dialog}
      className="side-panel"
      aria-label={title}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div className="side-panel-inside">
        <header>
          <h2>{title}</h2>
          <button type="button" className="plain" aria-label={closeWord} onClick={onClose}>
            ✕
          </button>
        </header>
        {children}
      </div>
    </dialog>
  )
}
