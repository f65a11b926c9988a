import type { ReactNode } from 'react'
import { useEffect, useRef } from 'react'

export interface Column<Row> {
  key: string
  title: string
  numeric?: boolean
  /** A few words, which may wrap where the language's words are long. */
  words?: boolean
  /** Long text that may wrap; everything else stays on one line. */
  long?: boolean
  show: (row: Row) => ReactNode
  /** Name by which the list is sorted, if it can be. */
  sort?: string
}

interface Props<Row> {
  label: string
  columns: Column<Row>[]
  rows: Row[]
  id: (row: Row) => string
  /** Few numbers: not stretched over the whole width. */
  narrow?: boolean
  /** The row that `j` and `k` move over. */
  active?: number
  density?: 'usual' | 'dense' | 'wide'
  /** At 390: three lines, who and where / figures / state and day. */
  card?: (row: Row) => ReactNode
  asCards?: boolean
  sorted?: string
  onSort?: (sort: string) => void
  sortWord?: (title: string) => string
}

/** A list: a table where there is room, cards where there is not; the column heads sort. */
export function RecordList<Row>({
  label,
  columns,
  rows,
  id,
  active,
  density = 'usual',
  card,
  asCards,
  sorted,
  onSort,
  sortWord,
  narrow,
}: Props<Row>) {
  const current = useRef<HTMLElement>(null)
  useEffect(() => {
    // Newer browsers give a promise here, which an effect must not return.
    if (active !== undefined) void current.current?.scrollIntoView({ block: 'nearest' })
  }, [active])
  const at = (row: number) => (row === active ? { 'aria-current': 'true' as const } : {})
  if (asCards && card)
    return (
      <ul className="cards" aria-label={label}>
        {rows.map((row, index) => (
          <li key={id(row)} {...at(index)} ref={index === active ? (current as React.Ref<HTMLLIElement>) : undefined}>
            {card(row)}
          </li>
        ))}
      </ul>
    )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls sideways must be reachable by keyboard
    <section className={narrow ? 'scroll scroll-narrow' : 'scroll'} aria-label={label} tabIndex={0}>
      <table className={`records ${density}`}>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.key} column={column} sorted={sorted} onSort={onSort} sortWord={sortWord} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={id(row)} {...at(index)} ref={index === active ? (current as React.Ref<HTMLTableRowElement>) : undefined}>
              {columns.map((column) => (
                <td key={column.key} className={shape(column)}>
                  {column.show(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const shape = <Row,>(column: Column<Row>) => (column.numeric ? 'numeric' : column.long ? 'long' : column.words ? 'words' : undefined)

function Head<Row>({ column, sorted, onSort, sortWord }: { column: Column<Row> } & Pick<Props<Row>, 'sorted' | 'onSort' | 'sortWord'>) {
  const { sort, title } = column
  if (!sort || !onSort)
    return (
      <th scope="col" className={shape(column)}>
        {title}
      </th>
    )
  const up = sorted === sort
  const down = sorted === `-${sort}`
  return (
    <th scope="col" className={shape(column)} aria-sort={up ? 'ascending' : down ? 'descending' : 'none'}>
      <button type="button" className="head-sort" title={sortWord?.(title)} onClick={() => onSort(up ? `-${sort}` : sort)}>
        {title}
        <span aria-hidden="true">{up ? ' ↑' : down ? ' ↓' : ' ↕'}</span>
      </button>
    </th>
  )
}
