import { PopMenu } from '@fupin/platform/ui/pop-menu.tsx'
import { Checkbox, Segmented } from 'antd'
import { usePreferences } from '../shell/preferences.ts'
import { useWords } from '../words/use-words.ts'

/** Which columns and how high the rows are; kept for this person. */
export function ColumnChoice({
  columns,
  shown,
  place = 'columns',
  fixed = 'id',
}: {
  columns: { key: string; title: string }[]
  shown: string[]
  /** Which table's columns they are. */
  place?: 'columns' | 'areaColumns'
  /** The column that is always shown. */
  fixed?: string
}) {
  const { w } = useWords()
  const { preferences, prefer } = usePreferences()
  return (
    <PopMenu label={w.list.columns}>
      {columns.map(({ key, title }) => (
        <Checkbox
          key={key}
          checked={shown.includes(key)}
          disabled={key === fixed}
          onChange={(event) => prefer({ [place]: event.target.checked ? [...shown, key] : shown.filter((other) => other !== key) })}
        >
          {title}
        </Checkbox>
      ))}
      <p className="note">{w.list.density}</p>
      <Segmented
        aria-label={w.list.density}
        value={preferences.density}
        onChange={(density) => prefer({ density })}
        options={(['usual', 'dense', 'wide'] as const).map((density) => ({ value: density, label: w.list.densities[density] }))}
      />
    </PopMenu>
  )
}
