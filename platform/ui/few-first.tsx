import type { ReactNode } from 'react'

/** The first few of a long list; the rest one step away, with their number. */
export function FewFirst<Item>({
  of,
  few,
  more,
  children,
}: {
  of: Item[]
  few: number
  more: (n: number) => string
  children: (item: Item, index: number) => ReactNode
}) {
  const rest = of.slice(few)
  return (
    <>
      <ul className="few">{of.slice(0, few).map(children)}</ul>
      {rest.length > 0 && (
        <details className="few-more">
          <summary>{more(rest.length)}</summary>
          <ul className="few">{rest.map((item, index) => children(item, few + index))}</ul>
        </details>
      )}
    </>
  )
}
