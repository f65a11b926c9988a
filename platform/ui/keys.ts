import { useEffect, useRef } from 'react'

/** Keys in lower case, as `j`, `?`, `enter`, `arrowleft`, or two in a row as `g l`. */
export type Keys = Record<string, (() => void) | undefined>

let waiting: { first: string; until: number } | null = null
const sequenceMs = 1200
let lettersOff = false

/** Single letters can be switched off for those whose input they disturb. */
export const switchLetters = (off: boolean) => {
  lettersOff = off
}

/** Listens while the part is on the page; rests while a field has the focus or an input method composes. */
export function useKeys(keys: Keys) {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return
      const name = event.key.toLowerCase()
      if (lettersOff && name.length === 1) return
      const pair = waiting && waiting.until > Date.now() ? `${waiting.first} ${name}` : null
      const deed = (pair && latest.current[pair]) || (pair ? undefined : latest.current[name])
      if (name === 'g' && !pair) waiting = { first: 'g', until: Date.now() + sequenceMs }
      if (!deed || (name === 'enter' && isControl(event.target)) || (name.startsWith('arrow') && ownsArrows(event.target))) return
      if (pair) waiting = null
      event.preventDefault()
      deed()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
}

const isField = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName) || !!target.closest('dialog'))

const isControl = (target: EventTarget | null) =>
  target instanceof HTMLElement && !!target.closest('a, button, [role=tab], [role=menuitem], summary')

const ownsArrows = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  !!target.closest('[role=tab], [role=menuitem], [role=tree], [role=listbox], [role=radiogroup], [tabindex="0"].scroll')
