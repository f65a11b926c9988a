import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react'

export interface OutlineNode {
  id: string
  /** Read aloud and shown: one line. */
  line: ReactNode
  children?: OutlineNode[]
  /** What opens under a leaf: its answers, rule and source. */
  detail?: ReactNode
  openAtFirst?: boolean
}

/** A tree of reasons: arrow keys walk and fold, Enter opens; one stop of the Tab key for the whole tree. */
export function OutlineTree({ label, nodes }: { label: string; nodes: OutlineNode[] }) {
  const [open, setOpen] = useState(
    () =>
      new Set(
        all(nodes)
          .filter((node) => node.openAtFirst)
          .map((node) => node.id),
      ),
  )
  const [focused, setFocused] = useState(nodes[0]?.id)
  const root = useRef<HTMLUListElement>(null)
  const shown = visible(nodes, open)
  const fold = (id: string, to: boolean) =>
    setOpen((before) => {
      const after = new Set(before)
      if (to) after.add(id)
      else after.delete(id)
      return after
    })
  const go = (id: string | undefined) => {
    if (!id) return
    setFocused(id)
    root.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(id)}"]`)?.focus()
  }
  const press = (event: KeyboardEvent, node: OutlineNode, parent?: string) => {
    const at = shown.indexOf(node.id)
    const opens = !!(node.children?.length || node.detail)
    const deeds: Record<string, (() => void) | undefined> = {
      arrowdown: () => go(shown[at + 1]),
      arrowup: () => go(shown[at - 1]),
      home: () => go(shown[0]),
      end: () => go(shown.at(-1)),
      arrowright: opens ? () => (open.has(node.id) ? go(node.children?.[0]?.id) : fold(node.id, true)) : undefined,
      arrowleft: () => (open.has(node.id) ? fold(node.id, false) : go(parent)),
      enter: opens ? () => fold(node.id, !open.has(node.id)) : undefined,
    }
    const deed = event.target === event.currentTarget ? deeds[event.key.toLowerCase()] : undefined
    if (!deed) return
    event.preventDefault()
    event.stopPropagation()
    deed()
  }
  const draw = (node: OutlineNode, level: number, parent?: string): ReactNode => {
    const opens = !!(node.children?.length || node.detail)
    const isOpen = open.has(node.id)
    return (
      <li
        key={node.id}
        role="treeitem"
        aria-level={level}
        aria-expanded={opens ? isOpen : undefined}
        aria-selected={false}
        data-node={node.id}
        tabIndex={node.id === focused ? 0 : -1}
        onKeyDown={(event) => press(event, node, parent)}
        onFocus={(event) => event.target === event.currentTarget && setFocused(node.id)}
      >
        {/* biome-ignore lint/a11y: the line is the pointer's way to what Enter does on the item */}
        <div className="outline-line" onClick={() => opens && fold(node.id, !isOpen)}>
          <span className="outline-fold" aria-hidden="true">
            {opens ? (isOpen ? '▾' : '▸') : ''}
          </span>
          {node.line}
        </div>
        {isOpen && node.detail && <div className="outline-detail">{node.detail}</div>}
        {isOpen && node.children && (
          // biome-ignore lint/a11y/useSemanticElements: a group within a tree
          <ul role="group">{node.children.map((child) => draw(child, level + 1, node.id))}</ul>
        )}
      </li>
    )
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: HTML has no element for a tree
    <ul role="tree" aria-label={label} className="outline" ref={root}>
      {nodes.map((node) => draw(node, 1))}
    </ul>
  )
}

const all = (nodes: OutlineNode[]): OutlineNode[] => nodes.flatMap((node) => [node, ...all(node.children ?? [])])

const visible = (nodes: OutlineNode[], open: Set<string>): string[] =>
  nodes.flatMap((node) => [node.id, ...(open.has(node.id) ? visible(node.children ?? [], open) : [])])
